package io.meshwork.internal.conformance.publish;

import static io.meshwork.contract.Rule.atLeast;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.product.Snapshot;
import io.meshwork.publish.PublishReceipt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Publishes with listeners, interruptions, and failures, and closed meshes. */
public abstract class PublishFailuresSuite extends MeshFixture {
  /** Returns records that run an action before the record with this number. */
  private static Iterator<Order> ordersThat(long count, long when, Runnable happens) {
    return new Iterator<>() {
      private long id;

      @Override
      public boolean hasNext() {
        return id < count;
      }

      @Override
      public Order next() {
        if (id == when) {
          happens.run();
        }
        return Order.of(id++);
      }
    };
  }

  @Test
  void aListenerIsNeverCalledAfterTheEnd() {
    MeshClient shop = defineOrders();
    Thread caller = Thread.currentThread();
    List<String> reported = new ArrayList<>();
    boolean[] ended = {false};

    shop.publish(ORDERS)
        .records(ordersThat(50_000, -1, () -> {}))
        .onProgress(
            (phase, done, total) -> {
              assertThat(ended[0]).as("called after the end").isFalse();
              assertThat(Thread.currentThread()).isSameAs(caller);
              reported.add(
                  phase + " " + done + (total.isPresent() ? " of " + total.getAsLong() : ""));
            })
        .commit();
    ended[0] = true;
    shop.publish(ORDERS).records(Order.range(0, 1)).commit();

    assertThat(reported).contains("rows 50000", "commit 1 of 1");
    assertThat(reported)
        .as("at most one call a second, and the clock is stopped")
        .hasSizeLessThanOrEqualTo(4);
  }

  @Test
  void aListenerThatThrowsEndsThePublishWithoutACommit() {
    MeshClient shop = defineOrders();
    State before = state();

    for (String at : List.of("rows 16384", "rows 20000", "commit 0")) {
      IllegalStateException enough = new IllegalStateException("enough");
      assertThatThrownBy(
              () ->
                  shop.publish(ORDERS)
                      .records(Order.range(0, 20_000))
                      .onProgress(
                          (phase, done, total) -> {
                            if ((phase + " " + done).equals(at)) {
                              throw enough;
                            }
                          })
                      .commit())
          .as(at)
          .isInstanceOfSatisfying(
              BackendException.class,
              failed -> assertThat(failed.errorCode()).isEqualTo(ErrorCode.CALLER_CODE_FAILED))
          .hasCause(enough);
      assertNothingChanged(before);
    }
  }

  @Test
  void aListenerThatThrowsAfterTheCommitDoesNotHideTheReceipt() {
    MeshClient shop = defineOrders();

    PublishReceipt receipt =
        shop.publish(ORDERS)
            .records(Order.range(0, 3))
            .onProgress(
                (phase, done, total) -> {
                  if (phase.equals("commit") && done == 1) {
                    throw new IllegalStateException("too late");
                  }
                })
            .commit();

    assertThat(receipt.rowsAccepted()).isEqualTo(3);
    assertThat(orders()).isEqualTo(Order.range(0, 3));
  }

  @Test
  void aSourceThatFailsOnCloseLeavesNoFiles() {
    MeshClient shop = defineOrders();
    State before = state();
    IllegalStateException broken = new IllegalStateException("cannot close");
    Stream<Order> stream =
        Order.range(0, 3).stream()
            .onClose(
                () -> {
                  throw broken;
                });

    assertThatThrownBy(() -> shop.publish(ORDERS).records(stream).commit())
        .isInstanceOf(BackendException.class)
        .hasCause(broken);
    assertNothingChanged(before);
  }

  @Test
  void aFullHeapEndsThePublishAndIsNotRetried() {
    MeshClient shop = defineOrders();
    State before = state();
    OutOfMemoryError full = new OutOfMemoryError("Java heap space");

    BackendException failed =
        catchThrowableOfType(
            BackendException.class,
            () ->
                shop.publish(ORDERS)
                    .records(
                        ordersThat(
                            50_000,
                            40_000,
                            () -> {
                              throw full;
                            }))
                    .commit());

    assertThat(failed.errorCode()).isEqualTo(ErrorCode.BACKEND_FAILED);
    assertThat(failed.retryable()).as("the same row fills the heap again").isFalse();
    assertThat(failed)
        .hasMessageContainingAll(ORDERS, "heap", "after row 40000", "Nothing was published", "-Xmx")
        .hasCause(full);
    assertNothingChanged(before);
    assertThat(shop.publish(ORDERS).records(Order.range(0, 1)).commit().rowsAccepted())
        .isEqualTo(1);
  }

