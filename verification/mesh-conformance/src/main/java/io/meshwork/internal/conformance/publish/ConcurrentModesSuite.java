package io.meshwork.internal.conformance.publish;

import static io.meshwork.internal.conformance.fixture.ScriptedRegistry.Fault.HELD;
import static io.meshwork.internal.conformance.fixture.ScriptedRegistry.Fault.NONE;
import static io.meshwork.internal.conformance.fixture.ScriptedRegistry.Fault.REJECTED;
import static io.meshwork.internal.conformance.fixture.ScriptedRegistry.Fault.REPLY_LOST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.meshwork.error.BackendException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.internal.conformance.fixture.ConcurrentCalls;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.SalesFixture;
import io.meshwork.internal.conformance.fixture.ScriptedRegistry;
import io.meshwork.operation.Operation;
import io.meshwork.publish.Erase;
import io.meshwork.publish.Publish;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.registry.Registry.Outcome;
import io.meshwork.testkit.Faults.Port;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Replaces that are concurrent with other publishes are serialized or fail with a conflict. */
public abstract class ConcurrentModesSuite extends SalesFixture {
  private Publish<GenericRecord> toSales() {
    return shop().publish(SALES);
  }

  private Erase fromSales() {
    return shop().erase(SALES);
  }

  /** Returns records that run an action while the publish reads them. */
  private static <R> Stream<R> meanwhile(List<R> records, Runnable happens) {
    return Stream.concat(
        records.stream(),
        Stream.of(1)
            .flatMap(
                one -> {
                  happens.run();
                  return Stream.empty();
                }));
  }

  private void assertConflict(Operation<?> publish, String product) {
    assertThatThrownBy(publish::commit)
        .isInstanceOfSatisfying(
            ConflictException.class, refused -> assertThat(refused.retryable()).isTrue())
        .hasMessageContainingAll(product, "Nothing was committed", "publishHistory(..)");
  }

  /** Returns ten rows for each shop. */
  private static List<Sale> rows(String... shops) {
    List<Sale> rows = new ArrayList<>();
    for (String shop : shops) {
      rows.addAll(Sale.range(shop.charAt(0) * 100L, shop.charAt(0) * 100L + 10, shop));
    }
    return rows;
  }

  private void fillSales() {
    defineSales();
    toSales().records(rows("a", "b", "c")).commit();
  }

  @Test
  void anAppendIsCommittedAfterAConcurrentReplace() {
    fillSales();

    PublishReceipt appended =
        toSales()
            .records(
                meanwhile(
                    Sale.range(0, 5, "a"),
                    () -> toSales().records(rows("b")).replaceAll().commit()))
            .commit();

    assertThat(appended.sequence()).hasValue(3);
    List<Sale> expected = new ArrayList<>(rows("b"));
    expected.addAll(Sale.range(0, 5, "a"));
    assertThat(sales()).containsExactlyInAnyOrderElementsOf(expected);
    assertWhole();
  }

  @Test
  void replacingAllConflictsWithAConcurrentAppendAndLeavesNoFiles() {
    fillSales();
    List<Sale> appended = Sale.range(0, 5, "z");

    assertConflict(
        toSales()
            .records(meanwhile(rows("b"), () -> toSales().records(appended).commit()))
            .replaceAll(),
        SALES);

    List<Sale> expected = rows("a", "b", "c");
    expected.addAll(appended);
    assertThat(sales()).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(shop().publishHistory(SALES).receipts()).hasSize(2);
    assertWhole();
  }

  @Test
  void replacesOfDifferentPartitionsBothSucceed() {
    fillSales();

    toSales()
        .records(
            meanwhile(
                Sale.range(0, 5, "a"),
                () -> {
                  toSales().records(Sale.range(5, 8, "b")).replacePartitions().commit();
                  toSales().records(Sale.range(8, 9, "c")).commit();
                }))
        .replacePartitions()
        .commit();

    List<Sale> expected = new ArrayList<>(Sale.range(0, 5, "a"));
    expected.addAll(Sale.range(5, 8, "b"));
    expected.addAll(rows("c"));
    expected.addAll(Sale.range(8, 9, "c"));
    assertThat(sales()).containsExactlyInAnyOrderElementsOf(expected);
    assertWhole();
  }

