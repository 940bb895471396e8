package io.meshwork.internal.runtime;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import org.jspecify.annotations.Nullable;

/** Distinguishes an interrupted thread from other failures. */
public final class ThreadInterruption {
  private ThreadInterruption() {}

  /** Returns true if the failure was caused by an interrupt of the thread. */
  public static boolean isCauseOf(Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof InterruptedException
          || each instanceof ClosedByInterruptException
          || each instanceof FileLockInterruptionException
          || (each instanceof InterruptedIOException
              && !(each instanceof SocketTimeoutException))) {
        return true;
      }
    }
    return false;
  }

  /** Returns the exception for an interrupted read, and sets the thread's interrupt flag again. */
  public static BackendException ofRead(MeshAction action, @Nullable Throwable cause) {
    Thread.currentThread().interrupt();
    return Failure.of(action)
        .because("the thread was interrupted")
        .state("Results returned so far are complete.")
        .fix("Run the operation again if it is still needed.")
        .cause(cause)
        .passing(ErrorCode.INTERRUPTED);
  }

  /**
   * Returns the exception for an interrupted change, and sets the thread's interrupt flag again.
   */
  public static BackendException ofChange(MeshAction action, @Nullable Throwable cause) {
    Thread.currentThread().interrupt();
    return Failure.of(action)
        .because("the thread was interrupted")
        .state("Nothing was committed.")
        .fix("Run the operation again.")
        .cause(cause)
        .passing(ErrorCode.INTERRUPTED);
  }

  /**
   * Returns the failure of a change in which nothing was committed, or the interruption that caused
   * it: an interruption closes files and ends tasks, which looks like another failure.
   */
  public static RuntimeException orFailure(MeshAction action, RuntimeException failure) {
    boolean reported =
        failure instanceof BackendException backend
            ? backend.errorCode() == ErrorCode.INTERRUPTED
            : failure instanceof MeshException;
    if (reported || !Thread.currentThread().isInterrupted()) {
      return failure;
    }
    BackendException interrupted = ofChange(action, null);
    interrupted.addSuppressed(failure);
    return interrupted;
  }
}
