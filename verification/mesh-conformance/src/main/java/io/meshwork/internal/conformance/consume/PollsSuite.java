package io.meshwork.internal.conformance.consume;

import static io.meshwork.contract.Partition.bucket;
import static io.meshwork.contract.Partition.by;
import static io.meshwork.contract.Partition.month;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.columnar.ColumnBatch;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscription;
import io.meshwork.consume.Subscription.Position;
import io.meshwork.contract.Contract;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.internal.conformance.fixture.ConcurrentCalls;
import io.meshwork.internal.conformance.fixture.SalesFixture;
import io.meshwork.internal.conformance.fixture.ScriptedRegistry;
import io.meshwork.publish.PublishReceipt;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A poll returns the changes since the last acknowledgement, the same to every process. */
public abstract class PollsSuite extends SalesFixture {
  private static final LocalDate DAY = LocalDate.parse("2026-11-20");

  record Visit(long id, Instant at, Optional<String> shop, LocalDate day) {}

  @Test
  void aPollBeforeTheFirstPublishIsEmpty() {
    Subscription<Sale> subscription = subscription();

    try (Batch<Sale> batch = subscription.poll()) {
      assertThat(batch.isEmpty()).isTrue();
      assertThat(batch.kind()).isEqualTo(Batch.Kind.ADDED);
      assertThat(batch.columns()).containsExactly("id", "shop", "items");
      assertThatThrownBy(batch::snapshot)
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("isEmpty()");
      batch.ack();
    }
    assertThat(subscription.position())
        .isEqualTo(new Position(1, Optional.empty(), 0, Optional.empty()));
  }

  @Test
  void appendsAreOneBatchUntilTheyAreAcknowledged() {
    Subscription<Sale> subscription = subscription();
    publish(0, 3, "a");
    PublishReceipt second = publish(3, 5, "b");

    try (Batch<Sale> batch = subscription.poll()) {
      assertThat(batch.kind()).isEqualTo(Batch.Kind.ADDED);
      assertThat(batch.because()).isEmpty();
      assertThat(batch.predicate()).isEmpty();
      assertThat(batch.partitions()).isEmpty();
      assertThat(batch.snapshot().id()).isEqualTo(second.snapshotId().orElseThrow());
      assertThat(batch.id()).matches("finance.copy/commerce.sales.v1/[0-9a-f]{12}/0-2-added");
      assertThat(rows(batch)).hasSize(5);
      batch.ack();
    }
    assertNoNews(subscription);
    assertThat(subscription.position())
        .isEqualTo(new Position(1, second.snapshotId(), 2, Optional.of(second.committedAt())));
    publish(5, 6, "a");
    assertThat(take(subscription)).containsExactly(Sale.of(5, "a"));
    assertWhole();
  }

  @Test
  void aBatchIsReadAsAStreamOrAsColumns() {
    Subscription<Sale> subscription = subscription();
    publish(0, 3, "a");

    try (Batch<Sale> batch = subscription.poll()) {
      assertThat(batch.stream()).isEqualTo(Sale.range(0, 3, "a"));
      assertRefused(ErrorCode.INVALID_ARGUMENT, batch::iterator, "streamed once");
    }
    try (Batch<Sale> batch = subscription.poll()) {
      Iterator<ColumnBatch> columns = batch.batches();
      assertThat(columns.next().rows()).isEqualTo(3);
      assertThat(columns.hasNext()).isFalse();
    }
  }

  @Test
  void aBatchOfAllRowsAndColumnsHasAShortId() {
    defineSales();
    registerFinance();
    publish(0, 3, "a");

    try (Batch<?> batch =
        as("finance").subscribe(SALES).name("all").purpose("All").asMaps().commit().poll()) {
      assertThat(batch.id()).isEqualTo("finance.all/commerce.sales.v1/0-1-added");
    }
  }

  @Test
  void partitionsAreReportedAsJdkTypes() {
    registerShop()
        .defineProduct("commerce/visits")
        .contract(Contract.of(Visit.class))
        .partitionBy(month("at"), by("shop"), by("day"), bucket("id", 1))
        .openToMesh()
        .commit();
    Visit visit = new Visit(7, Instant.parse("2026-11-20T08:00:00Z"), Optional.empty(), DAY);
    shop().publish("commerce/visits").records(List.of(visit)).replacePartitions().commit();
    registerFinance();

    try (Batch<Visit> batch =
        as("finance")
            .subscribe("commerce/visits")
            .name("visits")
            .purpose("Who comes when")
            .as(Visit.class)
            .commit()
            .poll()) {
      assertThat(batch.kind()).isEqualTo(Batch.Kind.REPLACED);
      assertThat(batch.partitions())
          .containsExactly(row("at_month", "2026-11", "shop", null, "day", DAY, "id_bucket", 0));
      assertThat(batch).containsExactly(visit);
    }
  }

