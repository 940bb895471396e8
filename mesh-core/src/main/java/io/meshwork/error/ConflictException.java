package io.meshwork.error;

/** Somebody else changed the base first and nothing was done: read again and commit again. */
public final class ConflictException extends MeshException {
  private static final long serialVersionUID = 1L;

  /** Names what was tried, on what, why it failed and what to do now. */
  public ConflictException(ErrorCode code, String message) {
    super(code, message, null);
  }

  @Override
  public boolean retryable() {
    return true;
  }
}
