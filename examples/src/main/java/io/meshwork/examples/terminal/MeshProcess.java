package io.meshwork.examples.terminal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.examples.story.StoryFailedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Runs the command {@code mesh} as a process in a folder, as one principal. */
final class MeshProcess {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final String principal;

  MeshProcess(Path folder, String principal) {
    this.folder = folder;
    this.principal = principal;
  }

  /**
   * Runs a command, and returns the document that it printed last.
   *
   * @throws StoryFailedException if the command fails
   */
  JsonNode run(String... arguments) {
    try {
      return JSON.readTree(exit(0, arguments));
    } catch (IOException e) {
      throw new StoryFailedException("mesh " + String.join(" ", arguments) + " printed no JSON", e);
    }
  }

  /**
   * Runs a command, and returns the last line of its standard output.
   *
   * @param code the exit code that is expected
   * @throws StoryFailedException if it has another one
   */
  String exit(int code, String... arguments) {
    String line = "mesh " + String.join(" ", arguments);
    try {
      Path err = folder.resolve("mesh.err");
      ProcessBuilder builder =
          new ProcessBuilder(command(arguments))
              .directory(folder.toFile())
              .redirectError(err.toFile());
      Map<String, String> variables = builder.environment();
      variables.keySet().removeIf(name -> name.startsWith("MESH_"));
      variables.put("MESH_URL", "mesh");
      variables.put("MESH_AS", principal);
      Process process = builder.start();
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int exited = process.waitFor();
      if (exited != code) {
        throw new StoryFailedException(
            line + " exited with " + exited + ", not " + code + ": " + Files.readString(err));
      }
      return out.lines().reduce("", (before, last) -> last);
    } catch (IOException e) {
      throw new StoryFailedException(line + " could not run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoryFailedException(line + " was interrupted", e);
    }
  }

  private static List<String> command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(
        List.of(
            "-cp", System.getProperty("java.class.path"), "io.meshwork.cli.program.MeshProgram"));
    command.addAll(Arrays.asList(arguments));
    return command;
  }
}
