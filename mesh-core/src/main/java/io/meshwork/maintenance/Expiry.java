package io.meshwork.maintenance;

import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.internal.ledger.Draft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.Session;
import io.meshwork.internal.table.PinnedTable;
import io.meshwork.internal.table.TableDraft;
import io.meshwork.internal.table.TableName;
import io.meshwork.maintenance.Upkeep.Work;
import io.meshwork.operation.Plan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Forgets snapshots of one table in one commit, then deletes the files that only they reached. If
 * it dies in between, these files are left over and are found as such.
 */
final class Expiry implements Chore {
  private final Session session;
  private final TableName name;
  private final UpkeepLimits limits;
  private final Set<Long> due;

  Expiry(Session session, TableName name, UpkeepLimits limits, Set<Long> due) {
    this.session = session;
    this.name = name;
    this.limits = limits;
    this.due = new TreeSet<>(due);
  }

  /** Finds tables with snapshots that can go. */
  static Chore.Finder finder(Session session, UpkeepLimits limits) {
    return (inventory, due) -> {
      for (TableName name : inventory.allTables()) {
        due.look(
            name.toString(),
            () -> {
              Set<Long> expired =
                  new Retention(session, name, limits).expired(session.tables().load(name));
              if (!expired.isEmpty()) {
                due.add(new Expiry(session, name, limits, expired));
              }
            });
      }
    };
  }

  @Override
  public Plan.Step step() {
    return new Plan.Step(
        "expire",
        name.toString(),
        due.size() + " snapshots that nobody may ask for any more",
        "cannot be undone: rollbacks and reads as of then end with the snapshots");
  }

  @Override
  public String basis() {
    return due.toString();
  }

  @Override
  public void run(Upkeep.Tally tally, Deadline deadline) {
    PinnedTable before = session.tables().pin(name.key()).orElse(null);
    if (before == null) {
      return;
    }
    Reach reachedBefore =
        Reach.of(session.tables().folder(name.key()), java.util.Optional.of(before), Set.of());
    TableFiles had = reachedBefore.files();
    if (had == null || !reachedBefore.doubts().isEmpty()) {
      tally.leave(uncertain(reachedBefore.doubts()));
      return;
    }
    Set<Long> gone = session.ledger().commit(new Forgetting(), deadline);
    if (gone.isEmpty()) {
      return;
    }
    tally.add(name.partition(), Work.SNAPSHOTS_EXPIRED, gone.size());
    Reach reached =
        Reach.of(session.tables().folder(name.key()), session.tables().pin(name.key()), Set.of());
    if (!reached.doubts().isEmpty()) {
      tally.leave(uncertain(reached.doubts()));
      return;
    }
    Map<String, Long> unreached = new LinkedHashMap<>();
    for (Map<String, Long> files : List.of(had.content(), had.manifests())) {
      files.forEach(
          (file, length) -> {
            if (!reached.reaches(file)) {
              unreached.put(file, length);
            }
          });
    }
    FileRemoval.run(session, name.partition(), unreached, tally, deadline);
  }

  private Finding uncertain(String doubts) {
    return new Finding(
        "UNCERTAIN", Severity.ERROR, name.toString(), doubts, 0, List.of(), Due.LOOK);
  }

  private final class Forgetting implements Ledger.Change<Set<Long>> {
    @Override
    public String doing() {
      return "expire snapshots of " + name;
    }

    @Override
    public String partition() {
      return name.partition();
    }

    @Override
    public Draft<Set<Long>> draft(Ledger.Attempt attempt) {
      TableDraft table = session.tables().draft(name, attempt);
      Set<Long> still = new TreeSet<>(new Retention(session, name, limits).expired(table.table()));
      still.retainAll(due);
      if (still.isEmpty()) {
        return Draft.settled(Set.of());
      }
      Draft<Set<Long>> draft =
          Draft.of(
              "product.snapshots-expired",
              session.principal(),
              Inventory.written(session, name.product()));
      table.forget(still).stage(draft);
      return draft
          .detail("table", name.table())
          .detail("major", name.major())
          .detail("snapshots", still.size())
          .result(Set.copyOf(still));
    }
  }
}
