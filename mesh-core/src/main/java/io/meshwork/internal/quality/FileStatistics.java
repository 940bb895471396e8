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
 * The statistics of one column in a data file's manifest entry. Counts are exact; bounds may be
 * wider than the values, never narrower. Anything missing or not decodable is null.
 *
 * @param records rows of the file
 * @param nulls number of nulls
 * @param nans number of NaN; 0 for types without NaN
 * @param lower lower bound of all values, as Iceberg's Java value
 * @param upper upper bound of all values
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

  /** Returns true if no row has a value for certain. */
  boolean noValue() {
    return records == 0 || (nulls != null && nulls == records);
  }

  /** Returns true if both bounds are present and apply to every value. */
  boolean bounded() {
    return lower != null && upper != null && nans != null && nans == 0;
  }

  /** Returns the lower bound, which must be present. */
  Object lowest() {
    return Objects.requireNonNull(lower);
  }

  /** Returns the upper bound, which must be present. */
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
      // The bytes have another type. Iceberg throws different exceptions for that, and they prove
      // nothing.
      return null;
    }
  }
}
