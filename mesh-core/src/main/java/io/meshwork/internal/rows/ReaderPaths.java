package io.meshwork.internal.rows;

import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * What a type to read into needs of a table, as paths. The table's types lead the way, so a Java
 * record that holds itself ends where the table does.
 */
final class ReaderPaths {
  private static final String INNER = "(\\[]|\\{})+$";

  private final Set<String> paths = new LinkedHashSet<>();

  private ReaderPaths() {}

  static List<String> of(Class<?> recordType, org.apache.iceberg.Schema table) {
    ReaderPaths found = new ReaderPaths();
    found.record("", RecordComponents.of(recordType), table.columns());
    return List.copyOf(found.paths);
  }

  static List<String> of(Schema readerSchema, org.apache.iceberg.Schema table) {
    ReaderPaths found = new ReaderPaths();
    found.record("", readerSchema, table.columns());
    return List.copyOf(found.paths);
  }

  private void record(String prefix, RecordComponent[] components, List<Types.NestedField> stored) {
    for (RecordComponent component : components) {
      String path = prefix + RecordComponents.columnOf(component);
      Types.NestedField field = find(stored, RecordComponents.columnOf(component));
      if (field == null) {
        paths.add(path);
      } else {
        value(path, RecordComponents.valueType(component), field.type());
      }
    }
  }

  private void value(String path, Type wanted, org.apache.iceberg.types.Type stored) {
    Type content = JavaTypes.content(wanted);
    Class<?> raw = JavaTypes.raw(content);
    @Nullable Type element = JavaTypes.element(content);
    @Nullable Type entry = JavaTypes.value(content);
    if (stored.isStructType() && raw.isRecord() && raw.getRecordComponents().length > 0) {
      record(path + ".", raw.getRecordComponents(), stored.asStructType().fields());
    } else if (stored.isListType() && element != null) {
      value(path + "[]", element, stored.asListType().elementType());
    } else if (stored.isMapType() && entry != null) {
      value(path + "{}", entry, stored.asMapType().valueType());
    } else {
      whole(path);
    }
  }

  private void record(String prefix, Schema reader, List<Types.NestedField> stored) {
    for (Schema.Field field : reader.getFields()) {
      Types.NestedField found = find(stored, field.name());
      if (found == null) {
        paths.add(prefix + field.name());
      } else {
        value(prefix + field.name(), field.schema(), found.type());
      }
    }
  }

  private void value(String path, Schema reader, org.apache.iceberg.types.Type stored) {
    Schema wanted = ColumnKind.withoutNull(reader);
    Schema.Type kind = wanted == null ? Schema.Type.NULL : wanted.getType();
    if (wanted == null) {
      whole(path);
    } else if (kind == Schema.Type.RECORD
        && stored.isStructType()
        && !wanted.getFields().isEmpty()) {
      record(path + ".", wanted, stored.asStructType().fields());
    } else if (kind == Schema.Type.ARRAY && stored.isListType()) {
      value(path + "[]", wanted.getElementType(), stored.asListType().elementType());
    } else if (kind == Schema.Type.MAP && stored.isMapType()) {
      value(path + "{}", wanted.getValueType(), stored.asMapType().valueType());
    } else {
      whole(path);
    }
  }

  /** Elements and values as they are need no more than their column's name. */
  private void whole(String path) {
    paths.add(path.replaceFirst(INNER, ""));
  }

  private static Types.@Nullable NestedField find(List<Types.NestedField> fields, String name) {
    for (Types.NestedField field : fields) {
      if (field.name().equals(name)) {
        return field;
      }
    }
    return null;
  }
}
