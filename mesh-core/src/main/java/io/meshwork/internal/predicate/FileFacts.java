package io.meshwork.internal.predicate;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * What a manifest says about the columns of a data file. Counts that are missing mean that nulls
 * and NaN may be there. Bounds of UUIDs are not used: writers order them with and without sign.
 */
record FileFacts(ContentFile<?> file) implements ColumnFacts.Source {

  @Override
  public ColumnFacts of(FilterColumn column) {
    int id = column.fieldId();
    Long slots = count(file.valueCounts(), id);
    Long nulls = count(file.nullValueCounts(), id);
    Long nans = count(file.nanValueCounts(), id);
    boolean someThere = slots == null || nulls == null || nulls < slots;
    boolean nanThere = column.floating() && someThere && (nans == null || nans > 0);
    boolean onlyNans =
        column.floating()
            && slots != null
            && nulls != null
            && nans != null
            && nulls + nans >= slots;
    Literal low = bound(column.type(), file.lowerBounds(), id);
    Literal high = bound(column.type(), file.upperBounds(), id);
    // Writers may leave fields of null structs out of both counts: then there are too few slots.
    boolean allCounted = slots == null ? column.path().size() == 1 : slots >= file.recordCount();
    boolean nullThere = nulls == null || nulls > 0 || !allCounted;
    return new ColumnFacts(nullThere, nanThere, someThere && !onlyNans, low, high);
  }

  private static @Nullable Long count(@Nullable Map<Integer, Long> counts, int id) {
    Long count = counts == null ? null : counts.get(id);
    return count == null || count < 0 ? null : count;
  }

  private static @Nullable Literal bound(
      Type type, @Nullable Map<Integer, ByteBuffer> bounds, int id) {
    ByteBuffer stored = bounds == null ? null : bounds.get(id);
    if (stored == null) {
      return null;
    }
    ByteBuffer bytes = stored.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int length = bytes.remaining();
    return switch (type.typeId()) {
      case BOOLEAN -> length == 1 ? Literal.of(type, bytes.get() != 0) : null;
      case INTEGER, DATE -> length == 4 ? Literal.of(type, (long) bytes.getInt()) : null;
      // A column that was widened has files with bounds of its old type.
      case LONG ->
          length == 4
              ? Literal.of(type, (long) bytes.getInt())
              : length == 8 ? Literal.of(type, bytes.getLong()) : null;
      case TIME, TIMESTAMP, TIMESTAMP_NANO ->
          length == 8 ? Literal.of(type, bytes.getLong()) : null;
      case FLOAT -> length == 4 ? floating(type, bytes.getFloat()) : null;
      case DOUBLE ->
          length == 4
              ? floating(type, bytes.getFloat())
              : length == 8 ? floating(type, bytes.getDouble()) : null;
      case DECIMAL -> {
        byte[] unscaled = copy(bytes);
        yield length == 0
            ? null
            : Literal.of(
                type, new BigDecimal(new BigInteger(unscaled), ((Types.DecimalType) type).scale()));
      }
      case STRING -> Literal.of(type, ByteString.of(copy(bytes)));
      default -> null;
    };
  }

  private static @Nullable Literal floating(Type type, double value) {
    return Double.isNaN(value) ? null : Literal.of(type, value);
  }

  private static byte[] copy(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return copy;
  }
}
