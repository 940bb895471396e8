package io.meshwork.cli.internal.shell;

import java.util.List;

/** The verbs of the older form of the command, {@code FOLDER VERB}. */
public final class OlderVerbs {
  public static final List<String> ALL =
      List.of(
          "define",
          "publish",
          "files",
          "log",
          "verify",
          "doctor",
          "maintain",
          "repair",
          "mirror",
          "backup",
          "move",
          "restore");

  private OlderVerbs() {}

  public static boolean contains(String text) {
    return ALL.contains(text);
  }
}
