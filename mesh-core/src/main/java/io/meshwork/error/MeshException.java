package io.meshwork.error;

import io.meshwork.internal.open.OpenOperation;
import java.util.List;

/**
 * Root of all exceptions of Meshwork. Its subclasses differ by what the caller does next. The
 * message names the action, the reason, the state after the failure and the fix; the accessors
 * return these parts separately, for a portal or a structured log. No part holds field values.
 * Immutable. {@link Failure} builds it.
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
  private final MeshAction action;
  private final String reason;
  private final String state;
  private final String fix;
  private final transient List<Finding> findings;

  MeshException(Failure failure, ErrorCode code) {
    super(withCode(failure.text(), code), failure.cause());
    this.code = code;
    this.action = failure.action();
    this.reason = failure.reason();
    this.state = failure.state();
    this.fix = failure.fix();
    this.findings = failure.findings();
    OpenOperation.settleLatest();
  }

  /** Appends the code, and removes it from a quoted message of another exception. */
  private static String withCode(String message, ErrorCode code) {
    String tag = " [" + code.code() + "]";
    return message.replace("." + tag + ".", ".").replace(tag, "") + tag;
  }

  /** Returns the stable code, such as {@code MESH-2001}, for runbooks and alerts. */
  public String code() {
    return code.code();
  }

  /** Returns the code as a constant, for a switch. */
  public ErrorCode errorCode() {
    return code;
  }

  /** Returns what was attempted, on what. */
  public MeshAction action() {
    return action;
  }

  /**
   * Returns why it failed: a clause without a final period, such as {@code the mesh was closed}.
   */
  public String reason() {
    return reason;
  }

  /** Returns the state after the failure, in whole sentences: {@code Nothing was changed.} */
  public String state() {
    return state;
  }

  /** Returns what the caller can do about it, in whole sentences; empty if nothing. */
  public String fix() {
    return fix;
  }

  /**
   * Returns every problem that was found, worst first: in the data, in the request, or whatever
   * prevents the change, such as each consumer that a retirement waits for. Empty if the message
   * says everything, and after deserialization.
   */
  public List<Finding> findings() {
    return findings == null ? List.of() : findings;
  }

  /** Returns true if the same call may succeed later without a change by the caller. */
  public boolean retryable() {
    return false;
  }
}
