package io.meshwork.error;

import org.jspecify.annotations.Nullable;

/**
 * Storage, the network, or a source failed, and nothing was committed. Retry if {@link
 * #retryable()}.
 */
public final class BackendException extends MeshException {
  private static final long serialVersionUID = 1L;

  private final boolean retryable;

  private BackendException(
      ErrorCode code, String message, boolean retryable, @Nullable Throwable cause) {
    super(code, message, cause);
    this.retryable = retryable;
  }

  BackendException(Failure failure, ErrorCode code, boolean retryable) {
    super(failure, code);
    this.retryable = retryable;
  }

  /** Creates an exception for a failure that may pass without a change. */
  public static BackendException passing(
      ErrorCode code, String message, @Nullable Throwable cause) {
    return new BackendException(code, message, true, cause);
  }

  /** Creates an exception for a failure that stays until its cause is fixed. */
  public static BackendException lasting(
      ErrorCode code, String message, @Nullable Throwable cause) {
    return new BackendException(code, message, false, cause);
  }

  @Override
  public boolean retryable() {
    return retryable;
  }
}
