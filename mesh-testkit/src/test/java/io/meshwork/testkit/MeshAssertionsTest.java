package io.meshwork.testkit;

import static io.meshwork.contract.Rule.between;
import static io.meshwork.contract.Rule.length;
import static io.meshwork.contract.Rule.unique;
import static io.meshwork.testkit.MeshAssertions.assertThat;
import static io.meshwork.testkit.MeshAssertions.assertThatContractIsBroken;
import static io.meshwork.testkit.MeshAssertions.assertThatProduct;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.publish.PublishReceipt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.ClassTemplate;
import org.junit.jupiter.api.Test;

/** Each assertion passes where it should and fails with what people need to know. */
@MeshTest(domains = "commerce")
class MeshAssertionsTest {
  private static final String ORDERS = "commerce/orders";

  private MeshClient commerce;
  private PublishReceipt receipt;

  @BeforeEach
  void publish(@As("commerce/etl") MeshClient client) {
    commerce = client;
    client
        .defineProduct(ORDERS)
        .contract(
            Contract.of(Order.class)
                .require(unique("id"), between("amount", 0, 5), length("customer", 0, 20).warn())
                .onViolation(OnViolation.QUARANTINE)
                .maxQuarantineShare(50))
        .commit();
    receipt = publish("day-1", Order.range(0, 6));
  }

  private PublishReceipt publish(String key, List<Order> orders) {
    return commerce.publish(ORDERS).records(orders).idempotencyKey(key).commit();
  }

  @Test
  void aMatchingReceiptPassesAllAssertions() {
    assertThat(receipt)
        .isPublished()
        .isNotReplayed()
        .hasOffered(6)
        .hasAccepted(5)
        .hasQuarantined(1)
        .hasRemoved(0)
        .hasFailing("between.amount", 1)
        .hasFailing("length.customer", 0);
    assertThat(publish("day-1", Order.range(0, 6))).isReplayed().isPublished();
    assertThat(publish("day-2", List.of())).changedNothing().hasNoFailingRows();
    assertThat(
            commerce
                .publish(ORDERS)
                .records(Order.range(0, 1))
                .replaceAll()
                .idempotencyKey("all")
                .commit())
        .hasRemoved(5)
        .hasNoFailingRows();
  }

  @Test
  void aReceiptThatDiffersIsShown() {
    assertFails(() -> assertThat(receipt).isReplayed(), ORDERS, "day-1", "committed now");
    assertFails(() -> assertThat(receipt).changedNothing(), "no change", "5 rows added");
    assertFails(() -> assertThat(receipt).hasOffered(5), "5 rows offered", "6 rows");
    assertFails(() -> assertThat(receipt).hasAccepted(6), "6 rows accepted", "5 rows", "day-1");
    assertFails(() -> assertThat(receipt).hasQuarantined(0), "0 rows quarantined", "1 rows");
    assertFails(() -> assertThat(receipt).hasRemoved(1), "1 rows removed", "0 rows");
    assertFails(() -> assertThat(receipt).hasFailing("between.amount", 2), "2 rows", "1 rows");
    assertFails(() -> assertThat(receipt).hasFailing("dear", 1), "'dear'", "between.amount");
    assertFails(() -> assertThat(receipt).hasNoFailingRows(), "between.amount in 1 rows");
    PublishReceipt replay = publish("day-1", Order.range(0, 6));
    assertFails(() -> assertThat(replay).isNotReplayed(), "an earlier publish");
    PublishReceipt back =
        commerce.rollBack(ORDERS).to(receipt.snapshotId().orElseThrow()).because("test").commit();
    assertFails(() -> assertThat(back).isPublished(), "a snapshot", "none");
  }

  @Test
  void aProductSaysWhatItHolds() {
    Order[] others = Order.range(0, 4).toArray(Order[]::new);

    assertThatProduct(commerce, ORDERS)
        .hasSnapshots(1)
        .hasRows(5)
        .hasRowsWhere("note IS NULL", 2)
        .hasExactlyRows(Order.of(4), others)
        .hasExactlyRows(Order.class, Order.range(0, 5))
        .hasQuarantined(1)
        .hasQuarantined("between.amount", 1)
        .hasQuarantined("unique.id", 0)
        .rowsAs(Order.class)
        .extracting(Order::id)
        .contains(3L);
    assertFails(() -> assertThatProduct(commerce, ORDERS).hasSnapshots(2), ORDERS, "2", "1");
    assertFails(() -> assertThatProduct(commerce, ORDERS).isEmpty(), "0 rows", "There are 5");
    assertFails(
        () -> assertThatProduct(commerce, ORDERS).hasRowsWhere("id < 3", 4), "id < 3", "are 3");
    assertFails(
        () -> assertThatProduct(commerce, ORDERS).hasExactlyRows(Order.of(9)),
        "rows of commerce/orders");
    assertFails(
        () -> assertThatProduct(commerce, ORDERS).hasQuarantined("unique.id", 1),
        "unique.id",
        "{between.amount=1}");
    assertFails(() -> assertThatProduct(commerce, ORDERS).hasQuarantined(0), "{between.amount=1}");
  }

  @Test
  void aRefusedPublishSaysWhichRulesItsRowsBreak() {
    List<Order> bad = new ArrayList<>(Order.range(5, 9));
    bad.addAll(Order.range(5, 6));
    ThrowingCallable publish =
        () -> commerce.publish(ORDERS).records(bad).onViolation(OnViolation.REJECT).commit();

    assertThatContractIsBroken(publish)
        .breaks("between.amount")
        .breaks("between.amount", 5)
        .hasMessageContaining(ORDERS);
    assertFails(
        () -> assertThatContractIsBroken(publish).breaks("length.customer"), "length.customer");
    assertFails(() -> assertThatContractIsBroken(publish).breaks("between.amount", 4), "5");
    assertFails(
        () -> assertThatContractIsBroken(publish).breaksOnly("unique.id"), "between.amount");
    assertFails(
        () -> assertThatContractIsBroken(() -> publish("fine", Order.range(0, 1))),
        "was not rejected");
    assertFails(
        () ->
            assertThatContractIsBroken(
                () -> commerce.publish("commerce/nothing").records(bad).commit()),
        "another reason",
        "commerce/nothing");
  }

  @Test
  void aMeshIsHealthy(Mesh mesh) {
    assertThat(mesh).isHealthy();
  }

  @Test
  void theJUnitIsTheOneThatTheBuildAskedFor() {
    String version = ClassTemplate.class.getPackage().getImplementationVersion();

    assertThat(version).startsWith(System.getProperty("mesh.junit.major", version));
    assertThat(version).matches("(5\\.(1[4-9]|[2-9]\\d)|[6-9]\\.).*");
  }

  private static void assertFails(ThrowingCallable assertion, String... words) {
    assertThatThrownBy(assertion)
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll(Arrays.copyOf(words, words.length, CharSequence[].class));
  }
}
