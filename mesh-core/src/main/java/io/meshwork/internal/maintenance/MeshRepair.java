package io.meshwork.internal.maintenance;

import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.maintenance.MeshDiagnosis;
import io.meshwork.maintenance.Repair;
import io.meshwork.operation.Plan;
import java.time.Duration;
import java.util.List;

/** Removes leftovers and moves links, as far as nothing is lost. */
final class MeshRepair implements Repair {
  private static final MeshAction ACTION = MeshAction.of(Verb.REPAIR, "the mesh");

  private final ClientSession session;
  private final MaintenanceRun run;

  MeshRepair(ClientSession session) {
    this.session = session;
    this.run = new MaintenanceRun(session, ACTION);
  }

  @Override
  public MeshRepair timeout(Duration limit) {
    run.timeout(limit);
    return this;
  }

  @Override
  public Plan<MeshDiagnosis> plan() {
    run.markPlanned();
    MaintenanceQueue due = queue();
    List<Finding> damage = new MeshDoctor(session).examine().problems();
    due.skipDamage(damage);
    return new MaintenancePlan<>(due, this::commitAsPlanned);
  }

  @Override
  public MeshDiagnosis commit() {
    return run.commit(this::queue, this::work);
  }

  @Override
  public MeshDiagnosis commitAsPlanned(String fingerprint) {
    return run.commitAsPlanned(fingerprint, this::queue, this::work);
  }

  private MeshDiagnosis work(MaintenanceQueue due, Deadline deadline) {
    MaintenanceTally tally = new MaintenanceTally(List.of());
    due.runAll(tally, deadline, ACTION);
    return MaintenanceQueue.combine(new MeshDoctor(session).examine(), tally.report().left());
  }

  private MaintenanceQueue queue() {
    session.checkOpen(ACTION);
    MaintenanceQueue due = new MaintenanceQueue();
    MeshInventory inventory = MeshInventory.of(session, due);
    MaintenanceLimits limits = MaintenanceLimits.STANDARD;
    new OrphanFinder(session, limits).find(inventory, due);
    ArchiveLeftovers.finder(session).find(inventory, due);
    DocumentTrim.attempts(session).find(inventory, due);
    StaleReaderRecord.finder(session, document -> true).find(inventory, due);
    LinkExamination.finder(session).find(inventory, due);
    return due;
  }
}
