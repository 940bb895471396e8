package io.meshwork.internal.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Files that the desktops of macOS, Windows, and Linux leave in each folder that somebody opens,
 * and folders that systems create on each disk, such as for deleted files and thumbnails. They hold
 * no data of a mesh. Stateless.
 */
public final class DesktopFiles {
  private static final Set<String> NAMES =
      Set.of(
          ".ds_store",
          ".localized",
          "thumbs.db",
          "desktop.ini",
          ".directory",
          "@eadir",
          ".spotlight-v100",
          ".trashes",
          ".fseventsd",
          ".documentrevisions-v100",
          ".temporaryitems",
          "$recycle.bin",
          "system volume information",
          "lost+found");

  /** macOS adds such a file to each file on a disk that lacks its attributes. */
  private static final String ATTRIBUTES_OF_MACOS = "._";

  /** Linux has such a folder on each disk for each user who deleted something, such as 1000. */
  private static final String TRASH_OF_LINUX = ".trash-";

  private DesktopFiles() {}

  /** True for the name of such a file or folder, or for a location that ends with it. */
  public static boolean include(String location) {
    String name = location.substring(location.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    return name.startsWith(ATTRIBUTES_OF_MACOS)
        || name.startsWith(TRASH_OF_LINUX)
        || NAMES.contains(name);
  }

  /** True for a path that has the name of such a file or folder in any part of it. */
  public static boolean contain(String path) {
    return Stream.of(path.split("/", -1)).anyMatch(DesktopFiles::include);
  }

  /** True for a folder that has nothing else. */
  public static boolean haveAll(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.allMatch(entry -> include(String.valueOf(entry.getFileName())));
    }
  }
}
