package io.meshwork.internal.rows;

import io.meshwork.internal.schema.NamesInFiles;
import java.util.Objects;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A declared column of a text file, or a part of one.
 *
 * @param name its name in the enclosing row or record
 * @param path its path, as in violations
 * @param type its Avro type, without null
 * @param kind the kind of the type
 * @param fields the fields of a record, by name and by their names in files
 * @param inner the element of a list, or the value of a map; null for other kinds
 */
record TextColumn(
    String name,
    String path,
    Schema type,
    ColumnKind kind,
    NamesInFiles<TextColumn> fields,
    @Nullable TextColumn inner) {

  /** Returns the columns of a record by name, and by their names in files. */
  static NamesInFiles<TextColumn> of(Schema record, String prefix) {
    return NamesInFiles.of(record)
        .with(field -> column(field.name(), prefix + field.name(), field.schema()));
  }

  private static TextColumn column(String name, String path, Schema schema) {
    Schema type = Objects.requireNonNull(ColumnKind.withoutNull(schema), path);
    ColumnKind kind = Objects.requireNonNull(ColumnKind.of(type), path);
    return new TextColumn(
        name,
        path,
        type,
        kind,
        kind == ColumnKind.RECORD ? of(type, path + ".") : NamesInFiles.none(),
        switch (kind) {
          case LIST -> column(name, path + "[]", type.getElementType());
          case MAP -> column(name, path + "{}", type.getValueType());
          default -> null;
        });
  }

  TextColumn element() {
    return Objects.requireNonNull(inner, path);
  }
}
