package io.meshwork.cli.internal.shell;

import io.meshwork.operation.Operation;
import java.io.PrintStream;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One line of a terminal that shows how far an operation is. */
public final class ProgressLine implements Operation.Progress {
  private static final String START_OF_CLEAR_LINE = "\r\u001B[K";

  private final PrintStream err;

  ProgressLine(PrintStream err) {
    this.err = err;
  }

  /**
   * Does something, and shows its progress if a person watches.
   *
   * @param listen sets the listener of the operation
   */
  public static <T> T during(
      CommandShell shell, Consumer<Operation.Progress> listen, Supplier<T> operation) {
    if (!shell.terminal()) {
      return operation.get();
    }
    ProgressLine line = new ProgressLine(shell.err());
    listen.accept(line);
    try {
      return operation.get();
    } finally {
      line.end();
    }
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

  private void end() {
    err.print(START_OF_CLEAR_LINE);
    err.flush();
  }
}
