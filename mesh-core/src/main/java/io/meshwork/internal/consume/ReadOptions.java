package io.meshwork.internal.consume;

import io.meshwork.internal.predicate.GivenFilter;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options of a read, except the row type. Immutable.
 *
 * @param columns paths; empty for the default
 * @param major the major version; null for the current one
 * @param limit the maximum number of rows
 * @param filter null for all rows
 * @param snapshotId null for the newest
 * @param time the time at which the snapshot was current; null for now
 * @param recordsNoUse true if the read does not count as a use
 */
record ReadOptions(
    List<String> columns,
    @Nullable Integer major,
    long limit,
    @Nullable GivenFilter filter,
    @Nullable String snapshotId,
    @Nullable Instant time,
    boolean recordsNoUse) {
  ReadOptions {
    columns = List.copyOf(columns);
  }

  /** Selects all rows of the newest snapshot of a major version; null for the current version. */
  static ReadOptions of(@Nullable Integer major) {
    return new ReadOptions(List.of(), major, Long.MAX_VALUE, null, null, null, false);
  }

  /** Returns the same read of which no use is recorded. */
  ReadOptions withoutUse() {
    return new ReadOptions(columns, major, limit, filter, snapshotId, time, true);
  }

  ReadOptions withColumns(List<String> names) {
    return new ReadOptions(names, major, limit, filter, snapshotId, time, recordsNoUse);
  }

  ReadOptions withMajor(int version) {
    return new ReadOptions(columns, version, limit, filter, snapshotId, time, recordsNoUse);
  }

  ReadOptions withLimit(long rows) {
    return new ReadOptions(columns, major, rows, filter, snapshotId, time, recordsNoUse);
  }

  ReadOptions withFilter(@Nullable String text) {
    return withRows(text == null ? null : new GivenFilter(text, true));
  }

  ReadOptions withRows(@Nullable GivenFilter rows) {
    return new ReadOptions(columns, major, limit, rows, snapshotId, time, recordsNoUse);
  }

  ReadOptions withSnapshotId(String id) {
    return new ReadOptions(columns, major, limit, filter, id, time, recordsNoUse);
  }

  ReadOptions withTime(Instant moment) {
    return new ReadOptions(columns, major, limit, filter, snapshotId, moment, recordsNoUse);
  }
}
