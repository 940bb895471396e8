package io.meshwork.testkit;

import java.util.Arrays;
import java.util.List;

/** The part of a stack trace that called Meshwork. */
final class CallerTrace {
  /** The packages and classes, each with a final dot, through which a test calls the mesh. */
  private static final List<String> MESHWORK =
      List.of(
          "io.meshwork.Mesh.",
          "io.meshwork.MeshClient.",
          "io.meshwork.consume.",
          "io.meshwork.internal.",
          "io.meshwork.testkit.CallerTrace.",
          "io.meshwork.testkit.TestMeshObserver.",
          "io.meshwork.testkit.UnclosedReader.",
          "io.meshwork.testkit.UncommittedOperation.");

  private CallerTrace() {}

  /** Returns the frames before the first call of Meshwork, innermost first. */
  static StackTraceElement[] of(StackTraceElement[] trace) {
    int first = 0;
    for (int i = 0; i < trace.length; i++) {
      String frame = trace[i].getClassName() + ".";
      if (MESHWORK.stream().anyMatch(frame::startsWith)) {
        first = i + 1;
      }
    }
    return Arrays.copyOfRange(trace, Math.min(first, trace.length), trace.length);
  }

  /** Returns the innermost frame. */
  static String line(StackTraceElement[] trace) {
    return trace.length == 0 ? "?" : trace[0].toString();
  }
}
