package io.meshwork.internal.rows;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** A random contract with nested columns, and rows of it as maps, extremes included. */
public final class RandomContract {
  private static final long[] LONGS = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 40};

  private final Random random;
  private final Schema schema;
  private int names;

  public RandomContract(Random random, int depth) {
    this.random = random;
    this.schema = record(depth);
  }

  public Schema schema() {
    return schema;
  }

  public Map<String, Object> row() {
    return fields(schema);
  }

  private Schema record(int depth) {
    List<Schema.Field> fields = new ArrayList<>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      fields.add(new Schema.Field("f" + i, nullable(type(depth - 1))));
    }
    return Schema.createRecord("R" + names++, null, null, false, fields);
  }

  private Schema nullable(Schema type) {
    return random.nextBoolean() ? Schema.createUnion(Schema.create(Schema.Type.NULL), type) : type;
  }

  private Schema type(int depth) {
    if (depth > 0) {
      switch (random.nextInt(6)) {
        case 0:
          return record(depth);
        case 1:
          return Schema.createArray(nullable(type(depth - 1)));
        case 2:
          return Schema.createMap(nullable(type(depth - 1)));
        default:
          break;
      }
    }
    return switch (random.nextInt(15)) {
      case 0 -> Schema.create(Schema.Type.BOOLEAN);
      case 1 -> Schema.create(Schema.Type.INT);
      case 2 -> Schema.create(Schema.Type.LONG);
      case 3 -> Schema.create(Schema.Type.FLOAT);
      case 4 -> Schema.create(Schema.Type.DOUBLE);
      case 5 -> Schema.create(Schema.Type.STRING);
      case 6 -> Schema.create(Schema.Type.BYTES);
      case 7 -> Schema.createFixed("F" + names++, null, null, 3);
      case 8 -> Schema.createEnum("E" + names++, null, null, List.of("A", "B", "C"));
      case 9 -> LogicalTypes.decimal(30, 5).addToSchema(Schema.create(Schema.Type.BYTES));
      case 10 -> LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
      case 11 -> LogicalTypes.timeMicros().addToSchema(Schema.create(Schema.Type.LONG));
      case 12 -> LogicalTypes.timestampNanos().addToSchema(Schema.create(Schema.Type.LONG));
      case 13 -> LogicalTypes.localTimestampMillis().addToSchema(Schema.create(Schema.Type.LONG));
      default -> LogicalTypes.uuid().addToSchema(Schema.create(Schema.Type.STRING));
    };
  }

  private Map<String, Object> fields(Schema record) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (Schema.Field field : record.getFields()) {
      values.put(field.name(), value(field.schema()));
    }
    return values;
  }

  private Object value(Schema schema) {
    if (schema.isUnion()) {
      return random.nextInt(4) == 0 ? null : value(schema.getTypes().get(1));
    }
    boolean extreme = random.nextInt(5) == 0;
    ColumnKind kind = ColumnKind.of(schema);
    return switch (kind) {
      case RECORD -> fields(schema);
      case LIST -> {
        List<Object> elements = new ArrayList<>();
        int length = random.nextInt(4);
        for (int i = 0; i < length; i++) {
          elements.add(value(schema.getElementType()));
        }
        yield elements;
      }
      case MAP -> {
        Map<String, Object> entries = new LinkedHashMap<>();
        int size = random.nextInt(4);
        for (int i = 0; i < size; i++) {
          entries.put(i == 0 ? "" : "key " + i, value(schema.getValueType()));
        }
        yield entries;
      }
      case BOOLEAN -> random.nextBoolean();
      case INT -> extreme ? Integer.MIN_VALUE : random.nextInt();
      case LONG -> extreme ? LONGS[random.nextInt(LONGS.length)] : random.nextLong();
      case FLOAT -> extreme ? Float.NaN : random.nextFloat();
      case DOUBLE -> extreme ? -0.0 : random.nextGaussian();
      case STRING -> extreme ? "\uDBFF\uDFFF\u0000" : "text " + random.nextInt(9);
      case BYTES -> bytes(random.nextInt(9));
      case FIXED -> bytes(3);
      case ENUM -> schema.getEnumSymbols().get(random.nextInt(3));
      case DECIMAL -> {
        BigInteger unscaled =
            extreme ? BigInteger.TEN.pow(30).subtract(BigInteger.ONE) : new BigInteger(90, random);
        yield new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), 5);
      }
      case DATE -> LocalDate.ofEpochDay(extreme ? Integer.MAX_VALUE : random.nextInt(40_000));
      case TIME -> LocalTime.ofNanoOfDay(random.nextInt(86_400) * 1_000_000_000L + 1_000);
      case INSTANT ->
          Instant.ofEpochSecond(0, extreme ? LONGS[random.nextInt(5)] : random.nextLong());
      case LOCAL_TIMESTAMP ->
          LocalDateTime.ofEpochSecond(random.nextInt(), 123_000_000, ZoneOffset.UTC);
      case UUID -> new UUID(random.nextLong(), extreme ? -1 : random.nextLong());
    };
  }

  private ByteBuffer bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return ByteBuffer.wrap(bytes);
  }
}
