package io.meshwork.internal.conformance.maintenance;

import static io.meshwork.internal.conformance.fixture.ScriptedRegistry.Fault.HELD;
import static io.meshwork.internal.conformance.fixture.ScriptedRegistry.Fault.NONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscribe;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.contract.ServiceLevel;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.NotFoundException;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.internal.catalog.HoldEntry;
import io.meshwork.internal.catalog.PositionEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.UsageEntry;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.maintenance.Maintain;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.maintenance.MeshDiagnosis;
import io.meshwork.operation.Plan;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import io.meshwork.product.Snapshot;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Outcome;
import io.meshwork.registry.Registry.Transaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

/** Retention of snapshots, files, receipts, and log entries. */
public abstract class ExpirySuite extends MeshFixture {
  private static final ProductName PRODUCT = ProductName.of(ORDERS);

  /** Replaces all orders and returns the snapshot ID. */
  private Snapshot replace(long from, long to) {
    toOrders().records(Order.range(from, to)).replaceAll().commit();
    return shop().describe(ORDERS).current().orElseThrow();
  }

  private List<String> snapshots() {
    return shop().read(ORDERS).snapshots().stream().map(Snapshot::id).toList();
  }

  /** Writes a reader's document, which no log contains. */
  private void write(Key key, com.fasterxml.jackson.databind.node.ObjectNode json) {
    String attempt = IdGenerator.secure(clock).next();
    String unlogged = attempt.substring(0, 14) + "8" + attempt.substring(15);
    assertThat(
            registry.commit(
                Transaction.attempt(unlogged).insert(key, DocumentJson.write(json)).build()))
        .isEqualTo(Outcome.COMMITTED);
  }

  private List<Key> attempts(String partition) {
    List<Key> rows = new ArrayList<>();
    String cursor = null;
    do {
      Registry.Page page = registry.list(partition, Registry.ATTEMPT_PREFIX, cursor);
      page.documents().forEach(document -> rows.add(document.key()));
      cursor = page.nextCursor();
    } while (cursor != null);
    return rows;
  }

  @Test
  void aReplacedSnapshotStaysForADayAndTheNewestAlways() {
    defineOrders();
    Snapshot first = replace(0, 3);
    clock.advance(Duration.ofDays(10));
    Snapshot second = replace(3, 6);
    State both = state();

    clock.advance(Duration.ofHours(23));
    assertThat(maintain().total(Work.SNAPSHOTS_EXPIRED)).isZero();
    assertThat(snapshots()).containsExactly(second.id(), first.id());

    clock.advance(Duration.ofHours(1));
    Maintain.Report done = maintain();

    assertThat(done.total(Work.SNAPSHOTS_EXPIRED)).isEqualTo(1);
    assertThat(done.total(Work.FILES_REMOVED)).as("data, manifest and manifest list").isEqualTo(3);
    assertThat(done.remaining()).isEmpty();
    assertThat(snapshots()).containsExactly(second.id());
    assertThat(files.present().size()).isLessThan(both.files().size());
    assertThatThrownBy(() -> shop().read(ORDERS).snapshot(first.id()).rows())
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining(second.id());
    assertThat(shop().publishHistory(ORDERS).changes()).as("the log keeps all entries").hasSize(2);
    assertThat(orders()).isEqualTo(Order.range(3, 6));
    assertWhole();

    clock.advance(Duration.ofDays(1_000));
    mesh.maintain().trustClock().commit();
    assertThat(snapshots()).containsExactly(second.id());
    assertWhole();
  }

  @Test
  void aReaderOfAReplacedSnapshotReadsToItsEnd() {
    defineOrders();
    publishOneByOne(0, 4); // files that are opened one after the other
    clock.advance(Duration.ofDays(40));
    List<Order> read = new ArrayList<>();
    try (Rows<Order> rows = shop().read(ORDERS).as(Order.class).rows()) {
      Iterator<Order> each = rows.iterator();
      read.add(each.next());
      replace(6, 9);
      maintain();
      clock.advance(Duration.ofHours(23));
      maintain();
      each.forEachRemaining(read::add);
    }
    assertThat(read).isEqualTo(Order.range(0, 4));
  }

  @Test
  void aReadOfRemovedRowsIsRejectedAsTooOldAndNotAsDamaged() {
    defineOrders();
    replace(0, 3);
    try (Rows<Order> late = shop().read(ORDERS).as(Order.class).rows()) {
      replace(3, 6);
      clock.advance(Duration.ofHours(25));
      maintain();

      Iterator<Order> rows = late.iterator();
      assertThatThrownBy(rows::hasNext)
          .isInstanceOfSatisfying(
              ConflictException.class,
              expired -> {
                assertThat(expired.errorCode()).isEqualTo(ErrorCode.SNAPSHOT_EXPIRED);
                assertThat(expired.retryable()).isFalse();
              })
          .hasMessageContainingAll(ORDERS, "24 hours", "maintenance", "rows()");
    }
    assertThat(orders()).isEqualTo(Order.range(3, 6));
    assertWhole();
  }

