package io.meshwork.internal.rows;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A declared column of a text file, or a part of one.
 *
 * @param path its path, as in violations
 * @param type its Avro type, without null
 * @param kind the kind of the type
 * @param fields the fields of a record, by name
 * @param inner the element of a list, or the value of a map; null for other kinds
 */
record TextColumn(
    String path,
    Schema type,
    ColumnKind kind,
    Map<String, TextColumn> fields,
    @Nullable TextColumn inner) {

  /** Returns the columns of a record by name, in its order. */
  static List<Map.Entry<String, TextColumn>> of(Schema record, String prefix) {
    List<Map.Entry<String, TextColumn>> columns = new ArrayList<>();
    for (Schema.Field field : record.getFields()) {
      columns.add(Map.entry(field.name(), column(prefix + field.name(), field.schema())));
    }
    return columns;
  }

  private static TextColumn column(String path, Schema schema) {
    Schema type = Objects.requireNonNull(ColumnKind.withoutNull(schema), path);
    ColumnKind kind = Objects.requireNonNull(ColumnKind.of(type), path);
    Map<String, TextColumn> fields = new HashMap<>();
    if (kind == ColumnKind.RECORD) {
      of(type, path + ".").forEach(each -> fields.put(each.getKey(), each.getValue()));
    }
    return new TextColumn(
        path,
        type,
        kind,
        fields,
        switch (kind) {
          case LIST -> column(path + "[]", type.getElementType());
          case MAP -> column(path + "{}", type.getValueType());
          default -> null;
        });
  }

  TextColumn element() {
    return Objects.requireNonNull(inner, path);
  }
}
