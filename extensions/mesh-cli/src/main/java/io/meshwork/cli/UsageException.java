package io.meshwork.cli;

import java.nio.file.InvalidPathException;

/** The command line is invalid. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }

  /** Without a UTF-8 locale, a path has only characters of ASCII. */
  static UsageException ofPath(String what, InvalidPathException cause) {
    return new UsageException(
        what
            + " cannot be used as a path: "
            + cause.getReason()
            + ". Set a UTF-8 locale, such as LC_ALL=C.UTF-8, if it has other characters than"
            + " ASCII.");
  }
}
