package io.meshwork.internal.predicate;

import io.meshwork.internal.predicate.FilterNode.And;
import io.meshwork.internal.predicate.FilterNode.Between;
import io.meshwork.internal.predicate.FilterNode.Comparison;
import io.meshwork.internal.predicate.FilterNode.Leaf;
import io.meshwork.internal.predicate.FilterNode.Membership;
import io.meshwork.internal.predicate.FilterNode.Not;
import io.meshwork.internal.predicate.FilterNode.Or;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFile.PartitionFieldSummary;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/**
 * Finds where Iceberg's projection of a filter onto partitions is wrong: it assumes that transforms
 * preserve the order of all values, see {@link PartitionOrder}.
 */
final class ManifestPruning {
  private ManifestPruning() {}

  /**
   * Returns the partition source columns that must not prune this manifest: it may contain values
   * whose transform overflowed, or the filter compares with such a value.
   */
  static Set<Integer> unordered(FilterNode filter, ManifestFile manifest, PartitionSpec spec) {
    Set<Integer> columns = new HashSet<>();
    for (int i = 0; i < spec.fields().size(); i++) {
      PartitionField field = spec.fields().get(i);
      Type type = spec.schema().findType(field.sourceId());
      PartitionOrder order = type == null ? null : PartitionOrder.of(field, type).orElse(null);
      Type partition = spec.partitionType().fields().get(i).type();
      if (order != null
          && (!isPlain(summary(manifest, i), partition, order)
              || !isWithinOrder(filter, field.sourceId(), order))) {
        columns.add(field.sourceId());
      }
    }
    return columns;
  }

  private static boolean isPlain(
      @Nullable PartitionFieldSummary summary, Type type, PartitionOrder order) {
    return summary != null
        && isPlain(summary.lowerBound(), type, order)
        && isPlain(summary.upperBound(), type, order);
  }

  /** A missing bound means that all values are null. */
  private static boolean isPlain(@Nullable ByteBuffer bound, Type type, PartitionOrder order) {
    if (bound == null) {
      return true;
    }
    Number value = Conversions.fromByteBuffer(type, bound);
    return order.isPlain(value.longValue());
  }

  private static @Nullable PartitionFieldSummary summary(ManifestFile manifest, int position) {
    List<PartitionFieldSummary> summaries = manifest.partitions();
    return summaries == null || position >= summaries.size() ? null : summaries.get(position);
  }

  private static boolean isWithinOrder(FilterNode node, int column, PartitionOrder order) {
    if (node instanceof And and) {
      return and.parts().stream().allMatch(part -> isWithinOrder(part, column, order));
    } else if (node instanceof Or or) {
      return or.parts().stream().allMatch(part -> isWithinOrder(part, column, order));
    } else if (node instanceof Not not) {
      return isWithinOrder(not.part(), column, order);
    }
    return !(node instanceof Leaf leaf)
        || leaf.column().fieldId() != column
        || constants(leaf).stream().mapToLong(TypedLiteral::asLong).allMatch(order::keeps);
  }

  private static List<TypedLiteral> constants(Leaf leaf) {
    if (leaf instanceof Comparison comparison) {
      return List.of(comparison.literal());
    } else if (leaf instanceof Between between) {
      return List.of(between.low(), between.high());
    }
    return leaf instanceof Membership members ? members.literals() : List.of();
  }
}
