package io.meshwork.internal.table;

import io.meshwork.contract.Rule;
import io.meshwork.contract.ServiceLevel;
import io.meshwork.internal.text.InstantText;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.Temporal;
import java.time.zone.ZoneOffsetTransition;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.DateTimeUtil;
import org.apache.iceberg.util.SnapshotUtil;
import org.jspecify.annotations.Nullable;

/**
 * The newest event time of a table's rows, if the contract names the column of the event time. It
 * comes from the bounds of the data files. Each snapshot repeats it in its properties, with the ID
 * of the column.
 */
public final class NewestEventTime implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final String PROPERTY = "meshwork.data-time";

  /** Of the table: a snapshot and its value, as of a contract that names another column. */
  private static final String OF_SNAPSHOT = "meshwork.data-time-of";

  /** How much a producer's clock may be ahead of the mesh's. */
  private static final Duration AHEAD = Duration.ofMinutes(5);

  private final int columnId;
  private final Type type;
  private final @Nullable ZoneId zone;

  private NewestEventTime(int columnId, Type type, @Nullable ZoneId zone) {
    this.columnId = columnId;
    this.type = type;
    this.zone = zone;
  }

  /** The data time of a table whose contract has this service level; empty without the column. */
  public static Optional<NewestEventTime> of(ServiceLevel level, Table table) {
    return level
        .eventTime()
        .map(column -> table.schema().findField(column))
        .map(
            (Types.NestedField field) ->
                new NewestEventTime(
                    field.fieldId(), field.type(), level.eventTimeZone().orElse(null)));
  }

  /** The newest event time as of a snapshot, which may be null; empty if it is unknown. */
  public Optional<Instant> asOf(Table table, @Nullable Snapshot snapshot) {
    return textAsOf(table, snapshot)
        .filter(text -> text.startsWith(columnId + "@"))
        .map(text -> InstantText.parse(text.substring(text.indexOf('@') + 1)));
  }

  /**
   * The newest event time as of a snapshot, which may be null, with the field ID of its column,
   * such as {@code 3@2026-11-20T08:00:00Z}; empty if it is unknown.
   */
  public static Optional<String> textAsOf(Table table, @Nullable Snapshot snapshot) {
    if (snapshot == null) {
      return Optional.empty();
    }
    for (Snapshot ancestor : SnapshotUtil.ancestorsOf(snapshot.snapshotId(), table::snapshot)) {
      String value = valueOf(table, ancestor);
      if (value != null) {
        int end = value.indexOf('@');
        try {
          return end > 0
              ? Optional.of(
                  Integer.parseInt(value.substring(0, end))
                      + "@"
                      + InstantText.parse(value.substring(end + 1)))
              : Optional.empty();
        } catch (NumberFormatException | DateTimeException e) {
          return Optional.empty(); // an engine may write any text
        }
      }
      if (LastUpdate.changesRows(ancestor)) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** The value of a snapshot: from the table's properties, otherwise from the snapshot's. */
  private static @Nullable String valueOf(Table table, Snapshot snapshot) {
    String stated = table.properties().getOrDefault(OF_SNAPSHOT, "");
    String prefix = snapshot.snapshotId() + "/";
    return stated.startsWith(prefix)
        ? stated.substring(prefix.length())
        : snapshot.summary().get(PROPERTY);
  }

  /**
   * The table property that gives a snapshot another value, after the contract named another column
   * or zone.
   */
  public Map<String, String> ofSnapshot(Snapshot snapshot, Optional<Instant> newest) {
    return Map.of(OF_SNAPSHOT, snapshot.snapshotId() + "/" + text(newest));
  }

  /** The bound of a file in the unit of the column's vector; empty if it has none. */
  public OptionalLong bound(@Nullable Map<Integer, ByteBuffer> bounds) {
    ByteBuffer bound = bounds == null ? null : bounds.get(columnId);
    return bound == null
        ? OptionalLong.empty()
        : OptionalLong.of(Conversions.<Number>fromByteBuffer(type, bound).longValue());
  }

  /**
   * The greatest value of an event that has happened, in the unit of the column's vector. If the
   * clock is some minutes ahead, the event still counts as one that has happened.
   */
  public long greatest(Instant now) {
    Instant last = now.plus(AHEAD);
    if (type.typeId() == Type.TypeID.DATE) {
      return LocalDate.ofInstant(last, zone()).toEpochDay();
    }
    Instant time =
        zone == null ? last : LocalDateTime.ofInstant(last, zone).toInstant(ZoneOffset.UTC);
    long digit = type.typeId() == Type.TypeID.TIMESTAMP_NANO ? 1 : 1_000;
    return Math.addExact(
        Math.multiplyExact(time.getEpochSecond(), 1_000_000_000 / digit), time.getNano() / digit);
  }

  /** The newest event time of files with these upper bounds; empty if none has one. */
  public Optional<Instant> newest(Stream<? extends @Nullable Map<Integer, ByteBuffer>> bounds) {
    return bounds
        .map(this::bound)
        .flatMap(bound -> bound.stream().boxed())
        .map(this::moment)
        .max(Instant::compareTo);
  }

  /** The oldest event time of files with these lower bounds; empty if none has one. */
  public Optional<Instant> oldest(Stream<? extends @Nullable Map<Integer, ByteBuffer>> bounds) {
    return bounds
        .map(this::bound)
        .flatMap(bound -> bound.stream().boxed())
        .map(this::moment)
        .min(Instant::compareTo);
  }

  /**
   * The event time that a value of the column states.
   *
   * @param value the value in the unit of the column's vector
   */
  public Instant moment(long value) {
    return type.typeId() == Type.TypeID.DATE
        ? LocalDate.ofEpochDay(value).plusDays(1).atStartOfDay(zone()).toInstant()
        : local(type, value, zone);
  }

  /** True if the column has local timestamps. */
  public boolean isLocal() {
    return zone != null && type.typeId() != Type.TypeID.DATE;
  }

  /** The ID of the column. */
  public int columnId() {
    return columnId;
  }

  /**
   * The least value of the column whose event time is not before an instant, in the unit of the
   * column's vector.
   */
  public long least(Instant from) {
    Temporal literal = leastLiteral(from);
    if (literal instanceof LocalDate day) {
      return day.toEpochDay();
    }
    Instant time =
        literal instanceof LocalDateTime local
            ? local.toInstant(ZoneOffset.UTC)
            : (Instant) literal;
    long digit = type.typeId() == Type.TypeID.TIMESTAMP_NANO ? 1 : 1_000;
    long perSecond = 1_000_000_000 / digit;
    return Math.addExact(
        Math.multiplyExact(time.getEpochSecond(), perSecond), (time.getNano() + digit - 1) / digit);
  }

  /** The rule that a row's event time is not before an instant, with the ID of the term. */
  public Rule notBefore(String column, Instant from) {
    return Rule.atLeast(column, leastLiteral(from)).id(ServiceLevel.MAX_LATENESS);
  }

  private Temporal leastLiteral(Instant from) {
    if (zone == null) {
      return from;
    }
    LocalDateTime local = LocalDateTime.ofInstant(from, zone);
    if (type.typeId() == Type.TypeID.DATE) {
      // A date means its end, which is the start of the next day.
      LocalDate day = local.toLocalDate();
      return day.atStartOfDay(zone).toInstant().equals(from) ? day.minusDays(1) : day;
    }
    ZoneOffsetTransition overlap = zone.getRules().getTransition(local);
    // Of a time that occurs twice, each value means the later instant.
    return overlap != null && overlap.isOverlap() && from.isBefore(overlap.getInstant())
        ? overlap.getDateTimeAfter()
        : local;
  }

  private ZoneId zone() {
    return zone == null ? ZoneOffset.UTC : zone;
  }

  /**
   * Adds the event time to a snapshot's properties.
   *
   * @param newest empty if it is unknown
   */
  public void addTo(Optional<Instant> newest, Map<String, String> summary) {
    summary.put(PROPERTY, text(newest));
  }

  /** Keeps a snapshot from repeating the event time of the newest one, whose row may be erased. */
  public static void forget(Table table, Map<String, String> summary) {
    copyTo(table, table.currentSnapshot(), summary);
    summary.computeIfPresent(PROPERTY, (property, value) -> "");
  }

  /** True if the newest snapshot states an event time, or that it is unknown. */
  public static boolean isStated(Table table) {
    Snapshot newest = table.currentSnapshot();
    return newest != null && newest.summary().containsKey(PROPERTY);
  }

  /** The table property without the value of an earlier snapshot; empty if it has none. */
  public static Map<String, String> withoutEarlier(Table table) {
    return table.properties().getOrDefault(OF_SNAPSHOT, "").isEmpty()
        ? Map.of()
        : Map.of(OF_SNAPSHOT, "");
  }

  /** In milliseconds, as all times of snapshots. */
  private String text(Optional<Instant> newest) {
    return newest.map(time -> columnId + "@" + time.truncatedTo(ChronoUnit.MILLIS)).orElse("");
  }

  /** An event time, or the present if it is in the future. */
  public static Instant capped(Instant time, Instant now) {
    return time.isAfter(now) ? now : time;
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
    // A producer may state a time of the next hours, which no event can have yet.
    Optional<Instant> stated =
        complete.flatMap(
            time -> updated.map(latest -> time.isAfter(latest) ? latest : time).or(() -> complete));
    return dataTime.isEmpty()
        ? updated
        : Stream.of(dataTime, stated).flatMap(Optional::stream).max(Instant::compareTo);
  }

  public static void copyTo(Table table, @Nullable Snapshot snapshot, Map<String, String> summary) {
    if (snapshot == null || summary.containsKey(PROPERTY)) {
      return;
    }
    for (Snapshot ancestor : SnapshotUtil.ancestorsOf(snapshot.snapshotId(), table::snapshot)) {
      String value = valueOf(table, ancestor);
      if (value != null) {
        summary.put(PROPERTY, value);
        return;
      }
      if (LastUpdate.changesRows(ancestor)) {
        return;
      }
    }
  }

  /** A local time that occurs twice is the later instant. */
  private static Instant local(Type type, long ticks, @Nullable ZoneId zone) {
    LocalDateTime time =
        type.typeId() == Type.TypeID.TIMESTAMP_NANO
            ? DateTimeUtil.timestampFromNanos(ticks)
            : DateTimeUtil.timestampFromMicros(ticks);
    return ZonedDateTime.ofLocal(time, zone == null ? ZoneOffset.UTC : zone, null)
        .withLaterOffsetAtOverlap()
        .toInstant();
  }
}
