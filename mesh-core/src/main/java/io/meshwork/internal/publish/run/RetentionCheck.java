package io.meshwork.internal.publish.run;

import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.scan.SnapshotFiles;
import io.meshwork.internal.scan.SnapshotScan;
import io.meshwork.internal.table.NewestEventTime;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.types.TypeUtil;
import org.jspecify.annotations.Nullable;

/**
 * Rejects a replacement that removes rows which the contract promises to retain: one without rows,
 * if it removes young ones, and one after which the oldest event is of a later day. An erase is not
 * checked: it follows from the law.
 *
 * @param table the table before the replacement
 * @param column the column of the event time; empty if the contract names none
 * @param promise how long rows stay readable at least
 * @param now the time of the mesh
 */
record RetentionCheck(
    Table table,
    FileIO files,
    Optional<NewestEventTime> column,
    Period promise,
    Instant now,
    MeshAction action) {
  /**
   * Checks a replacement by no rows.
   *
   * @param filter the rows to remove; null for all
   * @throws ConflictException if it removes rows that are younger than promised
   */
  void checkRemoval(List<DataFile> before, @Nullable RowPredicate filter) {
    if (column.isEmpty()) {
      throw refused(
          "it removes rows, and their age is not known, because the contract names no column of the"
              + " event time",
          "Name the column with eventTime(..) in the service level.");
    }
    if (oldestPromised(before, filter).isPresent()) {
      throw refused(
          "it removes rows with events after " + promised(),
          "Publish the rows that stay, or remove only older rows with replaceWhere(..).");
    }
  }

  /** The oldest promised event among rows; a file of which only some are promised is read. */
  private Optional<Instant> oldestPromised(List<DataFile> files, @Nullable RowPredicate filter) {
    return files.stream()
        .filter(this::hasPromised)
        .filter(file -> filter == null || filter.mayMatch(file))
        .flatMap(file -> oldestPromised(file, filter).stream())
        .min(Instant::compareTo);
  }

  /** True if the newest event of a file is promised. */
  private boolean hasPromised(DataFile file) {
    return time()
        .newest(Stream.of(file.upperBounds()))
        .filter(newest -> !newest.isBefore(promised()))
        .isPresent();
  }

  /** The oldest event of a file of which all are promised; empty if some are not. */
  private Optional<Instant> oldestIfPromised(DataFile file) {
    return time()
        .oldest(Stream.of(file.lowerBounds()))
        .filter(oldest -> !oldest.isBefore(promised()));
  }

  private Optional<Instant> oldestPromised(DataFile file, @Nullable RowPredicate filter) {
    Optional<Instant> ofAll = filter == null ? oldestIfPromised(file) : Optional.empty();
    if (ofAll.isPresent()) {
      return ofAll;
    }
    long oldest = oldestPromised(file, filter, time(), time().least(promised()));
    return oldest == Long.MAX_VALUE ? Optional.empty() : Optional.of(time().moment(oldest));
  }

  private NewestEventTime time() {
    return column.orElseThrow();
  }

  private long oldestPromised(
      DataFile file, @Nullable RowPredicate filter, NewestEventTime time, long least) {
    Set<Integer> ids = new HashSet<>(Set.of(time.columnId()));
    if (filter != null) {
      ids.addAll(filter.fieldIds());
    }
    Schema columns = TypeUtil.select(table.schema(), ids);
    int place = columns.columns().indexOf(columns.findField(time.columnId()));
    long oldest = Long.MAX_VALUE;
    try (SnapshotScan scan =
        SnapshotScan.of(files, List.of(file), columns, Long.MAX_VALUE, action).from(table)) {
      for (VectorBatch batch = scan.next(); batch != null; batch = scan.next()) {
        RowMask rows = new RowMask(batch.rows());
        if (filter == null) {
          rows.flip(batch.rows());
        } else {
          rows.or(filter.matches(batch));
        }
        Vector times = batch.vector(place).flat();
        for (int row = rows.next(0); row >= 0; row = rows.next(row + 1)) {
          if (!times.isNull(row) && value(times, row) >= least) {
            oldest = Math.min(oldest, value(times, row));
          }
        }
      }
    }
    return oldest;
  }

  private static long value(Vector times, int row) {
    return times instanceof LongVector longs ? longs.get(row) : ((IntVector) times).get(row);
  }

  /**
   * Checks a replacement by rows.
   *
   * @param before the files before it
   * @param after the files after it
   * @throws ConflictException if the first promised day lacks rows after it
   */
  void checkOldest(List<DataFile> before, List<DataFile> after) {
    if (column.isEmpty()) {
      return;
    }
    Optional<LocalDate> first = oldestPromised(before, null).map(RetentionCheck::day);
    Optional<LocalDate> next = oldestAfter(before, after).map(RetentionCheck::day);
    if (first.isPresent() && next.map(day -> day.isAfter(first.get())).orElse(true)) {
      throw refused(
          "its rows of "
              + first.get()
              + " would be missing"
              + next.map(day -> ", and the first day would be " + day).orElse(""),
          "Publish the rows of the missing days with the others.");
    }
  }

  /**
   * The oldest promised event after a replacement. A plan has no new files to read: of those in
   * which some events are promised, it takes the oldest promised time.
   */
  private Optional<Instant> oldestAfter(List<DataFile> before, List<DataFile> after) {
    Set<String> stored = before.stream().map(DataFile::location).collect(Collectors.toSet());
    return after.stream()
        .filter(this::hasPromised)
        .flatMap(
            file ->
                files instanceof PlanFileIO && !stored.contains(file.location())
                    ? Stream.of(oldestIfPromised(file).orElseGet(this::promised))
                    : oldestPromised(file, null).stream())
        .min(Instant::compareTo);
  }

  private static LocalDate day(Instant at) {
    return LocalDate.ofInstant(at, ZoneOffset.UTC);
  }

  private Instant promised() {
    return now.atOffset(ZoneOffset.UTC).minus(promise).toInstant();
  }

  /** The files of the table. */
  List<DataFile> live() {
    return table.currentSnapshot() == null
        ? List.of()
        : SnapshotFiles.of(table, table.currentSnapshot());
  }

  private ConflictException refused(String why, String fix) {
    return Failure.of(action)
        .because("the contract promises to keep rows for " + promise + ", and " + why)
        .state("Nothing was published.")
        .fix(
            fix
                + " For rows that the law requires to remove, use erase(..). To promise"
                + " less, amend the contract.")
        .lastingConflict(ErrorCode.STATE_CONFLICT);
  }
}
