package io.meshwork.internal.parquet.read;

import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/**
 * Nested schemas and rows from a seed: nulls and empty lists at each level, and some long lists.
 */
public final class RandomNestedAvro {
  private static final Schema NULL = Schema.create(Schema.Type.NULL);

  private final Random random;
  private final RandomAvro leaves;
  private final boolean nullElements;
  private int names;

  /** {@code nullElements} is false for list formats that do not support null elements. */
  public RandomNestedAvro(Random random, boolean nullElements) {
    this.random = random;
    this.leaves = new RandomAvro(random);
    this.nullElements = nullElements;
  }

  public Schema schema(int depth) {
    return record(depth);
  }

  private Schema record(int depth) {
    String name = "R" + names++;
    List<Schema.Field> fields = new ArrayList<>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      fields.add(new Schema.Field("f" + i, optional(type(depth - 1), true), null, null));
    }
    return Schema.createRecord(name, null, "test", false, fields);
  }

  private Schema type(int depth) {
    if (depth > 0) {
      switch (random.nextInt(5)) {
        case 0:
          return record(depth);
        case 1, 2:
          return Schema.createArray(optional(type(depth - 1), nullElements));
        case 3:
          return Schema.createMap(optional(type(depth - 1), true));
        default:
      }
    }
    return leaves.type(names++);
  }

  private Schema optional(Schema type, boolean allowed) {
    return allowed && random.nextInt(3) > 0 ? Schema.createUnion(NULL, type) : type;
  }

  public List<GenericRecord> rows(Schema schema, int count) {
    List<GenericRecord> rows = new ArrayList<>(count);
    for (int row = 0; row < count; row++) {
      rows.add((GenericRecord) value(schema));
    }
    return rows;
  }

  private Object value(Schema type) {
    return switch (type.getType()) {
      case UNION -> random.nextInt(4) == 0 ? null : value(type.getTypes().get(1));
      case RECORD -> {
        GenericRecord record = new GenericData.Record(type);
        type.getFields().forEach(field -> record.put(field.pos(), value(field.schema())));
        yield record;
      }
      case ARRAY -> {
        List<Object> list = new ArrayList<>();
        int length = length();
        for (int i = 0; i < length; i++) {
          list.add(value(type.getElementType()));
        }
        yield list;
      }
      case MAP -> {
        Map<String, Object> map = new LinkedHashMap<>();
        int length = length();
        for (int i = 0; i < length; i++) {
          map.put("k" + random.nextInt(3) + i, value(type.getValueType()));
        }
        yield map;
      }
      default -> leaves.value(type);
    };
  }

  private int length() {
    return random.nextInt(4) == 0 ? 0 : random.nextInt(100) == 0 ? 40 : 1 + random.nextInt(3);
  }

  /** Converts a reference value to the classes that {@link VectorBatch#value} uses. */
  public static Object plain(Object value) {
    if (value instanceof GenericRecord record) {
      Map<String, Object> fields = new LinkedHashMap<>();
      record
          .getSchema()
          .getFields()
          .forEach(field -> fields.put(field.name(), plain(record.get(field.pos()))));
      return fields;
    } else if (value instanceof List<?> list) {
      List<Object> elements = new ArrayList<>();
      list.forEach(element -> elements.add(plain(element)));
      return elements;
    } else if (value instanceof Map<?, ?> map) {
      Map<Object, Object> entries = new LinkedHashMap<>();
      map.forEach((key, entry) -> entries.put(key.toString(), plain(entry)));
      return entries;
    }
    return OracleFile.plain(value);
  }
}
