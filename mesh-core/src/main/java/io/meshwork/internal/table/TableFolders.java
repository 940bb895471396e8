package io.meshwork.internal.table;

import java.util.List;
import java.util.Optional;

/**
 * The folders that a table has or had, one in each place of its domain. What a file is follows from
 * its path below them, because domains, products and places may have any name. Immutable.
 *
 * @param folders locations without trailing slashes
 */
public record TableFolders(List<String> folders) {
  public TableFolders {
    folders = List.copyOf(folders);
  }

  /** Returns the path of a file below the table's folder; empty for a file elsewhere. */
  public Optional<String> path(String location) {
    return folders.stream()
        .filter(folder -> location.startsWith(folder + "/"))
        .map(folder -> location.substring(folder.length() + 1))
        .findFirst();
  }

  /** Returns the last segment of a location. */
  public static String fileName(String location) {
    return location.substring(location.lastIndexOf('/') + 1);
  }
}
