package io.meshwork.internal.rollout.retirement;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshException;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.internal.catalog.MajorState;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.RolloutLog.Event;
import io.meshwork.internal.runtime.PartialChange;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ReviewedOperation;
import io.meshwork.operation.Plan;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Plans and commits a change that takes a major version away from its consumers. First the major
 * version is fenced: it accepts no subscription, no move, and no answer, and its readers go on.
 * Then the consumers are counted, and it is taken away or opened again. A read may be recorded in
 * between, until the last transaction changes the major version; so the consumers are counted once
 * more, and if one of them still needs it, the change is undone.
 *
 * <p>A fence that a process left when it ended blocks no other process. Not thread-safe.
 *
 * @param <R> what the caller gets for the rollout
 */
final class FencedTransition<R> extends ReviewedOperation<Plan<R>, R> {
  private final FencedChange change;
  private final Function<RolloutEntry, R> result;

  FencedTransition(ClientSession session, FencedChange change, Function<RolloutEntry, R> result) {
    super(session, change.action());
    this.change = change;
    this.result = result;
  }

  @Override
  protected Plan<R> evaluate() {
    return RolloutTransition.plan(change, change.read(), this::commitAsPlanned);
  }

  @Override
  protected Supplier<R> prepare(@Nullable String reviewed) {
    return () -> result.apply(run(reviewed));
  }

  private RolloutEntry run(@Nullable String fingerprint) {
    if (change.taken(change.read()).state() == MajorState.PREPARED) {
      return commit(change::read, change::draft, fingerprint); // it has no consumers
    }
    commit(change::read, this::fence, fingerprint);
    RolloutEntry done;
    try {
      done = commit(this::readFenced, change::draft, null);
    } catch (OutcomeUnknownException e) {
      throw e;
    } catch (MeshException e) {
      release(e);
      throw e;
    }
    List<Finding> losses;
    try {
      losses = change.losses(change.readAfter());
      if (losses.isEmpty()) {
        return done;
      }
      write(attempt -> change.undo(change.readAfter(), attempt));
    } catch (BackendException e) {
      throw PartialChange.of(
          e,
          "The change was committed. Maintenance undoes it if a consumer used the major version in"
              + " the meantime.");
    }
    throw Failure.of(change.action())
        .because(
            losses.get(0).what()
                + " It was used while its consumers were counted, so the change was undone.")
        .fix(losses.get(0).fix())
        .findings(losses)
        .lastingConflict(ErrorCode.STATE_CONFLICT);
  }

  private RolloutEntry commit(
      Supplier<TransitionContext> reading,
      BiFunction<TransitionContext, Ledger.Attempt, CommitDraft<RolloutEntry>> drafting,
      @Nullable String fingerprint) {
    return session.commit(
        new RolloutTransition.Transaction(change, reading, drafting, fingerprint));
  }

  /** Removes the fence; if that fails, the next change of the rollout or maintenance does. */
  private void release(MeshException failure) {
    try {
      write(attempt -> unfenced());
    } catch (MeshException e) {
      failure.addSuppressed(e);
    }
  }

  private CommitDraft<RolloutEntry> fence(TransitionContext context, Ledger.Attempt attempt) {
    VersionEntry major = change.taken(context);
    return context
        .draft(session, Event.FENCED, context.rollout(), context.rollout().because())
        .replace(major.majorStored(), MajorDocuments.fenced(major));
  }

  /** Reads the state, and requires the fence. */
  private TransitionContext readFenced() {
    TransitionContext context = change.read();
    if (change.taken(context).state() != MajorState.RETIRING) {
      throw Failure.of(change.action())
          .because("another process changed the rollout meanwhile")
          .fix("Create a new plan, review it, and commit that.")
          .lastingConflict(ErrorCode.CONFLICT);
    }
    return context;
  }

  /** Removes the fence of a major version that is still needed. */
  private CommitDraft<RolloutEntry> unfenced() {
    TransitionContext context = change.read();
    VersionEntry major = change.taken(context);
    if (major.state() != MajorState.RETIRING) {
      return CommitDraft.unchanged(context.rollout());
    }
    return context
        .draft(session, Event.REOPENED, context.rollout(), context.rollout().because())
        .replace(major.majorStored(), MajorDocuments.unfenced(major));
  }

  private void write(Function<Ledger.Attempt, CommitDraft<RolloutEntry>> drafter) {
    session.commit(
        Ledger.Change.of(change.action(), RegistryKeys.partition(change.product()), drafter));
  }
}
