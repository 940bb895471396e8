package io.meshwork.internal.parquet.read;

import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.Literal;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;

/**
 * Selects part of a file's columns at every level, in a different order, with fields that the file
 * lacks; by ID with different names. The expected result is computed from the complete rows.
 */
final class RandomProjection {
  private final Random random;
  private final Schema file;
  private int nextId = 10_000;

  RandomProjection(Random random, Schema file) {
    this.random = random;
    this.file = file;
  }

  void check(String about, Path path, ColumnMatch match, List<GenericRecord> rows) {
    boolean renamed = match == ColumnMatch.BY_FIELD_ID;
    Types.StructType wanted = struct(file.asStruct(), renamed);
    List<Object> expected = new ArrayList<>();
    for (GenericRecord row : rows) {
      expected.add(project(RandomNestedAvro.plain(row), file.asStruct(), wanted));
    }
    long soft = random.nextBoolean() ? 128L << 20 : 500 + random.nextInt(10_000);
    try (ParquetReader reader = ReadRows.open(path)) {
      List<Map<String, Object>> chunkIndex =
          NestedReaderPropertyTest.rows(reader, new Schema(wanted.fields()), match, soft);
      NestedReaderPropertyTest.assertSame(about + " as " + wanted, chunkIndex, expected);
    }
  }

  private Types.StructType struct(Types.StructType of, boolean renamed) {
    List<NestedField> fields = new ArrayList<>();
    for (NestedField field : of.fields()) {
      if (random.nextInt(3) > 0) {
        String name = renamed ? "new_" + field.name() : field.name();
        Type type = type(field.type(), renamed);
        fields.add(
            field.isRequired()
                ? NestedField.required(field.fieldId(), name, type)
                : NestedField.optional(field.fieldId(), name, type));
      }
    }
    while (fields.isEmpty() || random.nextInt(3) == 0) {
      fields.add(absent());
    }
    Collections.shuffle(fields, random);
    return Types.StructType.of(fields);
  }

  private NestedField absent() {
    int id = nextId++;
    String name = "absent" + id;
    return switch (random.nextInt(4)) {
      case 0 -> NestedField.optional(id, name, Types.StringType.get());
      case 1 ->
          NestedField.optional(id, name, Types.ListType.ofOptional(nextId++, Types.LongType.get()));
      case 2 ->
          NestedField.optional(
              id,
              name,
              Types.StructType.of(NestedField.required(nextId++, "part", Types.BooleanType.get())));
      default ->
          NestedField.required(name)
              .withId(id)
              .ofType(Types.LongType.get())
              .withInitialDefault(Literal.of(77L))
              .build();
    };
  }

  private Type type(Type type, boolean renamed) {
    return switch (type.typeId()) {
      case STRUCT -> struct(type.asStructType(), renamed);
      case LIST -> {
        Types.ListType list = type.asListType();
        Type element = type(list.elementType(), renamed);
        yield list.isElementOptional()
            ? Types.ListType.ofOptional(list.elementId(), element)
            : Types.ListType.ofRequired(list.elementId(), element);
      }
      case MAP -> {
        Types.MapType map = type.asMapType();
        Type value = type(map.valueType(), renamed);
        yield map.isValueOptional()
            ? Types.MapType.ofOptional(map.keyId(), map.valueId(), map.keyType(), value)
            : Types.MapType.ofRequired(map.keyId(), map.valueId(), map.keyType(), value);
      }
      case INTEGER -> Types.LongType.get();
      case FLOAT -> Types.DoubleType.get();
      default -> type;
    };
  }

  private static Object project(Object value, Type from, Type to) {
    if (value == null) {
      return null;
    }
    return switch (to.typeId()) {
      case STRUCT -> {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (NestedField field : to.asStructType().fields()) {
          NestedField source = from.asStructType().field(field.fieldId());
          fields.put(
              field.name(),
              source == null
                  ? field.initialDefault()
                  : project(((Map<?, ?>) value).get(source.name()), source.type(), field.type()));
        }
        yield fields;
      }
      case LIST -> {
        List<Object> elements = new ArrayList<>();
        Type element = from.asListType().elementType();
        for (Object each : (List<?>) value) {
          elements.add(project(each, element, to.asListType().elementType()));
        }
        yield elements;
      }
      case MAP -> {
        Map<Object, Object> entries = new LinkedHashMap<>();
        Type entry = from.asMapType().valueType();
        ((Map<?, ?>) value)
            .forEach(
                (key, each) -> entries.put(key, project(each, entry, to.asMapType().valueType())));
        yield entries;
      }
      case LONG -> ((Number) value).longValue();
      case DOUBLE -> ((Number) value).doubleValue();
      default -> value;
    };
  }
}
