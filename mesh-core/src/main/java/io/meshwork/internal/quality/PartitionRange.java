package io.meshwork.internal.quality;

import java.math.BigInteger;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.transforms.Transform;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * The range of column values that a partition transform supports. Iceberg truncates a decimal near
 * its minimum to one with a digit too many, and counts hours in 32 bits, so that hours far from
 * 1970 overflow and filters would miss the rows.
 */
final class PartitionRange {
  private static final BigInteger MAX_SAMPLES =
      BigInteger.ONE.shiftLeft(127).subtract(BigInteger.ONE);
  private static final BigInteger MICROS_OF_HOUR = BigInteger.valueOf(3_600_000_000L);

  private PartitionRange() {}

  /** Returns the supported values; null if the transform supports every value of the type. */
  static @Nullable RangeEvaluator of(PartitionField field, Type type) {
    Transform<?, ?> transform = field.transform();
    if (type instanceof Types.DecimalType decimal && width(transform) > 0) {
      BigInteger width = BigInteger.valueOf(width(transform));
      BigInteger most = BigInteger.TEN.pow(decimal.precision()).subtract(BigInteger.ONE);
      return RangeEvaluator.whole(most.divide(width).multiply(width).negate(), MAX_SAMPLES);
    }
    if (type.typeId() == Type.TypeID.TIMESTAMP && transform.toString().equals("hour")) {
      BigInteger first = BigInteger.valueOf(Integer.MIN_VALUE).multiply(MICROS_OF_HOUR);
      BigInteger end = BigInteger.valueOf(1L << 31).multiply(MICROS_OF_HOUR);
      return RangeEvaluator.whole(first, end.subtract(BigInteger.ONE));
    }
    return null;
  }

  /** Returns the width of {@code truncate[100]}; 0 for other transforms. */
  private static long width(Transform<?, ?> transform) {
    String text = transform.toString();
    return text.startsWith("truncate[")
        ? Long.parseLong(text.substring("truncate[".length(), text.length() - 1))
        : 0;
  }
}
