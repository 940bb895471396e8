package io.meshwork.internal.conformance.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscribe;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.error.BackendException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.SalesFixture;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.registry.Registry.Document;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Positions of subscriptions, seeks, waits, and the documents that readers write. */
public abstract class PositionsSuite extends SalesFixture {
  private Document document(String prefix) {
    List<Document> documents =
        registry.documents().values().stream()
            .filter(
                document ->
                    document.key().partition().equals(consumerLog("finance"))
                        && document.key().sort().startsWith(prefix))
            .toList();
    assertThat(documents).hasSize(1);
    return documents.get(0);
  }

  @Test
  void aPositionSurvivesAReopening() {
    Subscription<Sale> subscription = subscription();
    publish(0, 3, "a");
    take(subscription);
    publish(3, 5, "a");
    String id;
    try (Batch<Sale> batch = subscription.poll()) {
      id = batch.id();
    }
    mesh.close();
    Optional<Mesh.Builder> same = existingMesh();
    assumeTrue(same.isPresent(), "the mesh cannot be opened again");

    mesh = prepared(same.orElseThrow()).open();
    publish(5, 6, "a");

    Subscription<Sale> again = subscribe().commit();
    try (Batch<Sale> batch = again.poll()) {
      assertThat(batch.id()).isEqualTo(id);
      assertThat(rows(batch)).isEqualTo(Sale.range(3, 5, "a"));
      batch.ack();
    }
    assertThat(take(again)).isEqualTo(Sale.range(5, 6, "a"));
    assertThat(mesh.doctor().findings()).isEmpty();
  }

  @Test
  void aStartPositionAppliesToTheFirstPollOnly() {
    defineSales();
    registerFinance();
    PublishReceipt first = publish(0, 1, "a");
    clock.advance(Duration.ofMinutes(1));
    PublishReceipt second = publish(1, 2, "a");
    clock.advance(Duration.ofMinutes(1));
    publish(2, 3, "a");

    assertThat(begun("start", Subscribe::fromStart)).isEqualTo(Sale.range(0, 3, "a"));
    assertThat(begun("now", Subscribe::fromNow)).isEmpty();
    assertThat(
            begun(
                "snapshot", subscribe -> subscribe.fromSnapshot(first.snapshotId().orElseThrow())))
        .isEqualTo(Sale.range(1, 3, "a"));
    assertThat(begun("time", subscribe -> subscribe.fromTime(second.committedAt())))
        .isEqualTo(Sale.range(2, 3, "a"));
    assertThat(begun("early", subscribe -> subscribe.fromTime(Instant.EPOCH)))
        .isEqualTo(Sale.range(0, 3, "a"));
    publish(3, 4, "a");
    assertThat(begun("now", Subscribe::fromNow)).isEqualTo(Sale.range(3, 4, "a"));
    assertThatThrownBy(() -> begun("none", subscribe -> subscribe.fromSnapshot("7")))
        .isInstanceOf(NotFoundException.class);
    assertWhole();
  }

  private List<Sale> begun(
      String name, java.util.function.UnaryOperator<Subscribe<Sale>> beginning) {
    return take(beginning.apply(subscribe().name(name)).commit());
  }

  @Test
  void seekMovesThePositionForAllAndInvalidatesIssuedBatches() {
    Subscription<Sale> subscription = subscription();
    PublishReceipt first = publish(0, 1, "a");
    clock.advance(Duration.ofMinutes(1));
    PublishReceipt second = publish(1, 2, "a");
    String id;
    try (Batch<Sale> batch = subscription.poll()) {
      id = batch.id();
      batch.ack();
    }
    clock.advance(Duration.ofMinutes(1));
    publish(2, 3, "a");
    Batch<Sale> late = subscription.poll();

    assertThat(subscription.seekToStart().commit().sequence()).isZero();
    assertThatThrownBy(late::ack)
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("its position was moved");
    assertThat(take(subscription)).isEqualTo(Sale.range(0, 3, "a"));
    subscription.seekToSnapshot(first.snapshotId().orElseThrow()).commit();
    assertThat(take(subscription)).isEqualTo(Sale.range(1, 3, "a"));
    subscription.seekToTime(second.committedAt()).commit();
    assertThat(take(subscription)).isEqualTo(Sale.range(2, 3, "a"));
    publish(3, 4, "a");
    subscription.seekToNow().commit();
    assertNoNews(subscription);
    assertThatThrownBy(() -> subscription.seekToSnapshot("7").commit())
        .isInstanceOf(NotFoundException.class);
    assertThat(id).endsWith("/0-2-added");
    late.close();
  }

  @Test
  void waitingEndsWithNewRowsOrTimesOut() {
    Subscription<Sale> subscription = subscription();
    Instant began = clock.instant();

    try (Batch<Sale> batch = subscription.poll(Duration.ofMinutes(10))) {
      assertThat(batch.isEmpty()).isTrue();
    }
    assertThat(clock.instant()).isEqualTo(began.plus(Duration.ofMinutes(10)));
    publish(0, 3, "a");
    Instant then = clock.instant();
    try (Batch<Sale> batch = subscription.poll(Duration.ofMinutes(10))) {
      assertThat(rows(batch)).hasSize(3);
    }
    assertThat(clock.instant()).isEqualTo(then);
    assertRefused(
        ErrorCode.INVALID_ARGUMENT, () -> subscription.poll(Duration.ZERO), "atMost", "PT0S");
  }

