package io.meshwork.internal.rollout;

import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.rollout.RolloutLog.Event;
import io.meshwork.product.Principal;

/** Starts the log entries of a rollout. Stateless. */
public final class LoggedRollout {
  private LoggedRollout() {}

  /** The draft of a change that leaves a rollout like this. */
  public static <R> CommitDraft<R> draft(Event event, RolloutEntry rollout, Principal principal) {
    return draft(event, rollout, rollout.abortedBecause().orElse(rollout.because()), principal);
  }

  /** The draft of a change with another reason than the rollout has. */
  public static <R> CommitDraft<R> draft(
      Event event, RolloutEntry rollout, String because, Principal principal) {
    return log(rollout)
        .withReason(because)
        .withRetireAfter(rollout.retireAfter())
        .draft(event, principal);
  }

  /** The entry of a change that leaves a rollout like this. */
  public static RolloutLog log(RolloutEntry rollout) {
    return RolloutLog.of(
        rollout.product(), rollout.number(), rollout.from(), rollout.newMajor(), rollout.state());
  }

  /** The event of a change into the state of a rollout. */
  public static Event event(RolloutEntry rollout) {
    return switch (rollout.state()) {
      case PLANNED -> Event.PLANNED;
      case ANNOUNCED -> Event.ANNOUNCED;
      case PARALLEL -> Event.ACTIVATED;
      case CLOSING -> Event.CLOSING;
      case RETIRED -> Event.RETIRED;
      case ABORTED -> Event.ABORTED;
      case AMENDED ->
          throw new IllegalArgumentException("the log of an amendment is product.amended");
    };
  }
}
