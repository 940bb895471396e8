package io.meshwork.internal.predicate;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.types.Type;

/**
 * The range in which a partition transform preserves order. Near the limits of their types some
 * transforms overflow: truncating the lowest int to a multiple of 10 yields a number near the
 * highest, and hours beyond the year 197,000 overflow an int.
 *
 * @param lowest the lowest value whose neighbors do not overflow
 * @param highest the highest such value
 * @param least the least partition value that cannot be the result of an overflow
 * @param most the greatest such partition value
 */
public record PartitionOrder(long lowest, long highest, long least, long most) {
  private static final Pattern TRUNCATE = Pattern.compile("truncate\\[(\\d+)]");
  private static final long MICROS_OF_HOUR = 3_600_000_000L;

  /** The least hour that an overflow can produce, from the most distant timestamps. */
  private static final long MIN_OVERFLOWED_HOUR = (1L << 32) - Long.MAX_VALUE / MICROS_OF_HOUR - 1;

  /** An empty range: with a wide width, every truncation may overflow an int. */
  private static final PartitionOrder NOWHERE = new PartitionOrder(1, 0, 1, 0);

  private static final long MAX_INT_WIDTH = 1 << 30;

  /**
   * Returns the range in which a partition field's transform preserves order; empty if it preserves
   * order for all values, or has no order to preserve.
   *
   * @param type the source column's type
   */
  public static Optional<PartitionOrder> of(PartitionField field, Type type) {
    String transform = field.transform().toString();
    if (transform.equals("hour") && type.typeId() == Type.TypeID.TIMESTAMP) {
      long end = Integer.MAX_VALUE * MICROS_OF_HOUR;
      return Optional.of(
          new PartitionOrder(-end, end, 1 - MIN_OVERFLOWED_HOUR, MIN_OVERFLOWED_HOUR - 1));
    }
    Matcher truncate = TRUNCATE.matcher(transform);
    if (!truncate.matches()) {
      return Optional.empty();
    }
    long width = Long.parseLong(truncate.group(1));
    return switch (type.typeId()) {
      case INTEGER ->
          Optional.of(
              width > MAX_INT_WIDTH ? NOWHERE : cut(width, Integer.MIN_VALUE, Integer.MAX_VALUE));
      case LONG -> Optional.of(cut(width, Long.MIN_VALUE, Long.MAX_VALUE));
      default -> Optional.empty();
    };
  }

  private static PartitionOrder cut(long width, long min, long max) {
    return new PartitionOrder(min + width, max - width, min, max - width);
  }

  /**
   * Returns true if the partition of this value compares to other partitions as the value compares
   * to other values.
   */
  public boolean keeps(long value) {
    return value >= lowest && value <= highest;
  }

  /** Returns true for a partition value that no overflow can produce. */
  boolean isPlain(long partition) {
    return partition >= least && partition <= most;
  }
}
