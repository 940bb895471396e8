package io.meshwork.internal.parquet.read;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/** Flat schemas and rows from a seed, with the extremes of each type among ordinary values. */
public final class RandomAvro {
  private final Random random;

  public RandomAvro(Random random) {
    this.random = random;
  }

  Schema schema() {
    List<Schema.Field> fields = new ArrayList<>();
    int columns = 1 + random.nextInt(8);
    for (int i = 0; i < columns; i++) {
      Schema type = type(i);
      boolean optional = random.nextInt(3) > 0;
      Schema fieldType =
          optional ? Schema.createUnion(Schema.create(Schema.Type.NULL), type) : type;
      fields.add(new Schema.Field("c" + i, fieldType, null, null));
    }
    return Schema.createRecord("Row", null, "test", false, fields);
  }

  /** Returns any type without parts; the number determines its name. */
  public Schema type(int column) {
    return switch (random.nextInt(18)) {
      case 0 -> Schema.create(Schema.Type.BOOLEAN);
      case 1 -> Schema.create(Schema.Type.INT);
      case 2 -> Schema.create(Schema.Type.LONG);
      case 3 -> Schema.create(Schema.Type.FLOAT);
      case 4 -> Schema.create(Schema.Type.DOUBLE);
      case 5 -> Schema.create(Schema.Type.STRING);
      case 6 -> Schema.create(Schema.Type.BYTES);
      case 7 -> Schema.createFixed("F" + column, null, "test", 1 + random.nextInt(20));
      case 8 -> Schema.createEnum("E" + column, null, "test", List.of("NEW", "PAID", "SENT"));
      case 9 -> logical(LogicalTypes.date(), Schema.Type.INT);
      case 10 -> logical(LogicalTypes.timeMillis(), Schema.Type.INT);
      case 11 -> logical(LogicalTypes.timeMicros(), Schema.Type.LONG);
      case 12 -> logical(LogicalTypes.timestampMillis(), Schema.Type.LONG);
      case 13 -> logical(LogicalTypes.timestampMicros(), Schema.Type.LONG);
      case 14 -> logical(LogicalTypes.localTimestampMillis(), Schema.Type.LONG);
      case 15 -> logical(LogicalTypes.localTimestampMicros(), Schema.Type.LONG);
      case 16 -> decimal().addToSchema(Schema.create(Schema.Type.BYTES));
      default -> decimal().addToSchema(Schema.createFixed("D" + column, null, "test", 16));
    };
  }

  private LogicalTypes.Decimal decimal() {
    int precision = 1 + random.nextInt(38);
    return LogicalTypes.decimal(precision, random.nextInt(precision + 1));
  }

  private static Schema logical(LogicalType logical, Schema.Type type) {
    return logical.addToSchema(Schema.create(type));
  }

  List<GenericRecord> rows(Schema schema, int count) {
    // Few distinct values create dictionaries, many make them overflow; runs of nulls create runs.
    int distinct = random.nextBoolean() ? 1 + random.nextInt(20) : Integer.MAX_VALUE;
    List<List<Object>> pools = new ArrayList<>();
    List<GenericRecord> rows = new ArrayList<>(count);
    schema.getFields().forEach(field -> pools.add(new ArrayList<>()));
    boolean[] inNulls = new boolean[pools.size()];
    for (int row = 0; row < count; row++) {
      GenericRecord record = new GenericData.Record(schema);
      for (Schema.Field field : schema.getFields()) {
        int column = field.pos();
        boolean optional = field.schema().getType() == Schema.Type.UNION;
        if (random.nextInt(10) == 0) {
          inNulls[column] = random.nextBoolean();
        }
        if (!optional || !inNulls[column]) {
          Schema type = optional ? field.schema().getTypes().get(1) : field.schema();
          record.put(column, pick(pools.get(column), type, distinct));
        }
      }
      rows.add(record);
    }
    return rows;
  }

