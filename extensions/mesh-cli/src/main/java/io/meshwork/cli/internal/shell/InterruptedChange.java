package io.meshwork.cli.internal.shell;

import java.util.function.Supplier;

/** Says what is known of a command whose process is stopped while it runs, such as by Ctrl-C. */
public final class InterruptedChange {
  private InterruptedChange() {}

  /**
   * Runs a command.
   *
   * @param verb the command, such as {@code mesh publish}
   * @param state what was and was not done, and how to go on, in whole sentences
   */
  public static <T> T reportedTo(
      CommandShell shell, String verb, Supplier<String> state, Supplier<T> command) {
    Thread report =
        new Thread(
            () ->
                shell.complain(
                    (shell.terminal() ? "\n" : "") + "'" + verb + "' was stopped. " + state.get()));
    Runtime.getRuntime().addShutdownHook(report);
    try {
      return command.get();
    } finally {
      end(report);
    }
  }

  private static void end(Thread report) {
    try {
      Runtime.getRuntime().removeShutdownHook(report);
    } catch (IllegalStateException e) {
      // The process is being stopped, and the report was printed.
    }
  }
}
