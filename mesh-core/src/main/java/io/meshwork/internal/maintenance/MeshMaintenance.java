package io.meshwork.internal.maintenance;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.leftovers.MaintenanceLimits;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.PartialChange;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ClientSession.MaintainedDomains;
import io.meshwork.internal.table.TableName;
import io.meshwork.maintenance.Maintain;
import io.meshwork.maintenance.Maintain.Report;
import io.meshwork.maintenance.Maintain.Report.Work;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToLongBiFunction;

/**
 * Finds all tasks that are due, then runs them in many small commits. If it ends early, finished
 * commits remain, and the next run continues. Nothing is removed that a retained snapshot
 * references, that a reader may request within the retention, or whose writer may still be running.
 */
final class MeshMaintenance extends MaintenanceRun<Report> implements Maintain {
  private static final MeshAction ACTION = MeshAction.of(Verb.MAINTAIN, "the mesh");

  private final ToLongBiFunction<MaintainedDomains, Deadline> notices;
  private long smallFileBytes = MaintenanceLimits.STANDARD.smallFileBytes();
  private int minFiles = MaintenanceLimits.STANDARD.minFiles();
  private Duration grace = MaintenanceLimits.STANDARD.grace();
  private Duration receipts = MaintenanceLimits.STANDARD.receipts();
  private Duration quarantine = MaintenanceLimits.QUARANTINE;
  private Duration staged = MaintenanceLimits.STAGED;
  private long expectedBytes = MaintenanceLimits.STANDARD.expectedBytes();
  private final Set<String> named = new TreeSet<>();
  private boolean trusting;
  private List<String> partitions = List.of();
  private List<TableName> tables = List.of();
  private MaintainedDomains maintained = new MaintainedDomains(false, Set.of());

  MeshMaintenance(ClientSession session, ToLongBiFunction<MaintainedDomains, Deadline> notices) {
    super(session, ACTION);
    begin();
    this.notices = notices;
  }

  @Override
  public MeshMaintenance compactFilesBelow(long bytes) {
    smallFileBytes = atLeastOne("compactFilesBelow", bytes);
    return this;
  }

  @Override
  public MeshMaintenance compactAtLeast(int files) {
    if (files < 2) {
      throw invalid("compactAtLeast(..) was called with " + files + " files; the minimum is 2");
    }
    minFiles = files;
    return this;
  }

  @Override
  public MeshMaintenance keepSnapshotsFor(Duration time) {
    Duration retention = ArgumentChecks.span("keepSnapshotsFor", time);
    if (retention.compareTo(MaintenanceLimits.STANDARD.grace()) < 0) {
      throw invalid(
          "keepSnapshotsFor(..) was called with "
              + retention
              + "; the minimum is "
              + MaintenanceLimits.STANDARD.grace().toHours()
              + " hours, within which readers may rely on a snapshot");
    }
    grace = retention;
    return this;
  }

  @Override
  public MeshMaintenance keepReceiptsFor(Duration time) {
    receipts = atLeastOneDay("keepReceiptsFor", time);
    return this;
  }

  @Override
  public MeshMaintenance keepQuarantineFor(Duration time) {
    quarantine = atLeastOneDay("keepQuarantineFor", time);
    return this;
  }

  @Override
  public MeshMaintenance keepStagedFor(Duration time) {
    staged = atLeastOneDay("keepStagedFor", time);
    return this;
  }

  @Override
  public MeshMaintenance expectLeftovers(long bytes) {
    expectedBytes = atLeastOne("expectLeftovers", bytes);
    return this;
  }

  @Override
  public MeshMaintenance delete(String... locations) {
    for (String location : locations) {
      named.add(ArgumentChecks.text("delete", location));
    }
    return this;
  }

  @Override
  public MeshMaintenance trustClock() {
    trusting = true;
    return this;
  }

  @Override
  public MeshMaintenance timeout(Duration limit) {
    setTimeout(limit);
    return this;
  }

  @Override
  protected Report work(MaintenanceQueue queue, Deadline deadline) {
    try {
      return workOff(queue, deadline);
    } catch (BackendException e) {
      throw PartialChange.of(e, "What maintenance finished before remains.");
    }
  }

  /** Does what is due in a run that delivers notices itself, and counts what was done. */
  void workOff(MaintenanceTally tally, Deadline deadline) {
    settle();
    MaintenanceQueue queue = queue();
    tally.take(queue);
    beginWork();
    queue.runAll(tally, deadline, ACTION);
  }

