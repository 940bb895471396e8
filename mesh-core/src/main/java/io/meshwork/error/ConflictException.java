package io.meshwork.error;

/**
 * Somebody else changed the base first and nothing was done: read again and commit again. If it is
 * not {@link #retryable()}, the same call can never succeed, as with a plan that is stale: look at
 * the message.
 */
public final class ConflictException extends MeshException {
  private static final long serialVersionUID = 1L;

  private final boolean retryable;

  /** Names what was tried, on what, why it failed and what to do now. */
  public ConflictException(ErrorCode code, String message) {
    this(code, message, true);
  }

  /**
   * Names what was tried, on what, why it failed and what to do now.
   *
   * @param retryable false if the same call can never succeed
   */
  public ConflictException(ErrorCode code, String message, boolean retryable) {
    super(code, message, null);
    this.retryable = retryable;
  }

  @Override
  public boolean retryable() {
    return retryable;
  }
}
