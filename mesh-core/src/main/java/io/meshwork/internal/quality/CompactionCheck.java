package io.meshwork.internal.quality;

import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Comparators;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.BinaryUtil;

/**
 * Checks that replacement files can contain the same rows: the same number of rows, the same
 * numbers of nulls and NaN per column, and bounds that are not wider. This does not prove each row;
 * it detects rewrites that lost, duplicated, or changed rows.
 */
public final class CompactionCheck {
  private static final int ICEBERG_BOUND = 16;

  private CompactionCheck() {}

  /** Returns true if the statistics of every column are complete and consistent. */
  public static boolean keepsRows(List<DataFile> added, List<DataFile> removed, Schema schema) {
    return records(added) == records(removed)
        && schema.columns().stream()
            .allMatch(column -> agree(column, of(added, column), of(removed, column)));
  }

  private static boolean agree(
      Types.NestedField column, List<FileStatistics> added, List<FileStatistics> removed) {
    if (!complete(added) || !complete(removed)) {
      return false;
    }
    List<FileStatistics> now = added.stream().filter(file -> !file.noValue()).toList();
    List<FileStatistics> before = removed.stream().filter(file -> !file.noValue()).toList();
    boolean sameCounts =
        sum(added, true) == sum(removed, true) && sum(added, false) == sum(removed, false);
    if (!sameCounts || now.isEmpty() != before.isEmpty()) {
      return false;
    }
    if (now.isEmpty()) {
      return true;
    }
    Comparator<Object> order = Comparators.forType(column.type().asPrimitiveType());
    Object least = cut(before.stream().map(FileStatistics::lowest).min(order).orElseThrow());
    Object most = raised(before.stream().map(FileStatistics::highest).max(order).orElseThrow());
    return now.stream()
        .allMatch(
            file ->
                order.compare(file.lowest(), least) >= 0
                    && order.compare(file.highest(), most) <= 0);
  }

  /** Returns a lower bound as Iceberg writes it, of 16 bytes. */
  private static Object cut(Object bound) {
    return bound instanceof ByteBuffer bytes
        ? BinaryUtil.truncateBinaryMin(bytes, ICEBERG_BOUND)
        : bound;
  }

  /** Returns an upper bound as Iceberg writes it, of 16 bytes; it writes none if all are 0xFF. */
  private static Object raised(Object bound) {
    return bound instanceof ByteBuffer bytes
        ? Objects.requireNonNullElse(BinaryUtil.truncateBinaryMax(bytes, ICEBERG_BOUND), bound)
        : bound;
  }

  /** A file without values has no bounds, and neither has one whose values are all NaN. */
  private static boolean complete(List<FileStatistics> files) {
    return files.stream()
        .allMatch(
            file ->
                file.noValue()
                    || (file.nulls() != null
                        && file.nans() != null
                        && file.lower() != null
                        && file.upper() != null));
  }

  private static long sum(List<FileStatistics> files, boolean ofNulls) {
    return files.stream()
        .map(file -> ofNulls ? file.nulls() : file.nans())
        .filter(Objects::nonNull)
        .mapToLong(count -> count)
        .sum();
  }

  private static List<FileStatistics> of(List<DataFile> files, Types.NestedField column) {
    return files.stream().map(file -> FileStatistics.of(file, column)).toList();
  }

  private static long records(List<DataFile> files) {
    return files.stream().mapToLong(DataFile::recordCount).sum();
  }
}
