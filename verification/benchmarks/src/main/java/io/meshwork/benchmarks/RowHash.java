package io.meshwork.benchmarks;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * A hash over all values of all rows in their order, equal for equal values whichever classes hold
 * them: texts and their UTF-8, decimals as numbers and as bytes, UUIDs as texts and as bytes, and
 * maps in any order.
 */
final class RowHash {
  private final Schema schema;
  private long rows;
  private long hash;

  /** Creates the hash of no rows, with the columns of a schema. */
  RowHash(Schema schema) {
    this.schema = schema;
  }

  /** Adds the next row, of which only the columns of the schema count. */
  void add(GenericRecord row) {
    rows++;
    hash = joined(hash, of(schema, row));
  }

  /** Throws if another hash differs, or its number of rows. */
  void require(RowHash read, String reader) {
    if (rows != read.rows || hash != read.hash) {
      throw new IllegalStateException(reader + " returned " + read + " instead of " + this);
    }
  }

  /** Returns the number of rows and the hash. */
  @Override
  public String toString() {
    return rows + " rows with the hash " + Long.toHexString(hash);
  }

  private static long of(Schema type, @Nullable Object value) {
    if (value == null) {
      return 1;
    }
    if (type.getLogicalType() != null) {
      switch (type.getLogicalType().getName()) {
        case "decimal":
          return bytes(unscaled(value).toByteArray());
        case "uuid":
          return text(uuid(value));
        default:
      }
    }
    return switch (type.getType()) {
      case UNION -> of(present(type), value);
      case RECORD -> {
        GenericRecord record = (GenericRecord) value;
        long all = 2;
        for (Schema.Field field : type.getFields()) {
          all = joined(all, of(field.schema(), record.get(field.name())));
        }
        yield all;
      }
      case ARRAY -> {
        long all = 3;
        for (Object element : (List<?>) value) {
          all = joined(all, of(type.getElementType(), element));
        }
        yield all;
      }
      case MAP -> {
        long all = 4;
        for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
          all += joined(text(entry.getKey()), of(type.getValueType(), entry.getValue()));
        }
        yield all;
      }
      case BYTES, FIXED -> bytes(array(value));
      case FLOAT, DOUBLE -> Double.doubleToLongBits(((Number) value).doubleValue());
      case INT, LONG -> ((Number) value).longValue();
      default -> text(value);
    };
  }

  private static Schema present(Schema union) {
    return union.getTypes().stream()
        .filter(type -> type.getType() != Schema.Type.NULL)
        .findFirst()
        .orElseThrow();
  }

  private static BigInteger unscaled(Object value) {
    if (value instanceof BigDecimal decimal) {
      return decimal.unscaledValue();
    }
    return value instanceof Number number
        ? BigInteger.valueOf(number.longValue())
        : new BigInteger(array(value));
  }

  private static Object uuid(Object value) {
    if (value instanceof CharSequence) {
      return value;
    }
    ByteBuffer bytes = ByteBuffer.wrap(array(value));
    return new UUID(bytes.getLong(), bytes.getLong());
  }

  private static byte[] array(Object value) {
    if (value instanceof GenericFixed fixed) {
      return fixed.bytes();
    }
    ByteBuffer buffer = ((ByteBuffer) value).duplicate();
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  private static long text(Object value) {
    String text = value.toString();
    long all = 5;
    for (int i = 0; i < text.length(); i++) {
      all = joined(all, text.charAt(i));
    }
    return all;
  }

  private static long bytes(byte[] value) {
    long all = 6;
    for (byte each : value) {
      all = joined(all, each);
    }
    return all;
  }

  private static long joined(long all, long next) {
    long mixed = (all ^ next) * 0x9E3779B97F4A7C15L;
    return mixed ^ (mixed >>> 29);
  }
}
