package io.meshwork.internal.ingest;

import java.nio.file.Path;
import java.util.List;

/** What files are called in messages: by as little of their paths as tells them apart. */
public final class FileNames {
  private FileNames() {}

  /**
   * The last name of a file, after as many folders as are needed; never more than was given.
   *
   * @param all the files beside which it was given
   */
  public static String of(Path file, List<Path> all) {
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
