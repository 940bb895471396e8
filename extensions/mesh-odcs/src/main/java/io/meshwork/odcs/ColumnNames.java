package io.meshwork.odcs;

import io.meshwork.internal.naming.NameGrammar;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Names of fields as a contract may have them, next to each other. Not thread-safe. */
final class ColumnNames {
  private final String source;
  private final String path;
  private final Map<String, String> taken = new HashMap<>();

  /**
   * Names in one record.
   *
   * @param path of the record, with a dot at its end; empty for rows
   */
  ColumnNames(String source, String path) {
    this.source = source;
    this.path = path;
  }

  /**
   * The name itself, or with underscores where it has what a name may not have.
   *
   * @throws io.meshwork.error.InvalidRequestException if another has it but for case
   */
  String of(String name) {
    String legal = name.replaceAll("[^A-Za-z0-9_]+", "_");
    if (!name.matches("[A-Za-z0-9_].*[A-Za-z0-9_]")) {
      legal = legal.replaceAll("^_+(?=.)|(?<=.)_+$", "");
    }
    if (legal.isEmpty() || Character.isDigit(legal.charAt(0))) {
      legal = "_" + legal;
    }
    if (legal.toLowerCase(Locale.ROOT).startsWith("_mesh")) {
      legal = "c" + legal;
    }
    String earlier = taken.putIfAbsent(legal.toLowerCase(Locale.ROOT), name);
    if (earlier != null) {
      throw BadSource.unsupported(
          source,
          "'"
              + quoted(earlier)
              + "' and '"
              + quoted(name)
              + "' are one name of a column, for which case, spaces and signs do not count",
          "Rename one of them.");
    }
    return legal;
  }

  private String quoted(String name) {
    return NameGrammar.quoted(path + name);
  }
}
