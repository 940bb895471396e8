package io.meshwork.internal.quality;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Comparators;
import org.apache.iceberg.types.Types;

/**
 * Whether files that replace others can hold the same rows: as many rows, as many nulls and NaN in
 * each column, and bounds that do not lie outside of those before. That is no proof of each row; it
 * finds a rewrite that lost, doubled or changed rows by mistake.
 */
public final class Compaction {
  private Compaction() {}

  /** True if statistics are there for every column and agree. */
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
    Object least = before.stream().map(FileStatistics::lowest).min(order).orElseThrow();
    Object most = before.stream().map(FileStatistics::highest).max(order).orElseThrow();
    return now.stream()
        .allMatch(
            file ->
                order.compare(file.lowest(), least) >= 0
                    && order.compare(file.highest(), most) <= 0);
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
