package io.meshwork.internal.diagnosis;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.leftovers.MaintenanceLimits;
import io.meshwork.internal.maintenance.ArchiveLeftovers;
import io.meshwork.internal.maintenance.DocumentTrim;
import io.meshwork.internal.maintenance.IndexTask;
import io.meshwork.internal.maintenance.LinkExamination;
import io.meshwork.internal.maintenance.MaintenanceQueue;
import io.meshwork.internal.maintenance.MaintenanceRun;
import io.meshwork.internal.maintenance.MaintenanceTally;
import io.meshwork.internal.maintenance.MeshInventory;
import io.meshwork.internal.maintenance.OrphanFinder;
import io.meshwork.internal.maintenance.StaleReaderRecord;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.maintenance.MeshDiagnosis;

/** Removes leftovers and moves links, without losing data. */
final class MeshRepair extends MaintenanceRun<MeshDiagnosis> {
  private static final MeshAction ACTION = MeshAction.of(Verb.REPAIR, "the mesh");

  MeshRepair(ClientSession session) {
    super(session, ACTION);
    begin();
  }

  @Override
  protected MaintenanceQueue reviewedQueue() {
    MaintenanceQueue queue = queue();
    queue.skipDamage(new MeshDoctor(session).examine().problems());
    return queue;
  }

  @Override
  protected MeshDiagnosis work(MaintenanceQueue queue, Deadline deadline) {
    MaintenanceTally tally = new MaintenanceTally();
    queue.runAll(tally, deadline, ACTION);
    return MaintenanceQueue.combine(new MeshDoctor(session).examine(), tally.report().remaining());
  }

  @Override
  protected MaintenanceQueue queue() {
    session.checkOpen(ACTION);
    MaintenanceQueue queue = new MaintenanceQueue();
    MeshInventory inventory = MeshInventory.of(session, queue);
    MaintenanceLimits limits = MaintenanceLimits.STANDARD;
    new OrphanFinder(session, limits).find(inventory, queue);
    ArchiveLeftovers.finder(session).find(inventory, queue);
    DocumentTrim.attempts(session).find(inventory, queue);
    StaleReaderRecord.finder(session, document -> true).find(inventory, queue);
    LinkExamination.finder(session).find(inventory, queue);
    IndexTask.different(session).find(inventory, queue);
    return queue;
  }
}
