package io.meshwork.internal.conformance.maintenance;

import static io.meshwork.internal.conformance.fixture.ScriptedRegistry.Fault.HELD;
import static io.meshwork.internal.conformance.fixture.ScriptedRegistry.Fault.REPLY_LOST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.error.ConflictException;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshException;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.maintenance.Maintain;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.operation.Plan;
import io.meshwork.product.Snapshot;
import io.meshwork.publish.PublishHistory.RowChange;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.publish.PublishReceipt.PublishMode;
import io.meshwork.registry.Registry.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Maintenance with concurrent publishers and readers. */
public abstract class MaintenanceSuite extends MeshFixture {
  private static final Duration PATIENCE = Duration.ofHours(25);

  /** Starts a publish that crashes before its commit arrives. The commit may still arrive later. */
  private void publishAndDie(String key, long from, long to) {
    registry.next(HELD);
    registry.resolving(false);
    assertThatThrownBy(() -> toOrders().records(Order.range(from, to)).idempotencyKey(key).commit())
        .isInstanceOf(OutcomeUnknownException.class);
    registry.resolving(true);
  }

  private long dataFiles() {
    return shop().read(ORDERS).files().size();
  }

  @Tag("smoke")
  @Test
  void compactionKeepsRowsOrderAndHistory() {
    MeshClient shop = defineOrders();
    publishOneByOne(0, 7);
    List<Snapshot> before = shop.read(ORDERS).snapshots();
    assertThat(dataFiles()).isEqualTo(7);

    Maintain.Report done = maintain();

    assertThat(dataFiles()).isEqualTo(1);
    assertThat(orders()).isEqualTo(Order.range(0, 7));
    assertThat(done.remaining()).isEmpty();
    assertThat(done.done())
        .isEqualTo(
            new TreeMap<>(
                Map.of(
                    "commerce/orders", Map.of(Work.FILES_COMPACTED, 7L, Work.FILES_WRITTEN, 1L))));
    List<RowChange> history = shop.publishHistory(ORDERS).changes();
    assertThat(history).hasSize(8);
    assertThat(history.get(0).mode()).isEqualTo(PublishMode.COMPACTION);
    assertThat(history.get(0).rowsAdded()).isZero();
    assertThat(history.get(0).rowsRemoved()).isZero();
    assertThat(history.get(0).rowsTotal()).isEqualTo(7);
    List<Snapshot> after = shop.read(ORDERS).snapshots();
    assertThat(after).hasSize(8).endsWith(before.toArray(Snapshot[]::new));
    assertThat(after.get(0).contract()).isEqualTo(before.get(0).contract());
    assertWhole();

    State settled = state();
    assertThat(maintain().isEmpty()).as("nothing is due").isTrue();
    assertNothingChanged(settled);
  }

  @Test
  void compactionDoesNotRewriteCompactedFiles() {
    defineOrders();
    toOrders().records(Order.range(0, 20_000)).commit();
    publishOneByOne(20_000, 20_007);
    maintain();
    assertThat(dataFiles()).as("the large file is not rewritten").isEqualTo(2);

    publishOneByOne(20_007, 20_010);
    toOrders().records(Order.range(20_010, 20_011)).commit();
    maintain();

    assertThat(orders()).isEqualTo(Order.range(0, 20_011));
    assertThat(
            shop().publishHistory(ORDERS).changes().stream()
                .filter(e -> e.mode() == PublishMode.COMPACTION))
        .hasSize(2);
    assertWhole();
  }

  @Test
  void compactionKeepsSmallFilesBeforeALargeOne() {
    defineOrders();
    publishOneByOne(0, 5);
    toOrders().records(Order.range(5, 20_000)).commit();
    publishOneByOne(20_000, 20_005);

    mesh.maintain().compactFilesBelow(10_000).commit();

    assertThat(dataFiles()).isEqualTo(3);
    assertThat(orders()).isEqualTo(Order.range(0, 20_005));
    assertWhole();
  }

