package io.meshwork.error;

/**
 * The request is invalid: an argument, a name, a schema, or the order of calls. Lists all problems.
 * Fix the call.
 */
public final class InvalidRequestException extends MeshException {
  private static final long serialVersionUID = 1L;

  InvalidRequestException(Failure failure, ErrorCode code) {
    super(failure, code);
  }
}
