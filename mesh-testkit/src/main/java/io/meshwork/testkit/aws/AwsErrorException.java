package io.meshwork.testkit.aws;

/** An error that a service returns to its caller. The request has no effect. */
final class AwsErrorException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String code;

  AwsErrorException(String code, String message) {
    super(message);
    this.code = code;
  }

  static AwsErrorException accessDenied(String message) {
    return new AwsErrorException("AccessDeniedException", message);
  }

  static AwsErrorException invalidInput(String message) {
    return new AwsErrorException("InvalidInputException", message);
  }

  static AwsErrorException notFound(String message) {
    return new AwsErrorException("EntityNotFoundException", message);
  }

  static AwsErrorException alreadyExists(String message) {
    return new AwsErrorException("AlreadyExistsException", message);
  }

  /** Returns the code by which the SDK chooses the class of its exception. */
  String code() {
    return code;
  }
}
