package io.meshwork.internal.rollout.retirement;

import io.meshwork.internal.rollout.RetirementEntry;
import io.meshwork.internal.rollout.RetirementEntry.Restoration;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.consumers.RolloutGuard;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.stewards.StoredRequest;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.StewardRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A rollout that takes a major version out of use. Immutable.
 *
 * @param <R> its kind
 */
public abstract class WithdrawalView<R extends Rollout<R>> extends RolloutView<R> {
  protected WithdrawalView(ClientSession session, RolloutEntry entry) {
    super(session, entry);
  }

  public final PlannedOperation<Plan<R>, R> close() {
    return transition(new RolloutClosure(session, product(), number()));
  }

  @Override
  public final PlannedOperation<Plan<R>, R> retire() {
    return transition(new RolloutRetirement(session, product(), number(), Optional.empty()));
  }

  public final PlannedOperation.WithReason<R> retireByForce() {
    return new ReasonedTransition<>(
        session,
        new ForcedRetirementProposal(session, product(), number(), "").action(),
        because -> new ForcedRetirement<>(session, product(), number(), because, this::after));
  }

  public final PlannedOperation.WithReason<R> restore() {
    return reasoned(because -> new RolloutRestoration(session, product(), number(), because));
  }

  public final PlannedOperation.WithReason<R> purge() {
    return reasoned(because -> new RolloutPurge(session, product(), number(), because));
  }

  public final List<StewardRequest> pending() {
    return StoredRequest.pending(session, product()).stream()
        .filter(each -> each.entry().rollout() == number())
        .map(each -> each.visibleTo(session))
        .toList();
  }

  public final Optional<Instant> restoredAt() {
    return entry.retirement().restoration().map(Restoration::restoredAt);
  }

  public final Optional<String> restoredBecause() {
    return entry.retirement().restoration().map(Restoration::restoredBecause);
  }

  public final Optional<Instant> purgedAt() {
    return entry.retirement().purgedAt();
  }

  /** Makes the new major version the one to read where none is named. */
  protected final PlannedOperation<Plan<R>, R> promotion() {
    return transition(new RolloutPromotion(session, product(), number()));
  }

  /** Aborts the rollout, and takes the new major version away. */
  protected final PlannedOperation.WithReason<R> withdrawal() {
    return reasoned(because -> new RolloutAbort(session, product(), number(), because));
  }

  @Override
  protected final String proposal(String verb) {
    return "major version " + from() + verb + " proposed to retire";
  }

  @Override
  protected void addFacts(List<String> lines) {
    RetirementEntry retirement = entry.retirement();
    retiredAt().ifPresent(at -> lines.add("retired at " + at + undo(at)));
    retirement
        .restoration()
        .ifPresent(
            undone ->
                lines.add("restored at " + undone.restoredAt() + ": " + undone.restoredBecause()));
    if (!retirement.overridden().isEmpty()) {
      lines.add("forced  under " + String.join(", ", retirement.overridden()));
    }
    retirement
        .newOnlySince()
        .ifPresent(
            at ->
                lines.add(
                    "behind  rows published since "
                        + at
                        + " are only in major version "
                        + entry.to()));
    purgedAt().ifPresent(at -> lines.add("purged  at " + at));
  }

  /** Until when a retirement can be undone; nothing if it cannot. */
  private String undo(Instant retired) {
    Instant end = retired.plus(RolloutGuard.UNDO_WINDOW);
    boolean over = purgedAt().isPresent() || !session.runtime().clock().instant().isBefore(end);
    return over ? "" : "; restore() undoes it until " + end;
  }
}
