package io.meshwork.internal.table;

import io.meshwork.contract.ServiceLevel;
import io.meshwork.internal.quality.AgeMeasure;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.SnapshotUtil;
import org.jspecify.annotations.Nullable;

/**
 * The newest event time of a table's rows, if the contract names the column of the event time. It
 * comes from the bounds of the data files. Each snapshot repeats it in its properties, with the ID
 * of the column.
 */
public final class DataTime {
  private static final String PROPERTY = "meshwork.data-time";

  private final int columnId;
  private final Type type;
  private final @Nullable ZoneId zone;

  private DataTime(int columnId, Type type, @Nullable ZoneId zone) {
    this.columnId = columnId;
    this.type = type;
    this.zone = zone;
  }

  /** The data time of a table whose contract has this service level; empty without the column. */
  public static Optional<DataTime> of(ServiceLevel level, Table table) {
    return level
        .eventTime()
        .map(column -> table.schema().findField(column))
        .map(
            (Types.NestedField field) ->
                new DataTime(field.fieldId(), field.type(), level.eventTimeZone().orElse(null)));
  }

  /** The newest event time as of a snapshot, which may be null; empty if it is unknown. */
  public Optional<Instant> asOf(Table table, @Nullable Snapshot snapshot) {
    if (snapshot == null) {
      return Optional.empty();
    }
    for (Snapshot ancestor : SnapshotUtil.ancestorsOf(snapshot.snapshotId(), table::snapshot)) {
      String value = ancestor.summary().get(PROPERTY);
      if (value != null) {
        return parse(value);
      }
      if (LastUpdate.changesRows(ancestor)) {
        return Optional.empty(); // an engine added rows
      }
    }
    return Optional.empty();
  }

  private Optional<Instant> parse(String value) {
    int end = value.indexOf('@');
    try {
      return end > 0 && Integer.parseInt(value.substring(0, end)) == columnId
          ? Optional.of(Instant.parse(value.substring(end + 1)))
          : Optional.empty();
    } catch (NumberFormatException | DateTimeException e) {
      return Optional.empty(); // an engine may write any text
    }
  }

  /** The newest event time of files with these upper bounds; empty if none has one. */
  public Optional<Instant> newest(Stream<? extends @Nullable Map<Integer, ByteBuffer>> bounds) {
    return bounds
        .filter(Objects::nonNull)
        .map(bound -> Objects.requireNonNull(bound).get(columnId))
        .filter(Objects::nonNull)
        .map(this::moment)
        .max(Instant::compareTo);
  }

  private Instant moment(@Nullable ByteBuffer bound) {
    Object value = Conversions.fromByteBuffer(type, Objects.requireNonNull(bound));
    return value instanceof Integer day
        ? LocalDate.ofEpochDay(day)
            .plusDays(1)
            .atStartOfDay(zone == null ? ZoneId.of("UTC") : zone)
            .toInstant()
        : AgeMeasure.moment(type, (Long) value, zone);
  }

  /**
   * Adds the event time to a snapshot's properties. Rows of the future do not make data fresh: a
   * time after the commit counts as the time of the commit.
   *
   * @param newest empty if it is unknown
   * @param now the time of the commit
   */
  public void addTo(Optional<Instant> newest, Instant now, Map<String, String> summary) {
    newest.ifPresent(
        time -> summary.put(PROPERTY, columnId + "@" + (time.isAfter(now) ? now : time)));
  }

  /**
   * The time from which the age of the data counts.
   *
   * @param updated when rows were last added or replaced
   * @param dataTime the newest event time; empty if it is unknown
   * @param complete the time up to which the producer stated the rows complete
   */
  public static Optional<Instant> reference(
      Optional<Instant> updated, Optional<Instant> dataTime, Optional<Instant> complete) {
    return dataTime.isEmpty()
        ? updated
        : Stream.of(dataTime, complete).flatMap(Optional::stream).max(Instant::compareTo);
  }

  /** Copies the value of a snapshot, which may be null, unless the summary has its own. */
  public static void copyTo(Table table, @Nullable Snapshot snapshot, Map<String, String> summary) {
    if (snapshot == null || summary.containsKey(PROPERTY)) {
      return;
    }
    for (Snapshot ancestor : SnapshotUtil.ancestorsOf(snapshot.snapshotId(), table::snapshot)) {
      String value = ancestor.summary().get(PROPERTY);
      if (value != null) {
        summary.put(PROPERTY, value);
        return;
      }
      if (LastUpdate.changesRows(ancestor)) {
        return;
      }
    }
  }
}