  @Test
  void oneOfTwoReplacesOfOnePartitionConflicts() {
    fillSales();

    assertConflict(
        toSales()
            .records(
                meanwhile(
                    Sale.range(0, 5, "a"),
                    () -> toSales().records(Sale.range(5, 8, "a")).replacePartitions().commit()))
            .replacePartitions(),
        SALES);

    List<Sale> expected = rows("b", "c");
    expected.addAll(Sale.range(5, 8, "a"));
    assertThat(sales()).containsExactlyInAnyOrderElementsOf(expected);
    assertWhole();
  }

  @Test
  void aRemovedPartitionConflictsAndANewOneDoesNot() {
    fillSales();
    beforeCommit(
            toSales().records(Sale.range(0, 5, "a")).replacePartitions(),
            () -> toSales().records(rows("d")).commit())
        .commit();

    assertConflict(
        beforeCommit(
            toSales().records(Sale.range(5, 9, "a")).replacePartitions(),
            () -> fromSales().where("shop = 'a'").because("closed").commit()),
        SALES);

    assertThat(sales()).containsExactlyInAnyOrderElementsOf(rows("b", "c", "d"));
    assertWhole();
  }

  @Test
  void anEraseConflictsOnlyWithRowsThatMayMatch() {
    fillSales();
    beforeCommit(
            fromSales().where("shop = 'a' and id < 9705").because("asked to"),
            () -> toSales().records(Sale.range(0, 5, "b")).commit())
        .commit();
    assertThat(sales()).hasSize(30);

    assertConflict(
        beforeCommit(
            fromSales().where("shop = 'b' and id < 3").because("asked to"),
            () -> toSales().records(Sale.range(2, 4, "b")).commit()),
        SALES);
    assertConflict(
        beforeCommit(
            fromSales().where("shop = 'c' and id < 9905").because("asked to"),
            () -> fromSales().where("shop = 'c' and id = 9907").because("asked to").commit()),
        SALES);

    assertThat(sales()).hasSize(31);
    assertWhole();
  }

