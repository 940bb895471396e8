package io.meshwork.internal.scan;

import io.meshwork.contract.ServiceLevel;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.table.NewestEventTime;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.types.TypeUtil;

/**
 * Finds the newest event of data files that has happened. Rows with a future event time do not
 * count; the bounds of a file with some of them do not suffice, so that its column of the event
 * time is read.
 *
 * @param column the column of the event time
 * @param table the table with that column
 * @param files where the files are read
 */
public record NewestEvent(NewestEventTime column, Table table, FileIO files, MeshAction action) {
  /**
   * Returns the newest event of data files as of a time.
   *
   * @param before what counts if all events are in the future; without it, the time counts
   * @return empty if no file has an event
   */
  public Optional<Instant> of(
      Iterable<DataFile> files, Instant now, Supplier<Optional<Instant>> before) {
    long greatest = column.greatest(now);
    long newest = Long.MIN_VALUE;
    List<DataFile> mixed = new ArrayList<>();
    boolean future = false;
    for (DataFile file : files) {
      OptionalLong upper = column.bound(file.upperBounds());
      OptionalLong lower = column.bound(file.lowerBounds());
      if (upper.isPresent() && upper.getAsLong() > greatest) {
        future = true;
        if (lower.isEmpty() || lower.getAsLong() <= greatest) {
          mixed.add(file);
        }
      } else if (upper.isPresent()) {
        newest = Math.max(newest, upper.getAsLong());
      }
    }
    for (DataFile file : mixed) {
      newest = Math.max(newest, read(file, greatest));
    }
    if (newest != Long.MIN_VALUE) {
      return Optional.of(NewestEventTime.capped(column.moment(newest), now));
    }
    return future ? before.get().or(() -> Optional.of(now)) : Optional.empty();
  }

  /** True if an amendment names another column of the event time, or another zone. */
  public static boolean isRenamed(ServiceLevel before, ServiceLevel after) {
    return after.eventTime().isPresent()
        && !(before.eventTime().equals(after.eventTime())
            && before.eventTimeZone().equals(after.eventTimeZone()));
  }

  /**
   * Returns the properties that a table gets when its contract names another column of the event
   * time. Without them, its rows would count as new as their last publish.
   *
   * @param after the service level that names the column
   */
  public static Map<String, String> properties(
      ServiceLevel after, Table table, FileIO files, Instant now, MeshAction action) {
    Snapshot newest = table.currentSnapshot();
    Optional<NewestEventTime> named = NewestEventTime.of(after, table);
    return newest == null || named.isEmpty()
        ? Map.of()
        : named
            .get()
            .ofSnapshot(
                newest,
                new NewestEvent(named.get(), table, files, action)
                    .of(SnapshotFiles.of(table, newest), now, Optional::empty));
  }

  /** The greatest value of a file up to a limit; the least long if it has none. */
  private long read(DataFile file, long limit) {
    Schema columns = TypeUtil.select(table.schema(), Set.of(column.columnId()));
    long newest = Long.MIN_VALUE;
    try (SnapshotScan scan =
        SnapshotScan.of(files, List.of(file), columns, Long.MAX_VALUE, action).from(table)) {
      for (VectorBatch batch = scan.next(); batch != null; batch = scan.next()) {
        Vector times = batch.vector(0).flat();
        for (int row = 0; row < batch.rows(); row++) {
          if (!times.isNull(row)) {
            long value =
                times instanceof LongVector longs ? longs.get(row) : ((IntVector) times).get(row);
            newest = value <= limit ? Math.max(newest, value) : newest;
          }
        }
      }
    }
    return newest;
  }
}
