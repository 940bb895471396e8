package io.meshwork.error;

/**
 * Storage, the network, or a source failed, and nothing was committed. Retry if {@link
 * #retryable()}.
 */
public final class BackendException extends MeshException {
  private static final long serialVersionUID = 1L;

  private final boolean retryable;

  BackendException(Failure failure, ErrorCode code, boolean retryable) {
    super(failure, code);
    this.retryable = retryable;
  }

  @Override
  public boolean retryable() {
    return retryable;
  }
}
