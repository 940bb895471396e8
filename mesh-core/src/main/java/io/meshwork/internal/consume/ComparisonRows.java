package io.meshwork.internal.consume;

import io.meshwork.internal.consume.ComparisonRows.KeyDifference;
import io.meshwork.internal.consume.ComparisonRows.SumPair;
import io.meshwork.internal.text.FloatingText;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.iceberg.util.ByteBuffers;
import org.jspecify.annotations.Nullable;

/** Counts the rows, keys, and sums of one major version in a comparison. Not thread-safe. */
final class ComparisonRows {
  /** The number of keys that a comparison names. */
  private static final int MAX_NAMED = 10;

  private final ComparisonColumns.VersionColumns columns;
  private final Map<String, Long> keys = new HashMap<>();
  private final Map<String, BigDecimal> sums = new HashMap<>();
  private long count;

  ComparisonRows(ComparisonColumns.VersionColumns columns) {
    this.columns = columns;
  }

  void add(Map<String, Object> row) {
    count++;
    if (!columns.keys().isEmpty()) {
      keys.merge(
          columns.keys().stream().map(key -> text(row.get(key))).collect(Collectors.joining(", ")),
          1L,
          Long::sum);
    }
    columns
        .sums()
        .forEach(
            (column, name) -> {
              if (row.get(name) instanceof Number value) {
                sums.merge(column, number(value), BigDecimal::add);
              }
            });
  }

  /**
   * The value as printed, so that the order of the rows does not matter, and a decimal column has
   * the same sum as a floating-point one; 0 if it is not a number.
   */
  private static BigDecimal number(Number value) {
    if (value instanceof BigDecimal decimal) {
      return decimal;
    } else if (value instanceof Double || value instanceof Float) {
      double number = value.doubleValue();
      return Double.isFinite(number) ? new BigDecimal(FloatingText.of(number)) : BigDecimal.ZERO;
    }
    return BigDecimal.valueOf(value.longValue());
  }

  /** The value of a key, the same for the same number in another type. */
  private static String text(@Nullable Object value) {
    if (value instanceof Number number) {
      return number(number).stripTrailingZeros().toPlainString();
    } else if (value instanceof ByteBuffer bytes) {
      return HexFormat.of().formatHex(ByteBuffers.toByteArray(bytes));
    } else if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    return String.valueOf(value);
  }

  long count() {
    return count;
  }

  /** Compares the keys with the new version's. */
  KeyDifference keyDifference(List<String> names, ComparisonRows after) {
    Keys onlyBefore = Keys.missingIn(after.keys, keys);
    Keys onlyAfter = Keys.missingIn(keys, after.keys);
    return new KeyDifference(
        names, onlyBefore.rows(), onlyAfter.rows(), onlyBefore.named(), onlyAfter.named());
  }

  /** Keys with more rows in one version than in the other. */
  private record Keys(long rows, List<String> named) {
    static Keys missingIn(Map<String, Long> one, Map<String, Long> other) {
      long rows = 0;
      TreeMap<String, Long> named = new TreeMap<>();
      for (Map.Entry<String, Long> key : other.entrySet()) {
        long more = key.getValue() - one.getOrDefault(key.getKey(), 0L);
        if (more > 0) {
          rows += more;
          named.put(key.getKey(), more);
          if (named.size() > MAX_NAMED) {
            named.pollLastEntry();
          }
        }
      }
      return new Keys(rows, List.copyOf(named.keySet()));
    }
  }

  /** Keys that only one of the versions has. */
  record KeyDifference(
      List<String> columns,
      long rowsOnlyBefore,
      long rowsOnlyAfter,
      List<String> onlyBefore,
      List<String> onlyAfter) {}

  /** The sums of a column, by its name in the new version. */
  record SumPair(String column, BigDecimal before, BigDecimal after) {
    boolean isSame() {
      return before.compareTo(after) == 0;
    }
  }

  /** Returns the sums of both versions. */
  List<SumPair> sums(ComparisonRows after) {
    List<SumPair> pairs = new ArrayList<>();
    columns
        .sums()
        .keySet()
        .forEach(
            column ->
                pairs.add(
                    new SumPair(
                        column,
                        sums.getOrDefault(column, BigDecimal.ZERO),
                        after.sums.getOrDefault(column, BigDecimal.ZERO))));
    return pairs;
  }
}
