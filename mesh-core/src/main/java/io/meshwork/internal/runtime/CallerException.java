package io.meshwork.internal.runtime;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshException;
import io.meshwork.error.OutcomeUnknownException;

/**
 * Converts an exception of the caller's code that is called before anything is committed to an
 * exception with an error code, which guarantees that nothing was changed.
 */
public final class CallerException {
  private CallerException() {}

  /**
   * Returns the exception to throw.
   *
   * @param what the code that failed, such as {@code the listener of its progress}
   * @param cause the exception; its message is not included
   */
  public static MeshException failed(MeshAction action, String what, RuntimeException cause) {
    if (isKnown(cause)) {
      return (MeshException) cause;
    }
    return Failure.of(action)
        .because(what + " failed with " + cause.getClass().getName())
        .state("Nothing was committed.")
        .fix("Fix the cause, then run the operation again.")
        .cause(cause)
        .lasting(ErrorCode.CALLER_CODE_FAILED);
  }

  /**
   * Returns true if the exception already describes the state of this operation; one about the
   * outcome of another operation does not.
   */
  public static boolean isKnown(RuntimeException thrown) {
    return thrown instanceof MeshException && !(thrown instanceof OutcomeUnknownException);
  }
}
