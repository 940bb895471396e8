package io.meshwork.internal.conformance.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.publish.Publish;
import io.meshwork.publish.PublishReceipt;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A key is published once, and repeated publishes return the first receipt. */
public abstract class ReceiptsSuite extends MeshFixture {
  /** Rows that must not be read. */
  private static Iterable<Order> untouchable() {
    return () -> {
      throw new AssertionError("The records were read");
    };
  }

  private static Iterator<Order> untouchableIterator() {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        throw new AssertionError("The records were read");
      }

      @Override
      public Order next() {
        throw new AssertionError("The records were read");
      }
    };
  }

  @Test
  void aReplayReturnsTheFirstReceiptAndReadsNoRecords() {
    MeshClient shop = defineOrders();
    PublishReceipt first =
        shop.publish(ORDERS).records(Order.range(0, 3)).idempotencyKey("run-1").commit();
    State before = state();
    clock.advance(Duration.ofDays(1));

    PublishReceipt second =
        shop.publish(ORDERS).records(untouchable()).idempotencyKey("run-1").commit();
    PublishReceipt third =
        shop.publish(ORDERS).records(untouchableIterator()).idempotencyKey("run-1").commit();

    assertThat(first.replayed()).isFalse();
    assertThat(second.replayed()).isTrue();
    assertThat(second.publishId()).isEqualTo(first.publishId());
    assertThat(second.committedAt()).isEqualTo(first.committedAt());
    assertThat(second.snapshotId()).isEqualTo(first.snapshotId());
    assertThat(third).isEqualTo(second);
    assertNothingChanged(before);
  }

  @Test
  void aReplayClosesItsStream() {
    MeshClient shop = defineOrders();
    shop.publish(ORDERS).records(Order.range(0, 3)).idempotencyKey("run").commit();
    AtomicBoolean closed = new AtomicBoolean();
    Stream<Order> stream = Stream.<Order>empty().onClose(() -> closed.set(true));

    shop.publish(ORDERS).records(stream).idempotencyKey("run").commit();

    assertThat(closed).isTrue();
  }

  @Test
  void aKeyOfAnotherRequestIsRejectedWithTheFirst() throws IOException {
    MeshClient shop = defineOrders();
    PublishReceipt first =
        shop.publish(ORDERS).records(Order.range(0, 3)).idempotencyKey("run-1").commit();
    Path one = copyOfDataFile("one.parquet");
    shop.publish(ORDERS).records(Order.range(3, 5)).idempotencyKey("run-2").commit();
    PublishReceipt fromFile = shop.publish(ORDERS).files(one).idempotencyKey("run-3").commit();
    Path other = copyOfDataFile("other.parquet");
    State before = state();

    assertThatThrownBy(() -> shop.publish(ORDERS).files(one).idempotencyKey("run-1").commit())
        .isInstanceOfSatisfying(
            AlreadyExistsException.class,
            refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.KEY_REUSED))
        .hasMessageContainingAll(first.publishId(), first.committedAt().toString(), "findReceipt");
    assertThatThrownBy(
            () ->
                shop.publish(ORDERS)
                    .records(Order.range(0, 3))
                    .replaceAll()
                    .idempotencyKey("run-1")
                    .commit())
        .hasMessageContaining("its mode was append and is now replace-all");
    assertThatThrownBy(() -> shop.publish(ORDERS).files(other).idempotencyKey("run-3").commit())
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContaining(fromFile.publishId())
        .as("the fingerprints of both requests")
        .hasMessageFindingMatch("fingerprint [0-9a-f]{64}, .* fingerprint [0-9a-f]{64}");
    assertThat(shop.publish(ORDERS).files(one).idempotencyKey("run-3").commit().replayed())
        .isTrue();
    assertNothingChanged(before);
  }

  @Test
  void aReceiptIsFoundByItsKey() {
    MeshClient shop = defineOrders();
    PublishReceipt receipt =
        shop.publish(ORDERS).records(Order.range(0, 3)).idempotencyKey("run 1/\u00fc").commit();

    assertThat(shop.publishHistory(ORDERS).findReceipt("run 1/\u00fc"))
        .hasValueSatisfying(stored -> assertThat(stored.toJson()).isEqualTo(receipt.toJson()));
    assertThat(shop.publishHistory(ORDERS).findReceipt("run 2")).isEmpty();
  }

  @Test
  void receiptsAreListedOldestFirst() {
    MeshClient shop = defineOrders();
    List<String> keys =
        java.util.stream.IntStream.range(0, 12).mapToObj(i -> "key-" + (i * 7) % 12).toList();
    for (String key : keys) {
      shop.publish(ORDERS).records(Order.range(0, 1)).idempotencyKey(key).commit();
    }

    assertThat(shop.publishHistory(ORDERS).receipts())
        .extracting(PublishReceipt::idempotencyKey)
        .containsExactlyElementsOf(keys);
    assertThat(shop.publishHistory(ORDERS).receipts())
        .extracting(receipt -> receipt.sequence().orElseThrow())
        .containsExactlyElementsOf(java.util.stream.LongStream.rangeClosed(1, 12).boxed().toList());
  }

  @Test
  void aPublishWithoutAKeyReceivesOne() {
    MeshClient shop = defineOrders();

    PublishReceipt receipt = shop.publish(ORDERS).records(Order.range(0, 3)).commit();

    assertThat(receipt.keyWasGiven()).isFalse();
    assertThat(receipt.idempotencyKey()).isEqualTo(receipt.publishId());
    assertThat(shop.publishHistory(ORDERS).findReceipt(receipt.idempotencyKey())).isPresent();
    assertThat(
            shop.publish(ORDERS)
                .records(untouchable())
                .idempotencyKey(receipt.idempotencyKey())
                .commit()
                .replayed())
        .isTrue();
  }

  @Test
  void oneKeyMayBeUsedForTwoProducts() {
    MeshClient shop = defineOrders();
    shop.defineProduct("commerce/others").contract(Contract.of(Order.class)).commit();

    shop.publish(ORDERS).records(Order.range(0, 1)).idempotencyKey("run").commit();
    PublishReceipt other =
        shop.publish("commerce/others").records(Order.range(0, 2)).idempotencyKey("run").commit();

    assertThat(other.replayed()).isFalse();
    assertThat(other.rowsAccepted()).isEqualTo(2);
  }

  @Test
  void aContentDigestDistinguishesRequestsInsteadOfFiles() throws IOException {
    MeshClient shop = defineOrders();
    shop.publish(ORDERS).records(Order.range(0, 3)).idempotencyKey("first").commit();
    Path file = copyOfDataFile("one.parquet");
    PublishReceipt receipt =
        shop.publish(ORDERS)
            .files(file)
            .contentDigest("version 7")
            .idempotencyKey("run")
            .verifyReplay()
            .commit();
    Path moved = Files.move(file, scratch.resolve("moved.parquet"));
    State before = state();

    for (Publish<?> again :
        List.of(
            shop.publish(ORDERS).files(moved),
            shop.publish(ORDERS).files(scratch.resolve("gone.parquet")),
            shop.publish(ORDERS).records(untouchable()),
            shop.publish(ORDERS).records(Order.range(0, 3)).verifyReplay(),
            shop.publish(ORDERS).files(moved).verifyReplay())) {
      PublishReceipt replayed = again.contentDigest("version 7").idempotencyKey("run").commit();
      assertThat(replayed.replayed()).isTrue();
      assertThat(replayed.publishId()).isEqualTo(receipt.publishId());
    }
    for (Publish<?> other :
        List.of(
            shop.publish(ORDERS).files(moved).contentDigest("version 8"),
            shop.publish(ORDERS).records(untouchable()).contentDigest("version 8"),
            shop.publish(ORDERS).records(untouchable()),
            shop.publish(ORDERS).files(moved))) {
      assertKeyReused(other.idempotencyKey("run"), receipt.publishId());
    }
    assertNothingChanged(before);
  }

  @Test
  void anEmptyContentDigestIsRejected() {
    MeshClient shop = defineOrders();

    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop.publish(ORDERS).contentDigest(" "),
        "contentDigest",
        "blank");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop.publish(ORDERS).contentDigest("x".repeat(257)),
        "contentDigest",
        "limit is 256");
  }

  @Test
  void aVerifyingReplayOfTheSameRowsInAnyOrderReturnsTheFirstReceipt() {
    MeshClient shop = defineOrders();
    List<Order> orders = Order.range(0, 40_000);
    PublishReceipt first =
        shop.publish(ORDERS).records(orders).idempotencyKey("run").verifyReplay().commit();
    State before = state();
    List<Order> shuffled = new ArrayList<>(orders);
    Collections.shuffle(shuffled, new Random(7));

    PublishReceipt second =
        shop.publish(ORDERS).records(orders).idempotencyKey("run").verifyReplay().commit();
    PublishReceipt third =
        shop.publish(ORDERS).records(shuffled).idempotencyKey("run").verifyReplay().commit();

    assertThat(first.replayed()).isFalse();
    assertThat(second.replayed()).isTrue();
    assertThat(second.publishId()).isEqualTo(first.publishId());
    assertThat(third).isEqualTo(second);
    assertNothingChanged(before);
  }

  @Test
  void aVerifyingReplayOfOtherRowsIsRejected() {
    MeshClient shop = defineOrders();
    PublishReceipt first =
        shop.publish(ORDERS)
            .records(Order.range(0, 5))
            .idempotencyKey("run")
            .verifyReplay()
            .commit();
    List<Order> repeated = new ArrayList<>(Order.range(0, 4));
    repeated.add(Order.of(3));
    List<Order> changed = new ArrayList<>(Order.range(0, 4));
    changed.add(new Order(4, CANARY, Order.of(4).amount(), Order.of(4).note()));
    State before = state();

    for (List<Order> others :
        List.of(repeated, changed, Order.range(0, 4), Order.range(0, 6), List.<Order>of())) {
      Publish<Order> again = shop.publish(ORDERS).records(others);
      assertKeyReused(
          again.idempotencyKey("run").verifyReplay(),
          first.publishId(),
          first.committedAt().toString(),
          "offered 5",
          "offers " + others.size() + " rows");
    }
    assertNothingChanged(before);
  }

  @Test
  void aVerifyingReplayIncludesQuarantinedRows() {
    MeshClient shop =
        defineOrders(
            Contract.of(Order.class).onViolation(OnViolation.QUARANTINE).maxQuarantineShare(100));
    Map<String, Object> good =
        row("id", 0L, "customer", "c", "amount", new BigDecimal("1.23"), "note", "a");
    Map<String, Object> malformed =
        row("id", 1L, "customer", CANARY, "amount", new BigDecimal("1.234"), "note", "a");
    Map<String, Object> other =
        row("id", 1L, "customer", CANARY, "amount", new BigDecimal("1.235"), "note", "a");
    PublishReceipt first =
        shop.publish(ORDERS)
            .records(List.of(good, malformed))
            .idempotencyKey("run")
            .verifyReplay()
            .commit();

    assertThat(first.rowsAccepted()).isEqualTo(1);
    assertThat(
            shop.publish(ORDERS)
                .records(List.of(good, malformed))
                .idempotencyKey("run")
                .verifyReplay()
                .commit()
                .replayed())
        .isTrue();
    assertKeyReused(
        shop.publish(ORDERS).records(List.of(good, other)).idempotencyKey("run").verifyReplay(),
        first.publishId());
  }

  @Test
  void aVerifyingPublishThatLosesARaceIsComparedWithTheFirst() {
    MeshClient shop = defineOrders();
    List<Order> orders = Order.range(0, 3);
    AtomicReference<String> winner = new AtomicReference<>("");
    Stream<Order> overtaken =
        Stream.of(0)
            .flatMap(
                ignored -> {
                  winner.set(
                      shop.publish(ORDERS)
                          .records(orders)
                          .idempotencyKey("run")
                          .verifyReplay()
                          .commit()
                          .publishId());
                  return Order.range(0, 4).stream();
                });

    assertThatThrownBy(
            () ->
                shop.publish(ORDERS)
                    .records(overtaken)
                    .idempotencyKey("run")
                    .verifyReplay()
                    .commit())
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContainingAll(winner.get(), "offered 3 rows; this one offers 4 rows");
    assertThat(orders()).containsExactlyElementsOf(orders);
    assertWhole();
  }

  @Test
  void aPublishWithoutADigestCannotBeVerified() {
    MeshClient shop = defineOrders();
    PublishReceipt first =
        shop.publish(ORDERS).records(Order.range(0, 3)).idempotencyKey("run").commit();
    State before = state();

    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () ->
            shop.publish(ORDERS)
                .records(Order.range(0, 3))
                .idempotencyKey("run")
                .verifyReplay()
                .commit(),
        first.publishId(),
        "has no digest",
        "Remove verifyReplay()");
    assertNothingChanged(before);
  }

  @Test
  void anEraseIsReplayed() {
    MeshClient shop = defineOrders();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    shop.erase(ORDERS).where("id = 1").because("asked").idempotencyKey("gone").commit();

    PublishReceipt second =
        shop.erase(ORDERS).where("id = 1").because("asked").idempotencyKey("gone").commit();

    assertThat(second.replayed()).isTrue();
  }

  private static void assertKeyReused(Publish<?> publish, String... words) {
    assertThatThrownBy(publish::commit)
        .isInstanceOfSatisfying(
            AlreadyExistsException.class,
            refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.KEY_REUSED))
        .hasMessageContainingAll(words)
        .hasMessageNotContaining(CANARY);
  }
}