  @Test
  void maintenanceDoesOnlyWhatItsPlanShows() {
    defineOrders();
    publishOneByOne(0, 5);
    State before = state();

    Plan<Maintain.Report> plan = mesh.maintain().plan();

    assertNothingChanged(before);
    assertThat(plan.steps()).extracting(Plan.Step::verb).containsExactly("compact");
    assertThat(plan.toString()).contains("compact commerce.orders_v1", "5 files");
    publishOneByOne(5, 6);
    assertThatThrownBy(plan::commit)
        .isInstanceOfSatisfying(
            ConflictException.class, refused -> assertThat(refused.retryable()).isFalse())
        .hasMessageContainingAll(
            "as planned", "after the plan was made", "Nothing was changed", "Make a new plan");
    assertThat(dataFiles()).isEqualTo(6);
    String fingerprint = mesh.maintain().plan().fingerprint();
    assertThat(mesh.maintain().commitAsPlanned(fingerprint).total(Work.FILES_COMPACTED))
        .isEqualTo(6);
    assertThat(mesh.maintain().plan().isEmpty()).isTrue();
  }

  @Test
  void abandonedFilesAreRemovedAfterADayAndTheirLateCommitIsRejected() {
    MeshClient shop = defineOrders();
    toOrders().records(Order.range(0, 3)).commit();
    State before = state();
    publishAndDie("monday", 3, 6);
    State afterwards = state();
    assertThat(afterwards.files().size()).isGreaterThan(before.files().size());

    clock.advance(Duration.ofHours(23));
    assertThat(maintain().isEmpty()).as("the publish may still be running").isTrue();
    assertNothingChanged(afterwards);

    clock.advance(Duration.ofHours(2));
    Maintain.Report done = maintain();

    assertThat(done.total(Work.FILES_REMOVED))
        .isEqualTo(afterwards.files().size() - before.files().size());
    assertThat(done.total(Work.BYTES_FREED))
        .isEqualTo(
            afterwards.files().values().stream().mapToLong(size -> size).sum()
                - before.files().values().stream().mapToLong(size -> size).sum());
    assertThat(files.present()).isEqualTo(before.files());
    assertThat(registry.deliver())
        .extracting(outcome -> outcome.status())
        .doesNotContain(Status.COMMITTED);
    assertThat(orders()).isEqualTo(Order.range(0, 3));
    PublishReceipt again = toOrders().records(Order.range(3, 6)).idempotencyKey("monday").commit();
    assertThat(again.replayed()).isFalse();
    assertThat(orders()).isEqualTo(Order.range(0, 6));
    assertThat(shop.publishHistory(ORDERS).receipts()).hasSize(2);
    assertWhole();
  }

  @Test
  void aLateCommitWithoutDataFilesIsRejectedOnceItsMetadataIsRemoved() {
    MeshClient shop = defineOrders();
    String first = toOrders().records(Order.range(0, 3)).commit().snapshotId().orElseThrow();
    toOrders().records(Order.range(3, 6)).commit();
    State before = state();
    registry.next(HELD);
    registry.resolving(false);
    assertThatThrownBy(() -> shop.rollBack(ORDERS).to(first).because("a mistake").commit())
        .isInstanceOf(OutcomeUnknownException.class);
    registry.resolving(true);
    State afterwards = state();

    clock.advance(PATIENCE);
    Maintain.Report done = mesh.maintain().keepSnapshotsFor(Duration.ofDays(9)).commit();
    assertThat(done.total(Work.FILES_REMOVED))
        .isEqualTo(afterwards.files().size() - before.files().size())
        .isPositive();
    assertThat(done.total(Work.SNAPSHOTS_EXPIRED)).as("an expiry would change the table").isZero();

    assertThat(registry.deliver())
        .extracting(outcome -> outcome.status())
        .doesNotContain(Status.COMMITTED);
    assertThat(orders()).isEqualTo(Order.range(0, 6));
    assertWhole();
  }

  @Test
  void filesOfACommitWithUnknownOutcomeStay() {
    defineOrders();
    registry.next(REPLY_LOST);
    registry.resolving(false);
    assertThatThrownBy(() -> toOrders().records(Order.range(0, 3)).commit())
        .isInstanceOf(OutcomeUnknownException.class);
    registry.resolving(true);
    State committed = state();

    clock.advance(PATIENCE);
    assertThat(maintain().isEmpty()).isTrue();

    assertNothingChanged(committed);
    assertThat(orders()).isEqualTo(Order.range(0, 3));
  }