  @Test
  void appendsAreBatchedUpToTheLimitWithoutSplittingASnapshot() {
    subscription();
    Subscription<Sale> subscription = subscribe().limit(5).commit();
    publish(0, 2, "a");
    publish(2, 5, "a");
    publish(5, 6, "a");
    publish(6, 20, "a");
    publish(20, 21, "a");

    assertThat(take(subscription)).isEqualTo(Sale.range(0, 5, "a"));
    assertThat(take(subscription)).isEqualTo(Sale.range(5, 6, "a"));
    assertThat(take(subscription)).isEqualTo(Sale.range(6, 20, "a"));
    assertThat(take(subscription)).isEqualTo(Sale.range(20, 21, "a"));
    assertNoNews(subscription);
    assertThat(subscribe().commit().limit()).isEqualTo(5);
    State before = state();
    subscribe().limit(5).commit();
    assertNothingChanged(before);
    assertRefused(ErrorCode.INVALID_ARGUMENT, () -> subscribe().limit(0), "limit");
  }

  @Tag("smoke")
  @Test
  void everyProcessReceivesTheSameBatchUntilItIsAcknowledged() {
    Subscription<Sale> one = subscription();
    Subscription<Sale> secondSubscription = subscribe().commit();
    publish(0, 3, "a");

    try (Batch<Sale> first = one.poll()) {
      publish(3, 5, "a");
      try (Batch<Sale> second = secondSubscription.poll()) {
        assertThat(second.id()).isEqualTo(first.id());
        assertThat(rows(second)).isEqualTo(Sale.range(0, 3, "a")).isEqualTo(rows(first));
        second.ack();
      }
      first.ack();
      assertThat(one.position().sequence()).isEqualTo(1);
    }
    assertThat(take(one)).isEqualTo(Sale.range(3, 5, "a"));
    assertNoNews(secondSubscription);
  }

  @Test
  void concurrentPollsReturnOneBatchThatAllMayAcknowledge() throws Exception {
    Subscription<Sale> subscription = subscription();
    publish(0, 3, "a");
    List<Callable<Batch<Sale>>> polls = Collections.nCopies(4, subscription::poll);

    List<Batch<Sale>> batches = ConcurrentCalls.run(polls);

    assertThat(batches).extracting(Batch::id).containsOnly(batches.get(0).id());
    assertThat(batches).allSatisfy(batch -> assertThat(rows(batch)).hasSize(3));
    List<Callable<Boolean>> acks = new ArrayList<>();
    for (Batch<Sale> batch : batches) {
      acks.add(
          () -> {
            batch.ack();
            batch.close();
            return true;
          });
    }
    ConcurrentCalls.run(acks);
    assertNoNews(subscription);
    assertThat(subscription.position().sequence()).isEqualTo(1);
  }

  @Test
  void aPollWithAConflictOrALostReplyReturnsTheBatch() {
    Subscription<Sale> subscription = subscription();
    publish(0, 3, "a");
    registry.next(ScriptedRegistry.Fault.REJECTED, ScriptedRegistry.Fault.REPLY_LOST);

    try (Batch<Sale> batch = subscription.poll();
        Batch<Sale> same = subscription.poll()) {
      assertThat(same.id()).isEqualTo(batch.id()).endsWith("/0-1-added");
    }
  }

  @Test
  void closingWithoutAcknowledgementLosesNothing() {
    Subscription<Sale> subscription = subscription();
    publish(0, 3, "a");

    String id;
    try (Batch<Sale> batch = subscription.poll()) {
      id = batch.id();
    }
    try (Batch<Sale> batch = subscription.poll()) {
      assertThat(batch.id()).isEqualTo(id);
      assertThat(rows(batch)).isEqualTo(Sale.range(0, 3, "a"));
    }
  }

