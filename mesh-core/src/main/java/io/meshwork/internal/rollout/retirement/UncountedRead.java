package io.meshwork.internal.rollout.retirement;

import io.meshwork.error.Finding.Severity;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.UsageEntry;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.RolloutEntry.Kind;
import io.meshwork.internal.rollout.StoredRollout;
import io.meshwork.internal.rollout.consumers.ConsumerTracks;
import io.meshwork.internal.rollout.consumers.ReadHistory;
import io.meshwork.internal.rollout.consumers.RolloutGuard;
import io.meshwork.internal.rollout.consumers.TrackedConsumer;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Plan;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.Rollout.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A read that was recorded after the consumers of a major version were counted, and before it was
 * retired or withdrawn. The process that did so undoes it, unless it ended before. Maintenance then
 * undoes it within 14 days.
 *
 * @param number the number of the rollout
 * @param major the major version
 * @param consumer who read it, as {@code domain/subscription} or {@code domain/@}
 */
record UncountedRead(
    ClientSession session, ProductName product, int number, int major, String consumer)
    implements Ledger.Change<RolloutEntry> {
  /** A count that is older is void. */
  private static final Duration COUNTED_WITHIN = Duration.ofHours(24);

  /** The late reads of a product, at most one for each rollout. */
  static List<DueTask> of(
      ClientSession session, ProductName product, List<StoredRollout> all, Instant now) {
    List<DueTask> tasks = new ArrayList<>();
    for (StoredRollout stored : all) {
      if (canBeUndone(stored, all, now)) {
        RolloutEntry rollout = stored.entry();
        consumer(session, stored, now)
            .map(
                who ->
                    new UncountedRead(session, product, rollout.number(), readMajor(rollout), who))
            .ifPresent(
                read ->
                    tasks.add(
                        DueTask.of(
                            read.step(), deadline -> session.ledger().commit(read, deadline))));
      }
    }
    return List.copyOf(tasks);
  }

  private Plan.Step step() {
    return new Plan.Step(
        "restore",
        product + " major version " + major,
        consumer + " read it while its consumers were counted",
        "");
  }

  /** A withdrawn major version stays so once the next one was started. */
  private static boolean canBeUndone(StoredRollout stored, List<StoredRollout> all, Instant now) {
    RolloutEntry rollout = stored.entry();
    boolean isLast = all.get(all.size() - 1).entry().number() == rollout.number();
    boolean withdrew = rollout.state() == State.ABORTED && rollout.kind() == Kind.NEW_MAJOR_VERSION;
    return (rollout.state() == State.RETIRED || (withdrew && isLast))
        && rollout.retirement().purgedAt().isEmpty()
        && takenAt(stored).plus(RolloutGuard.UNDO_WINDOW).isAfter(now);
  }

  private static int readMajor(RolloutEntry rollout) {
    return rollout.state() == State.RETIRED ? rollout.from() : rollout.to();
  }

  private static Instant takenAt(StoredRollout stored) {
    return stored
        .entry()
        .dates()
        .retiredAt()
        .or(() -> IdGenerator.time(stored.stored().version()))
        .orElse(Instant.MIN);
  }

  private static Optional<String> consumer(
      ClientSession session, StoredRollout stored, Instant now) {
    return stored.entry().state() == State.RETIRED
        ? readerOfRetired(session, stored, now)
        : readerOfWithdrawn(session, stored);
  }

  /** A consumer that read the old major version within the last hours, and was not released. */
  private static Optional<String> readerOfRetired(
      ClientSession session, StoredRollout stored, Instant now) {
    RolloutEntry rollout = stored.entry();
    Instant retiredAt = takenAt(stored);
    return ConsumerTracks.all(session, rollout, now).stream()
        .filter(each -> readSince(each, rollout.from(), retiredAt.minus(COUNTED_WITHIN)))
        .filter(each -> !each.status(rollout.terms().orElseThrow(), retiredAt).released())
        .map(TrackedConsumer::id)
        .findFirst();
  }

  private static boolean readSince(TrackedConsumer consumer, int major, Instant time) {
    ReadHistory reads = consumer.facts().reads().get(major);
    return reads != null && !reads.last().isBefore(time);
  }

  /** A domain that read the new major version, without its quiet period since. */
  private static Optional<String> readerOfWithdrawn(ClientSession session, StoredRollout stored) {
    RolloutEntry rollout = stored.entry();
    ProductName product = rollout.product();
    for (Catalog.Consumer consumer : session.catalog().consumers(product.domain())) {
      String name = UsageEntry.WITHOUT_SUBSCRIPTION;
      boolean readIt =
          session
              .ledger()
              .read(RegistryKeys.usage(consumer.partition(), product, name, rollout.to()))
              .map(UsageEntry::of)
              .filter(usage -> !usage.isQuiet(takenAt(stored)))
              .isPresent();
      if (readIt) {
        return Optional.of(consumer.domain() + "/" + name);
      }
    }
    return Optional.empty();
  }

  @Override
  public MeshAction action() {
    return MeshAction.of(Verb.RESTORE, "major version " + major + " of " + product);
  }

  @Override
  public String partition() {
    return RegistryKeys.partition(product);
  }

  @Override
  public CommitDraft<RolloutEntry> draft(Ledger.Attempt attempt) {
    List<StoredRollout> all = StoredRollout.all(session.ledger(), product);
    StoredRollout stored =
        all.stream().filter(each -> each.entry().number() == number).findFirst().orElseThrow();
    TransitionContext after = TransitionContext.of(session, stored, action());
    if (!canBeUndone(stored, all, attempt.clock())
        || consumer(session, stored, attempt.clock()).isEmpty()
        || prevents(after)) {
      return CommitDraft.unchanged(stored.entry());
    }
    return change(stored.entry()).undo(after, attempt);
  }

  /** Returns true if the old major version can no longer be restored. */
  private boolean prevents(TransitionContext after) {
    return after.rollout().state() == State.RETIRED
        && new RolloutRestoration(session, product, number, after.rollout().because())
            .findings(after).stream().anyMatch(each -> each.severity() == Severity.ERROR);
  }

  private FencedChange change(RolloutEntry rollout) {
    return rollout.state() == State.RETIRED
        ? new RolloutRetirement(session, product, number, Optional.empty())
        : new RolloutAbort(
            session, product, number, rollout.abortedBecause().orElse(rollout.because()));
  }
}