  @Test
  void rowsPublishedWhileWaitingEndTheWait() {
    Subscription<Sale> subscription = subscription();
    Instant began = clock.instant();
    onceWaiting = () -> publish(0, 3, "a");

    try (Batch<Sale> batch = subscription.poll(Duration.ofHours(1))) {
      assertThat(rows(batch)).hasSize(3);
    }
    assertThat(clock.instant()).isBefore(began.plus(Duration.ofMinutes(1)));
  }

  @Test
  void anInterruptionEndsTheWait() {
    Subscription<Sale> subscription = subscription();
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> subscription.poll(Duration.ofHours(1)))
          .isInstanceOfSatisfying(
              BackendException.class,
              failure -> assertThat(failure.errorCode()).isEqualTo(ErrorCode.INTERRUPTED));
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void useIsRecordedBeforeTheFirstRowAndOnceADay() {
    Subscription<Sale> subscription = subscription();
    publish(0, 3, "a");
    assertThat(registry.documents().keySet()).noneMatch(key -> key.sort().startsWith("usage/"));
    take(subscription);
    Document first = document("usage/");
    assertThat(first.key().sort()).isEqualTo("usage/commerce.sales/copy/1");
    assertThat(first.json()).contains("2026-11-20T08:00:00Z", "finance/etl");

    clock.advance(Duration.ofHours(15).plusMinutes(59));
    all(subscription.read());
    assertThat(document("usage/")).isEqualTo(first);
    clock.advance(Duration.ofMinutes(1));
    all(subscription.read());
    assertThat(document("usage/").json()).contains("2026-11-21T00:00:00Z", "2026-11-20/2026-11-21");
    assertThat(mesh.doctor().findings()).isEmpty();
  }

  @Test
  void aLongReadRetainsItsSnapshotUntilItIsClosed() {
    defineOrders();
    shop().publish(ORDERS).records(Order.range(0, 20_000)).commit();
    registerFinance();
    try (var rows = as("finance").read(ORDERS).rows()) {
      var batches = rows.batches();
      assertThat(batches.hasNext()).isTrue();
      batches.next();
      assertThat(registry.documents().keySet()).noneMatch(key -> key.sort().startsWith("hold/"));
      clock.advance(Duration.ofHours(13));
      while (batches.hasNext()) {
        batches.next();
      }
      Document hold = document("hold/commerce.orders/");
      assertThat(hold.json())
          .contains(
              "\"from\":\"2026-11-20T08:00:00Z\"",
              "\"until\":\"2026-11-21T21:00:00Z\"",
              rows.snapshot().orElseThrow().id());
      assertThat(mesh.doctor().findings()).isEmpty();
    }
    assertThat(registry.documents().keySet()).noneMatch(key -> key.sort().startsWith("hold/"));
    assertWhole();
  }

  @Test
  void writesOfReadersAreNotLogged() {
    Subscription<Sale> subscription = subscription();
    publish(0, 3, "a");
    long entries = logEntries();

    take(subscription);
    subscription.seekToStart().commit();
    take(subscription);

    assertThat(logEntries()).isEqualTo(entries);
    assertThat(mesh.doctor().findings()).isEmpty();
  }

  private long logEntries() {
    return state().documents().keySet().stream()
        .filter(key -> key.sort().startsWith("log/"))
        .count();
  }

  @Test
  void rowsPublishedUnderTheIdOfABatchArePublishedOnce() {
    Subscription<Sale> subscription = subscription();
    publish(0, 3, "a");
    MeshClient finance = as("finance");
    finance.defineProduct("finance/ids").contract(Contract.of(Order.class)).commit();

    PublishReceipt receipt = summed(finance, subscription, false);
    PublishReceipt again = summed(finance, subscription, true);

    assertThat(again.replayed()).isTrue();
    assertThat(again.publishId()).isEqualTo(receipt.publishId());
    assertThat(receipt.derivedFrom()).hasSize(1);
    assertNoNews(subscription);
  }

  @Test
  void anotherFilterOrSelectionGivesABatchAnotherId() {
    subscription();
    publish(0, 3, "a");
    publish(3, 5, "b");
    Subscription<Sale> before = subscribe().where("shop = 'a'").commit();
    String first;
    try (Batch<Sale> batch = before.poll()) {
      assertThat(rows(batch)).isEqualTo(Sale.range(0, 3, "a"));
      first = batch.id();
      batch.ack();
    }
    Subscription<Sale> after = subscribe().where("shop = 'b'").commit();
    after.seekToStart().commit();
    try (Batch<Sale> batch = after.poll()) {
      assertThat(rows(batch)).isEqualTo(Sale.range(3, 5, "b"));
      assertThat(batch.id()).isNotEqualTo(first).hasSameSizeAs(first).endsWith("/0-2-added");
    }
    before.seekToStart().commit();
    try (Batch<Sale> batch = before.poll()) {
      assertThat(batch.id()).as("the same rows").isEqualTo(first);
    }
    Subscription<NamedShop> narrow = subscribe().as(NamedShop.class).where("shop = 'a'").commit();
    narrow.seekToStart().commit();
    try (Batch<NamedShop> batch = narrow.poll()) {
      assertThat(batch.id()).isNotEqualTo(first).endsWith("/0-2-added");
    }
  }

  static PublishReceipt summed(
      MeshClient finance, Subscription<Sale> subscription, boolean acknowledging) {
    try (Batch<Sale> batch = subscription.poll()) {
      PublishReceipt receipt =
          finance
              .publish("finance/ids")
              .records(Order.range(0, rows(batch).size()))
              .idempotencyKey(batch.id())
              .derivedFrom(batch.snapshot())
              .commit();
      if (acknowledging) {
        batch.ack();
      }
      return receipt;
    }
  }
}
