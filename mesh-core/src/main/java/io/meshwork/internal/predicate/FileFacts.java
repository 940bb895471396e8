package io.meshwork.internal.predicate;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.ByteBuffers;
import org.jspecify.annotations.Nullable;

/**
 * The column statistics of a data file in a manifest. If a null or NaN count is missing, nulls or
 * NaN may be present. Bounds of UUIDs are ignored because writers disagree on their order (signed
 * or unsigned).
 */
record FileFacts(ContentFile<?> file) implements ColumnFacts.Source {

  @Override
  public ColumnFacts of(FilterColumn column) {
    int id = column.fieldId();
    Long valueCount = count(file.valueCounts(), id);
    Long nulls = count(file.nullValueCounts(), id);
    Long nans = count(file.nanValueCounts(), id);
    boolean mayHaveValues = valueCount == null || nulls == null || nulls < valueCount;
    boolean mayHaveNans = column.floating() && mayHaveValues && (nans == null || nans > 0);
    boolean onlyNans =
        column.floating()
            && valueCount != null
            && nulls != null
            && nans != null
            && nulls + nans >= valueCount;
    TypedLiteral low = bound(column.type(), file.lowerBounds(), id);
    TypedLiteral high = bound(column.type(), file.upperBounds(), id);
    // Writers may leave fields of null structs out of both counts, so the value count is too low.
    boolean allCounted =
        valueCount == null ? column.path().size() == 1 : valueCount >= file.recordCount();
    boolean mayHaveNulls = nulls == null || nulls > 0 || !allCounted;
    return new ColumnFacts(mayHaveNulls, mayHaveNans, mayHaveValues && !onlyNans, low, high);
  }

  private static @Nullable Long count(@Nullable Map<Integer, Long> counts, int id) {
    Long count = counts == null ? null : counts.get(id);
    return count == null || count < 0 ? null : count;
  }

  private static @Nullable TypedLiteral bound(
      Type type, @Nullable Map<Integer, ByteBuffer> bounds, int id) {
    ByteBuffer stored = bounds == null ? null : bounds.get(id);
    if (stored == null) {
      return null;
    }
    ByteBuffer bytes = stored.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int length = bytes.remaining();
    return switch (type.typeId()) {
      case BOOLEAN -> length == 1 ? TypedLiteral.of(type, bytes.get() != 0) : null;
      case INTEGER, DATE -> length == 4 ? TypedLiteral.of(type, (long) bytes.getInt()) : null;
      // Files written before a column was widened have bounds of its old type.
      case LONG ->
          length == 4
              ? TypedLiteral.of(type, (long) bytes.getInt())
              : length == 8 ? TypedLiteral.of(type, bytes.getLong()) : null;
      case TIME, TIMESTAMP, TIMESTAMP_NANO ->
          length == 8 ? TypedLiteral.of(type, bytes.getLong()) : null;
      case FLOAT -> length == 4 ? floating(type, bytes.getFloat()) : null;
      case DOUBLE ->
          length == 4
              ? floating(type, bytes.getFloat())
              : length == 8 ? floating(type, bytes.getDouble()) : null;
      case DECIMAL -> {
        byte[] unscaled = ByteBuffers.toByteArray(bytes);
        yield length == 0
            ? null
            : TypedLiteral.of(
                type, new BigDecimal(new BigInteger(unscaled), ((Types.DecimalType) type).scale()));
      }
      case STRING -> TypedLiteral.of(type, ByteString.of(ByteBuffers.toByteArray(bytes)));
      default -> null;
    };
  }

  private static @Nullable TypedLiteral floating(Type type, double value) {
    return Double.isNaN(value) ? null : TypedLiteral.of(type, value);
  }
}
