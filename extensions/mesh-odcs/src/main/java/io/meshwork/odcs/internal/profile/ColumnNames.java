package io.meshwork.odcs.internal.profile;

import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.schema.PhysicalName;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Converts the field names of one record to column names. Not thread-safe. */
final class ColumnNames {
  private final String source;
  private final String path;
  private final Map<String, String> used = new HashMap<>();

  /**
   * Creates the names of one record.
   *
   * @param path the path of the record, with a dot at its end; empty for rows
   */
  ColumnNames(String source, String path) {
    this.source = source;
    this.path = path;
  }

  /**
   * Returns the name, with underscores in place of unsupported characters.
   *
   * @throws io.meshwork.error.InvalidRequestException if it is blank, or another field has the same
   *     column name, ignoring case
   */
  String of(String name) {
    if (name.isBlank()) {
      throw SourceErrors.unsupported(
          source,
          PhysicalName.nameless(
              path.isEmpty() ? "" : path.substring(0, path.length() - 1), used.size() + 1),
          PhysicalName.NAME_IT);
    }
    String legal = PhysicalName.legal(name);
    String earlier = used.putIfAbsent(legal.toLowerCase(Locale.ROOT), name);
    if (earlier != null) {
      throw SourceErrors.unsupported(
          source,
          "'"
              + quoted(earlier)
              + "' and '"
              + quoted(name)
              + "' have the same column name, which ignores case, spaces, and punctuation",
          "Rename one of them.");
    }
    return legal;
  }

  private String quoted(String name) {
    return NameGrammar.quoted(path + name);
  }
}
