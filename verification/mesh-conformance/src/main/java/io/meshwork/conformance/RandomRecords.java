package io.meshwork.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Random schemas and rows from a seed: records, arrays, and maps of any depth, nulls and empty
 * values at each level, and extreme values. The same seed gives the same schemas and rows; print it
 * in the message of a failing test. Not thread-safe.
 */
public final class RandomRecords {
  private static final Schema NULL = Schema.create(Schema.Type.NULL);

  private final Random random;
  private final RandomValues values;
  private int names;

  /** Creates a generator of schemas that every table format supports, without nanoseconds. */
  public RandomRecords(long seed) {
    this.random = new Random(seed);
    this.values = new RandomValues(random);
  }

  /**
   * Returns a record schema with one to four columns.
   *
   * @param depth the maximum nesting depth of the columns; 1 for simple types only
   */
  public Schema schema(int depth) {
    return record(depth);
  }

  private Schema record(int depth) {
    String name = "R" + names++;
    List<Schema.Field> fields = new ArrayList<>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      fields.add(new Schema.Field("f" + i, optional(type(depth - 1)), null, null));
    }
    return Schema.createRecord(name, null, "random", false, fields);
  }

  private Schema type(int depth) {
    if (depth > 0) {
      switch (random.nextInt(5)) {
        case 0, 1:
          return record(depth);
        case 2:
          return Schema.createArray(optional(type(depth - 1)));
        case 3:
          return Schema.createMap(optional(type(depth - 1)));
        default:
          break;
      }
    }
    return values.type("N" + names++);
  }

  private Schema optional(Schema type) {
    return random.nextInt(3) > 0 ? Schema.createUnion(NULL, type) : type;
  }

  /**
   * Returns rows as maps with the values that a read as maps returns, so that published and read
   * rows can be compared.
   */
  public List<Map<String, Object>> rows(Schema schema, int count) {
    List<Map<String, Object>> rows = new ArrayList<>(count);
    for (int row = 0; row < count; row++) {
      rows.add(recordValue(schema));
    }
    return rows;
  }

  private Map<String, Object> recordValue(Schema schema) {
    Map<String, Object> record = new LinkedHashMap<>();
    for (Schema.Field field : schema.getFields()) {
      RowMaps.put(record, field.name(), value(field.schema()));
    }
    return record;
  }

  private @Nullable Object value(Schema type) {
    return switch (type.getType()) {
      case UNION -> random.nextInt(4) == 0 ? null : value(type.getTypes().get(1));
      case RECORD -> recordValue(type);
      case ARRAY -> {
        List<@Nullable Object> list = new ArrayList<>();
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
          RowMaps.put(map, key(i), value(type.getValueType()));
        }
        yield map;
      }
      default -> values.value(type);
    };
  }

  private String key(int number) {
    return switch (random.nextInt(6)) {
      case 0 -> " ".repeat(number);
      case 1 -> "\ud83d\ude80" + number;
      case 2 -> "k.[]{}'" + number;
      default -> "key " + number;
    };
  }

  private int length() {
    return random.nextInt(4) == 0 ? 0 : random.nextInt(100) == 0 ? 40 : 1 + random.nextInt(3);
  }
}
