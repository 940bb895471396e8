package io.meshwork.maintenance;

import io.meshwork.internal.ledger.Draft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.ledger.Unlogged;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.Session;
import io.meshwork.operation.Plan;
import java.util.function.Predicate;

/**
 * Takes away one document of a reader that serves nobody: a hold whose time is over, or the
 * position of a subscription that is no more.
 */
record UselessNote(Session session, Stored document) implements Chore, Ledger.Change<Boolean> {
  /** Finds those that are of this kind. */
  static Chore.Finder finder(Session session, Predicate<Stored> kind) {
    return (inventory, due) -> {
      for (String domain : inventory.consumers()) {
        due.look(
            domain,
            () ->
                new ReaderExamination(session, domain)
                    .useless().stream()
                        .filter(kind)
                        .forEach(document -> due.add(new UselessNote(session, document))));
      }
    };
  }

  static boolean isHold(Stored document) {
    return document.key().sort().startsWith(Unlogged.HOLDS);
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
  public void run(Upkeep.Tally tally, Deadline deadline) {
    session.ledger().commit(this, deadline);
  }

  @Override
  public String doing() {
    return "take away " + document.key();
  }

  @Override
  public String partition() {
    return document.key().partition();
  }

  /** A document that its reader wrote meanwhile is of use again. */
  @Override
  public Draft<Boolean> draft(Ledger.Attempt attempt) {
    return session
        .ledger()
        .read(document.key())
        .filter(now -> now.version().equals(document.version()))
        .map(now -> Draft.<Boolean>unlogged().delete(now).result(true))
        .orElseGet(() -> Draft.settled(false));
  }
}
