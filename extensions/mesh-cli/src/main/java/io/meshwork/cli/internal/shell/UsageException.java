package io.meshwork.cli.internal.shell;

import java.nio.file.InvalidPathException;

/** The command line is invalid. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UsageException(String message) {
    super(message);
  }

  public static UsageException ofMirrors() {
    return new UsageException(
        "A mesh in a folder has no mirrors: mirrors belong to a mesh on AWS. Read its tables where"
            + " they are.");
  }

  /** What ends a process, not for a fault of the program: a full heap, or an unusable class. */
  public static UsageException of(Error error) {
    UsageException failure =
        new UsageException(
            (error instanceof OutOfMemoryError
                    ? "The heap of " + (Runtime.getRuntime().maxMemory() >> 20) + " MiB is full."
                    : "A class or a native library cannot be used: " + error + ".")
                + " Each change was made completely or not at all. "
                + (error instanceof OutOfMemoryError
                    ? "Give Java more memory, such as with JAVA_TOOL_OPTIONS=-Xmx4g, and run it"
                        + " again, with the same --key if it has one."
                    : "Check that the jar is complete, and matches this version of Java."));
    failure.initCause(error);
    return failure;
  }

  /** Without a UTF-8 locale, a path has only characters of ASCII. */
  public static UsageException ofPath(String what, InvalidPathException cause) {
    return new UsageException(
        what
            + " cannot be used as a path: "
            + cause.getReason()
            + ". Set a UTF-8 locale, such as LC_ALL=C.UTF-8, if it has other characters than"
            + " ASCII.");
  }
}
