package io.meshwork.cli.internal.file;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Makes rows of one major version rows of another. Columns retain the types of the row, so that a
 * publish converts them. Thread-safe.
 */
final class RowMapping {
  private final List<String> columns;
  private final Map<String, String> sources;
  private final Map<String, String> renamed;
  private final Map<String, Constant> constants;
  private @Nullable MappedSchema last;

  /**
   * Creates a mapping.
   *
   * @param columns the columns of the other version
   * @param sources the column of the row, for columns that the user named
   * @param renamed the column of the row that a column continues, unless the row has one of its
   *     name
   * @param constants the columns that have the same value in each row
   */
  RowMapping(
      List<String> columns,
      Map<String, String> sources,
      Map<String, String> renamed,
      Map<String, Constant> constants) {
    this.columns = columns;
    this.sources = sources;
    this.renamed = renamed;
    this.constants = constants;
  }

  /** A value of each row. */
  record Constant(Schema type, Object value) {
    static Constant text(String text) {
      return new Constant(Schema.create(Schema.Type.STRING), text);
    }
  }

  /** The schema that rows of a schema get. */
  private record MappedSchema(Schema from, Schema to) {}

  GenericRecord of(GenericRecord row) {
    Schema schema = schema(row.getSchema());
    GenericRecord mapped = new GenericData.Record(schema);
    for (Schema.Field field : schema.getFields()) {
      Constant constant = constants.get(field.name());
      mapped.put(
          field.pos(),
          constant == null
              ? row.get(source(field.name(), row.getSchema()::getField))
              : constant.value());
    }
    return mapped;
  }

  Map<String, Object> ofMap(Map<String, Object> row) {
    Map<String, Object> mapped = new LinkedHashMap<>();
    for (String column : columns) {
      Constant constant = constants.get(column);
      Object value = constant == null ? row.get(source(column, row::get)) : constant.value();
      if (value != null) {
        mapped.put(column, value);
      }
    }
    return mapped;
  }

  private Schema schema(Schema row) {
    MappedSchema cached = last;
    if (cached == null || !cached.from().equals(row)) {
      cached = new MappedSchema(row, mapped(row));
      last = cached;
    }
    return cached.to();
  }

  private Schema mapped(Schema row) {
    List<Schema.Field> fields = new ArrayList<>();
    for (String column : columns) {
      Constant constant = constants.get(column);
      Schema.Field source = row.getField(source(column, row::getField));
      if (constant != null) {
        fields.add(new Schema.Field(column, constant.type()));
      } else if (source != null) {
        fields.add(new Schema.Field(column, source.schema()));
      }
    }
    return Schema.createRecord(row.getName(), null, null, false, fields);
  }

  private String source(String column, Function<String, @Nullable Object> row) {
    String named = sources.get(column);
    if (named != null) {
      return named;
    }
    return row.apply(column) == null ? renamed.getOrDefault(column, column) : column;
  }
}
