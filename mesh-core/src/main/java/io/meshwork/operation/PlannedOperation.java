package io.meshwork.operation;

/**
 * An operation that can be reviewed before it is committed. Like every {@link Operation} it is
 * committed once; planning does not count.
 *
 * @param <P> its plan
 * @param <R> what exists after the change
 */
public interface PlannedOperation<P extends Plan<R>, R> extends Operation<R> {
  /**
   * Returns each step of the change. Changes nothing.
   *
   * @throws io.meshwork.error.MeshException if the current state cannot be read
   */
  P plan();

  /**
   * Commits only if the plan still has this fingerprint: for a review in one process and the change
   * in another.
   *
   * @param fingerprint {@link Plan#fingerprint()} of the reviewed plan
   * @throws io.meshwork.error.ConflictException if the plan would be different now; nothing was
   *     changed
   */
  R commitAsPlanned(String fingerprint);

  /**
   * An operation that has a reason and nothing else to set. For one thread; committed once.
   *
   * @param <R> what exists after the change
   */
  interface WithReason<R> extends PlannedOperation<Plan<R>, R> {
    /** Sets the reason. Required, unless the method that returns the operation says otherwise. */
    WithReason<R> because(String text);
  }
}
