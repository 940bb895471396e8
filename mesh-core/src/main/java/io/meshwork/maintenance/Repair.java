package io.meshwork.maintenance;

import io.meshwork.error.BackendException;
import io.meshwork.error.Finding;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.Session;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import java.time.Duration;
import java.util.List;

/**
 * Mends what the doctor found and what can be mended without losing anything: files that dead
 * processes left, once they are fenced off; rows of attempts that nobody asks for; positions of
 * subscriptions that are no more, holds whose time is over, and links that asked to follow what
 * they stand for. Damage stays, and needs a backup; a link that did not ask to follow stays, and
 * its owner is told what to do.
 */
public final class Repair implements PlannedOperation<Plan<Diagnosis>, Diagnosis> {
  private static final String DOING = "repair the mesh";

  private final Session session;
  private final DueRun run;

  private Repair(Session session) {
    this.session = session;
    this.run = new DueRun(session, DOING);
  }

  /** Called by {@code Mesh.repair}. */
  public static Repair of(Session session) {
    return new Repair(session);
  }

  /** How long it may take. Default: the mesh's deadline. */
  public Repair within(Duration limit) {
    run.within(limit);
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
   * @return what is found afterwards, and why what was due could not be mended
   * @throws BackendException if the registry or the store failed, or the time is over; what was
   *     done stands, and the next run goes on
   */
  @Override
  public Diagnosis commit() {
    return run.commit(this::due, this::work);
  }

  @Override
  public Diagnosis commitAsPlanned(String fingerprint) {
    return run.commitAsPlanned(fingerprint, this::due, this::work);
  }

  private Diagnosis work(Due due, Deadline deadline) {
    Upkeep.Tally tally = new Upkeep.Tally(List.of());
    due.runAll(tally, deadline, DOING);
    return Due.beside(new Doctor(session).examine(), tally.upkeep().left());
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
    LinkExamination.finder(session).find(inventory, due);
    return due;
  }
}
