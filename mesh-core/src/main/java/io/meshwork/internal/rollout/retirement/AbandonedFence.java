package io.meshwork.internal.rollout.retirement;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.MajorState;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.rollout.LoggedRollout;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.RolloutLog.Event;
import io.meshwork.internal.rollout.StoredRollout;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Plan;
import io.meshwork.product.ProductName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A major version whose consumers a process was counting when it ended. After 24 hours, maintenance
 * opens it to subscriptions, moves, and answers again.
 *
 * @param number the number of the rollout
 * @param major the major version
 */
record AbandonedFence(ClientSession session, ProductName product, int number, int major)
    implements Ledger.Change<Boolean> {
  private static final Duration MAX_AGE = Duration.ofHours(24);

  /** The abandoned fences of a product. Reads major versions only if it has open rollouts. */
  static List<DueTask> of(
      ClientSession session, ProductName product, List<StoredRollout> rollouts, Instant now) {
    List<DueTask> tasks = new ArrayList<>();
    for (StoredRollout rollout : rollouts) {
      if (!rollout.entry().state().isEnded()) {
        for (int major : majors(rollout.entry())) {
          AbandonedFence fence =
              new AbandonedFence(session, product, rollout.entry().number(), major);
          if (fence.isAbandoned(fence.version(), now)) {
            tasks.add(
                DueTask.of(fence.step(), deadline -> session.ledger().commit(fence, deadline)));
          }
        }
      }
    }
    return List.copyOf(tasks);
  }

  private static List<Integer> majors(RolloutEntry rollout) {
    return IntStream.concat(IntStream.of(rollout.from()), rollout.newMajor().stream())
        .boxed()
        .toList();
  }

  private Plan.Step step() {
    return new Plan.Step(
        "open",
        product + " major version " + major,
        "its retirement or withdrawal was interrupted more than 24 hours ago",
        "");
  }

  private VersionEntry version() {
    return session.catalog().requireFor(Use.DESCRIBE, product, major, action());
  }

  private boolean isAbandoned(VersionEntry version, Instant now) {
    return version.state() == MajorState.RETIRING
        && IdGenerator.time(version.majorStored().version())
            .filter(at -> !at.plus(MAX_AGE).isAfter(now))
            .isPresent();
  }

  @Override
  public MeshAction action() {
    return MeshAction.of(Verb.RELEASE, "major version " + major + " of " + product);
  }

  @Override
  public String partition() {
    return RegistryKeys.partition(product);
  }

  @Override
  public CommitDraft<Boolean> draft(Ledger.Attempt attempt) {
    VersionEntry version = version();
    if (!isAbandoned(version, attempt.clock())) {
      return CommitDraft.unchanged(false);
    }
    RolloutEntry rollout =
        RolloutEntry.of(session.ledger().read(RegistryKeys.rollout(product, number)).orElseThrow());
    return LoggedRollout.<Boolean>draft(
            Event.REOPENED, rollout, rollout.because(), session.principal())
        .replace(version.majorStored(), MajorDocuments.unfenced(version))
        .result(true);
  }
}