  @Test
  void aPublishLongerThanADayIsFencedAndCanBeRepeated() {
    MeshClient shop = defineOrders();
    Iterator<Order> rows = Order.range(0, 200_000).iterator();
    List<Maintain.Report> meanwhile = new ArrayList<>();

    assertThatThrownBy(
            () ->
                toOrders()
                    .records(
                        Stream.concat(
                            Stream.generate(rows::next).limit(200_000),
                            Stream.of(1)
                                .flatMap(
                                    one -> {
                                      clock.advance(PATIENCE);
                                      meanwhile.add(maintain());
                                      return Stream.empty();
                                    })))
                    .idempotencyKey("slow")
                    .timeout(Duration.ofDays(3))
                    .onProgress(
                        (phase, done, total) -> {
                          if (phase.equals("commit") && done == 0) {
                            meanwhile.add(maintain());
                          }
                        })
                    .commit())
        .as("the publish is fenced, or lost a file while it was writing")
        .isInstanceOf(MeshException.class)
        .hasMessageContainingAll("Nothing was", "un it again");
    assertThat(meanwhile).isNotEmpty();
    assertThat(orders()).isEmpty();

    shop.publish(ORDERS).records(Order.range(0, 3)).idempotencyKey("slow").commit();
    assertThat(orders()).isEqualTo(Order.range(0, 3));
    clock.advance(PATIENCE);
    maintain();
    assertWhole();
  }

  @Test
  void aPublishFencedBeforeItsCommitConflictsPermanently() {
    defineOrders();

    assertThatThrownBy(
            () ->
                toOrders()
                    .records(Order.range(0, 3))
                    .timeout(Duration.ofDays(3))
                    .onProgress(
                        (phase, done, total) -> {
                          if (phase.equals("commit") && done == 0) {
                            clock.advance(PATIENCE);
                            maintain();
                          }
                        })
                    .commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContainingAll("fenced", "Nothing was committed", "Run it again");
    assertThat(orders()).isEmpty();
    assertWhole();
  }

  @Test
  void aReaderOfAnEarlierSnapshotSurvivesCompaction() {
    defineOrders();
    publishOneByOne(0, 6);
    List<Order> read = new ArrayList<>();
    try (Rows<Order> rows = shop().read(ORDERS).as(Order.class).rows()) {
      Iterator<Order> each = rows.iterator();
      read.add(each.next());
      maintain();
      clock.advance(Duration.ofHours(20));
      maintain();
      each.forEachRemaining(read::add);
    }
    assertThat(read).isEqualTo(Order.range(0, 6));
  }

  @Test
  void aCompactionThatLosesToAReplaceLeavesNoFiles() {
    defineOrders();
    publishOneByOne(0, 5);
    boolean[] done = {false};
    files.beforeEachWrite(
        write -> {
          if (!done[0]) {
            done[0] = true;
            toOrders().records(Order.range(50, 53)).replaceAll().commit();
          }
        });

    Maintain.Report upkeep = maintain();

    assertThat(upkeep.isEmpty()).isTrue();
    assertThat(orders()).isEqualTo(Order.range(50, 53));
    assertWhole();
  }

  @Test
  void aReplaceStartedBeforeACompactionSucceeds() {
    defineOrders();
    publishOneByOne(0, 6);

    PublishReceipt receipt =
        toOrders()
            .records(Order.range(50, 51))
            .replaceWhere("id < 3 or id >= 50")
            .onProgress(
                (phase, done, total) -> {
                  if (phase.equals("commit") && done == 0) {
                    maintain();
                  }
                })
            .commit();

    assertThat(receipt.rowsRemoved()).isEqualTo(3);
    List<Order> expected = new ArrayList<>(Order.range(3, 6));
    expected.addAll(Order.range(50, 51));
    assertThat(orders()).containsExactlyInAnyOrderElementsOf(expected);
    assertWhole();
  }

  @Test
  void theOnlyCopyOfAFileThatAnotherProgramMovedIsKeptAndNamed() throws IOException {
    defineOrders();
    publishOneByOne(0, 2);
    String file =
        files.present().keySet().stream()
            .filter(each -> each.contains("orders_v1/") && each.endsWith(".parquet"))
            .findFirst()
            .orElseThrow();
    int name = file.lastIndexOf('/') + 1;
    String moved = file.substring(0, name) + "moved/" + file.substring(name);
    try (InputStream in = files.newInputFile(file).newStream();
        OutputStream out = files.newOutputFile(moved).create()) {
      in.transferTo(out);
    }
    files.deleteFile(file);
    clock.advance(Duration.ofDays(30));

    maintain();

    assertThat(files.present()).containsKey(moved);
    assertThat(mesh.doctor().problems())
        .filteredOn(finding -> finding.code() == FindingCode.FILE_MISSING)
        .extracting(Finding::what)
        .singleElement()
        .asString()
        .contains("/moved/");
  }
}
