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

  /** Returns all problems of the request, worst first. Empty after serialization. */
  public List<Finding> findings() {
    return findings == null ? List.of() : findings;
  }
}
