package io.meshwork.internal.majors;

import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.schema.SchemaEvolution;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.Schema;

/** Which columns of an older contract have another name in a newer one. Used once. */
final class ColumnRenamings {
  private final Map<String, String> newPaths;
  private final Set<String> applied = new HashSet<>();

  /** Takes the new paths by their old paths. */
  ColumnRenamings(Map<String, String> newPaths) {
    this.newPaths = Map.copyOf(newPaths);
  }

  /**
   * Returns the old names of a record's fields by their new names. A declared renaming precedes an
   * equal name, which precedes an alias.
   *
   * @param olderPrefix the path of the older record, with the dot that its fields follow
   * @param newerPrefix the prefix of the newer record
   */
  Map<String, String> oldNames(String olderPrefix, Schema older, String newerPrefix, Schema newer) {
    Map<String, String> declared = new HashMap<>();
    for (Schema.Field field : older.getFields()) {
      String path = olderPrefix + field.name();
      String now = newPaths.get(path);
      if (now != null && now.startsWith(newerPrefix)) {
        String name = now.substring(newerPrefix.length());
        if (newer.getField(name) != null && !declared.containsKey(name)) {
          declared.put(name, field.name());
          applied.add(path);
        }
      }
    }
    Map<String, String> names = new HashMap<>(SchemaEvolution.sources(older, newer));
    names.values().removeAll(declared.values());
    names.putAll(declared);
    return names;
  }

  /** Throws if a renaming was not applied. */
  void requireAllApplied() {
    Set<String> unknown = new TreeSet<>(newPaths.keySet());
    unknown.removeAll(applied);
    if (!unknown.isEmpty()) {
      String path = unknown.iterator().next();
      throw ArgumentChecks.refused(
          "renameColumn",
          "of '"
              + NameGrammar.quoted(path)
              + "' to '"
              + NameGrammar.quoted(newPaths.getOrDefault(path, ""))
              + "' does not name a column of both contracts within the same record",
          "Name a column of the current contract, and its new path in the new contract.");
    }
  }
}
