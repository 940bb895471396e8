package io.meshwork.internal.rows;

import io.meshwork.internal.schema.NamesInFiles;
import io.meshwork.internal.schema.TextFormat;
import java.util.Objects;
import java.util.function.Function;
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
 * @param format the parser of strings in a declared form; null for the plain form
 * @param inner the element of a list, or the value of a map; null for other kinds
 */
record TextColumn(
    String name,
    String path,
    Schema type,
    ColumnKind kind,
    NamesInFiles<TextColumn> fields,
    @Nullable FormattedText format,
    @Nullable TextColumn inner) {

  /**
   * Returns the columns of a record by name, and by their names in files.
   *
   * @param formats how the values of a field are written
   */
  static NamesInFiles<TextColumn> of(
      Schema record, String prefix, Function<Schema.Field, TextFormat> formats) {
    return NamesInFiles.of(record)
        .with(
            field -> {
              TextFormat format = formats.apply(field);
              return column(
                  field.name(),
                  prefix + field.name(),
                  field.schema(),
                  format.isPlain() ? null : format,
                  formats);
            });
  }

  private static TextColumn column(
      String name,
      String path,
      Schema schema,
      @Nullable TextFormat format,
      Function<Schema.Field, TextFormat> formats) {
    Schema type = Objects.requireNonNull(ColumnKind.withoutNull(schema), path);
    ColumnKind kind = Objects.requireNonNull(ColumnKind.of(type), path);
    return new TextColumn(
        name,
        path,
        type,
        kind,
        kind == ColumnKind.RECORD ? of(type, path + ".", formats) : NamesInFiles.none(),
        format == null || kind.nested() ? null : FormattedText.of(kind, format),
        switch (kind) {
          case LIST -> column(name, path + "[]", type.getElementType(), format, formats);
          case MAP -> column(name, path + "{}", type.getValueType(), format, formats);
          default -> null;
        });
  }

  TextColumn element() {
    return Objects.requireNonNull(inner, path);
  }
}
