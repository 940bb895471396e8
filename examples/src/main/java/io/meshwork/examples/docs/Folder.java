package io.meshwork.examples.docs;

import io.meshwork.cli.ExitCode;
import java.nio.file.Path;

/** The folder that a documented program runs in. */
final class Folder {
  private Folder() {}

  /** Returns the only argument; without it, prints the usage and exits. */
  static Path of(String[] arguments) {
    if (!isGiven(arguments)) {
      System.err.println(
          "Usage: scripts/run-class examples io.meshwork.examples.docs.CLASS FOLDER, where FOLDER is"
              + " empty or does not exist, and does not begin with '-'");
      System.exit(ExitCode.WRONG_REQUEST);
    }
    return Path.of(arguments[0]);
  }

  static boolean isGiven(String[] arguments) {
    return arguments.length == 1 && !arguments[0].startsWith("-");
  }
}
