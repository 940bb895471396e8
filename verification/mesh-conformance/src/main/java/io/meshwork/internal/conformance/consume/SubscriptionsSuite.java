package io.meshwork.internal.conformance.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.publish.PublishReceipt;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

/** Subscriptions persist, and subscribing again amends the specified terms. */
public abstract class SubscriptionsSuite extends MeshFixture {
  record Amounts(long id, Optional<String> note) {}

  private MeshClient finance() {
    defineOrders().publish(ORDERS).records(Order.range(0, 3)).commit();
    return registerFinance();
  }

  @Test
  void aSubscriptionReadsTheColumnsOfItsType() {
    Subscription<Amounts> subscription =
        finance()
            .subscribe(ORDERS)
            .name("revenue")
            .purpose("Monthly revenue")
            .as(Amounts.class)
            .commit();

    assertThat(subscription.columns().orElseThrow()).containsExactly("id", "note");
    assertThat(subscription.domain()).isEqualTo("finance");
    assertThat(subscription.contact()).isEqualTo("finance@example.org");
    assertThat(subscription.major()).isEqualTo(1);
    try (Rows<Amounts> rows = subscription.rows()) {
      assertThat(rows.columns()).containsExactly("id", "note");
      assertThat(rows.stream())
          .containsExactly(
              new Amounts(0, Optional.empty()),
              new Amounts(1, Optional.of("note 1")),
              new Amounts(2, Optional.of("note 2")));
    }
    assertThat(all(subscription.read().limit(1))).hasSize(1);
  }

  @Test
  void missingNameAndPurposeAreBothReported() {
    MeshClient finance = finance();
    State before = state();

    assertThatThrownBy(() -> finance.subscribe(ORDERS).commit())
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            refused ->
                assertThat(refused.findings())
                    .extracting(Finding::where)
                    .containsExactly("name(..)", "purpose(..)"))
        .hasMessageContainingAll(ORDERS, "name(..)", "purpose(..)");
    assertThatThrownBy(() -> finance.subscribe(ORDERS).name("revenue").commit())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("purpose(..)");
    assertNothingChanged(before);
  }

  @Test
  void subscribingAgainAmendsOnlyTheGivenTerms() {
    MeshClient finance = finance();
    finance
        .subscribe(ORDERS)
        .name("revenue")
        .purpose("Monthly revenue")
        .contact("desk@example.org")
        .columns("id", "amount")
        .commit();
    State before = state();

    Subscription<GenericRecord> again = finance.subscribe(ORDERS).name("revenue").commit();

    assertThat(again.purpose()).isEqualTo("Monthly revenue");
    assertThat(again.contact()).isEqualTo("desk@example.org");
    assertThat(again.columns().orElseThrow()).containsExactly("id", "amount");
    assertNothingChanged(before);

    Subscription<Map<String, Object>> amended =
        finance.subscribe(ORDERS).name("revenue").purpose("Audit").asMaps().commit();
    assertThat(amended.purpose()).isEqualTo("Audit");
    assertThat(amended.contact()).isEqualTo("desk@example.org");
    try (Rows<Map<String, Object>> rows = amended.rows()) {
      assertThat(rows.columns()).containsExactly("id", "amount");
    }
    assertThat(state()).isNotEqualTo(before);
  }

  @Test
  void anUnknownColumnIsRejectedWithTheNearestName() {
    MeshClient finance = finance();
    State before = state();

    assertThatThrownBy(
            () ->
                finance
                    .subscribe(ORDERS)
                    .name("revenue")
                    .purpose("Revenue")
                    .columns("id", "amuont")
                    .commit())
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.READER_INVALID))
        .hasMessageContainingAll("amuont", "Did you mean 'amount'?");
    assertThatThrownBy(() -> finance.read(ORDERS).columns("amuont").rows())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("Did you mean 'amount'?");
    assertNothingChanged(before);
  }

  @Test
  void committedChangesSurviveAReopening() {
    MeshClient shop = defineOrders();
    PublishReceipt receipt =
        shop.publish(ORDERS).records(Order.range(0, 3)).idempotencyKey("run").commit();
    registerFinance()
        .subscribe(ORDERS)
        .name("revenue")
        .purpose("Monthly revenue")
        .columns("id")
        .commit();
    mesh.close();
    Optional<Mesh.Builder> same = existingMesh();
    assumeTrue(same.isPresent(), "the mesh cannot be opened again");

    mesh = prepared(same.orElseThrow()).open();

    Subscription<GenericRecord> subscription =
        as("finance").subscribe(ORDERS).name("revenue").commit();
    assertThat(subscription.purpose()).isEqualTo("Monthly revenue");
    assertThat(subscription.columns()).contains(List.of("id"));
    assertThat(orders()).isEqualTo(Order.range(0, 3));
    PublishReceipt replayed =
        shop().publish(ORDERS).records(Order.range(0, 3)).idempotencyKey("run").commit();
    assertThat(replayed.replayed()).isTrue();
    assertThat(replayed.publishId()).isEqualTo(receipt.publishId());
    assertThat(shop().publish(ORDERS).records(Order.range(3, 4)).commit().sequence()).hasValue(2);
    assertThat(mesh.doctor().findings()).isEmpty();
  }
}