  @Test
  void aClockThatMovesBackKeepsTheOrderOfSnapshots() {
    mesh.close();
    Instant[] now = {clock.instant()};
    mesh = prepared(mesh(), () -> now[0]).open();
    MeshClient shop = defineOrders();
    List<Snapshot> snapshots = new ArrayList<>();
    List<String> keys = new ArrayList<>();

    for (int i = 0; i < 6; i++) {
      String key = "run-" + i;
      keys.add(key);
      shop.publish(ORDERS).records(Order.range(i, i + 1)).idempotencyKey(key).commit();
      snapshots.add(shop.describe(ORDERS).current().orElseThrow());
      now[0] = now[0].minus(Duration.ofDays(300L * i));
    }

    assertThat(snapshots).extracting(Snapshot::sequence).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(snapshots).extracting(Snapshot::committedAt).isSorted();
    assertThat(shop.publishHistory(ORDERS).receipts())
        .extracting(PublishReceipt::idempotencyKey)
        .containsExactlyElementsOf(keys);
    assertThat(orders()).isEqualTo(Order.range(0, 6));
    assertWhole();
  }

  @Test
  void aPublishStopsAtItsDeadline() {
    MeshClient shop = defineOrders();
    State before = state();

    BackendException late =
        catchThrowableOfType(
            BackendException.class,
            () ->
                shop.publish(ORDERS)
                    .records(
                        ordersThat(50_000, 40_000, () -> clock.advance(Duration.ofSeconds(11))))
                    .timeout(Duration.ofSeconds(10))
                    .commit());

    assertThat(late.errorCode()).isEqualTo(ErrorCode.DEADLINE_PASSED);
    assertThat(late).hasMessageContainingAll(ORDERS, "Nothing was committed", "timeout(..)");
    assertNothingChanged(before);
    assertThat(shop.publish(ORDERS).records(Order.range(0, 1)).commit().rowsAccepted())
        .isEqualTo(1);
  }

  @Test
  void anInterruptedThreadPublishesNothingAndStaysInterrupted() {
    MeshClient shop = defineOrders();
    State before = state();

    for (long when : new long[] {0, 16_384, 49_999}) {
      BackendException interrupted =
          catchThrowableOfType(
              BackendException.class,
              () ->
                  shop.publish(ORDERS)
                      .records(ordersThat(50_000, when, Thread.currentThread()::interrupt))
                      .commit());

      assertThat(Thread.interrupted()).as("the flag, interrupted at row %s", when).isTrue();
      assertThat(interrupted).as("interrupted at row %s", when).isNotNull();
      assertThat(interrupted.errorCode()).isEqualTo(ErrorCode.INTERRUPTED);
      assertThat(interrupted).hasMessageContainingAll(ORDERS, "Nothing was committed");
      assertNothingChanged(before);
    }
    assertThat(shop.publish(ORDERS).records(Order.range(0, 1)).commit().rowsAccepted())
        .isEqualTo(1);
    assertWhole();
  }

