package io.meshwork.maintenance;

import io.meshwork.error.BackendException;
import io.meshwork.error.Finding;
import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.OneCommit;
import io.meshwork.internal.session.Session;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Mends what the doctor found and what can be mended without losing anything: files that dead
 * processes left, once they are fenced off; rows of attempts that nobody asks for; positions of
 * subscriptions that are no more, and holds whose time is over. Damage stays, and needs a backup.
 */
public final class Repair implements PlannedOperation<Plan<Diagnosis>, Diagnosis> {
  private static final String DOING = "repair the mesh";

  private final Session session;
  private final OneCommit once = new OneCommit(DOING);
  private @Nullable Duration within;

  private Repair(Session session) {
    this.session = session;
  }

  /** Called by {@code Mesh.repair}. */
  public static Repair of(Session session) {
    return new Repair(session);
  }

  /** How long it may take. Default: the mesh's deadline. */
  public Repair within(Duration limit) {
    within = Arguments.span("within", limit);
    return this;
  }

  /**
   * Shows what can be mended, and as findings what cannot; changes nothing.
   *
   * @throws BackendException if the registry or the store cannot be read
   */
  @Override
  public Plan<Diagnosis> plan() {
    Due due = due();
    List<Finding> damage = new Doctor(session).examine().problems();
    due.leaveDamage(damage);
    return new ChorePlan<>(due, this::commitAsPlanned);
  }

  /**
   * Mends it.
   *
   * @return what is found afterwards
   * @throws BackendException if the registry or the store failed, or the time is over; what was
   *     done stands, and the next run goes on
   */
  @Override
  public Diagnosis commit() {
    return run(null);
  }

  @Override
  public Diagnosis commitAsPlanned(String fingerprint) {
    return run(Arguments.text("fingerprint", fingerprint));
  }

  private Diagnosis run(@Nullable String fingerprint) {
    session.checkOpen(DOING);
    once.begin();
    try {
      Deadline deadline =
          session.runtime().startDeadline(within == null ? session.runtime().deadline() : within);
      Due due = due();
      if (fingerprint != null) {
        ChorePlan.requireSame(due, fingerprint, DOING);
      }
      due.runAll(new Upkeep.Tally(List.of()), deadline, DOING);
      return new Doctor(session).examine();
    } finally {
      once.end();
    }
  }

  private Due due() {
    session.checkOpen(DOING);
    Due due = new Due();
    Inventory inventory = Inventory.of(session, due);
    UpkeepLimits limits = UpkeepLimits.STANDARD;
    new OrphanFinder(session, limits).find(inventory, due);
    ArchiveLeftovers.finder(session).find(inventory, due);
    Trimming.attempts(session).find(inventory, due);
    UselessNote.finder(session, note -> true).find(inventory, due);
    return due;
  }
}
