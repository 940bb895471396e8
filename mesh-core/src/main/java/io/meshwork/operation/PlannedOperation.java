package io.meshwork.operation;

/**
 * An operation that can be looked at before. Like every {@link Operation} it is committed once;
 * planning does not count.
 *
 * @param <P> its plan
 * @param <R> what exists after the change
 */
public interface PlannedOperation<P extends Plan<R>, R> extends Operation<R> {
  /**
   * Reads only, and shows each step.
   *
   * @throws io.meshwork.error.MeshException if it cannot be read what there is to do
   */
  P plan();

  /**
   * Commits only if the plan would still be the one with this fingerprint: for a review in one
   * process and the change in another.
   *
   * @param fingerprint {@link Plan#fingerprint()} of the plan that was looked at
   * @throws io.meshwork.error.ConflictException if the plan would be another one by now; nothing
   *     was done
   */
  R commitAsPlanned(String fingerprint);
}