  @Test
  void anInterruptionDuringAnyFilePublishesAllOrNothing() {
    MeshClient shop =
        defineOrders(
            Contract.of(Order.class)
                .require(atLeast("amount", 0))
                .onViolation(OnViolation.QUARANTINE));
    List<Order> orders = new ArrayList<>(Order.range(0, 100));
    orders.set(5, new Order(5, "c", new BigDecimal("-1.00"), Optional.empty()));
    files.beforeEachWrite(write -> {});
    shop.publish(ORDERS).records(orders).commit();
    Thread caller = Thread.currentThread();
    int[] writes = {0};
    files.beforeEachWrite(write -> writes[0] = write);
    shop.publish(ORDERS).records(orders).commit();
    assertThat(writes[0]).as("files of one publish").isGreaterThan(4);

    for (int at = 1; at <= writes[0]; at++) {
      State before = state();
      List<Order> rows = orders();
      int interruptAt = at;
      files.beforeEachWrite(
          write -> {
            if (write == interruptAt) {
              caller.interrupt();
            }
          });
      Throwable thrown = catchThrowable(() -> shop.publish(ORDERS).records(orders).commit());
      assertThat(Thread.interrupted()).as("the flag, interrupted at file %s", at).isTrue();
      files.beforeEachWrite(write -> {});
      if (thrown != null) {
        assertThat(thrown)
            .as("interrupted at file %s", at)
            .isInstanceOfSatisfying(
                BackendException.class,
                refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.INTERRUPTED));
        // Another thread of Iceberg may still write a manifest.
        assertThat(state().documents()).as("documents").isEqualTo(before.documents());
        assertThat(orders()).isEqualTo(rows);
      }
      assertThat(mesh.doctor().problems()).isEmpty();
    }
  }

  @Test
  void aFileThatCannotBeWrittenPublishesNothing() {
    MeshClient shop = defineOrders();
    int[] writes = {0};
    files.beforeEachWrite(write -> writes[0] = write);
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();

    for (int at = 1; at <= writes[0]; at++) {
      State before = state();
      int failAt = at;
      files.beforeEachWrite(
          write -> {
            if (write == failAt) {
              throw new UncheckedIOException(new IOException("no room, " + CANARY));
            }
          });
      assertThatThrownBy(() -> shop.publish(ORDERS).records(Order.range(0, 3)).commit())
          .as("file %s of %s", at, writes[0])
          .isInstanceOf(BackendException.class)
          .hasMessageNotContaining(CANARY);
      files.beforeEachWrite(write -> {});
      assertNothingChanged(before);
    }
    shop.publish(ORDERS).records(Order.range(3, 6)).commit();
    assertThat(orders()).isEqualTo(Order.range(0, 6));
    assertWhole();
  }

  @Test
  void aClosedMeshReportsWhenItWasClosed() {
    MeshClient shop = defineOrders();
    shop.publish(ORDERS).records(Order.range(0, 1)).commit();
    clock.advance(Duration.ofMinutes(5));
    String closedAt = clock.instant().toString();
    mesh.close();
    mesh.close();
    clock.advance(Duration.ofMinutes(5));

    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> shop.publish(ORDERS).records(Order.range(0, 1)).commit(),
            () -> shop.read(ORDERS).rows(),
            () -> shop.read(ORDERS).files(),
            () -> shop.quarantine(ORDERS).rows(),
            () -> shop.describe(ORDERS),
            shop::products,
            () -> shop.publishHistory(ORDERS).receipts(),
            () -> shop.publishHistory(ORDERS).findReceipt("run"),
            () -> shop.events(ORDERS).list(),
            () -> shop.subscribe(ORDERS).name("a").purpose("b").commit(),
            () -> shop.registerDomain("commerce").owner("a@example.org").commit(),
            () -> shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).commit(),
            () -> mesh.doctor())) {
      assertThatThrownBy(call)
          .isInstanceOfSatisfying(
              InvalidRequestException.class,
              refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.CLOSED))
          .hasMessageContaining(closedAt);
    }
  }

  @Test
  void messagesAndPlansContainNoFieldValues() {
    MeshClient shop =
        defineOrders(
            Contract.of(Order.class)
                .require(atLeast("amount", 0).id("not-negative"))
                .onViolation(OnViolation.QUARANTINE));
    List<Order> orders = new ArrayList<>(Order.range(0, 100));
    orders.set(5, new Order(5, CANARY, new BigDecimal("-77.31"), Optional.of(CANARY)));

    PublishReceipt receipt = shop.publish(ORDERS).records(orders).commit();

    Consumer<Object> quiet =
        shown -> assertThat(shown.toString()).doesNotContain(CANARY).doesNotContain("77.31");
    quiet.accept(receipt);
    quiet.accept(shop.describe(ORDERS));
    quiet.accept(shop.publishHistory(ORDERS).receipts());
    quiet.accept(mesh.doctor());
    registry.documents().values().forEach(quiet);
  }
}
