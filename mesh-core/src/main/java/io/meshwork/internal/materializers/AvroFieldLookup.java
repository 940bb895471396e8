package io.meshwork.internal.materializers;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Finds the column of a field of a reader's Avro record, by name or alias. */
final class AvroFieldLookup {
  private final Set<String> columns;

  /** The fields that match each column, in order; usually one. */
  private final Map<String, List<Schema.Field>> fields = new HashMap<>();

  /** Creates the lookup. {@code columns} are the available column names. */
  AvroFieldLookup(Schema reader, Collection<String> columns) {
    this.columns = Set.copyOf(columns);
    for (Schema.Field field : reader.getFields()) {
      for (String column : suggestions(field)) {
        fields.computeIfAbsent(column, absent -> new ArrayList<>(1)).add(field);
      }
    }
  }

  /** Returns the columns that match the field's name or aliases; more than one is ambiguous. */
  List<String> suggestions(Schema.Field field) {
    Set<String> names = new LinkedHashSet<>();
    if (columns.contains(field.name())) {
      names.add(field.name());
    }
    for (String alias : field.aliases()) {
      if (columns.contains(alias)) {
        names.add(alias);
      }
    }
    return List.copyOf(names);
  }

  /** Returns another field of the record that matches the same column; null if there is none. */
  Schema.@Nullable Field conflicting(Schema.Field field, String column) {
    for (Schema.Field alternative : fields.getOrDefault(column, List.of())) {
      if (alternative.pos() != field.pos()) {
        return alternative;
      }
    }
    return null;
  }
}
