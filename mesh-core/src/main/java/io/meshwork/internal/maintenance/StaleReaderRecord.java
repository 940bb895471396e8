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
 * Takes away one document of a reader that serves nobody: a hold whose time is over, or the
 * position or the note of use of a subscription that is no more.
 */
record StaleReaderRecord(ClientSession session, VersionedDocument document)
    implements MaintenanceTask, Ledger.Change<Boolean> {
  /** Finds those that are of this kind. */
  static MaintenanceTask.Finder finder(ClientSession session, Predicate<VersionedDocument> kind) {
    return (inventory, due) -> {
      for (String domain : inventory.consumers()) {
        due.inspect(
            domain,
            () ->
                new ReaderExamination(session, domain)
                    .useless().stream()
                        .filter(kind)
                        .forEach(document -> due.add(new StaleReaderRecord(session, document))));
      }
    };
  }

  static boolean isHold(VersionedDocument document) {
    return document.key().sort().startsWith(UnloggedDocuments.HOLDS);
  }

  @Override
  public Plan.Step step() {
    return new Plan.Step(
        "take away",
        document.key().toString(),
        isHold(document) ? "its read should have ended" : "its subscription is not there",
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

  /** A document that its reader wrote meanwhile is of use again. */
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
