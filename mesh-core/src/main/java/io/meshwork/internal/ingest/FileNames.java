package io.meshwork.internal.ingest;

import java.nio.file.Path;
import java.util.List;

/** The names of files in messages: the shortest part of the path that is unique. */
final class FileNames {
  private FileNames() {}

  /**
   * Returns the file name, preceded by as many folders of the path as are needed.
   *
   * @param all all files of the call
   */
  static String of(Path file, List<Path> all) {
    int names = file.getNameCount();
    for (int last = 1; last <= names; last++) {
      Path end = file.subpath(names - last, names);
      if (all.stream().allMatch(other -> other.equals(file) || !other.endsWith(end))) {
        return end.toString();
      }
    }
    return file.toString();
  }
}
