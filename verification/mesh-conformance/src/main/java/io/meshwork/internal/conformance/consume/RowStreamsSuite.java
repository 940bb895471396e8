package io.meshwork.internal.conformance.consume;

import static io.meshwork.contract.Rule.atLeast;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.meshwork.MeshClient;
import io.meshwork.columnar.ColumnBatch;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Row streams with concurrent threads, failing record constructors, and closed meshes. */
public abstract class RowStreamsSuite extends MeshFixture {
  /** The action of the record constructors below, for each thread. */
  private static final ThreadLocal<@Nullable Runnable> MEANWHILE = new ThreadLocal<>();

  private static void construct() {
    Runnable action = MEANWHILE.get();
    if (action != null) {
      action.run();
    }
  }

  record WatchedRow(long id) {
    WatchedRow {
      construct();
    }
  }

  record Picky(long id, Optional<String> note) {
    Picky {
      if (id == 2) {
        throw new IllegalStateException(CANARY);
      }
    }
  }

  record PickyNote(String text) {
    PickyNote {
      if (text.equals("c")) {
        throw new IllegalArgumentException(CANARY);
      }
    }
  }

  record NotedRow(long id, PickyNote note) {}

  private static @Nullable Throwable inAnotherThread(ThrowingCallable call) {
    AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
    Thread thread = new Thread(() -> thrown.set(catchThrowable(call)), "the-other");
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return thrown.get();
  }

  private static void assertRefused(@Nullable Throwable thrown, ErrorCode code, String... texts) {
    assertThat(thrown)
        .isInstanceOfSatisfying(
            MeshException.class, refused -> assertThat(refused.errorCode()).isEqualTo(code))
        .hasMessageContainingAll(texts)
        .hasMessageNotContaining(CANARY);
  }

  @Test
  void aConcurrentThreadIsRejectedAndALaterOneMayContinue() throws Exception {
    MeshClient shop = defineOrders();
    shop.publish(ORDERS).records(Order.range(0, 4)).commit();
    Subscription<WatchedRow> polled =
        shop.subscribe(ORDERS).name("copy").purpose("A copy").as(WatchedRow.class).commit();

    try (Rows<WatchedRow> rows = shop.read(ORDERS).as(WatchedRow.class).rows();
        Batch<WatchedRow> batch = polled.poll()) {
      for (Iterable<WatchedRow> each : List.of(rows, batch)) {
        Iterator<WatchedRow> iterator = each.iterator();
        List<@Nullable Throwable> refused = new ArrayList<>();
        MEANWHILE.set(
            () -> {
              refused.add(inAnotherThread(iterator::next));
              refused.add(inAnotherThread(iterator::hasNext));
              refused.add(inAnotherThread(each == rows ? rows::close : batch::close));
            });
        WatchedRow first;
        try {
          first = iterator.next();
        } finally {
          MEANWHILE.remove();
        }
        assertThat(refused)
            .hasSize(3)
            .allSatisfy(
                thrown ->
                    assertRefused(
                        thrown,
                        ErrorCode.CONCURRENT_USE,
                        ORDERS,
                        "'the-other'",
                        "'" + Thread.currentThread().getName() + "'"));
        List<Long> ids = new ArrayList<>(List.of(first.id()));
        assertThat(inAnotherThread(() -> iterator.forEachRemaining(row -> ids.add(row.id()))))
            .isNull();
        assertThat(ids).containsExactly(0L, 1L, 2L, 3L);
      }
    }
  }

  @Test
  void aRecordWhoseConstructorThrowsEndsTheRowsWithItsPosition() {
    MeshClient shop = defineOrders();
    shop.publish(ORDERS).records(Order.range(0, 4)).commit();
    Subscription<Picky> polled =
        shop.subscribe(ORDERS).name("copy").purpose("A copy").as(Picky.class).commit();

    try (Rows<Picky> rows = shop.read(ORDERS).as(Picky.class).rows()) {
      assertEndsAtRowThree(rows.iterator());
    }
    Batch<Picky> batch = polled.poll();
    try (batch) {
      assertEndsAtRowThree(batch.iterator());
    }
    assertRefused(catchThrowable(batch::ack), ErrorCode.CLOSED, "acknowledge", ORDERS);
  }