  private Object pick(List<Object> pool, Schema type, int distinct) {
    if (pool.size() < distinct) {
      Object value = value(type);
      if (distinct < Integer.MAX_VALUE) {
        pool.add(value);
      }
      return value;
    }
    return pool.get(random.nextInt(pool.size()));
  }

  /** Returns any value of a type without parts. */
  public Object value(Schema type) {
    String logical = type.getLogicalType() == null ? "" : type.getLogicalType().getName();
    return switch (logical) {
      case "date" -> LocalDate.ofEpochDay(number(3_000_000));
      case "time-millis" -> LocalTime.ofNanoOfDay(ofDay(86_400_000L) * 1_000_000);
      case "time-micros" -> LocalTime.ofNanoOfDay(ofDay(86_400_000_000L) * 1_000);
      case "timestamp-millis" -> Instant.ofEpochMilli(number(9_000_000_000_000_000L));
      case "timestamp-micros" ->
          Instant.EPOCH.plus(number(9_000_000_000_000_000_000L), ChronoUnit.MICROS);
      case "local-timestamp-micros" ->
          LocalDateTime.ofEpochSecond(0, 0, ZoneOffset.UTC)
              .plus(number(9_000_000_000_000_000_000L), ChronoUnit.MICROS);
      case "local-timestamp-millis" ->
          LocalDateTime.ofEpochSecond(0, 0, ZoneOffset.UTC)
              .plus(number(9_000_000_000_000_000L), ChronoUnit.MILLIS);
      case "decimal" -> decimal((LogicalTypes.Decimal) type.getLogicalType());
      default -> bare(type);
    };
  }

  private Object bare(Schema type) {
    return switch (type.getType()) {
      case BOOLEAN -> random.nextBoolean();
      case INT -> (int) number(Integer.MAX_VALUE);
      case LONG -> random.nextInt(20) == 0 ? Long.MIN_VALUE : number(Long.MAX_VALUE);
      case FLOAT ->
          random.nextInt(10) == 0 ? Float.NaN : Float.intBitsToFloat(random.nextInt() & 0x7F7FFFFF);
      case DOUBLE ->
          switch (random.nextInt(10)) {
            case 0 -> -0.0;
            case 1 -> Double.NEGATIVE_INFINITY;
            case 2 -> Double.MIN_VALUE;
            default -> random.nextGaussian();
          };
      case STRING -> text();
      case BYTES -> ByteBuffer.wrap(bytes(random.nextInt(40)));
      case FIXED -> new GenericData.Fixed(type, bytes(type.getFixedSize()));
      case ENUM -> new GenericData.EnumSymbol(type, type.getEnumSymbols().get(random.nextInt(3)));
      default -> throw new IllegalArgumentException("no value of " + type);
    };
  }

  private BigDecimal decimal(LogicalTypes.Decimal type) {
    BigInteger most = BigInteger.TEN.pow(type.getPrecision()).subtract(BigInteger.ONE);
    BigInteger unscaled =
        switch (random.nextInt(6)) {
          case 0 -> most;
          case 1 -> most.negate();
          case 2 -> BigInteger.ZERO;
          default -> new BigInteger(130, random).mod(most);
        };
    return new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), type.getScale());
  }

  private String text() {
    if (random.nextInt(8) == 0) {
      return "";
    }
    String start = "order/" + random.nextInt(3) + "/";
    return start
        + Long.toString(random.nextLong(), 36)
        + (random.nextInt(5) == 0 ? "äß\uD83D\uDE80" : "");
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private long ofDay(long ticks) {
    return random.nextInt(5) == 0 ? ticks - 1 : Math.floorMod(random.nextLong(), ticks);
  }

  /** Returns a small number, a clustered one, or an extreme. */
  private long number(long most) {
    return switch (random.nextInt(6)) {
      case 0 -> most;
      case 1 -> -most;
      case 2 -> random.nextInt(5);
      case 3 -> most / 2 + random.nextInt(1_000);
      default -> random.nextLong() % most;
    };
  }
}
