package io.meshwork.internal.conformance.publish;

import static io.meshwork.internal.conformance.fixture.ScriptedRegistry.Fault.HELD;
import static io.meshwork.internal.conformance.fixture.ScriptedRegistry.Fault.REJECTED;
import static io.meshwork.internal.conformance.fixture.ScriptedRegistry.Fault.REPLY_LOST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.meshwork.MeshClient;
import io.meshwork.card.ProductCard;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.error.ConflictException;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.internal.conformance.fixture.ConcurrentCalls;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.registry.Registry.Outcome;
import io.meshwork.testkit.Faults.Port;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Concurrent publishes, lost replies, late conflicts, and concurrent readers. */
public abstract class ConcurrentPublishesSuite extends MeshFixture {
  private static final int THREADS = 4;
  private static final int PUBLISHES = 5;
  private static final int ROWS = 50;

  private Callable<List<PublishReceipt>> publisher(int thread) {
    return () -> {
      List<PublishReceipt> receipts = new ArrayList<>();
      for (int i = 0; i < PUBLISHES; i++) {
        long first = ((long) thread * PUBLISHES + i) * ROWS;
        receipts.add(
            shop()
                .publish(ORDERS)
                .records(Order.range(first, first + ROWS))
                .idempotencyKey(thread + "-" + i)
                .commit());
      }
      return receipts;
    };
  }

