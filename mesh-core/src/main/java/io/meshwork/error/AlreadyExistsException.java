package io.meshwork.error;

/**
 * The name or key is already in use for something else. Read it, amend it, or choose another name.
 */
public final class AlreadyExistsException extends MeshException {
  private static final long serialVersionUID = 1L;

  AlreadyExistsException(Failure failure, ErrorCode code) {
    super(failure, code);
  }
}
