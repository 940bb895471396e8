package io.meshwork.testkit.aws.internal.access;

/**
 * A request whose result on AWS the emulator does not know. It is rejected, and the emulator
 * reports it when it is closed, so that no test passes because of it.
 */
public final class NotEmulatedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public NotEmulatedException(String message) {
    super(message);
  }
}
