package io.meshwork.internal.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Files that the desktops of macOS and Windows leave in each folder that somebody looks at, and
 * folders that systems create on each disk. They hold no data of a mesh. Stateless.
 */
public final class DesktopFiles {
  private static final Set<String> NAMES =
      Set.of(
          ".DS_Store",
          ".localized",
          "Thumbs.db",
          "desktop.ini",
          "Desktop.ini",
          ".Spotlight-V100",
          ".Trashes",
          ".fseventsd",
          "$RECYCLE.BIN",
          "System Volume Information",
          "lost+found");

  private DesktopFiles() {}

  /** True for the name of such a file or folder, or for a location that ends with it. */
  public static boolean include(String location) {
    return NAMES.contains(location.substring(location.lastIndexOf('/') + 1));
  }

  /** True for a folder that has nothing else. */
  public static boolean haveAll(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.allMatch(entry -> include(String.valueOf(entry.getFileName())));
    }
  }
}
