package io.meshwork.error;

import org.jspecify.annotations.Nullable;

/**
 * Root of everything Meshwork throws, cut by what the caller does next. The message says what was
 * tried, on what, why it failed, and what to do now; it never holds field values. Immutable.
 */
public abstract sealed class MeshException extends RuntimeException
    permits ContractViolationException,
        ConflictException,
        OutcomeUnknownException,
        AccessDeniedException,
        NotFoundException,
        AlreadyExistsException,
        InvalidRequestException,
        BackendException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  MeshException(ErrorCode code, String message, @Nullable Throwable cause) {
    super(message + " [" + code.code() + "]", cause);
    this.code = code;
  }

  /** Stable code such as {@code MESH-2001}, for runbooks and alerts. */
  public String code() {
    return code.code();
  }

  /** The same code as a constant, for a switch. */
  public ErrorCode errorCode() {
    return code;
  }

  /** True when the same call may succeed later without any change by the caller. */
  public boolean retryable() {
    return false;
  }
}
