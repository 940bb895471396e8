package io.meshwork.error;

/**
 * A concurrent change was committed first, and nothing was done. Read again and commit again. If it
 * is not {@link #retryable()}, as for a stale plan, the same call can never succeed; follow the
 * message.
 */
public final class ConflictException extends MeshException {
  private static final long serialVersionUID = 1L;

  private final boolean retryable;

  ConflictException(Failure failure, ErrorCode code, boolean retryable) {
    super(failure, code);
    this.retryable = retryable;
  }

  @Override
  public boolean retryable() {
    return retryable;
  }
}
