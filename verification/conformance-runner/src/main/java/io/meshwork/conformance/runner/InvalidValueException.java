package io.meshwork.conformance.runner;

/** A value of a case is invalid for the type of its column. */
final class InvalidValueException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InvalidValueException(String message) {
    super(message);
  }
}