  private List<PublishReceipt> publishAtOnce() throws Exception {
    List<Callable<List<PublishReceipt>>> publishers = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      publishers.add(publisher(thread));
    }
    return ConcurrentCalls.run(publishers).stream().flatMap(List::stream).toList();
  }

  private void assertAllThereOnce(List<PublishReceipt> receipts) {
    int publishes = THREADS * PUBLISHES;
    assertThat(orders())
        .containsExactlyInAnyOrderElementsOf(Order.range(0, (long) publishes * ROWS));
    List<Long> sequences = java.util.stream.LongStream.rangeClosed(1, publishes).boxed().toList();
    assertThat(receipts)
        .extracting(receipt -> receipt.sequence().orElseThrow())
        .containsExactlyInAnyOrderElementsOf(sequences);
    assertThat(receipts).extracting(PublishReceipt::snapshotId).doesNotHaveDuplicates();
    assertThat(shop().publishHistory(ORDERS).receipts())
        .extracting(receipt -> receipt.sequence().orElseThrow())
        .containsExactlyElementsOf(sequences);
    assertWhole();
  }

  @Test
  void eightThreadsDefineOneProductAndAllReceiveIt() throws Exception {
    MeshClient shop = registerShop();
    for (int round = 0; round < 5; round++) {
      String product = "commerce/orders-" + round;

      List<ProductCard> cards =
          ConcurrentCalls.run(
              Collections.nCopies(
                  2 * THREADS,
                  () -> shop.defineProduct(product).contract(Contract.of(Order.class)).commit()));

      assertThat(cards)
          .usingRecursiveFieldByFieldElementComparatorIgnoringFields("details")
          .containsOnly(shop.describe(product));
    }
    assertThat(shop.products()).hasSize(5);
    assertWhole();
  }

  @Test
  void fourThreadsPublishToOneProductWithoutLossOrDuplication() throws Exception {
    defineOrders();

    assertAllThereOnce(publishAtOnce());
  }

  @Test
  void lostRepliesAndLateConflictsChangeNothingForFourThreads() throws Exception {
    defineOrders();
    for (int commit = 1; commit < 1_000; commit += 6) {
      faults.on(Port.REGISTRY_COMMIT).nth(commit).loseReply();
      faults.on(Port.REGISTRY_COMMIT).nth(commit + 2).holdBack();
      faults.on(Port.REGISTRY_COMMIT).nth(commit + 4).conflict();
    }

    List<PublishReceipt> receipts = publishAtOnce();

    assertThat(registry.deliver()).as("fenced attempts").containsOnly(Outcome.ABORTED);
    assertAllThereOnce(receipts);
  }

  @Test
  void aPublishWithALostReplyIsCommittedOnce() {
    MeshClient shop = defineOrders();
    registry.next(REPLY_LOST);

    PublishReceipt receipt =
        shop.publish(ORDERS).records(Order.range(0, 3)).idempotencyKey("run").commit();

    assertThat(receipt.replayed()).isFalse();
    assertThat(orders()).isEqualTo(Order.range(0, 3));
    assertWhole();
  }

  @Test
  void anAttemptThatArrivesAfterItsFenceIsRejected() {
    MeshClient shop = defineOrders();
    registry.next(HELD);

    shop.publish(ORDERS).records(Order.range(0, 3)).commit();

    assertThat(registry.deliver()).containsExactly(Outcome.ABORTED);
    assertThat(orders()).isEqualTo(Order.range(0, 3));
    assertWhole();
  }

  @Test
  void aPublishThatConflictsUntilItsDeadlineLeavesNoFiles() {
    MeshClient shop = defineOrders();
    State before = state();
    registry.always(REJECTED);

    assertThatThrownBy(
            () ->
                shop.publish(ORDERS)
                    .records(Order.range(0, 3))
                    .timeout(Duration.ofSeconds(10))
                    .commit())
        .isInstanceOfSatisfying(
            ConflictException.class, refused -> assertThat(refused.retryable()).isTrue())
        .hasMessageContainingAll(ORDERS, "Nothing was committed", "timeout(..)");
    assertNothingChanged(before);
  }

  @Test
  void anUnknownOutcomeDeletesNothingAndTheSameKeyResolvesIt() {
    MeshClient shop = defineOrders();
    registry.next(REPLY_LOST);
    registry.resolving(false);

    OutcomeUnknownException unknown =
        catchThrowableOfType(
            OutcomeUnknownException.class,
            () -> shop.publish(ORDERS).records(Order.range(0, 3)).idempotencyKey("run").commit());

    assertThat(unknown.idempotencyKey()).isEqualTo("run");
    assertThat(unknown)
        .hasMessageContainingAll(ORDERS, "with the key 'run'", "nothing was deleted");
    registry.resolving(true);
    PublishReceipt settled =
        shop.publish(ORDERS).records(Order.range(0, 3)).idempotencyKey("run").commit();
    assertThat(settled.replayed()).isTrue();
    assertThat(orders()).isEqualTo(Order.range(0, 3));
    assertWhole();
  }

  @Test
  void anUnknownOutcomeNamesTheWholeKey() {
    MeshClient shop = defineOrders();
    String key = "it's \"run\" of " + "x".repeat(240);
    registry.next(REPLY_LOST);
    registry.resolving(false);

    assertThatThrownBy(
            () -> shop.publish(ORDERS).records(Order.range(0, 3)).idempotencyKey(key).commit())
        .isInstanceOf(OutcomeUnknownException.class)
        .hasMessageContaining("with the key '" + key + "', which");
  }

  @Test
  void anUncommittedUnknownOutcomeIsPublishedByTheSameKey() {
    MeshClient shop = defineOrders();
    registry.next(HELD);
    registry.resolving(false);

    assertThatThrownBy(
            () -> shop.publish(ORDERS).records(Order.range(0, 3)).idempotencyKey("run").commit())
        .isInstanceOf(OutcomeUnknownException.class);
    registry.resolving(true);
    assertThat(shop.publishHistory(ORDERS).findReceipt("run")).isEmpty();
    PublishReceipt second =
        shop.publish(ORDERS).records(Order.range(0, 3)).idempotencyKey("run").commit();

    assertThat(second.replayed()).isFalse();
    assertThat(registry.deliver())
        .extracting(Outcome::status)
        .containsOnly(io.meshwork.registry.Registry.Status.CONFLICT);
    assertThat(orders()).isEqualTo(Order.range(0, 3));
    assertThat(mesh.doctor().isHealthy()).isTrue();
  }

  @Test
  void anUnknownOutcomeThatCommitsLateIsReplayedByTheSameKey() {
    MeshClient shop = defineOrders();
    registry.next(HELD);
    registry.resolving(false);

    OutcomeUnknownException unknown =
        catchThrowableOfType(
            OutcomeUnknownException.class,
            () -> shop.publish(ORDERS).records(Order.range(0, 3)).commit());
    registry.resolving(true);
    assertThat(registry.deliver()).containsExactly(Outcome.COMMITTED);

    PublishReceipt settled =
        shop.publish(ORDERS)
            .records(Order.range(0, 3))
            .idempotencyKey(unknown.idempotencyKey())
            .commit();
    assertThat(settled.replayed()).isTrue();
    assertThat(orders()).isEqualTo(Order.range(0, 3));
    assertWhole();
  }

  @Tag("smoke")
  @Test
  void concurrentPublishesWithOneKeyAreOnePublish() throws Exception {
    MeshClient shop = defineOrders();

    List<PublishReceipt> receipts =
        ConcurrentCalls.run(
            Collections.nCopies(
                THREADS,
                () ->
                    shop.publish(ORDERS)
                        .records(Order.range(0, ROWS))
                        .idempotencyKey("run")
                        .commit()));

    assertThat(receipts).filteredOn(receipt -> !receipt.replayed()).hasSize(1);
    assertThat(receipts)
        .extracting(PublishReceipt::publishId)
        .containsOnly(receipts.get(0).publishId());
    assertThat(orders()).isEqualTo(Order.range(0, ROWS));
    assertWhole();
  }

  @Test
  void aReaderSeesItsSnapshotWhileOthersPublish() {
    MeshClient shop = defineOrders();
    shop.publish(ORDERS).records(Order.range(0, 20_000)).commit();
    List<Order> seen = new ArrayList<>();

    try (Rows<Order> rows = shop.read(ORDERS).as(Order.class).rows()) {
      Iterator<Order> iterator = rows.iterator();
      for (int i = 0; i < 10; i++) {
        seen.add(iterator.next());
      }
      for (int i = 0; i < 3; i++) {
        shop.publish(ORDERS).records(Order.range(20_000 + i, 20_001 + i)).commit();
      }
      iterator.forEachRemaining(seen::add);
      assertThat(rows.snapshot().orElseThrow().sequence()).isEqualTo(1);
    }

    assertThat(seen).isEqualTo(Order.range(0, 20_000));
    assertThat(orders()).hasSize(20_003);
  }
}
