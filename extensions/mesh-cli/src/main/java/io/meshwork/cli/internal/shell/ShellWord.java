package io.meshwork.cli.internal.shell;

/** A value in a command that a message asks a person to run. */
public final class ShellWord {
  private ShellWord() {}

  /** Returns a value as one word of a POSIX shell, in quotation marks if it needs them. */
  public static String of(String value) {
    return value.matches("[\\w./:@%+=,-]+") ? value : "'" + value.replace("'", "'\\''") + "'";
  }
}
