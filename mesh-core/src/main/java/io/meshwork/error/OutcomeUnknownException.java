package io.meshwork.error;

import org.jspecify.annotations.Nullable;

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

  /** Creates an exception with this message and the key of the commit. */
  public OutcomeUnknownException(
      ErrorCode code, String message, String idempotencyKey, @Nullable Throwable cause) {
    super(code, message, cause);
    this.idempotencyKey = idempotencyKey;
  }

  /** Returns the idempotency key with which to repeat the call. */
  public String idempotencyKey() {
    return idempotencyKey;
  }
}
