package io.meshwork.conformance.runner;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The folder that keeps the data file of each case as {@code ID.parquet}. A slash in an ID creates
 * a subfolder; all files stay below the folder.
 */
final class KeptFiles {
  /** The maximum bytes of a file name, without the extension. */
  private static final int LONGEST_NAME = 240;

  private final Path folder;
  private final Set<Path> usedPaths = new HashSet<>();

  KeptFiles(Path folder) {
    this.folder = folder;
  }

  /**
   * Keeps a file as {@code ID.parquet}, or as {@code FILE/ID.parquet} if a case of another file has
   * the same ID.
   *
   * @param file the name of the case file, without {@code .json}
   */
  void keep(Path written, String file, String id) throws IOException {
    List<String> names = new ArrayList<>(List.of(id.split("/", -1)));
    if (!usedPaths.add(place(names))) {
      names.add(0, file);
      for (int again = 2; !usedPaths.add(place(names)); again++) {
        names.set(0, file + "~" + again);
      }
    }
    Path place = place(names);
    Files.createDirectories(place.getParent());
    Files.copy(written, place, StandardCopyOption.REPLACE_EXISTING);
  }

  private Path place(List<String> names) {
    Path place = folder;
    for (String name : names.subList(0, names.size() - 1)) {
      place = place.resolve(safe(name));
    }
    return place.resolve(safe(names.get(names.size() - 1)) + ".parquet");
  }

  /** Returns the name, with the characters replaced that file names cannot contain. */
  private static String safe(String name) {
    if (name.isEmpty() || name.equals(".") || name.equals("..")) {
      return "%" + name;
    }
    StringBuilder safe = new StringBuilder();
    name.codePoints()
        .forEach(
            point -> {
              if (Character.isISOControl(point)
                  || Character.getType(point) == Character.SURROGATE) {
                safe.append("%%%02X".formatted(point));
              } else {
                safe.appendCodePoint(point);
              }
            });
    int bytes = safe.toString().getBytes(StandardCharsets.UTF_8).length;
    return bytes <= LONGEST_NAME
        ? safe.toString()
        : safe.substring(0, LONGEST_NAME / 4) + "~" + Integer.toHexString(name.hashCode());
  }
}