  @Test
  void acknowledgingTwiceIsHarmlessAndAnOlderBatchIsRejected() {
    Subscription<Sale> subscription = subscription();
    publish(0, 3, "a");
    Batch<Sale> older = subscription.poll();
    older.ack();
    publish(3, 5, "a");
    Batch<Sale> newer = subscription.poll();

    older.ack();
    newer.ack();
    newer.ack();
    State before = state();

    assertThatThrownBy(older::ack)
        .isInstanceOf(ConflictException.class)
        .hasMessageContainingAll(SALES, older.id(), "'copy'", "Poll again");
    assertNothingChanged(before);
    assertThat(subscription.position().sequence()).isEqualTo(2);
    older.close();
    newer.close();
  }

  @Test
  void aLostReplyToAnAcknowledgementIsResolved() {
    Subscription<Sale> subscription = subscription();
    publish(0, 3, "a");
    try (Batch<Sale> batch = subscription.poll()) {
      registry.next(ScriptedRegistry.Fault.REPLY_LOST);
      registry.resolving(false);
      assertThatThrownBy(batch::ack).isInstanceOf(OutcomeUnknownException.class);
      registry.resolving(true);

      batch.ack();
    }
    assertNoNews(subscription);
    assertThat(subscription.position().sequence()).isEqualTo(1);
  }

  @Test
  void replacedPartitionsAreReportedWithAllTheirRows() {
    Subscription<Sale> subscription = subscription();
    publish(0, 3, "a");
    publish(3, 6, "b");
    take(subscription);
    List<Sale> rows = new ArrayList<>(Sale.range(10, 12, "b"));
    rows.addAll(Sale.range(12, 13, "c"));
    shop().publish(SALES).records(rows).replacePartitions().commit();

    try (Batch<Sale> batch = subscription.poll()) {
      assertThat(batch.kind()).isEqualTo(Batch.Kind.REPLACED);
      assertThat(batch.partitions())
          .containsExactlyInAnyOrder(Map.of("shop", "b"), Map.of("shop", "c"));
      assertThat(batch.predicate()).isEmpty();
      assertThat(rows(batch)).containsExactlyInAnyOrderElementsOf(rows);
    }
  }

  @Test
  void aReplaceOfNoPartitionReportsNothing() {
    Subscription<Sale> subscription = subscription();
    publish(0, 3, "a");
    take(subscription);
    List<Sale> none = List.of();
    shop().publish(SALES).records(none).replacePartitions().allowEmpty().commit();

    assertNoNews(subscription);
    publish(3, 6, "b");
    assertThat(take(subscription)).isEqualTo(Sale.range(3, 6, "b"));
  }

  @Test
  void rowsReplacedByAFilterAreReportedWithoutTheRemainingOnes() {
    Subscription<Sale> subscription = subscription();
    publish(0, 10, "a");
    take(subscription);
    shop().publish(SALES).records(Sale.range(5, 7, "a")).replaceWhere("id >= 4").commit();

    try (Batch<Sale> batch = subscription.poll()) {
      assertThat(batch.kind()).isEqualTo(Batch.Kind.REPLACED);
      assertThat(batch.predicate()).contains("id >= 4");
      assertThat(batch.partitions()).isEmpty();
      assertThat(rows(batch)).isEqualTo(Sale.range(5, 7, "a"));
    }
  }

  @Test
  void anEraseIsReportedAsItsFilterInABatchByItself() {
    Subscription<Sale> subscription = subscription();
    publish(0, 3, "a");
    shop().erase(SALES).where("id = 1").because("asked to").commit();
    publish(3, 4, "a");

    assertThat(take(subscription)).containsExactly(Sale.of(0, "a"), Sale.of(2, "a"));
    try (Batch<Sale> batch = subscription.poll()) {
      assertThat(batch.kind()).isEqualTo(Batch.Kind.ERASED);
      assertThat(batch.predicate()).contains("id = 1");
      assertThat(rows(batch)).isEmpty();
      assertThat(batch.isEmpty()).isFalse();
      batch.ack();
    }
    assertThat(take(subscription)).containsExactly(Sale.of(3, "a"));
  }

  @Test
  void rowsErasedAfterABatchWasIssuedAreNotReturned() {
    Subscription<Sale> subscription = subscription();
    publish(0, 5, "a");
    String id;
    try (Batch<Sale> batch = subscription.poll()) {
      id = batch.id();
    }
    shop().erase(SALES).where("id = 3 or items = 4").because("asked to").commit();
    // Later rows may equal erased rows.
    publish(3, 4, "b");

    try (Batch<Sale> batch = subscription.poll()) {
      assertThat(batch.id()).isEqualTo(id);
      // The filter is unknown for a null in items, so the row stays.
      assertThat(rows(batch)).isEqualTo(Sale.range(0, 3, "a"));
      batch.ack();
    }
    take(subscription);
    assertThat(take(subscription)).isEqualTo(Sale.range(3, 4, "b"));
  }

