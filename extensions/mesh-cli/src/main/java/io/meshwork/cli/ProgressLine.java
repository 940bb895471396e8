package io.meshwork.cli;

import io.meshwork.operation.Operation;
import java.io.PrintStream;
import java.util.OptionalLong;

/** One line of a terminal that shows how far an operation is. */
final class ProgressLine implements Operation.Progress {
  private static final String START_OF_CLEAR_LINE = "\r\u001B[K";

  private final PrintStream err;

  ProgressLine(PrintStream err) {
    this.err = err;
  }

  @Override
  public void at(String phase, long done, OptionalLong total) {
    err.print(
        START_OF_CLEAR_LINE
            + SafeText.of(phase)
            + " "
            + done
            + (total.isPresent() ? " of " + total.getAsLong() : ""));
    err.flush();
  }

  void end() {
    err.print(START_OF_CLEAR_LINE);
    err.flush();
  }
}