  @Test
  void aBatchOfRemovedRowsIsRejectedAsTooOldAndNotAsDamaged() {
    defineOrders();
    registerFinance();
    replace(0, 3);
    Subscription<Order> subscription = copyOfOrders();
    try (Batch<Order> late = subscription.poll()) {
      try (Batch<Order> same = subscription.poll()) {
        same.ack();
      }
      replace(3, 6);
      clock.advance(Duration.ofHours(25));
      try (Batch<Order> next = subscription.poll()) {
        next.ack();
      }
      clock.advance(Duration.ofHours(25));
      maintain();

      Iterator<Order> rows = late.iterator();
      assertThatThrownBy(rows::hasNext)
          .isInstanceOfSatisfying(
              ConflictException.class,
              expired -> assertThat(expired.errorCode()).isEqualTo(ErrorCode.SNAPSHOT_EXPIRED))
          .hasMessageContainingAll(ORDERS, "batch", "Poll again");
    }
    try (Batch<Order> again = subscription.poll()) {
      assertThat(again.isEmpty()).isTrue();
    }
    assertWhole();
  }

  @Test
  void rowsOfLaterSnapshotsStay() {
    defineOrders();
    for (long id = 0; id < 4; id++) {
      toOrders().records(Order.range(id, id + 1)).commit();
    }
    fromOrders().where("id = 1").because("a wish").commit();

    clock.advance(Duration.ofHours(25));
    Maintain.Report done = maintain();

    assertThat(done.total(Work.SNAPSHOTS_EXPIRED)).isEqualTo(4);
    assertThat(snapshots()).hasSize(1);
    assertThat(orders()).extracting(Order::id).containsExactly(0L, 2L, 3L);
    assertWhole();
  }

  @Test
  void filesLeftByACrashDuringExpiryAreReportedAndRemoved() {
    defineOrders();
    replace(0, 3);
    replace(3, 6);
    clock.advance(Duration.ofHours(25));
    registry.next(NONE, HELD); // the first one records the writer of files
    registry.resolving(false);
    assertThatThrownBy(this::maintain).isInstanceOf(OutcomeUnknownException.class);
    registry.resolving(true);
    assertThat(registry.deliver()).containsExactly(Outcome.COMMITTED);
    assertThat(snapshots()).hasSize(1);

    Maintain.Report done = maintain();

    assertThat(done.total(Work.SNAPSHOTS_EXPIRED)).isZero();
    assertThat(done.total(Work.FILES_REMOVED)).isEqualTo(3);
    assertThat(orders()).isEqualTo(Order.range(3, 6));
    assertWhole();
  }

  @Test
  void onlySnapshotsWithOpenReadersStay() {
    defineOrders();
    registerFinance();
    replace(0, 3);
    Snapshot held = replace(3, 6);
    replace(6, 9);
    Snapshot newest = replace(9, 12);
    write(
        RegistryKeys.hold(consumerLog("finance"), PRODUCT, "one"),
        new HoldEntry(
                PRODUCT,
                1,
                held.id(),
                clock.instant(),
                clock.instant().plus(Duration.ofDays(3)),
                Optional.empty())
            .toDocument(Optional.empty()));

    clock.advance(Duration.ofDays(2));
    assertThat(maintain().total(Work.SNAPSHOTS_EXPIRED)).isEqualTo(2);
    assertThat(state().files().keySet()).isNotEmpty();
    assertThat(mesh.doctor().isHealthy()).isTrue();
    assertThat(maintain().total(Work.SNAPSHOTS_EXPIRED)).isZero();

    clock.advance(Duration.ofDays(2));
    assertThat(maintain().total(Work.SNAPSHOTS_EXPIRED)).as("the read ended").isEqualTo(1);
    assertThat(snapshots()).containsExactly(newest.id());
    assertWhole();
  }

  @Test
  void snapshotsAfterTheOldestPositionStayForAMonth() {
    defineOrders();
    registerFinance();
    List<Snapshot> snapshots = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      snapshots.add(replace(i * 10, i * 10 + 3));
      clock.advance(Duration.ofDays(4));
    }
    Snapshot at = snapshots.get(1);
    write(
        RegistryKeys.position(consumerLog("finance"), PRODUCT, "totals"),
        PositionEntry.first(
                PRODUCT,
                "totals",
                new PositionEntry.Place(
                    1, Optional.of(at.id()), at.sequence(), Optional.of(at.committedAt())),
                clock.instant())
            .toDocument(Optional.empty()));

