package io.meshwork.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;

/**
 * The folder of an embedded mesh: {@code mesh.json} says that it is one, {@code registry/mesh.db}
 * is the registry, files lie under {@code data}. Two processes may make it at the same time.
 */
final class MeshFolder {
  private static final String MARKER = "mesh.json";
  private static final int FORMAT = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;

  private MeshFolder(Path folder) {
    this.folder = folder;
  }

  static MeshFolder openOrMake(Path given) {
    Path folder = given.toAbsolutePath().normalize();
    try {
      if (!Files.exists(folder.resolve(MARKER))) {
        make(folder);
      }
      MeshFolder mesh = openExisting(folder);
      Files.createDirectories(folder.resolve("registry"));
      return mesh;
    } catch (IOException e) {
      throw unwritable(folder, e);
    }
  }

  static MeshFolder openExisting(Path given) {
    Path folder = given.toAbsolutePath().normalize();
    Path marker = folder.resolve(MARKER);
    if (!Files.isRegularFile(marker)) {
      throw new InvalidRequestException(
          ErrorCode.CONFIG_INVALID,
          "Cannot open the mesh in "
              + folder
              + ": there is no "
              + MARKER
              + ", so it is not a mesh. Nothing was written. Check the path, or open an empty folder"
              + " to make a mesh.");
    }
    JsonNode json;
    try {
      json = JSON.readTree(Files.readString(marker));
    } catch (JsonProcessingException e) {
      throw BackendException.lasting(
          ErrorCode.REGISTRY_CORRUPT,
          "Cannot open the mesh in "
              + folder
              + ": its "
              + MARKER
              + " is damaged. Nothing was written. Restore the file from a backup.",
          null);
    } catch (IOException e) {
      throw unwritable(folder, e);
    }
    int format = json.path("format").asInt();
    if (format != FORMAT) {
      throw BackendException.lasting(
          ErrorCode.REGISTRY_VERSION,
          "Cannot open the mesh in "
              + folder
              + ": its format is "
              + format
              + " and this version of Meshwork reads "
              + FORMAT
              + ". Nothing was written. Use a newer version of Meshwork.",
          null);
    }
    return new MeshFolder(folder);
  }

  Path registryFile() {
    return folder.resolve("registry").resolve("mesh.db");
  }

  /** Where files lie, as Iceberg's metadata names it. */
  String root() {
    return folder.toString();
  }

  private static void make(Path folder) throws IOException {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw foreign(folder, "it is a file");
    }
    if (Files.isDirectory(folder) && holdsSomethingElse(folder)) {
      throw foreign(folder, "it is not empty and has no " + MARKER);
    }
    createPrivate(folder);
    ObjectNode json = JSON.createObjectNode();
    json.put("format", FORMAT);
    json.putArray("features");
    // Written beside and linked into place, so that no process ever sees half of it.
    Path temporary = Files.createTempFile(folder, "." + MARKER, ".tmp");
    try {
      Files.write(temporary, json.toString().getBytes(StandardCharsets.UTF_8));
      Files.createLink(folder.resolve(MARKER), temporary);
    } catch (FileAlreadyExistsException e) {
      return; // another process made it first
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static void createPrivate(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Files.createDirectories(folder);
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
  }

  private static boolean holdsSomethingElse(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.anyMatch(entry -> !entry.getFileName().toString().startsWith("." + MARKER))
          && !Files.exists(folder.resolve(MARKER));
    }
  }

  private static InvalidRequestException foreign(Path folder, String why) {
    return new InvalidRequestException(
        ErrorCode.CONFIG_INVALID,
        "Cannot open a mesh in "
            + folder
            + ": "
            + why
            + ". Nothing was written. Name an empty folder, or one that holds a mesh.");
  }

  private static BackendException unwritable(Path folder, IOException cause) {
    return BackendException.lasting(
        ErrorCode.STORAGE_UNWRITABLE,
        "Cannot open the mesh in "
            + folder
            + ": the folder cannot be read or written. Check its rights and the room on the disk.",
        cause);
  }
}
