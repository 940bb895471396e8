package io.meshwork.testkit.aws.internal.access;

/** An error that a service returns to its caller. The request has no effect. */
public final class AwsErrorException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String code;

  public AwsErrorException(String code, String message) {
    super(message);
    this.code = code;
  }

  public static AwsErrorException accessDenied(String message) {
    return new AwsErrorException("AccessDeniedException", message);
  }

  public static AwsErrorException invalidInput(String message) {
    return new AwsErrorException("InvalidInputException", message);
  }

  public static AwsErrorException notFound(String message) {
    return new AwsErrorException("EntityNotFoundException", message);
  }

  public static AwsErrorException alreadyExists(String message) {
    return new AwsErrorException("AlreadyExistsException", message);
  }

  /** Returns the code by which the SDK chooses the class of its exception. */
  public String code() {
    return code;
  }
}
