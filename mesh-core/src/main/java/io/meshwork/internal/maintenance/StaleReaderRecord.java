package io.meshwork.internal.maintenance;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.UnloggedDocuments;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Plan;
import java.util.function.Predicate;

/**
 * Removes one obsolete document of a reader: an expired hold, or the position or usage record of a
 * subscription that does not exist.
 */
public record StaleReaderRecord(ClientSession session, VersionedDocument document)
    implements MaintenanceTask, Ledger.Change<Boolean> {
  /** Finds the obsolete documents that match the predicate. */
  public static MaintenanceTask.Finder finder(
      ClientSession session, Predicate<VersionedDocument> kind) {
    return (inventory, queue) -> {
      for (String domain : inventory.consumerPartitions()) {
        queue.inspect(
            domain,
            () ->
                new ReaderExamination(session, domain)
                    .obsolete().stream()
                        .filter(kind)
                        .forEach(document -> queue.add(new StaleReaderRecord(session, document))));
      }
    };
  }

  static boolean isHold(VersionedDocument document) {
    return document.key().sort().startsWith(UnloggedDocuments.HOLDS);
  }

  @Override
  public Plan.Step step() {
    return new Plan.Step(
        "remove",
        document.key().toString(),
        isHold(document) ? "its read should have finished" : "its subscription does not exist",
        "");
  }

  @Override
  public String basis() {
    return document.version();
  }

  @Override
  public void run(MaintenanceTally tally, Deadline deadline) {
    session.ledger().commit(this, deadline);
  }

  @Override
  public MeshAction action() {
    return MeshAction.of(Verb.DELETE, "record " + document.key());
  }

  @Override
  public String partition() {
    return document.key().partition();
  }

  /** Leaves a document that its reader has written again. */
  @Override
  public CommitDraft<Boolean> draft(Ledger.Attempt attempt) {
    return session
        .ledger()
        .read(document.key())
        .filter(now -> now.version().equals(document.version()))
        .map(now -> CommitDraft.<Boolean>unlogged().delete(now).result(true))
        .orElseGet(() -> CommitDraft.unchanged(false));
  }
}
