package io.meshwork.internal.materializers;

import io.meshwork.internal.rows.ColumnKind;
import io.meshwork.internal.rows.JavaTypes;
import io.meshwork.internal.rows.RecordComponents;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Computes the columns that a target type needs, as paths. Follows the table's types, so a
 * recursive Java record ends where the table does.
 */
final class ReaderPaths {
  private static final String INNER = "(\\[]|\\{})+$";

  private final Set<String> paths = new LinkedHashSet<>();

  private ReaderPaths() {}

  static List<String> of(Class<?> recordType, org.apache.iceberg.Schema table) {
    ReaderPaths paths = new ReaderPaths();
    paths.record("", RecordComponents.of(recordType), table.columns());
    return List.copyOf(paths.paths);
  }

  static List<String> of(Schema readerSchema, org.apache.iceberg.Schema table) {
    ReaderPaths paths = new ReaderPaths();
    paths.record("", readerSchema, table.columns());
    return List.copyOf(paths.paths);
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
    Map<String, Types.NestedField> byName = new HashMap<>();
    stored.forEach(field -> byName.put(field.name(), field));
    AvroFieldLookup lookup = new AvroFieldLookup(reader, byName.keySet());
    for (Schema.Field field : reader.getFields()) {
      List<String> names = lookup.suggestions(field);
      for (String name : names) {
        Types.NestedField column = byName.get(name);
        if (column != null) {
          value(prefix + name, field.schema(), column.type());
        }
      }
      if (names.isEmpty() && !field.hasDefaultValue()) {
        paths.add(prefix + field.name());
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
      int before = paths.size();
      record(path + ".", wanted, stored.asStructType().fields());
      if (paths.size() == before) {
        whole(path);
      }
    } else if (kind == Schema.Type.ARRAY && stored.isListType()) {
      value(path + "[]", wanted.getElementType(), stored.asListType().elementType());
    } else if (kind == Schema.Type.MAP && stored.isMapType()) {
      value(path + "{}", wanted.getValueType(), stored.asMapType().valueType());
    } else {
      whole(path);
    }
  }

  /** Elements and values without a record type need no path beyond their column. */
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
