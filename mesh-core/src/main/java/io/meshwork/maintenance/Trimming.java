package io.meshwork.maintenance;

import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.ledger.Draft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.Ids;
import io.meshwork.internal.session.Session;
import io.meshwork.maintenance.Upkeep.Work;
import io.meshwork.operation.Plan;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Takes documents out of one partition whose time is over. That receipts go is told by the log,
 * which had told that they came; of rows of attempts no log tells.
 */
final class Trimming implements Chore {
  /** A transaction takes 90 actions, and some of them are the log's. */
  private static final int AT_ONCE = 80;

  private final Session session;
  private final String partition;
  private final List<Stored> documents;
  private final boolean receipts;

  private Trimming(Session session, String partition, List<Stored> documents, boolean receipts) {
    this.session = session;
    this.partition = partition;
    this.documents = documents;
    this.receipts = receipts;
  }

  /** Finds receipts that are older than this. */
  static Chore.Finder receipts(Session session, Duration kept) {
    return (inventory, due) -> {
      Instant until = session.runtime().clock().instant().minus(kept);
      for (String partition : inventory.partitions()) {
        due.look(
            partition,
            () ->
                add(
                    due,
                    session,
                    partition,
                    session.ledger().list(partition, Keys.RECEIPTS).stream()
                        .filter(receipt -> isFrom(receipt.version(), until))
                        .toList(),
                    true));
      }
    };
  }

  /** Finds rows of attempts that nobody asks for any more. */
  static Chore.Finder attempts(Session session) {
    return (inventory, due) -> {
      Instant until = session.runtime().clock().instant().minus(Transaction.ATTEMPTS_STAY);
      for (String partition : inventory.partitions()) {
        due.look(
            partition, () -> add(due, session, partition, rows(session, partition, until), false));
      }
    };
  }

  /** Ids of attempts begin with their times, so the oldest come first. */
  private static List<Stored> rows(Session session, String partition, Instant until) {
    return session
        .ledger()
        .listWhile(
            partition,
            Registry.ATTEMPT_PREFIX,
            row -> Ids.time(attempt(row)).filter(time -> time.isAfter(until)).isEmpty())
        .stream()
        .filter(row -> isFrom(attempt(row), until))
        .toList();
  }

  private static void add(
      Due due, Session session, String partition, List<Stored> documents, boolean receipts) {
    if (!documents.isEmpty()) {
      due.add(new Trimming(session, partition, documents, receipts));
    }
  }

  private static boolean isFrom(String id, Instant until) {
    return Ids.time(id).filter(time -> !time.isAfter(until)).isPresent();
  }

  private static String attempt(Stored row) {
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
  public void run(Upkeep.Tally tally, Deadline deadline) {
    for (int from = 0; from < documents.size(); from += AT_ONCE) {
      List<Stored> some = documents.subList(from, Math.min(documents.size(), from + AT_ONCE));
      tally.add(
          partition,
          receipts ? Work.RECEIPTS_TRIMMED : Work.ATTEMPTS_TRIMMED,
          session.ledger().commit(new Taking(some), deadline));
    }
  }

  private final class Taking implements Ledger.Change<Integer> {
    private final List<Stored> some;

    Taking(List<Stored> some) {
      this.some = some;
    }

    @Override
    public String doing() {
      return "trim " + partition;
    }

    @Override
    public String partition() {
      return partition;
    }

    @Override
    public Draft<Integer> draft(Ledger.Attempt attempt) {
      List<Stored> still =
          some.stream()
              .flatMap(
                  document ->
                      session.ledger().read(document.key()).stream()
                          .filter(now -> now.version().equals(document.version())))
              .toList();
      if (still.isEmpty()) {
        return Draft.settled(0);
      }
      Draft<Integer> draft =
          receipts
              ? Draft.<Integer>of("receipts.trimmed", session.principal(), partition)
                  .detail("count", still.size())
              : Draft.unlogged();
      still.forEach(draft::delete);
      return draft.result(still.size());
    }
  }
}
