package io.meshwork.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.ErrorCode;
import io.meshwork.publish.PublishReceipt;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A key is published once, and who asks again gets the first receipt. */
abstract class MeshReceipts extends MeshPolicies {
  /** Rows that must not be looked at. */
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
  void theSameKeyGivesTheFirstReceiptAndReadsNoRecords() {
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
  void aStreamIsClosedThoughItsKeyWasPublishedBefore() {
    MeshClient shop = defineOrders();
    shop.publish(ORDERS).records(Order.range(0, 3)).idempotencyKey("run").commit();
    AtomicBoolean closed = new AtomicBoolean();
    Stream<Order> stream = Stream.<Order>empty().onClose(() -> closed.set(true));

    shop.publish(ORDERS).records(stream).idempotencyKey("run").commit();

    assertThat(closed).isTrue();
  }

  @Test
  void theSameKeyWithAnotherRequestIsRefusedNamingTheFirst() throws IOException {
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
    assertThatThrownBy(() -> shop.publish(ORDERS).files(other).idempotencyKey("run-3").commit())
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContaining(fromFile.publishId());
    assertThat(shop.publish(ORDERS).files(one).idempotencyKey("run-3").commit().replayed())
        .isTrue();
    assertNothingChanged(before);
  }

  @Test
  void aReceiptIsFoundByItsKey() {
    MeshClient shop = defineOrders();
    PublishReceipt receipt =
        shop.publish(ORDERS).records(Order.range(0, 3)).idempotencyKey("run 1/\u00fc").commit();

    assertThat(shop.findReceipt(ORDERS, "run 1/\u00fc"))
        .hasValueSatisfying(found -> assertThat(found.toJson()).isEqualTo(receipt.toJson()));
    assertThat(shop.findReceipt(ORDERS, "run 2")).isEmpty();
  }

  @Test
  void receiptsComeOldestFirst() {
    MeshClient shop = defineOrders();
    List<String> keys =
        java.util.stream.IntStream.range(0, 12).mapToObj(i -> "key-" + (i * 7) % 12).toList();
    for (String key : keys) {
      shop.publish(ORDERS).records(Order.range(0, 1)).idempotencyKey(key).commit();
    }

    assertThat(shop.receipts(ORDERS))
        .extracting(PublishReceipt::idempotencyKey)
        .containsExactlyElementsOf(keys);
    assertThat(shop.receipts(ORDERS))
        .extracting(PublishReceipt::sequence)
        .containsExactlyElementsOf(java.util.stream.LongStream.rangeClosed(1, 12).boxed().toList());
  }

  @Test
  void aPublishWithoutAKeyGetsOne() {
    MeshClient shop = defineOrders();

    PublishReceipt receipt = shop.publish(ORDERS).records(Order.range(0, 3)).commit();

    assertThat(receipt.keyWasGiven()).isFalse();
    assertThat(receipt.idempotencyKey()).isEqualTo(receipt.publishId());
    assertThat(shop.findReceipt(ORDERS, receipt.idempotencyKey())).isPresent();
    assertThat(
            shop.publish(ORDERS)
                .records(untouchable())
                .idempotencyKey(receipt.idempotencyKey())
                .commit()
                .replayed())
        .isTrue();
  }

  @Test
  void oneKeyServesTwoProducts() {
    MeshClient shop = defineOrders();
    shop.defineProduct("commerce/others")
        .contract(io.meshwork.contract.Contract.of(Order.class))
        .commit();

    shop.publish(ORDERS).records(Order.range(0, 1)).idempotencyKey("run").commit();
    PublishReceipt other =
        shop.publish("commerce/others").records(Order.range(0, 2)).idempotencyKey("run").commit();

    assertThat(other.replayed()).isFalse();
    assertThat(other.rowsAccepted()).isEqualTo(2);
  }
}