  @Test
  void erasedRowsAreLeftOutOfReplacesAndResets() {
    Subscription<Sale> subscription = subscription();
    publish(0, 3, "a");
    take(subscription);
    shop().publish(SALES).records(Sale.range(10, 13, "a")).replacePartitions().commit();
    subscription.poll().close();
    shop().erase(SALES).where("id = 11").because("asked to").commit();
    assertThat(take(subscription)).containsExactly(Sale.of(10, "a"), Sale.of(12, "a"));
    take(subscription);

    shop().publish(SALES).records(Sale.range(20, 23, "a")).replaceAll().commit();
    subscription.poll().close();
    shop().erase(SALES).where("id = 21").because("asked to").commit();
    assertThat(take(subscription)).containsExactly(Sale.of(20, "a"), Sale.of(22, "a"));
  }

  @Test
  void aChangeThatRowsCannotExpressIsAReset() {
    Subscription<Sale> subscription = subscription();
    PublishReceipt first = publish(0, 3, "a");
    take(subscription);
    publish(3, 5, "a");
    shop().publish(SALES).records(Sale.range(7, 9, "b")).replaceAll().commit();
    publish(9, 10, "b");

    try (Batch<Sale> batch = subscription.poll()) {
      assertThat(batch.kind()).isEqualTo(Batch.Kind.RESET);
      assertThat(batch.because()).hasValueSatisfying(why -> assertThat(why).contains("replaced"));
      assertThat(batch.id()).endsWith("/1-4-reset");
      assertThat(rows(batch)).isEqualTo(Sale.range(7, 10, "b"));
      batch.ack();
    }
    shop().rollBack(SALES).to(first.snapshotId().orElseThrow()).because("it was wrong").commit();
    try (Batch<Sale> batch = subscription.poll()) {
      assertThat(batch.kind()).isEqualTo(Batch.Kind.RESET);
      assertThat(batch.because()).hasValueSatisfying(why -> assertThat(why).contains("earlier"));
      assertThat(rows(batch)).isEqualTo(Sale.range(0, 3, "a"));
    }
  }

  @Test
  void aChangeByUnreadColumnsIsAReset() {
    subscription();
    Subscription<NamedShop> shops =
        as("finance")
            .subscribe(SALES)
            .name("shops")
            .purpose("Which shops there are")
            .as(NamedShop.class)
            .commit();
    publish(0, 2, "a");
    try (Batch<NamedShop> batch = shops.poll()) {
      batch.ack();
    }
    shop().erase(SALES).where("id = 1").because("asked to").commit();
    try (Batch<NamedShop> batch = shops.poll()) {
      assertThat(batch.kind()).isEqualTo(Batch.Kind.RESET);
      assertThat(batch.because().orElseThrow()).contains("columns");
      assertThat(batch).containsExactly(new NamedShop("a"));
      batch.ack();
    }
    shop().erase(SALES).where("shop = 'a'").because("asked to").commit();
    try (Batch<NamedShop> batch = shops.poll()) {
      assertThat(batch.kind()).isEqualTo(Batch.Kind.ERASED);
      assertThat(batch.predicate()).contains("shop = 'a'");
    }
  }

  @Test
  void theFilterOfASubscriptionAppliesToEveryBatch() {
    defineSales();
    registerFinance();
    Subscription<Sale> subscription = subscribe().where("shop = 'b'").commit();
    publish(0, 3, "a");
    try (Batch<Sale> batch = subscription.poll()) {
      assertThat(batch.isEmpty()).isFalse();
      assertThat(rows(batch)).isEmpty();
      batch.ack();
    }
    List<Sale> both = new ArrayList<>(Sale.range(3, 5, "a"));
    both.addAll(Sale.range(5, 7, "b"));
    shop().publish(SALES).records(both).commit();
    assertThat(take(subscription)).isEqualTo(Sale.range(5, 7, "b"));
    shop().publish(SALES).records(both).replaceAll().commit();
    assertThat(take(subscription)).isEqualTo(Sale.range(5, 7, "b"));
  }
}
