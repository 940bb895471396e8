package io.meshwork.internal.conformance.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.OrderInCents;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Transaction;
import io.meshwork.testkit.InMemoryMesh;
import org.apache.avro.generic.GenericRecord;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Constants of a later version in documents that this version reads. */
class LaterConstantsTest extends MeshFixture {
  private int attempts;

  @Override
  protected Mesh.Builder mesh() {
    return InMemoryMesh.builder();
  }

  /** Writes another constant into each document of a kind. */
  private void replace(String kind, String field) {
    String before = "\"" + field + "\":\"[^\"]*\"";
    int replaced = 0;
    for (Document document : registry.documents().values()) {
      String json = document.json().replaceAll(before, "\"" + field + "\":\"LATER\"");
      if (document.key().sort().startsWith(kind) && !json.equals(document.json())) {
        attempts++;
        registry.commit(
            Transaction.attempt("01a9f2e0-0000-8000-8000-" + String.format("%012d", attempts))
                .replace(document.key(), json, document.version())
                .build());
        replaced++;
      }
    }
    assertThat(replaced).as(kind).isPositive();
  }

  private static void assertLater(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.REGISTRY_VERSION))
        .hasMessageContainingAll(
            "'LATER'", "Use the version of Meshwork that wrote it, or a newer");
  }

  private Subscription<GenericRecord> subscribed() {
    MeshClient shop = defineOrders();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    return registerFinance().subscribe(ORDERS).name("closing").purpose("Closing").commit();
  }

  @Test
  void aModeOfASubscription() {
    subscribed();
    replace("subscription/", "majorMode");

    assertLater(() -> as("finance").subscriptions());
  }

  @Test
  void aKindOfABatch() {
    Subscription<GenericRecord> closing = subscribed();
    closing.poll().close();
    replace("", "kind");

    assertLater(() -> closing.poll().close());
  }

  @Test
  void aStateOfARollout() {
    subscribed();
    shop().startRollout(ORDERS).contract(Contract.of(OrderInCents.class)).because("Cents").commit();
    replace("rollout/", "state");

    assertLater(() -> as("visitor").describe(ORDERS));
  }

  @Test
  void aModeOfAPublish() {
    subscribed();
    replace("key/", "mode");

    assertLater(() -> shop().publishHistory(ORDERS).receipts());
  }
}
