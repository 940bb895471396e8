package io.meshwork.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Lists and copies folders without Meshwork. */
final class FolderContent {
  private FolderContent() {}

  /**
   * Returns all folders and files with their contents, without SQLite's files of open databases.
   */
  static SortedMap<String, String> of(Path folder) throws IOException {
    SortedMap<String, String> content = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.toList()) {
        String name = folder.relativize(path).toString();
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
          content.put(name, "folder");
        } else if (!name.endsWith("-shm") && !name.endsWith("-wal")) {
          content.put(name, "file " + Arrays.hashCode(Files.readAllBytes(path)));
        }
      }
    }
    return content;
  }

  static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }
}
