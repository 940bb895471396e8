package io.meshwork.internal.maintenance;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.maintenance.Maintain;
import io.meshwork.maintenance.Maintain.Report;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.operation.Plan;
import java.time.Duration;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Finds what is due, then does it in many small commits. What was done when it ends early stays
 * done, and the next run continues. Nothing is removed that a retained snapshot references, that a
 * reader may request within the retention, or whose writer may still be running.
 */
final class MeshMaintenance implements Maintain {
  private static final MeshAction ACTION = MeshAction.of(Verb.MAINTAIN, "the mesh");

  private final ClientSession session;
  private final ToLongFunction<Deadline> notices;
  private final MaintenanceRun run;
  private long smallFileBytes = MaintenanceLimits.STANDARD.smallFileBytes();
  private int fewestFiles = MaintenanceLimits.STANDARD.fewestFiles();
  private Duration grace = MaintenanceLimits.STANDARD.grace();
  private Duration receipts = MaintenanceLimits.STANDARD.receipts();
  private Duration quarantine = MaintenanceLimits.QUARANTINE;
  private long expectedBytes = MaintenanceLimits.STANDARD.expectedBytes();
  private boolean trusting;
  private List<String> partitions = List.of();

  MeshMaintenance(ClientSession session, ToLongFunction<Deadline> notices) {
    this.session = session;
    this.notices = notices;
    this.run = new MaintenanceRun(session, ACTION);
  }

  @Override
  public MeshMaintenance compactingFilesBelow(long bytes) {
    smallFileBytes = atLeastOne("compactingFilesBelow", bytes);
    return this;
  }

  @Override
  public MeshMaintenance compactingFrom(int files) {
    if (files < 2) {
      throw refused("compactingFrom(..) takes at least 2 files, and it was given " + files);
    }
    fewestFiles = files;
    return this;
  }

  @Override
  public MeshMaintenance keepingSnapshotsFor(Duration time) {
    Duration given = ArgumentChecks.span("keepingSnapshotsFor", time);
    if (given.compareTo(MaintenanceLimits.STANDARD.grace()) < 0) {
      throw refused("readers are promised 24 hours, and keepingSnapshotsFor(..) was given less");
    }
    grace = given;
    return this;
  }

  @Override
  public MeshMaintenance keepingReceiptsFor(Duration time) {
    Duration given = ArgumentChecks.span("keepingReceiptsFor", time);
    if (given.compareTo(Duration.ofDays(1)) < 0) {
      throw refused("keepingReceiptsFor(..) takes at least a day");
    }
    receipts = given;
    return this;
  }

  @Override
  public MeshMaintenance keepingQuarantineFor(Duration time) {
    Duration given = ArgumentChecks.span("keepingQuarantineFor", time);
    if (given.compareTo(Duration.ofDays(1)) < 0) {
      throw refused("keepingQuarantineFor(..) takes at least a day");
    }
    quarantine = given;
    return this;
  }

  @Override
  public MeshMaintenance expectingLeftovers(long bytes) {
    expectedBytes = atLeastOne("expectingLeftovers", bytes);
    return this;
  }

  @Override
  public MeshMaintenance trustingClock() {
    trusting = true;
    return this;
  }

  @Override
  public MeshMaintenance timeout(Duration limit) {
    run.timeout(limit);
    return this;
  }

  @Override
  public Plan<Report> plan() {
    run.requirePlanned();
    return new MaintenancePlan<>(queue(), this::commitAsPlanned);
  }

  @Override
  public Report commit() {
    return run.commit(this::queue, this::work);
  }

  @Override
  public Report commitAsPlanned(String fingerprint) {
    return run.commitAsPlanned(fingerprint, this::queue, this::work);
  }

  private Report work(MaintenanceQueue due, Deadline deadline) {
    session.ledger().clock().recordTime(ACTION, partitions);
    session.accessCounter().write();
    MaintenanceTally tally = new MaintenanceTally(due.left());
    tally.add(RegistryKeys.MESH, Work.NOTICES_DELIVERED, notices.applyAsLong(deadline));
    due.runAll(tally, deadline, ACTION);
    if (tally.report().total(Work.REMINDERS_SENT) > 0) {
      tally.add(RegistryKeys.MESH, Work.NOTICES_DELIVERED, notices.applyAsLong(deadline));
    }
    return tally.report();
  }

  private MaintenanceQueue queue() {
    session.checkOpen(ACTION);
    MaintenanceQueue due = new MaintenanceQueue();
    MeshInventory inventory = MeshInventory.of(session, due);
    partitions = inventory.partitions();
    session.ledger().clock().checkMaintenance(ACTION, partitions, trusting);
    finders().forEach(finder -> due.inspect(RegistryKeys.MESH, () -> finder.find(inventory, due)));
    return due;
  }

  /** In the order in which they are done: what may take all the time comes last. */
  private List<MaintenanceTask.Finder> finders() {
    MaintenanceLimits limits =
        new MaintenanceLimits(smallFileBytes, fewestFiles, grace, receipts, expectedBytes);
    return List.of(
        RequestReminder.finder(session),
        GrantReminder.finder(session),
        DocumentTrim.receipts(session, receipts),
        DocumentTrim.attempts(session),
        StaleReaderRecord.finder(session, StaleReaderRecord::isHold),
        LogArchive.finder(session),
        QuarantineExpiry.finder(session, quarantine),
        SnapshotExpiry.finder(session, limits),
        new OrphanFinder(session, limits),
        ArchiveLeftovers.finder(session),
        new CompactionFinder(session, limits));
  }

  private static long atLeastOne(String what, long bytes) {
    if (bytes < 1) {
      throw refused(what + "(..) takes at least 1 byte, and it was given " + bytes);
    }
    return bytes;
  }

  private static InvalidRequestException refused(String why) {
    return new InvalidRequestException(
        ErrorCode.INVALID_ARGUMENT, "Cannot " + ACTION + ": " + why + ". Nothing was changed.");
  }
}
