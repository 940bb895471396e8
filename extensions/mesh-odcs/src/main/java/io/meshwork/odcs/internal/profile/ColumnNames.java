package io.meshwork.odcs.internal.profile;

import io.meshwork.internal.schema.PhysicalName;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Converts the field names of one record to column names, no two of which are alike. A name that a
 * column can have stays. Not thread-safe.
 */
final class ColumnNames {
  private final String source;
  private final String path;
  private final Set<String> used = new HashSet<>();
  private final Set<String> retained = new HashSet<>();
  private int number;

  /**
   * Creates the names of one record.
   *
   * @param path the path of the record, with a dot at its end; empty for rows
   * @param all the names of its fields
   */
  ColumnNames(String source, String path, Collection<String> all) {
    this.source = source;
    this.path = path;
    for (String name : all) {
      if (!name.isBlank() && PhysicalName.legal(name).equals(name) && used.add(folded(name))) {
        retained.add(name);
      }
    }
  }

  /**
   * Returns the name in letters of ASCII, with underscores in place of other characters, and a
   * number if another field has the name.
   *
   * @throws io.meshwork.error.InvalidRequestException if it is blank
   */
  String of(String name) {
    number++;
    if (name.isBlank()) {
      throw SourceErrors.unsupported(
          source,
          PhysicalName.nameless(path.isEmpty() ? "" : path.substring(0, path.length() - 1), number),
          PhysicalName.NAME_IT);
    }
    if (retained.contains(name)) {
      return name;
    }
    String legal = PhysicalName.legal(name);
    String first = legal.equals("_") ? "column_" + number : legal;
    String unique = first;
    for (int i = 2; !used.add(folded(unique)); i++) {
      unique = first + "_" + i;
    }
    return unique;
  }

  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