  @Test
  void aRollbackConflictsWithAnyConcurrentCommit() {
    defineOrders();
    String first = toOrders().records(Order.range(0, 3)).commit().snapshotId().orElseThrow();
    toOrders().records(Order.range(3, 6)).commit();
    faults
        .on(Port.REGISTRY_COMMIT)
        .nth(1)
        .meanwhile(() -> toOrders().records(Order.range(6, 9)).commit());

    assertThatThrownBy(() -> shop().rollBack(ORDERS).to(first).because("x").commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining(ORDERS);

    assertThat(orders()).containsExactlyInAnyOrderElementsOf(Order.range(0, 9));
    assertWhole();
  }

  @Test
  void publishersOfDifferentPartitionsAllSucceed() throws Exception {
    defineSales();
    List<Callable<Integer>> publishers = new ArrayList<>();
    for (int thread = 0; thread < 4; thread++) {
      String shop = "shop " + thread;
      long first = thread * 1000L;
      publishers.add(
          () -> {
            for (int i = 0; i < 4; i++) {
              toSales()
                  .records(Sale.range(first + i * 100L, first + i * 100L + 7, shop))
                  .replacePartitions()
                  .commit();
            }
            return 0;
          });
    }

    ConcurrentCalls.run(publishers);

    List<Sale> expected = new ArrayList<>();
    for (int thread = 0; thread < 4; thread++) {
      expected.addAll(Sale.range(thread * 1000L + 300, thread * 1000L + 307, "shop " + thread));
    }
    assertThat(sales()).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(shop().publishHistory(SALES).receipts()).hasSize(16);
    assertWhole();
  }

  @Test
  void concurrentReplacesOfAllRowsSucceedWhollyOrConflict() throws Exception {
    defineOrders();
    toOrders().records(Order.range(0, 10)).commit();
    Set<Integer> winners = Collections.synchronizedSet(new HashSet<>());
    List<Callable<Integer>> publishers = new ArrayList<>();
    for (int thread = 0; thread < 4; thread++) {
      int number = thread;
      publishers.add(
          () -> {
            try {
              toOrders()
                  .records(Order.range(number * 100L, number * 100L + 10))
                  .replaceAll()
                  .commit();
              winners.add(number);
            } catch (ConflictException e) {
              assertThat(e).hasMessageContaining(ORDERS);
            }
            return number;
          });
    }

    ConcurrentCalls.run(publishers);

    assertThat(winners).isNotEmpty();
    List<Order> remaining = orders();
    assertThat(remaining).hasSize(10);
    int last = (int) (remaining.get(0).id() / 100);
    assertThat(winners).contains(last);
    assertThat(remaining).isEqualTo(Order.range(last * 100L, last * 100L + 10));
    assertThat(shop().publishHistory(ORDERS).changes()).hasSize(1 + winners.size());
    assertWhole();
  }

  @Test
  void lostRepliesAndLateConflictsOfReplacesLoseAndDuplicateNothing() {
    defineOrders();
    for (List<ScriptedRegistry.Fault> script :
        List.of(
            List.of(REPLY_LOST),
            List.of(HELD),
            List.of(REJECTED, HELD, REPLY_LOST),
            List.of(HELD, REJECTED, NONE))) {
      registry.next();
      toOrders().records(Order.range(0, 20)).replaceAll().commit();
      registry.next(script.toArray(ScriptedRegistry.Fault[]::new));

      PublishReceipt receipt =
          toOrders().records(Order.range(5, 8)).replaceWhere("id >= 3 and id < 10").commit();

      assertThat(receipt.rowsRemoved()).as("%s", script).isEqualTo(7);
      assertThat(registry.deliver()).as("%s", script).doesNotContain(Outcome.COMMITTED);
      List<Order> expected = new ArrayList<>(Order.range(0, 3));
      expected.addAll(Order.range(5, 8));
      expected.addAll(Order.range(10, 20));
      assertThat(orders()).as("%s", script).containsExactlyInAnyOrderElementsOf(expected);
      registry.next(script.toArray(ScriptedRegistry.Fault[]::new));
      assertThat(fromOrders().where("id < 2").because("why").commit().rowsRemoved()).isEqualTo(2);
      registry.deliver();
      assertThat(orders()).as("%s", script).hasSize(14);
      assertWhole();
    }
  }

  @Test
  void anEraseOfUnknownOutcomeIsResolvedByItsKey() {
    defineOrders();
    toOrders().records(Order.range(0, 20)).commit();
    for (ScriptedRegistry.Fault fault : List.of(REPLY_LOST, HELD)) {
      String rows = "id = " + (fault == HELD ? 1 : 2);
      registry.next(fault);
      registry.resolving(false);
      assertThatThrownBy(
              () -> fromOrders().where(rows).because("why").idempotencyKey(fault.name()).commit())
          .isInstanceOf(OutcomeUnknownException.class);
      registry.resolving(true);

      PublishReceipt settled =
          fromOrders().where(rows).because("why").idempotencyKey(fault.name()).commit();

      assertThat(settled.replayed()).isEqualTo(fault == REPLY_LOST);
      assertThat(settled.rowsRemoved()).isEqualTo(1);
      registry.deliver();
    }
    assertThat(orders()).hasSize(18);
    assertThat(mesh.doctor().problems()).isEmpty();
  }

  @Test
  void aFileThatCannotBeWrittenReplacesNothing() {
    defineOrders();
    toOrders().records(Order.range(0, 10)).commit();
    toOrders().records(Order.range(10, 20)).commit();
    State before = state();
    int failures = 0;
    for (Throwable thrown = failingAt(1); thrown != null; thrown = failingAt(failures + 1)) {
      failures++;
      assertThat(thrown)
          .as("file %s", failures)
          .isInstanceOf(BackendException.class)
          .hasMessageNotContaining(CANARY);
      assertNothingChanged(before);
    }
    assertThat(failures)
        .as("new rows, two rewritten files, manifests, and metadata")
        .isGreaterThan(5);
    assertThat(before.files().keySet())
        .as("replaced files are kept for readers of earlier snapshots")
        .allSatisfy(file -> assertThat(files.newInputFile(file).exists()).isTrue());
    assertThat(orders()).containsExactlyInAnyOrderElementsOf(Order.range(0, 20));
    assertWhole();
  }

  /**
   * Returns the error of a replace whose n-th write fails, or null if the replace has fewer writes.
   */
  private @Nullable Throwable failingAt(int failAt) {
    files.beforeEachWrite(
        write -> {
          if (write == failAt) {
            throw new UncheckedIOException(new IOException("no room, " + CANARY));
          }
        });
    try {
      return catchThrowable(
          () ->
              toOrders().records(Order.range(5, 15)).replaceWhere("id >= 5 and id < 15").commit());
    } finally {
      files.beforeEachWrite(write -> {});
    }
  }
}
