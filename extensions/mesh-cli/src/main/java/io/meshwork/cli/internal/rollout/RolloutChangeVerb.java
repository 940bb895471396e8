package io.meshwork.cli.internal.rollout;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.cli.internal.verb.PlanOptions;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.rollout.Rollout;
import picocli.CommandLine.Mixin;

/** A verb that changes a rollout, and can show its plan. */
abstract class RolloutChangeVerb extends MeshVerb {
  @Mixin private NamedRollout named;

  @Mixin private PlanOptions planning;

  @Override
  protected final VerbAnswer answer(MeshClient client) {
    return change(named.of(client));
  }

  /** Plans or makes the change. */
  abstract VerbAnswer change(Rollout<?> rollout);

  /**
   * Plans or makes a change.
   *
   * @param status what the answer states once it is made, such as {@code closed}
   */
  final <R extends Rollout<R>> VerbAnswer change(
      String status, PlannedOperation<? extends Plan<R>, R> operation) {
    return planned(operation, status);
  }

  private <P extends Plan<R>, R extends Rollout<R>> VerbAnswer planned(
      PlannedOperation<P, R> operation, String status) {
    return planning.answer(
        operation, changed -> RolloutAnswer.changed(status(status, changed), changed));
  }

  /** Returns the status of a change that was made. */
  String status(String intended, Rollout<?> changed) {
    return intended;
  }

  @Override
  public final boolean isChange() {
    return true;
  }
}
