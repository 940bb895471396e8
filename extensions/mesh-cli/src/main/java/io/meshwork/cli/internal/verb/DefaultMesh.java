package io.meshwork.cli.internal.verb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.cli.internal.file.AtomicFile;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.cli.internal.shell.VerbAnswer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The mesh and the principal that {@code mesh use} stores for later commands.
 *
 * @param mesh the address; empty if none is stored
 * @param principal who acts, as {@code ACCOUNT/ROLE}; empty if nothing is stored
 * @param folders the folders outside the mesh that it may read, by their names
 */
public record DefaultMesh(
    Optional<String> mesh, Optional<String> principal, SortedMap<String, Path> folders) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Returns the file, in the folder of settings of the user. */
  public static Path file(Map<String, String> variables) {
    String folder = variables.getOrDefault("XDG_CONFIG_HOME", "");
    Path settings =
        folder.isEmpty()
            ? home(variables).resolve(".config")
            : path("The variable XDG_CONFIG_HOME", folder);
    return settings.resolve("meshwork").resolve("use.json");
  }

  /** The JVM calls the home of a user without one "?", which would be a folder here. */
  private static Path home(Map<String, String> variables) {
    Path home =
        path(
            "The home folder of this user",
            variables.getOrDefault("HOME", System.getProperty("user.home")));
    if (!home.isAbsolute()) {
      throw new UsageException(
          "This user has no home folder. Set HOME or XDG_CONFIG_HOME, where 'mesh use' keeps what"
              + " it keeps.");
    }
    return home;
  }

  private static Path path(String what, String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw UsageException.ofPath(what, e);
    }
  }

  public static DefaultMesh read(Map<String, String> variables) {
    Path file = file(variables);
    if (!Files.exists(file)) {
      return new DefaultMesh(Optional.empty(), Optional.empty(), new TreeMap<>());
    }
    try {
      JsonNode json = JSON.readTree(Files.readString(file));
      SortedMap<String, Path> folders = new TreeMap<>();
      json.path("readingFrom")
          .properties()
          .forEach(
              folder ->
                  folders.put(
                      folder.getKey(),
                      path(
                          "Folder " + folder.getKey() + " in " + file,
                          folder.getValue().asText())));
      return new DefaultMesh(text(json, "mesh"), text(json, "as"), folders);
    } catch (IOException e) {
      throw new UsageException("Cannot read " + file + ". Delete it, and run 'mesh use' again.");
    }
  }

  public void write(Map<String, String> variables) {
    Path file = file(variables);
    ObjectNode json = VerbAnswer.newDocument();
    mesh.ifPresent(address -> json.put("mesh", address));
    principal.ifPresent(name -> json.put("as", name));
    if (!folders.isEmpty()) {
      ObjectNode named = json.putObject("readingFrom");
      folders.forEach((name, folder) -> named.put(name, folder.toString()));
    }
    try {
      Files.createDirectories(file.getParent());
    } catch (IOException e) {
      throw AtomicFile.unwritable(file, e, "Nothing was saved.");
    }
    AtomicFile.writeText(file, json + "\n");
  }

  private static Optional<String> text(JsonNode node, String field) {
    return Optional.ofNullable(node.get(field)).map(JsonNode::asText);
  }
}
