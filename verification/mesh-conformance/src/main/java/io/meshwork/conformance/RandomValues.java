package io.meshwork.conformance;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** Random simple types and values, of which a fifth are extreme. */
final class RandomValues {
  private static final String[] TEXTS = {
    "", " ", "zero \u0000", "e\u0301", "\ud83d\ude80", "it's \"quoted\"", "long ".repeat(500)
  };

  private final Random random;

  RandomValues(Random random) {
    this.random = random;
  }

  /** Returns a random simple type. Named types get the name. */
  Schema type(String name) {
    return switch (random.nextInt(18)) {
      case 0 -> Schema.create(Schema.Type.BOOLEAN);
      case 1 -> Schema.create(Schema.Type.INT);
      case 2 -> Schema.create(Schema.Type.LONG);
      case 3 -> Schema.create(Schema.Type.FLOAT);
      case 4 -> Schema.create(Schema.Type.DOUBLE);
      case 5 -> Schema.create(Schema.Type.BYTES);
      case 6 -> Schema.createFixed(name, null, "random", 1 + random.nextInt(20));
      case 7 -> Schema.createEnum(name, null, "random", List.of("NEW", "PAID", "SENT"));
      case 8 -> logical(LogicalTypes.date(), Schema.Type.INT);
      case 9 -> logical(LogicalTypes.timeMillis(), Schema.Type.INT);
      case 10 -> logical(LogicalTypes.timeMicros(), Schema.Type.LONG);
      case 11 -> logical(LogicalTypes.timestampMillis(), Schema.Type.LONG);
      case 12 -> logical(LogicalTypes.timestampMicros(), Schema.Type.LONG);
      case 13 -> logical(LogicalTypes.localTimestampMillis(), Schema.Type.LONG);
      case 14 -> logical(LogicalTypes.localTimestampMicros(), Schema.Type.LONG);
      case 15 -> logical(LogicalTypes.uuid(), Schema.Type.STRING);
      case 16 -> {
        int precision = 1 + random.nextInt(38);
        yield logical(
            LogicalTypes.decimal(precision, random.nextInt(precision + 1)), Schema.Type.BYTES);
      }
      default -> Schema.create(Schema.Type.STRING);
    };
  }

  private static Schema logical(LogicalType type, Schema.Type base) {
    return type.addToSchema(Schema.create(base));
  }

  /** Returns a value that is not null, of the class that reads return. */
  Object value(Schema type) {
    boolean extreme = random.nextInt(5) == 0;
    if (type.getLogicalType() != null) {
      return logical(type, extreme);
    }
    return switch (type.getType()) {
      case BOOLEAN -> random.nextBoolean();
      case INT ->
          extreme ? (random.nextBoolean() ? Integer.MIN_VALUE : Integer.MAX_VALUE) : some(9);
      case LONG ->
          extreme ? (random.nextBoolean() ? Long.MIN_VALUE : Long.MAX_VALUE) : (long) some(9);
      case FLOAT ->
          extreme
              ? List.of(Float.NaN, -0.0f, Float.NEGATIVE_INFINITY, Float.MIN_VALUE)
                  .get(random.nextInt(4))
              : random.nextFloat();
      case DOUBLE ->
          extreme
              ? List.of(Double.NaN, -0.0, Double.POSITIVE_INFINITY, Double.MAX_VALUE)
                  .get(random.nextInt(4))
              : random.nextGaussian();
      case STRING -> extreme ? TEXTS[random.nextInt(TEXTS.length)] : "text " + some(20);
      case ENUM -> type.getEnumSymbols().get(random.nextInt(type.getEnumSymbols().size()));
      case FIXED -> bytes(type.getFixedSize());
      case BYTES -> bytes(extreme ? 0 : random.nextInt(30));
      default -> throw new IllegalArgumentException(type + " is not a simple type");
    };
  }

  private Object logical(Schema type, boolean extreme) {
    LogicalType logical = type.getLogicalType();
    long micros = extreme ? random.nextLong() >> 8 : 1_700_000_000_000_000L + random.nextInt();
    return switch (logical.getName()) {
      case "decimal" -> decimal((LogicalTypes.Decimal) logical, extreme);
      case "uuid" -> extreme ? new UUID(-1, 0) : new UUID(random.nextLong(), random.nextLong());
      case "date" -> LocalDate.ofEpochDay(extreme ? -700_000 : some(20_000));
      case "time-millis" -> LocalTime.ofNanoOfDay(random.nextInt(86_400_000) * 1_000_000L);
      case "time-micros" ->
          extreme ? LocalTime.parse("23:59:59.999999") : LocalTime.ofSecondOfDay(some(86_400));
      case "timestamp-millis" -> Instant.ofEpochMilli(Math.floorDiv(micros, 1_000));
      case "timestamp-micros" -> instant(micros);
      case "local-timestamp-millis" -> local(Math.floorDiv(micros, 1_000) * 1_000);
      default -> local(micros);
    };
  }

  private BigDecimal decimal(LogicalTypes.Decimal type, boolean extreme) {
    BigInteger limit = BigInteger.TEN.pow(type.getPrecision());
    BigInteger unscaled =
        extreme ? limit.subtract(BigInteger.ONE) : new BigInteger(130, random).mod(limit);
    return new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), type.getScale());
  }

  private static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000), Math.floorMod(micros, 1_000_000) * 1_000);
  }

  private static LocalDateTime local(long micros) {
    return LocalDateTime.ofInstant(instant(micros), ZoneOffset.UTC);
  }

  private ByteBuffer bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return ByteBuffer.wrap(bytes);
  }

  private int some(int most) {
    return random.nextInt(most);
  }
}
