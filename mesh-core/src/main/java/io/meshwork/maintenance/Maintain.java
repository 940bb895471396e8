package io.meshwork.maintenance;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.Session;
import io.meshwork.maintenance.Upkeep.Work;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import java.time.Duration;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Compacts small files, expires snapshots, removes what dead processes left, archives logs, trims
 * receipts and rows of attempts, and reminds of requests that wait and grants that end, each as far
 * as it is due. For a scheduler, once a day or so; publishers and readers may work meanwhile, and
 * so may another maintenance.
 *
 * <p>It is many small commits and not one: whatever was done when it ends early stands, and the
 * next run goes on from there. Nothing is removed that a retained snapshot reaches, that a reader
 * inside the grace may ask for, or whose writer may still be alive.
 */
public final class Maintain implements PlannedOperation<Plan<Upkeep>, Upkeep> {
  private static final String DOING = "maintain the mesh";

  private final Session session;
  private final ToLongFunction<Deadline> notices;
  private final DueRun run;
  private long smallFileBytes = UpkeepLimits.STANDARD.smallFileBytes();
  private int fewestFiles = UpkeepLimits.STANDARD.fewestFiles();
  private Duration grace = UpkeepLimits.STANDARD.grace();
  private Duration receipts = UpkeepLimits.STANDARD.receipts();
  private long expectedBytes = UpkeepLimits.STANDARD.expectedBytes();

  private Maintain(Session session, ToLongFunction<Deadline> notices) {
    this.session = session;
    this.notices = notices;
    this.run = new DueRun(session, DOING);
  }

  /**
   * Called by {@code Mesh.maintain}.
   *
   * @param notices delivers notices that were not delivered yet, and says how many it delivered
   */
  public static Maintain of(Session session, ToLongFunction<Deadline> notices) {
    return new Maintain(session, notices);
  }

  /**
   * Which data files are small enough to be compacted. Default: below 32 MiB.
   *
   * @param bytes at least 1
   */
  public Maintain compactingFilesBelow(long bytes) {
    smallFileBytes = atLeastOne("compactingFilesBelow", bytes);
    return this;
  }

  /**
   * How many small files of one partition have to lie next to each other to be compacted. Default:
   * 5.
   *
   * @param files at least 2
   */
  public Maintain compactingFrom(int files) {
    if (files < 2) {
      throw refused("compactingFrom(..) takes at least 2 files, and it was given " + files);
    }
    fewestFiles = files;
    return this;
  }

  /**
   * How long a snapshot can be read after another took its place as the newest, by the times of the
   * log. Default and least: 24 hours. Those that a hold or an active position needs stay longer.
   */
  public Maintain keepingSnapshotsFor(Duration time) {
    Duration given = Arguments.span("keepingSnapshotsFor", time);
    if (given.compareTo(UpkeepLimits.STANDARD.grace()) < 0) {
      throw refused("readers are promised 24 hours, and keepingSnapshotsFor(..) was given less");
    }
    grace = given;
    return this;
  }

  /**
   * How long receipts stay, and with them the memory of idempotency keys: who retries later
   * publishes again. Default: 90 days; at least 1 day.
   */
  public Maintain keepingReceiptsFor(Duration time) {
    Duration given = Arguments.span("keepingReceiptsFor", time);
    if (given.compareTo(Duration.ofDays(1)) < 0) {
      throw refused("keepingReceiptsFor(..) takes at least a day");
    }
    receipts = given;
    return this;
  }

  /**
   * Expects so many bytes of leftovers in a table. Where there are more, and more than a tenth of
   * the table's bytes, nothing of that table is removed, since then something else may be wrong.
   * Default: 64 MiB.
   *
   * @param bytes at least 1
   */
  public Maintain expectingLeftovers(long bytes) {
    expectedBytes = atLeastOne("expectingLeftovers", bytes);
    return this;
  }

  /**
   * How long it may take. Default: the mesh's deadline. A call of a notifier that does not return
   * is waited for beyond that.
   */
  public Maintain within(Duration limit) {
    run.within(limit);
    return this;
  }

  /**
   * Shows what is due, but for notices; changes nothing.
   *
   * @throws BackendException if the registry or the store cannot be read
   */
  @Override
  public Plan<Upkeep> plan() {
    return new ChorePlan<>(due(), this::commitAsPlanned);
  }

  /**
   * Does what is due.
   *
   * @return what was done, and what was left and why
   * @throws BackendException if the registry or the store failed, or the time is over; what was
   *     done stands, and the next run goes on
   * @throws io.meshwork.error.OutcomeUnknownException if the answer to a commit was lost; run it
   *     again
   */
  @Override
  public Upkeep commit() {
    return run.commit(this::due, this::work);
  }

  @Override
  public Upkeep commitAsPlanned(String fingerprint) {
    return run.commitAsPlanned(fingerprint, this::due, this::work);
  }

  private Upkeep work(Due due, Deadline deadline) {
    session.tally().write();
    Upkeep.Tally tally = new Upkeep.Tally(due.left());
    tally.add(Keys.MESH, Work.NOTICES_DELIVERED, notices.applyAsLong(deadline));
    due.runAll(tally, deadline, DOING);
    if (tally.upkeep().total(Work.REMINDERS_SENT) > 0) {
      tally.add(Keys.MESH, Work.NOTICES_DELIVERED, notices.applyAsLong(deadline));
    }
    return tally.upkeep();
  }

  private Due due() {
    session.checkOpen(DOING);
    Due due = new Due();
    Inventory inventory = Inventory.of(session, due);
    finders().forEach(finder -> finder.find(inventory, due));
    return due;
  }

  /** In the order in which they are done: what may take all the time comes last. */
  private List<Chore.Finder> finders() {
    UpkeepLimits limits =
        new UpkeepLimits(smallFileBytes, fewestFiles, grace, receipts, expectedBytes);
    return List.of(
        RequestReminder.finder(session),
        GrantReminder.finder(session),
        Trimming.receipts(session, receipts),
        Trimming.attempts(session),
        UselessNote.finder(session, UselessNote::isHold),
        LogArchive.finder(session),
        Expiry.finder(session, limits),
        new OrphanFinder(session, limits),
        ArchiveLeftovers.finder(session),
        new CompactionFinder(session, limits));
  }

  private static long atLeastOne(String what, long bytes) {
    if (bytes < 1) {
      throw refused(what + "(..) takes at least 1 byte, and it was given " + bytes);
    }
    return bytes;
  }

  private static InvalidRequestException refused(String why) {
    return new InvalidRequestException(
        ErrorCode.INVALID_ARGUMENT, "Cannot " + DOING + ": " + why + ". Nothing was changed.");
  }
}