    assertThat(maintain().total(Work.SNAPSHOTS_EXPIRED)).as("a position was read").isEqualTo(2);
    assertThat(snapshots()).hasSize(3).endsWith(snapshots.get(2).id());

    // Days 4, 8, 12 and 16 had a publish, and this is day 43.
    clock.advance(Duration.ofDays(23));
    maintain();
    assertThat(snapshots()).containsExactly(snapshots.get(4).id());
    assertThat(mesh.repair().commit().findings()).isEmpty();
    assertWhole();
  }

  @Test
  void aBatchAcknowledgedByAnotherProcessIsStillReadToItsEnd() {
    defineOrders();
    registerFinance();
    Subscription<Order> quick = copyOfOrders();
    Subscription<Order> slow = copyOfOrders();
    publishOneByOne(0, 4); // files that are opened one after the other
    List<Order> read = new ArrayList<>();
    try (Batch<Order> batch = quick.poll()) {
      Snapshot newest = replace(6, 9);
      clock.advance(Duration.ofDays(2));
      try (Batch<Order> same = slow.poll()) {
        assertThat(same.id()).isEqualTo(batch.id());
        Iterator<Order> each = same.iterator();
        read.add(each.next());
        batch.ack();
        try (Batch<Order> next = quick.poll()) {
          assertThat(next.snapshot().id()).isEqualTo(newest.id());
          clock.advance(Duration.ofHours(1));
          next.ack();
        }
        clock.advance(Duration.ofHours(22));
        assertThat(maintain().total(Work.SNAPSHOTS_EXPIRED)).isZero();
        each.forEachRemaining(read::add);
      }
      assertThat(read).isEqualTo(Order.range(0, 4));
      assertWhole();

      clock.advance(Duration.ofHours(3));
      assertThat(maintain().total(Work.SNAPSHOTS_EXPIRED)).as("the batch is closed").isEqualTo(4);
      assertThat(snapshots()).containsExactly(newest.id());
    }
    try (Batch<Order> nothing = slow.poll()) {
      assertThat(nothing.isEmpty()).isTrue();
    }
    assertWhole();
  }

  @Test
  void aBatchIsStillReadToItsEndAfterASeek() {
    defineOrders();
    registerFinance();
    Subscription<Order> copy = copyOfOrders();
    publishOneByOne(0, 4);
    copy.poll().close();
    replace(6, 9);
    clock.advance(Duration.ofDays(2));
    List<Order> read = new ArrayList<>();
    try (Batch<Order> batch = copy.poll()) {
      Iterator<Order> each = batch.iterator();
      read.add(each.next());
      copyOfOrders().seekToNow().commit();
      clock.advance(Duration.ofHours(23));
      assertThat(maintain().total(Work.SNAPSHOTS_EXPIRED)).isZero();
      each.forEachRemaining(read::add);
    }
    assertThat(read).isEqualTo(Order.range(0, 4));

    clock.advance(Duration.ofHours(2));
    assertThat(maintain().total(Work.SNAPSHOTS_EXPIRED)).isEqualTo(4);
    assertWhole();
  }

  private Subscription<Order> copyOfOrders() {
    return as("finance").subscribe(ORDERS).name("copy").purpose("A copy").as(Order.class).commit();
  }

  @Test
  void aSubscriptionWithoutPollsCountsOnlyWithAStartPosition() {
    defineOrders();
    registerFinance();
    Subscribe<Order> late = as("finance").subscribe(ORDERS).purpose("A copy").as(Order.class);
    toOrders().records(Order.range(0, 3)).commit();
    Subscription<Order> silent = late.name("silent").commit();
    clock.advance(Duration.ofDays(2));
    toOrders().records(Order.range(3, 6)).commit();
    clock.advance(Duration.ofDays(2));
    assertThat(maintain().total(Work.SNAPSHOTS_EXPIRED)).isEqualTo(1);
    try (Batch<Order> batch = silent.poll()) {
      assertThat(batch.kind()).isEqualTo(Batch.Kind.RESET);
      assertThat(batch.stream()).containsExactlyInAnyOrderElementsOf(Order.range(0, 6));
      batch.ack();
    }

    Subscription<Order> counted = late.name("counted").fromNow().commit();
    toOrders().records(Order.range(6, 9)).commit();
    toOrders().records(Order.range(9, 12)).commit();
    clock.advance(Duration.ofDays(2));
    maintain();
    try (Batch<Order> batch = counted.poll()) {
      assertThat(batch.kind()).isEqualTo(Batch.Kind.ADDED);
      assertThat(batch.stream()).isEqualTo(Order.range(6, 12));
    }
    assertWhole();
  }

  @Test
  void aPollingConsumerReceivesEachRowOnceDespiteCompactionAndExpiry() {
    defineOrders();
    registerFinance();
    Subscription<Order> subscription =
        as("finance").subscribe(ORDERS).name("copy").purpose("A copy").as(Order.class).commit();
    List<Order> got = new ArrayList<>();
    for (int day = 0; day < 12; day++) {
      for (long id = day * 5L; id < day * 5L + 5; id++) {
        toOrders().records(Order.range(id, id + 1)).commit();
      }
      maintain();
      if (day % 4 == 0 || day == 11) {
        try (Batch<Order> batch = subscription.poll()) {
          assertThat(batch.kind()).isEqualTo(Batch.Kind.ADDED);
          batch.forEach(got::add);
          batch.ack();
        }
      }
      clock.advance(Duration.ofDays(1));
    }
    assertThat(got).isEqualTo(Order.range(0, 60));
    assertThat(orders()).isEqualTo(Order.range(0, 60));

    toOrders().records(Order.range(60, 61)).commit();
    clock.advance(Duration.ofDays(31));
    toOrders().records(Order.range(61, 62)).commit();
    clock.advance(Duration.ofDays(2));
    maintain();
    try (Batch<Order> batch = subscription.poll()) {
      assertThat(batch.kind()).as("the position is older than a month").isEqualTo(Batch.Kind.RESET);
      assertThat(batch.stream()).containsExactlyInAnyOrderElementsOf(Order.range(0, 62));
    }
    assertWhole();
  }

  @Test
  void aConsumerMayPauseAsLongAsTheContractSays() {
    assertThat(kindAfterPause(Duration.ofDays(60), Duration.ofDays(45)))
        .isEqualTo(Batch.Kind.ADDED);
  }

  @Test
  void aShorterPollHorizonExpiresSnapshotsEarlier() {
    assertThat(kindAfterPause(Duration.ofDays(7), Duration.ofDays(9))).isEqualTo(Batch.Kind.RESET);
  }

  /** The kind of the batch that a consumer receives after a pause between two publishes. */
  private Batch.Kind kindAfterPause(Duration horizon, Duration pause) {
    defineOrders(Contract.of(Order.class).serviceLevel(ServiceLevel.NONE.pollHorizon(horizon)));
    registerFinance();
    Subscription<GenericRecord> subscription =
        as("finance").subscribe(ORDERS).name("copy").purpose("A copy").commit();
    toOrders().records(Order.range(0, 1)).commit();
    try (Batch<GenericRecord> batch = subscription.poll()) {
      batch.ack();
    }
    toOrders().records(Order.range(1, 2)).commit();
    clock.advance(pause);
    toOrders().records(Order.range(2, 3)).commit();
    clock.advance(Duration.ofDays(2));
    maintain();
    try (Batch<GenericRecord> batch = subscription.poll()) {
      assertWhole();
      return batch.kind();
    }
  }

  @Test
  void aPlannedRepairRemovesUnusedEntries() {
    defineOrders();
    registerFinance();
    replace(0, 3);
    Key position = RegistryKeys.position(consumerLog("finance"), PRODUCT, "gone");
    Key hold = RegistryKeys.hold(consumerLog("finance"), PRODUCT, "over");
    Key usage = RegistryKeys.usage(consumerLog("finance"), PRODUCT, "gone", 1);
    write(
        position,
        PositionEntry.first(PRODUCT, "gone", PositionEntry.Place.start(1), clock.instant())
            .toDocument(Optional.empty()));
    write(
        hold,
        new HoldEntry(
                PRODUCT, 1, "1", clock.instant(), clock.instant().plusSeconds(60), Optional.empty())
            .toDocument(Optional.empty()));
    write(
        usage,
        UsageEntry.first(PRODUCT, 1, "gone", "finance/etl", clock.instant())
            .used("finance/etl", ContractVersion.parse("1.0.0"), Set.of("id"), clock.instant())
            .toDocument(Optional.empty()));
    clock.advance(Duration.ofDays(2));
    assertThat(mesh.doctor().isHealthy()).isTrue();
    assertThat(mesh.doctor().findings())
        .extracting(Finding::code)
        .containsExactlyInAnyOrder(
            FindingCode.POSITION_WITHOUT_SUBSCRIPTION,
            FindingCode.USAGE_WITHOUT_SUBSCRIPTION,
            FindingCode.HOLD_EXPIRED);
    State before = state();

    Plan<MeshDiagnosis> plan = mesh.repair().plan();

    assertNothingChanged(before);
    assertThat(plan.findings()).isEmpty();
    assertThat(plan.steps())
        .extracting(Plan.Step::subject)
        .containsExactlyInAnyOrder(position.toString(), usage.toString(), hold.toString());
    assertThatThrownBy(() -> mesh.repair().commitAsPlanned("another"))
        .isInstanceOf(ConflictException.class);
    assertNothingChanged(before);
    assertThat(plan.commit().findings()).isEmpty();
    assertThat(registry.read(position)).isEmpty();
    assertThat(registry.read(hold)).isEmpty();
    assertThat(registry.read(usage)).isEmpty();
    assertThat(mesh.repair().plan().isEmpty()).isTrue();
    assertWhole();
  }

  @Test
  void expiredReceiptsAndAttemptsAreRemovedAndTheMeshStillVerifies() {
    MeshClient shop = defineOrders();
    for (int i = 0; i < 100; i++) {
      toOrders().records(Order.range(i, i + 1)).idempotencyKey("day-" + i).commit();
    }
    int rows = attempts(RegistryKeys.partition(PRODUCT)).size();

    clock.advance(Duration.ofDays(31));
    Maintain.Report month = maintain();
    assertThat(month.total(Work.ATTEMPTS_TRIMMED)).isGreaterThanOrEqualTo(rows);
    assertThat(month.total(Work.RECEIPTS_TRIMMED)).isZero();
    assertThat(attempts(RegistryKeys.partition(PRODUCT))).hasSizeLessThan(10);
    assertThat(mesh.doctor().isHealthy()).isTrue();
    assertThat(toOrders().records(Order.range(9, 10)).idempotencyKey("day-9").commit().replayed())
        .isTrue();

    clock.advance(Duration.ofDays(60));
    PublishReceipt receipt =
        toOrders().records(Order.range(200, 201)).idempotencyKey("today").commit();
    Maintain.Report later = maintain();
    assertThat(later.total(Work.RECEIPTS_TRIMMED)).isEqualTo(100);
    assertThat(shop.publishHistory(ORDERS).receipts()).containsExactly(receipt);
    assertThat(mesh.doctor().isHealthy()).isTrue();
    assertThat(shop.publishHistory(ORDERS).changes()).hasSizeGreaterThan(100);
    assertThat(toOrders().records(Order.range(9, 10)).idempotencyKey("day-9").commit().replayed())
        .as("the key has expired")
        .isFalse();
    assertWhole();
  }

  @Test
  void closedPartsOfLogsAreArchivedOnceWithTheirDigest() {
    defineOrders();
    replace(0, 3);
    clock.advance(Duration.ofDays(32));
    replace(3, 6);
    long before = entries();

    Maintain.Report done = maintain();

    assertThat(done.total(Work.ENTRIES_ARCHIVED)).isGreaterThanOrEqualTo(2);
    assertThat(done.remaining()).isEmpty();
    List<Key> archives =
        registry.documents().keySet().stream()
            .filter(key -> key.sort().startsWith(RegistryKeys.ARCHIVES))
            // The log of the mesh may begin with the time of the system clock, and may be closed
            // later than the other logs.
            .filter(key -> !key.partition().equals("_mesh"))
            .toList();
    assertThat(archives).extracting(Key::partition).containsExactly("commerce", "commerce/orders");
    assertThat(files.present().keySet())
        .filteredOn(file -> file.contains("/archive/commerce"))
        .hasSize(2)
        .anyMatch(file -> file.contains("/archive/commerce/orders/00000000000000000001-"));
    assertThat(entries()).as("the registry keeps its entries").isGreaterThan(before);
    assertThat(mesh.doctor().isHealthy()).isTrue();
    assertThat(maintain().total(Work.ENTRIES_ARCHIVED)).isZero();

    // The new entries first, and after them only entries about archives.
    for (int month = 0; month < 4; month++) {
      clock.advance(Duration.ofDays(33));
      maintain();
    }
    assertThat(maintain().total(Work.ENTRIES_ARCHIVED)).isZero();
    assertThat(
            registry.documents().keySet().stream()
                .filter(key -> key.sort().startsWith(RegistryKeys.ARCHIVES)))
        .hasSizeLessThanOrEqualTo(9);
    assertThat(mesh.doctor().isHealthy()).isTrue();
  }

  private long entries() {
    return registry.documents().keySet().stream()
        .filter(key -> key.sort().startsWith("log/"))
        .count();
  }
}
