package io.meshwork.cli.internal.shell;

import java.util.function.Supplier;

/** Says what is known of a change whose process is stopped while it runs, such as by Ctrl-C. */
public final class InterruptedChange {
  private InterruptedChange() {}

  /**
   * Makes a change.
   *
   * @param verb the command, such as {@code mesh publish}
   */
  public static <T> T reportedTo(CommandShell shell, String verb, Supplier<T> change) {
    Thread report =
        new Thread(
            () ->
                shell.complain(
                    (shell.terminal() ? "\n" : "")
                        + "'"
                        + verb
                        + "' was stopped. Each change was made completely or not at all. Run it"
                        + " again, with the same --key if it has one: what was made under a key is"
                        + " not repeated. Without one, look at 'mesh log' first."));
    Runtime.getRuntime().addShutdownHook(report);
    try {
      return change.get();
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
