package io.meshwork.internal.rollouts;

import io.meshwork.event.MeshEvent;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.product.Principal;
import io.meshwork.rollout.Rollout.State;

/** Starts the log entries of a rollout. Stateless. */
final class RolloutLog {
  private RolloutLog() {}

  /** The draft of a change that leaves a rollout in this state. */
  static <R> CommitDraft<R> draft(RolloutEntry rollout, Principal principal) {
    return CommitDraft.<R>of(event(rollout.state()), principal, rollout.product().toString())
        .detail("product", rollout.product().toString())
        .detail("rollout", rollout.number())
        .detail("fromMajor", rollout.from())
        .detail("toMajor", rollout.to())
        .detail("state", rollout.state().name())
        .detail("because", rollout.abortedBecause().orElse(rollout.because()))
        .detail("retireAfter", rollout.retireAfter().toString());
  }

  private static String event(State state) {
    return switch (state) {
      case PLANNED -> MeshEvent.ROLLOUT_PLANNED;
      case ANNOUNCED -> MeshEvent.ROLLOUT_ANNOUNCED;
      case PARALLEL -> MeshEvent.ROLLOUT_ACTIVATED;
      case CLOSING -> MeshEvent.ROLLOUT_CLOSING;
      case RETIRED -> MeshEvent.ROLLOUT_RETIRED;
      case ABORTED -> MeshEvent.ROLLOUT_ABORTED;
    };
  }
}