  /** As {@link #workOff}, but only what people wait for: reminders, late products, rollouts. */
  void notifyPeople(MaintenanceTally tally, Deadline deadline) {
    settle();
    session.checkOpen(ACTION);
    MaintenanceQueue queue = new MaintenanceQueue();
    MeshInventory inventory = MeshInventory.withoutFiles(session, queue);
    session.ledger().clock().checkMaintenance(ACTION, inventory.partitions(), false);
    findersForPeople(session).forEach(finder -> find(finder, inventory, queue));
    tally.take(queue);
    queue.runAll(tally, deadline, ACTION);
  }

  private void beginWork() {
    if (maintained.includes(RegistryKeys.MESH)) {
      session.ledger().clock().recordTime(ACTION, partitions);
    }
    AvailabilityProbe.open(session, tables);
    session.accessCounter().write();
  }

  private Report workOff(MaintenanceQueue queue, Deadline deadline) {
    MaintenanceTally tally = new MaintenanceTally();
    tally.take(queue);
    beginWork();
    tally.add(RegistryKeys.MESH, Work.NOTICES_DELIVERED, notices.applyAsLong(maintained, deadline));
    queue.runAll(tally, deadline, ACTION);
    if (tally.report().total(Work.REMINDERS_SENT) + tally.report().total(Work.FRESHNESS_CHANGED)
        > 0) {
      tally.add(
          RegistryKeys.MESH, Work.NOTICES_DELIVERED, notices.applyAsLong(maintained, deadline));
    }
    return tally.report();
  }

  @Override
  protected MaintenanceQueue queue() {
    session.checkOpen(ACTION);
    MaintenanceQueue queue = new MaintenanceQueue();
    MeshInventory inventory = MeshInventory.of(session, queue);
    partitions = inventory.partitions();
    tables = inventory.allTables();
    maintained = inventory.maintained();
    session.ledger().clock().checkMaintenance(ACTION, partitions, trusting);
    named.forEach(location -> queue.add(NamedFileRemoval.find(session, inventory, location)));
    findersForPeople(session).forEach(finder -> find(finder, inventory, queue));
    finders().forEach(finder -> find(finder, inventory, queue));
    return queue;
  }

  private static void find(
      MaintenanceTask.Finder finder, MeshInventory inventory, MaintenanceQueue queue) {
    queue.inspect(RegistryKeys.MESH, () -> finder.find(inventory, queue));
  }

  /** Returns the finders of tasks that need no files, and end in notices. */
  private static List<MaintenanceTask.Finder> findersForPeople(ClientSession session) {
    return List.of(
        RequestReminder.finder(session),
        GrantReminder.finder(session),
        LatenessTask.finder(session),
        RolloutTask.finder(session));
  }

  /** Returns the other finders in the order of their tasks; the longest tasks come last. */
  private List<MaintenanceTask.Finder> finders() {
    MaintenanceLimits limits =
        new MaintenanceLimits(smallFileBytes, minFiles, grace, receipts, expectedBytes);
    return List.of(
        DocumentTrim.receipts(session, receipts),
        DocumentTrim.attempts(session),
        StaleReaderRecord.finder(session, StaleReaderRecord::isHold),
        IndexTask.missing(session),
        LogArchive.finder(session),
        QuarantineExpiration.finder(session, quarantine),
        StagedExpiration.finder(session, staged),
        SnapshotExpiration.finder(session, limits),
        PurgedFileRemoval.finder(session),
        new OrphanFinder(session, limits),
        DocumentTrim.writers(session),
        ArchiveLeftovers.finder(session),
        new CompactionFinder(session, limits));
  }

  private static Duration atLeastOneDay(String method, Duration time) {
    Duration retention = ArgumentChecks.span(method, time);
    if (retention.compareTo(Duration.ofDays(1)) < 0) {
      throw invalid(method + "(..) was called with " + retention + "; the minimum is 1 day");
    }
    return retention;
  }

  private static long atLeastOne(String method, long bytes) {
    if (bytes < 1) {
      throw invalid(method + "(..) was called with " + bytes + " bytes; the minimum is 1");
    }
    return bytes;
  }

  private static InvalidRequestException invalid(String reason) {
    return Failure.of(ACTION)
        .because(reason)
        .fix("Use a larger value.")
        .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }
}
