package io.meshwork.internal.runtime;

import io.meshwork.error.BackendException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshException;

/** Failures of operations with several commits, of which some remain. Stateless. */
public final class PartialChange {
  private PartialChange() {}

  /**
   * The same failure of a store, or conflict, with a true state. Other failures state it
   * themselves, so they are returned.
   *
   * @param state what was changed, in whole sentences
   */
  public static MeshException of(MeshException failure, String state) {
    Failure partial =
        Failure.of(failure.action())
            .because(failure.reason())
            .state(state)
            .fix(failure.fix())
            .cause(failure);
    if (failure instanceof BackendException) {
      return failure.retryable()
          ? partial.passing(failure.errorCode())
          : partial.lasting(failure.errorCode());
    }
    if (failure instanceof ConflictException) {
      return failure.retryable()
          ? partial.conflict(failure.errorCode())
          : partial.lastingConflict(failure.errorCode());
    }
    return failure;
  }
}
