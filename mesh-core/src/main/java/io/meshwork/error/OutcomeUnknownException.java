package io.meshwork.error;

/**
 * The response to a commit was lost. Do not publish again with another key: run the same call with
 * the same key, which returns the receipt of the attempt that succeeded.
 */
public final class OutcomeUnknownException extends MeshException {
  private static final long serialVersionUID = 1L;

  private final String idempotencyKey;

  OutcomeUnknownException(Failure failure, ErrorCode code, String idempotencyKey) {
    super(failure, code);
    this.idempotencyKey = idempotencyKey;
  }

  /** Returns the idempotency key with which to repeat the call. */
  public String idempotencyKey() {
    return idempotencyKey;
  }
}
