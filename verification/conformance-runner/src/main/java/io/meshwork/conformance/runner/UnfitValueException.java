package io.meshwork.conformance.runner;

/** A value of a case is not written as its column's type wants it. */
final class UnfitValueException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnfitValueException(String message) {
    super(message);
  }
}
