package io.meshwork.error;

import org.jspecify.annotations.Nullable;

/**
 * The answer was lost after the commit was sent. Do not publish again under another key: run the
 * same call with the same key, which gives the receipt of whichever attempt came through.
 */
public final class OutcomeUnknownException extends MeshException {
  private static final long serialVersionUID = 1L;

  private final String idempotencyKey;

  /** Names what was tried, and the key to try again with. */
  public OutcomeUnknownException(
      ErrorCode code, String message, String idempotencyKey, @Nullable Throwable cause) {
    super(code, message, cause);
    this.idempotencyKey = idempotencyKey;
  }

  /** The idempotency key to ask with. */
  public String idempotencyKey() {
    return idempotencyKey;
  }
}
