package io.meshwork.internal.predicate;

import io.meshwork.internal.vector.BooleanVector;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.DoubleVector;
import io.meshwork.internal.vector.FloatVector;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.StructVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * Values of each type with its extremes, in Iceberg's Java classes (times as ticks), and their
 * notation in filters and in DuckDB.
 */
public final class SampleValues {
  private SampleValues() {}

  static List<?> of(Type type) {
    return switch (type.typeId()) {
      case BOOLEAN -> List.of(true, false);
      case INTEGER -> List.of(0, 1, -1, 5, 100, 101, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case LONG -> List.of(0L, 1L, -1L, 5L, 1L << 40, Long.MIN_VALUE, Long.MAX_VALUE);
      case FLOAT ->
          List.of(
              0f,
              -0f,
              0.1f,
              1.5f,
              -1.5f,
              Float.NaN,
              Float.MIN_VALUE,
              Float.MAX_VALUE,
              -Float.MAX_VALUE,
              Float.POSITIVE_INFINITY,
              Float.NEGATIVE_INFINITY);
      case DOUBLE ->
          List.of(
              0.0,
              -0.0,
              0.1,
              1.5,
              -1.5,
              Double.NaN,
              Double.MIN_VALUE,
              -Double.MIN_VALUE,
              Double.MAX_VALUE,
              Double.POSITIVE_INFINITY,
              Double.NEGATIVE_INFINITY);
      case DECIMAL -> decimals((Types.DecimalType) type);
      case DATE ->
          List.of(
              0,
              1,
              -1,
              19_700,
              (int) LocalDate.of(1, 1, 1).toEpochDay(),
              (int) LocalDate.of(9999, 12, 31).toEpochDay());
      case TIME -> List.of(0L, 1L, 43_200_000_000L, 86_399_999_999L);
      case TIMESTAMP -> List.of(0L, 1L, -1L, 1_700_000_000_123_456L, -62_135_596_800_000_000L);
      case TIMESTAMP_NANO ->
          List.of(0L, 1L, -1L, 1_700_000_000_123_456_789L, -9_000_000_000_000_000_001L);
      case STRING ->
          List.of(
              "",
              "a",
              "A",
              "ab",
              "abc",
              "b",
              "a_b",
              "50%",
              "it's",
              "é",
              "éa",
              "\uFFFD",
              "\uD83D\uDE00",
              "z".repeat(70),
              "z".repeat(70) + "a",
              "\uDBFF\uDFFF".repeat(20));
      case UUID ->
          List.of(
              new UUID(0, 0),
              new UUID(0, -1),
              new UUID(Long.MAX_VALUE, 7),
              new UUID(Long.MIN_VALUE, 7),
              new UUID(-1, -1),
              new UUID(1L << 40, 1));
      default -> throw new IllegalArgumentException(type.toString());
    };
  }

  private static List<?> decimals(Types.DecimalType type) {
    BigDecimal most =
        new BigDecimal(BigInteger.TEN.pow(type.precision()).subtract(BigInteger.ONE), type.scale());
    BigDecimal one = BigDecimal.ONE.setScale(type.scale());
    BigDecimal tick = new BigDecimal(BigInteger.ONE, type.scale());
    return List.of(
        BigDecimal.ZERO.setScale(type.scale()),
        one,
        one.negate(),
        one.add(tick),
        tick,
        tick.negate(),
        most,
        most.negate());
  }

  /** Returns false for values without a literal. */
  static boolean canBeWritten(Object value) {
    return !(value instanceof Number number)
        || value instanceof BigDecimal
        || Double.isFinite(number.doubleValue());
  }

  /** Returns the value as a filter literal. */
  static String literal(Type type, Object value) {
    return switch (type.typeId()) {
      case DECIMAL -> ((BigDecimal) value).toPlainString();
      case DATE -> "DATE '" + LocalDate.ofEpochDay((Integer) value) + "'";
      case TIME -> "'" + LocalTime.ofNanoOfDay((Long) value * 1_000) + "'";
      case TIMESTAMP, TIMESTAMP_NANO -> "TIMESTAMP '" + time(type, value) + "'";
      case STRING -> "'" + ((String) value).replace("'", "''") + "'";
      case UUID -> "'" + value + "'";
      default -> value.toString();
    };
  }

  /**
   * Returns the value as a DuckDB literal of the column's type, so that no conversion is needed.
   */
  static String duckDb(Type type, Object value) {
    String text = value.toString();
    return switch (type.typeId()) {
      case BOOLEAN -> text;
      case INTEGER -> "CAST('" + text + "' AS INTEGER)";
      case LONG -> "CAST('" + text + "' AS BIGINT)";
      case FLOAT -> "CAST('" + text + "' AS FLOAT)";
      case DOUBLE -> "CAST('" + text + "' AS DOUBLE)";
      case DECIMAL ->
          "CAST('"
              + ((BigDecimal) value).toPlainString()
              + "' AS "
              + type.toString().replace(" ", "")
              + ")";
      case DATE -> "DATE '" + LocalDate.ofEpochDay((Integer) value) + "'";
      case TIME -> "TIME '" + LocalTime.ofNanoOfDay((Long) value * 1_000) + "'";
      case TIMESTAMP -> (isInstant(type) ? "TIMESTAMPTZ '" : "TIMESTAMP '") + sql(type, value);
      case TIMESTAMP_NANO -> "TIMESTAMP_NS '" + sql(type, value);
      case STRING -> "'" + text.replace("'", "''") + "'";
      case UUID -> "CAST('" + text + "' AS UUID)";
      default -> throw new IllegalArgumentException(type.toString());
    };
  }

  private static String sql(Type type, Object value) {
    return time(type, value).replace('T', ' ').replace("Z", "+00") + "'";
  }

  private static boolean isInstant(Type type) {
    return type.equals(Types.TimestampType.withZone());
  }

  private static String time(Type type, Object value) {
    long perSecond = type.typeId() == Type.TypeID.TIMESTAMP ? 1_000_000 : 1_000_000_000;
    long ticks = (Long) value;
    String iso =
        Instant.ofEpochSecond(
                Math.floorDiv(ticks, perSecond),
                Math.floorMod(ticks, perSecond) * (1_000_000_000 / perSecond))
            .toString();
    return isInstant(type) ? iso : iso.replace("Z", "");
  }

  public static VectorBatch batch(Schema schema, List<Object[]> rows) {
    VectorBatch batch = VectorBatch.empty(schema);
    for (Object[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        add(batch.vector(i), row[i]);
      }
    }
    return batch;
  }

  private static void add(Vector vector, Object value) {
    if (value == null) {
      vector.appendNull();
    } else if (vector instanceof StructVector structs) {
      Object[] fields = (Object[]) value;
      for (int i = 0; i < fields.length; i++) {
        add(structs.child(i), fields[i]);
      }
      structs.append();
    } else if (vector instanceof BooleanVector booleans) {
      booleans.append((Boolean) value);
    } else if (vector instanceof IntVector ints) {
      ints.append((Integer) value);
    } else if (vector instanceof LongVector longs) {
      longs.append(
          value instanceof BigDecimal decimal
              ? decimal.unscaledValue().longValueExact()
              : (Long) value);
    } else if (vector instanceof FloatVector floats) {
      floats.append((Float) value);
    } else if (vector instanceof DoubleVector doubles) {
      doubles.append((Double) value);
    } else {
      ((BytesVector) vector).append(bytes(value));
    }
  }

  private static byte[] bytes(Object value) {
    if (value instanceof UUID uuid) {
      return ByteBuffer.allocate(16)
          .putLong(uuid.getMostSignificantBits())
          .putLong(uuid.getLeastSignificantBits())
          .array();
    } else if (value instanceof BigDecimal decimal) {
      byte[] shortest = decimal.unscaledValue().toByteArray();
      byte[] wide = new byte[16];
      Arrays.fill(wide, (byte) (decimal.signum() < 0 ? -1 : 0));
      System.arraycopy(shortest, 0, wide, 16 - shortest.length, shortest.length);
      return wide;
    }
    return value.toString().getBytes(StandardCharsets.UTF_8);
  }
}