  private static void assertEndsAtRowThree(Iterator<Picky> rows) {
    assertThat(rows.next().id()).isZero();
    assertThat(rows.next().id()).isEqualTo(1);
    for (int time = 0; time < 2; time++) {
      InvalidRequestException refused =
          catchThrowableOfType(InvalidRequestException.class, rows::next);
      assertRefused(
          refused,
          ErrorCode.READER_INVALID,
          "row 3",
          Picky.class.getName(),
          IllegalStateException.class.getName());
      assertThat(refused).hasCauseInstanceOf(IllegalStateException.class);
      assertThat(catchThrowable(rows::hasNext)).isSameAs(refused);
    }
  }

  @Test
  void aNestedRecordWhoseConstructorThrowsIsNamedByItsRow() {
    MeshClient shop = registerShop();
    shop.defineProduct("commerce/notes").contract(Contract.of(NotedRow.class)).commit();
    shop.publish("commerce/notes")
        .records(
            List.of(
                Map.of("id", 1L, "note", Map.of("text", "a")),
                Map.of("id", 2L, "note", Map.of("text", "c"))))
        .commit();

    try (Rows<NotedRow> rows = shop.read("commerce/notes").as(NotedRow.class).rows()) {
      Iterator<NotedRow> iterator = rows.iterator();
      assertThat(iterator.next().note().text()).isEqualTo("a");
      assertRefused(
          catchThrowable(iterator::next),
          ErrorCode.READER_INVALID,
          "row 2",
          PickyNote.class.getName(),
          IllegalArgumentException.class.getName());
    }
  }

  @Test
  void anInterruptedReadIsNotReportedAsAStoreFailure() {
    MeshClient shop = defineOrders();
    shop.publish(ORDERS).records(Order.range(0, 4)).commit();
    Subscription<Order> polled =
        shop.subscribe(ORDERS).name("copy").purpose("A copy").as(Order.class).commit();

    try (Rows<Order> rows = shop.read(ORDERS).as(Order.class).rows();
        Rows<Order> columns = shop.read(ORDERS).as(Order.class).rows();
        Batch<Order> batch = polled.poll()) {
      assertInterrupted(rows.iterator()::next);
      assertInterrupted(columns.batches()::hasNext);
      assertInterrupted(batch.iterator()::next);
    }
    assertInterrupted(this::orders);
    assertThat(orders()).hasSize(4);
  }

  private static void assertInterrupted(ThrowingCallable call) {
    Thread.currentThread().interrupt();
    Throwable thrown = catchThrowable(call);
    assertThat(Thread.interrupted()).as("the interrupt flag is still set").isTrue();
    assertRefused(thrown, ErrorCode.INTERRUPTED, "interrupted");
    assertThat(((BackendException) java.util.Objects.requireNonNull(thrown)).retryable()).isTrue();
  }

  @Test
  void unreadRowsOfAClosedMeshAreRejected() {
    MeshClient shop =
        defineOrders(
            Contract.of(Order.class)
                .require(atLeast("id", 0))
                .onViolation(OnViolation.QUARANTINE)
                .maxQuarantineShare(100));
    List<Order> offered = new ArrayList<>(Order.range(0, 3));
    offered.add(Order.of(-1));
    offered.add(Order.of(-2));
    shop.publish(ORDERS).records(offered).commit();
    Subscription<Order> polled =
        shop.subscribe(ORDERS).name("copy").purpose("A copy").as(Order.class).commit();
    Rows<Order> rows = shop.read(ORDERS).as(Order.class).rows();
    Rows<Order> unread = shop.read(ORDERS).as(Order.class).rows();
    Rows<Order> whole = shop.read(ORDERS).as(Order.class).rows();
    Rows<Order> columns = shop.read(ORDERS).as(Order.class).rows();
    Rows<?> quarantined = shop.quarantine(ORDERS).rows();
    Batch<Order> batch = polled.poll();
    Iterator<Order> begun = rows.iterator();
    Iterator<Order> ended = whole.iterator();
    Iterator<ColumnBatch> batches = columns.batches();
    Iterator<?> bad = quarantined.iterator();
    Iterator<Order> news = batch.iterator();
    assertThat(begun.next().id()).isZero();
    ended.forEachRemaining(order -> assertThat(order.id()).isNotNegative());
    bad.next();
    news.next();

    mesh.close();

    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            begun::next,
            begun::hasNext,
            unread::iterator,
            batches::hasNext,
            bad::next,
            news::next)) {
      assertRefused(catchThrowable(call), ErrorCode.CLOSED, ORDERS, "the mesh was closed");
    }
    assertThat(ended.hasNext()).isFalse();
    for (AutoCloseable each : List.of(rows, unread, whole, columns, quarantined, batch)) {
      assertThatCode(each::close).doesNotThrowAnyException();
    }
  }
}
