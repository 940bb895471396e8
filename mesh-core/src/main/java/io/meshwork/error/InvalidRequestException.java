package io.meshwork.error;

import java.util.List;

/**
 * The request is invalid: an argument, a name, a schema, or the order of calls. Lists all problems.
 * Fix the call.
 */
public final class InvalidRequestException extends MeshException {
  private static final long serialVersionUID = 1L;

  private final transient List<Finding> findings;

  InvalidRequestException(Failure failure, ErrorCode code) {
    super(failure, code);
    this.findings = failure.findings();
  }

  /** Creates an exception with this message and without findings. */
  public InvalidRequestException(ErrorCode code, String message) {
    this(code, message, List.of());
  }

  /** Creates an exception with this message and all findings, worst first. */
  public InvalidRequestException(ErrorCode code, String message, List<Finding> findings) {
    super(code, message, null);
    this.findings = List.copyOf(findings);
  }

  /** Creates an exception with this message, caused by an exception of the caller's code. */
  public InvalidRequestException(ErrorCode code, String message, Throwable cause) {
    super(code, message, cause);
    this.findings = List.of();
  }

  /** Returns all problems of the request, worst first. Empty after serialization. */
  public List<Finding> findings() {
    return findings == null ? List.of() : findings;
  }
}
