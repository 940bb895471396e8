package io.meshwork.operation;

import java.util.OptionalLong;

/**
 * A change that you describe with its setters, which return the operation itself. Nothing happens
 * before {@link #commit()}. Commit it once. Not thread-safe.
 *
 * @param <R> what exists after the change
 */
public interface Operation<R> {
  /**
   * Makes the change, all or nothing, and returns what now exists. If it was committed before,
   * under the same name or idempotency key, nothing changes and the result is the same.
   *
   * @throws io.meshwork.error.MeshException as a subclass for each next action of the caller
   */
  R commit();

  /**
   * An operation that needs a reason and nothing else. For one thread; committed once.
   *
   * @param <R> what exists after the change
   */
  interface WithReason<R> extends Operation<R> {
    /** Sets the reason. Required. */
    WithReason<R> because(String text);

    /**
     * Makes the change.
     *
     * @throws io.meshwork.error.InvalidRequestException if {@link #because} was not called
     */
    @Override
    R commit();
  }

  /**
   * Receives the progress of a long operation. It is called by the committing thread, at most once
   * a second and once at the end of each phase, and never after the operation has ended. An
   * exception that it throws ends the operation with {@code CALLER_CODE_FAILED}, and nothing is
   * committed; an exception after the commit is logged and has no other effect.
   */
  @FunctionalInterface
  interface Progress {
    /**
     * Receives how far the operation is.
     *
     * @param phase the phase, such as {@code rows} or {@code commit}
     * @param done how much is done, in units of the phase
     * @param total how much there is in total; empty if that is unknown
     */
    void at(String phase, long done, OptionalLong total);
  }
}
