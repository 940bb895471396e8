package io.meshwork.examples.story;

import io.meshwork.cli.ExitCode;
import io.meshwork.error.MeshException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Runs a story as a program, in an empty folder, with the exit codes of the command line. */
public final class StoryCommand {
  private StoryCommand() {}

  /** A story that runs in a folder. */
  @FunctionalInterface
  public interface Story {
    /**
     * Runs it.
     *
     * @param folder empty, or does not exist yet
     * @throws MeshException if the mesh rejected a step, or a step failed
     * @throws StoryFailedException if a step had another result than expected
     */
    void run(Path folder);
  }

  /**
   * Runs a story in the folder of the argument, or in a temporary one. Exits the JVM if the
   * arguments are invalid, if the folder is not empty, or if the story fails.
   *
   * @param name the name of the story, as {@code scripts/example} takes it
   */
  public static void run(String name, String[] arguments, Story story) throws IOException {
    if (arguments.length > 1 || (arguments.length == 1 && arguments[0].startsWith("-"))) {
      exit("Usage: scripts/example " + name + " [FOLDER]", ExitCode.WRONG_REQUEST);
    }
    Path folder =
        arguments.length == 1
            ? Path.of(arguments[0])
            : Files.createTempDirectory("meshwork-" + name + "-");
    if (!isEmpty(folder)) {
      exit(
          "Cannot run "
              + name
              + " in "
              + folder
              + ": the folder is not empty. Name an empty or new one.",
          ExitCode.WRONG_REQUEST);
    }
    try {
      story.run(folder);
    } catch (MeshException e) {
      exit(String.valueOf(e.getMessage()), ExitCode.of(e));
    } catch (StoryFailedException e) {
      exit(String.valueOf(e.getMessage()), ExitCode.UNEXPECTED);
    }
  }

  private static void exit(String message, int code) {
    System.err.println(message);
    System.exit(code);
  }

  private static boolean isEmpty(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return true;
    }
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.findAny().isEmpty();
    }
  }
}
