package io.meshwork.internal.rollout.retirement;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A change of a rollout that needs a reason. Not thread-safe.
 *
 * @param <R> the rollout
 */
final class ReasonedTransition<R> implements PlannedOperation.WithReason<R> {
  private final ClientSession session;
  private final MeshAction action;
  private final Function<String, PlannedOperation<Plan<R>, R>> operations;
  private @Nullable PlannedOperation<Plan<R>, R> operation;

  /**
   * Creates it.
   *
   * @param operations the change for a reason
   */
  ReasonedTransition(
      ClientSession session,
      MeshAction action,
      Function<String, PlannedOperation<Plan<R>, R>> operations) {
    this.session = session;
    this.action = action;
    this.operations = operations;
  }

  @Override
  public PlannedOperation.WithReason<R> because(String text) {
    operation = operations.apply(ArgumentChecks.text("because", text));
    return this;
  }

  @Override
  public Plan<R> plan() {
    return operation().plan();
  }

  @Override
  public R commit() {
    return operation().commit();
  }

  @Override
  public R commitAsPlanned(String fingerprint) {
    return operation().commitAsPlanned(fingerprint);
  }

  private PlannedOperation<Plan<R>, R> operation() {
    session.checkOpen(action);
    if (operation == null) {
      throw ArgumentChecks.missingReason(action, "Set the reason.");
    }
    return operation;
  }
}
