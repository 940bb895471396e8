package io.meshwork.hadoop;

import io.meshwork.internal.parquet.schema.HybridCalendar;
import io.meshwork.internal.parquet.schema.ParquetColumn;
import io.meshwork.internal.parquet.schema.ParquetFileSchema.Field;
import io.meshwork.internal.parquet.schema.ParquetFileSchema.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.jspecify.annotations.Nullable;

/**
 * Assembles records from columns by their definition and repetition levels. The fields have the
 * levels, so lists of any encoding are read alike. Not thread-safe.
 */
final class RecordAssembly {
  private final FileMetaData footer;
  private final @Nullable HybridCalendar calendar;
  private final Schema schema;
  private final StructReader rows;
  private final List<ColumnDescriptor> columns;
  private final ColumnReader[] readers;

  /**
   * Creates an assembly.
   *
   * @param fields the top-level columns
   * @param schema a record with a field for each of them, in their order
   */
  RecordAssembly(FileMetaData footer, List<Field> fields, Schema schema) {
    this.footer = footer;
    this.calendar = HybridCalendar.of(footer.getKeyValueMetaData());
    this.schema = schema;
    this.columns = footer.getSchema().getColumns();
    this.readers = new ColumnReader[columns.size()];
    this.rows = new StructReader(null, 0, parts(fields, schema), schema);
  }

  Schema schema() {
    return schema;
  }

  /** Starts to read a row group. */
  void open(PageReadStore pages) {
    ColumnReadStoreImpl store =
        new ColumnReadStoreImpl(
            pages,
            new UnusedConverter(footer.getSchema()),
            footer.getSchema(),
            footer.getCreatedBy());
    for (int i = 0; i < readers.length; i++) {
      readers[i] = store.getColumnReader(columns.get(i));
    }
  }

  /** Returns the next row of the row group. */
  GenericRecord next() {
    return rows.record();
  }

  private List<ValueReader> parts(List<Field> fields, Schema record) {
    List<ValueReader> parts = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      parts.add(part(fields.get(i), value(record.getFields().get(i).schema())));
    }
    return parts;
  }

  private ValueReader part(Field field, Schema type) {
    ParquetColumn leaf = field.leaf();
    if (leaf != null) {
      return new LeafReader(
          leaf.index(), leaf.maxDefinitionLevel(), LeafValue.of(leaf.type(), type, calendar));
    }
    return switch (field.kind()) {
      case LIST ->
          new RepeatedReader(
              field, List.of(part(field.parts().get(0), value(type.getElementType()))));
      case MAP ->
          new RepeatedReader(
              field,
              List.of(
                  part(field.parts().get(0), Schema.create(Schema.Type.STRING)),
                  part(field.parts().get(1), value(type.getValueType()))));
      default ->
          new StructReader(
              field.column(), field.definitionLevel(), parts(field.parts(), type), type);
    };
  }

  /** Returns a type without null. */
  private static Schema value(Schema type) {
    if (!type.isUnion()) {
      return type;
    }
    Schema first = type.getTypes().get(0);
    return first.getType() == Schema.Type.NULL ? type.getTypes().get(1) : first;
  }

  /** A field of a record, an element, or a part of an entry. */
  private abstract static class ValueReader {
    /** Reads one value, and moves all columns within it behind it. */
    abstract @Nullable Object read();

    /** Moves all columns within it behind a value that is absent. */
    abstract void skip();
  }

  private final class LeafReader extends ValueReader {
    private final int column;
    private final int maxDefinitionLevel;
    private final LeafValue value;

    LeafReader(int column, int maxDefinitionLevel, LeafValue value) {
      this.column = column;
      this.maxDefinitionLevel = maxDefinitionLevel;
      this.value = value;
    }

    @Override
    @Nullable Object read() {
      ColumnReader reader = readers[column];
      Object read =
          reader.getCurrentDefinitionLevel() == maxDefinitionLevel ? value.read(reader) : null;
      reader.consume();
      return read;
    }

    @Override
    void skip() {
      readers[column].consume();
    }
  }

  private final class StructReader extends ValueReader {
    private final @Nullable ParquetColumn column;
    private final int definitionLevel;
    private final List<ValueReader> fields;
    private final Schema type;

    StructReader(
        @Nullable ParquetColumn column,
        int definitionLevel,
        List<ValueReader> fields,
        Schema type) {
      this.column = column;
      this.definitionLevel = definitionLevel;
      this.fields = fields;
      this.type = type;
    }

    @Override
    @Nullable Object read() {
      if (column != null && readers[column.index()].getCurrentDefinitionLevel() < definitionLevel) {
        skip();
        return null;
      }
      return record();
    }

    GenericRecord record() {
      GenericRecord record = new GenericData.Record(type);
      for (int i = 0; i < fields.size(); i++) {
        record.put(i, fields.get(i).read());
      }
      return record;
    }

    @Override
    void skip() {
      fields.forEach(ValueReader::skip);
    }
  }

  /** A list, or a map, which has two parts. */
  private final class RepeatedReader extends ValueReader {
    private final Field field;
    private final int column;
    private final List<ValueReader> parts;

    RepeatedReader(Field field, List<ValueReader> parts) {
      this.field = field;
      // A list without a leaf has no element type, so the schema was rejected before.
      this.column = field.column() == null ? 0 : field.column().index();
      this.parts = parts;
    }

    @Override
    @Nullable Object read() {
      int level = readers[column].getCurrentDefinitionLevel();
      if (level < field.definitionLevel()) {
        skip();
        return null;
      }
      boolean empty = level < field.repeatedDefinitionLevel();
      if (empty) {
        skip();
      }
      return field.kind() == Kind.MAP ? entries(empty) : elements(empty);
    }

    private List<@Nullable Object> elements(boolean empty) {
      List<@Nullable Object> elements = new ArrayList<>();
      for (boolean more = !empty; more; more = continues()) {
        elements.add(parts.get(0).read());
      }
      return elements;
    }

    private Map<@Nullable Object, @Nullable Object> entries(boolean empty) {
      Map<@Nullable Object, @Nullable Object> entries = new HashMap<>();
      for (boolean more = !empty; more; more = continues()) {
        Object key = parts.get(0).read();
        if (entries.containsKey(key)) {
          // Retains both keys, so that the publish reports the row instead of losing a value.
          entries = new IdentityHashMap<>(entries);
        }
        entries.put(key, parts.get(1).read());
      }
      return entries;
    }

    private boolean continues() {
      return readers[column].getCurrentRepetitionLevel() == field.repetitionLevel();
    }

    @Override
    void skip() {
      parts.forEach(ValueReader::skip);
    }
  }
}
