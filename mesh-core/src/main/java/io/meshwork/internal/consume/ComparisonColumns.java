package io.meshwork.internal.consume;

import io.meshwork.consume.Subscribe.ColumnDifference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * The columns that a consumer reads of two major versions. Columns with the same ID continue each
 * other. Immutable.
 *
 * @param before what is compared in the old version
 * @param after what is compared in the new version
 * @param keys the primary key in the old version; empty if it cannot be compared
 */
record ComparisonColumns(
    VersionColumns before,
    VersionColumns after,
    List<String> readBefore,
    List<String> readAfter,
    Optional<List<String>> keys,
    List<ColumnDifference> differences) {
  /**
   * What is compared in one version.
   *
   * @param keys the columns of the key, in the same order in both
   * @param sums the numeric columns by their name in the new version
   */
  record VersionColumns(List<String> keys, Map<String, String> sums) {}

  /**
   * Compares the columns.
   *
   * @param before the columns that are read of the old version
   * @param after the columns of the new version
   * @param primaryKey the primary key of the old contract
   * @param visibleBefore the columns of the old version that the consumer may read
   * @param visibleAfter the same of the new version
   */
  static ComparisonColumns of(
      Schema before,
      Schema after,
      List<String> primaryKey,
      Schema visibleBefore,
      Schema visibleAfter) {
    List<String> keysAfter = new ArrayList<>();
    for (String column : primaryKey) {
      Types.NestedField field = visibleBefore.findField(column);
      String now = field == null ? null : visibleAfter.findColumnName(field.fieldId());
      if (now != null) {
        keysAfter.add(now);
      }
    }
    boolean isKeyed = !primaryKey.isEmpty() && keysAfter.size() == primaryKey.size();
    List<String> keysBefore = isKeyed ? primaryKey : List.of();
    List<String> comparedAfter = isKeyed ? List.copyOf(keysAfter) : List.of();
    Map<String, String> sumsBefore = new LinkedHashMap<>();
    Map<String, String> sumsAfter = new LinkedHashMap<>();
    for (Types.NestedField column : before.columns()) {
      Types.NestedField now = after.asStruct().field(column.fieldId());
      if (now != null && isNumeric(column.type()) && isNumeric(now.type())) {
        sumsBefore.put(now.name(), column.name());
        sumsAfter.put(now.name(), now.name());
      }
    }
    return new ComparisonColumns(
        new VersionColumns(keysBefore, sumsBefore),
        new VersionColumns(comparedAfter, sumsAfter),
        union(names(before), keysBefore),
        union(names(after), comparedAfter),
        isKeyed ? Optional.of(keysBefore) : Optional.empty(),
        differences(before, after));
  }

  private static Stream<String> names(Schema columns) {
    return columns.columns().stream().map(Types.NestedField::name);
  }

  private static List<String> union(Stream<String> columns, List<String> keys) {
    Set<String> all = new LinkedHashSet<>(columns.toList());
    all.addAll(keys);
    return List.copyOf(all);
  }

  private static boolean isNumeric(Type type) {
    return switch (type.typeId()) {
      case INTEGER, LONG, FLOAT, DOUBLE, DECIMAL -> true;
      default -> false;
    };
  }

  private static List<ColumnDifference> differences(Schema before, Schema after) {
    List<ColumnDifference> differences = new ArrayList<>();
    for (Types.NestedField column : before.columns()) {
      Types.NestedField now = after.asStruct().field(column.fieldId());
      if (now == null) {
        differences.add(difference(column, null));
      } else if (!now.name().equals(column.name()) || !Objects.equals(now.type(), column.type())) {
        differences.add(difference(column, now));
      }
    }
    for (Types.NestedField column : after.columns()) {
      if (before.asStruct().field(column.fieldId()) == null) {
        differences.add(difference(null, column));
      }
    }
    return List.copyOf(differences);
  }

  private static ColumnDifference difference(
      Types.@Nullable NestedField before, Types.@Nullable NestedField after) {
    Optional<Types.NestedField> old = Optional.ofNullable(before);
    Optional<Types.NestedField> now = Optional.ofNullable(after);
    String types =
        Stream.concat(old.stream(), now.stream())
            .map(field -> field.type().toString())
            .distinct()
            .reduce((one, other) -> one + " -> " + other)
            .orElse("");
    return new ColumnDifference(
        old.map(Types.NestedField::name), now.map(Types.NestedField::name), types);
  }
}
