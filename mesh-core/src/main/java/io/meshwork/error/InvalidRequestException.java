package io.meshwork.error;

import java.util.List;

/**
 * The request is invalid: an argument, a name, a schema, or the order of calls. Lists all problems
 * at once. Fix the call.
 */
public final class InvalidRequestException extends MeshException {
  private static final long serialVersionUID = 1L;

  private final transient List<Finding> findings;

  InvalidRequestException(Failure failure, ErrorCode code) {
    super(failure, code);
    this.findings = failure.findings();
  }

  /** Names what was tried, on what, why it failed and what to do now. */
  public InvalidRequestException(ErrorCode code, String message) {
    this(code, message, List.of());
  }

  /** The same, with each thing found wrong. */
  public InvalidRequestException(ErrorCode code, String message, List<Finding> findings) {
    super(code, message, null);
    this.findings = List.copyOf(findings);
  }

  /** The same, because of what the caller's own code threw. */
  public InvalidRequestException(ErrorCode code, String message, Throwable cause) {
    super(code, message, cause);
    this.findings = List.of();
  }

  /**
   * Each thing found wrong, worst first; all are looked at before refusing. Empty after copying.
   */
  public List<Finding> findings() {
    return findings == null ? List.of() : findings;
  }
}
