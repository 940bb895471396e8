package io.meshwork.walk;

/** A law of deletion does not hold. Its kind is the text before the colon. */
final class Violation extends RuntimeException {
  private static final long serialVersionUID = 1;

  Violation(String kind, String what) {
    super(kind + ": " + what);
  }

  /** Returns which law does not hold. */
  String kind() {
    String message = String.valueOf(getMessage());
    return message.substring(0, message.indexOf(':'));
  }
}
