package io.meshwork.conformance.runner;

/** The command line or a case file is invalid, so no case is run. */
final class CannotRunException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CannotRunException(String message) {
    super(message);
  }
}
