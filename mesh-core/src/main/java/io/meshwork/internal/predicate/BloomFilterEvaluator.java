package io.meshwork.internal.predicate;

import io.meshwork.internal.parquet.encoding.BloomFilter;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.predicate.FilterNode.And;
import io.meshwork.internal.predicate.FilterNode.Comparison;
import io.meshwork.internal.predicate.FilterNode.Membership;
import io.meshwork.internal.predicate.FilterNode.Operator;
import io.meshwork.internal.predicate.FilterNode.Or;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.types.Types;

/**
 * Evaluates a filter against the bloom filters of one row group. Reads a bloom filter from the file
 * only when the filter compares its column for equality. Not thread-safe.
 */
final class BloomFilterEvaluator {
  private static final int WIDE_BYTES = 16;

  private final ParquetReader file;
  private final int group;
  private final Map<Integer, Optional<BloomFilter>> read = new HashMap<>();

  BloomFilterEvaluator(ParquetReader file, int group) {
    this.file = file;
    this.group = group;
  }

  /** Returns false only if the node is true for no row. */
  boolean mayMatch(FilterNode node) {
    if (node instanceof And and) {
      return and.parts().stream().allMatch(this::mayMatch);
    } else if (node instanceof Or or) {
      return or.parts().stream().anyMatch(this::mayMatch);
    } else if (node instanceof Comparison comparison) {
      return comparison.operator() != Operator.EQUAL
          || mightContain(comparison.column(), comparison.literal());
    } else if (node instanceof Membership membership) {
      return membership.literals().stream()
          .anyMatch(literal -> mightContain(membership.column(), literal));
    }
    return true;
  }

  private boolean mightContain(FilterColumn column, TypedLiteral literal) {
    Object value = literal.value();
    if (value instanceof Boolean || value instanceof Double) {
      return true;
    }
    BloomFilter filter =
        read.computeIfAbsent(
                column.fieldId(),
                id -> Optional.ofNullable(file.bloomFilter(group, id, column.type())))
            .orElse(null);
    if (filter == null) {
      return true;
    } else if (value instanceof ByteString text) {
      return filter.mightContain(text.bytes(), 0, text.bytes().length);
    } else if (value instanceof BigDecimal decimal) {
      return mightContain(filter, (Types.DecimalType) column.type(), decimal);
    }
    return filter.mightContain(literal.asLong());
  }

  private static boolean mightContain(
      BloomFilter filter, Types.DecimalType type, BigDecimal decimal) {
    if (type.precision() <= 18) {
      return filter.mightContain(decimal.unscaledValue().longValueExact());
    }
    byte[] shortest = decimal.unscaledValue().toByteArray();
    byte[] wide = new byte[WIDE_BYTES];
    Arrays.fill(wide, (byte) (decimal.signum() < 0 ? -1 : 0));
    System.arraycopy(shortest, 0, wide, WIDE_BYTES - shortest.length, shortest.length);
    return filter.mightContain(wide, 0, WIDE_BYTES);
  }
}
