package io.meshwork.internal.quality;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * What a data file's entry says of one column. Counts are exact; bounds may lie outside of the
 * values, never inside. Whatever was not written, or cannot be decoded, is null.
 *
 * @param records rows of the file
 * @param nulls how many of them are null
 * @param nans how many are NaN; 0 for a type that has none
 * @param lower a value that no value is below, in Iceberg's own form
 * @param upper a value that no value is above
 */
record FileStatistics(
    long records,
    @Nullable Long nulls,
    @Nullable Long nans,
    @Nullable Object lower,
    @Nullable Object upper) {
  static FileStatistics of(DataFile file, Types.NestedField column) {
    long records = file.recordCount();
    Long values = count(file.valueCounts(), column);
    boolean whole = values != null && values == records;
    boolean floating =
        column.type().typeId() == Type.TypeID.FLOAT || column.type().typeId() == Type.TypeID.DOUBLE;
    return new FileStatistics(
        records,
        whole ? count(file.nullValueCounts(), column) : null,
        floating ? count(file.nanValueCounts(), column) : Long.valueOf(0),
        bound(file.lowerBounds(), column),
        bound(file.upperBounds(), column));
  }

  /** True if it is certain that no row has a value. */
  boolean noValue() {
    return records == 0 || (nulls != null && nulls == records);
  }

  /** True if both bounds are there, and speak for every value. */
  boolean bounded() {
    return lower != null && upper != null && nans != null && nans == 0;
  }

  /** The lower bound, where it is known to be there. */
  Object lowest() {
    return Objects.requireNonNull(lower);
  }

  /** The upper bound, where it is known to be there. */
  Object highest() {
    return Objects.requireNonNull(upper);
  }

  private static @Nullable Long count(
      @Nullable Map<Integer, Long> counts, Types.NestedField column) {
    Long count = counts == null ? null : counts.get(column.fieldId());
    return count == null || count < 0 ? null : count;
  }

  private static @Nullable Object bound(
      @Nullable Map<Integer, ByteBuffer> bounds, Types.NestedField column) {
    ByteBuffer bytes = bounds == null ? null : bounds.get(column.fieldId());
    if (bytes == null || !column.type().isPrimitiveType()) {
      return null;
    }
    try {
      Object value = Conversions.fromByteBuffer(column.type(), bytes.duplicate());
      boolean nan =
          (value instanceof Double number && number.isNaN())
              || (value instanceof Float narrow && narrow.isNaN());
      return nan ? null : value;
    } catch (RuntimeException e) {
      // Bytes of another type: Iceberg has no one exception for that, and they prove nothing.
      return null;
    }
  }
}
