package io.meshwork.internal.maintenance;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.operation.Plan;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Takes documents out of one partition whose time is over. That receipts go is told by the log,
 * which had told that they came; of rows of attempts no log tells.
 */
final class DocumentTrim implements MaintenanceTask {
  /** A transaction takes 90 actions, and some of them are the log's. */
  private static final int AT_ONCE = 80;

  private final ClientSession session;
  private final String partition;
  private final List<VersionedDocument> documents;
  private final boolean receipts;

  private DocumentTrim(
      ClientSession session,
      String partition,
      List<VersionedDocument> documents,
      boolean receipts) {
    this.session = session;
    this.partition = partition;
    this.documents = documents;
    this.receipts = receipts;
  }

  /** Finds receipts that are older than this. */
  static MaintenanceTask.Finder receipts(ClientSession session, Duration kept) {
    return (inventory, due) -> {
      Instant now = session.runtime().clock().instant();
      Instant until = now.minus(kept);
      Instant polled = now.minus(MaintenanceLimits.POLL_HORIZON);
      for (String partition : inventory.partitions()) {
        due.inspect(
            partition,
            () ->
                add(
                    due,
                    session,
                    partition,
                    session.ledger().list(partition, RegistryKeys.RECEIPTS).stream()
                        .filter(receipt -> isFrom(receipt.version(), until))
                        // Who polls is told by its filter which rows an erase took away.
                        .filter(
                            receipt ->
                                !receipt.json().has("scope") || isFrom(receipt.version(), polled))
                        .toList(),
                    true));
      }
    };
  }

  /** Finds rows of attempts that nobody asks for any more. */
  static MaintenanceTask.Finder attempts(ClientSession session) {
    return (inventory, due) -> {
      Instant until = session.runtime().clock().instant().minus(Transaction.ATTEMPTS_STAY);
      for (String partition : inventory.partitions()) {
        due.inspect(
            partition, () -> add(due, session, partition, rows(session, partition, until), false));
      }
    };
  }

  /** Ids of attempts begin with their times, so the oldest come first. */
  private static List<VersionedDocument> rows(
      ClientSession session, String partition, Instant until) {
    return session
        .ledger()
        .listWhile(
            partition,
            Registry.ATTEMPT_PREFIX,
            row -> IdGenerator.time(attempt(row)).filter(time -> time.isAfter(until)).isEmpty())
        .stream()
        .filter(row -> isFrom(attempt(row), until))
        .toList();
  }

  private static void add(
      MaintenanceQueue due,
      ClientSession session,
      String partition,
      List<VersionedDocument> documents,
      boolean receipts) {
    if (!documents.isEmpty()) {
      due.add(new DocumentTrim(session, partition, documents, receipts));
    }
  }

  private static boolean isFrom(String id, Instant until) {
    return IdGenerator.time(id).filter(time -> !time.isAfter(until)).isPresent();
  }

  private static String attempt(VersionedDocument row) {
    return row.key().sort().substring(Registry.ATTEMPT_PREFIX.length());
  }

  @Override
  public Plan.Step step() {
    return new Plan.Step(
        "trim",
        partition,
        documents.size() + (receipts ? " receipts" : " rows of attempts") + " whose time is over",
        receipts ? "cannot be undone: a retry under their keys publishes again" : "");
  }

  @Override
  public String basis() {
    return documents.get(0).key() + " to " + documents.get(documents.size() - 1).key();
  }

  @Override
  public void run(MaintenanceTally tally, Deadline deadline) {
    for (int from = 0; from < documents.size(); from += AT_ONCE) {
      List<VersionedDocument> some =
          documents.subList(from, Math.min(documents.size(), from + AT_ONCE));
      tally.add(
          partition,
          receipts ? Work.RECEIPTS_TRIMMED : Work.ATTEMPTS_TRIMMED,
          session.ledger().commit(new Taking(some), deadline));
    }
  }

  private final class Taking implements Ledger.Change<Integer> {
    private final List<VersionedDocument> some;

    Taking(List<VersionedDocument> some) {
      this.some = some;
    }

    @Override
    public MeshAction action() {
      return MeshAction.of(Verb.TRIM, partition);
    }

    @Override
    public String partition() {
      return partition;
    }

    @Override
    public CommitDraft<Integer> draft(Ledger.Attempt attempt) {
      List<VersionedDocument> still =
          some.stream()
              .flatMap(
                  document ->
                      session.ledger().read(document.key()).stream()
                          .filter(now -> now.version().equals(document.version())))
              .toList();
      if (still.isEmpty()) {
        return CommitDraft.unchanged(0);
      }
      CommitDraft<Integer> draft =
          receipts
              ? CommitDraft.<Integer>of("receipts.trimmed", session.principal(), partition)
                  .detail("count", still.size())
              : CommitDraft.unlogged();
      still.forEach(draft::delete);
      return draft.result(still.size());
    }
  }
}
