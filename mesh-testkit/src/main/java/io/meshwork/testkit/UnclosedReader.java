package io.meshwork.testkit;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A reader that a test left open; the stack trace shows where it was opened. */
final class UnclosedReader extends AssertionError {
  private static final long serialVersionUID = 1L;
  private static final List<String> READS =
      List.of("io.meshwork.consume.", "io.meshwork.internal.");

  private final String by;
  private final String what;

  UnclosedReader(String by, String what) {
    this.by = by;
    this.what = what;
    setStackTrace(afterMeshwork(getStackTrace()));
  }

  @Override
  public String getMessage() {
    return "A reader was left open: "
        + what
        + ", by "
        + by
        + ", opened at "
        + Optional.of(getStackTrace())
            .filter(t -> t.length > 0)
            .map(t -> t[0].toString())
            .orElse("?")
        + ". Close it, for example with try-with-resources.";
  }

  /** Returns the part of the trace that called Meshwork. */
  private static StackTraceElement[] afterMeshwork(StackTraceElement[] trace) {
    int first = 0;
    for (int i = 0; i < trace.length; i++) {
      String frame = trace[i].getClassName();
      if (READS.stream().anyMatch(frame::startsWith)) {
        first = i + 1;
      }
    }
    return Arrays.copyOfRange(trace, Math.min(first, trace.length), trace.length);
  }
}
