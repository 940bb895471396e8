package io.meshwork.internal.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The stored use of a major by a subscription, or by the reads of a domain without one.
 *
 * @param product the product that is read
 * @param major the major that is read
 * @param name the subscription's name; {@link #WITHOUT_SUBSCRIPTION} for reads without one
 * @param first the earliest known read
 * @param at when it was read last, to the day, by the clock that is ahead if hosts' clocks differ
 * @param by the principal that read it
 * @param contractVersion the current contract version at that time; empty before a read
 * @param columns paths of the columns that were read recently, each with the day of the last read;
 *     {@link #ALL} if there are too many
 * @param days the days of use, in UTC, of the 90 days before {@code at}
 * @param readers the principals that read it in the 90 days before {@code at}, each with a day of
 *     the last 30 days before its last read
 */
public record UsageEntry(
    ProductName product,
    int major,
    String name,
    Instant first,
    Instant at,
    String by,
    Optional<ContractVersion> contractVersion,
    SortedMap<String, Instant> columns,
    UseDays days,
    SortedMap<String, LocalDate> readers) {
  /** All columns. */
  public static final String ALL = "*";

  /** In place of a name, for the reads of a domain without a subscription. No name contains it. */
  public static final String WITHOUT_SUBSCRIPTION = "@";

  /** The field of a consumer's answers to a rollout with the time when it declared its move. */
  public static final String MOVED_AT = "movedAt";

  /** The time since the last read after which a column counts as unused. */
  public static final Duration RECENT = Duration.ofDays(UseDays.KEPT);

  private static final int MAX_COLUMNS = 500;
  private static final int MAX_READERS = 100;
  private static final int READER_DAYS = 30;

  public UsageEntry {
    first = min(first, at);
    columns = Collections.unmodifiableSortedMap(new TreeMap<>(columns));
    readers = Collections.unmodifiableSortedMap(new TreeMap<>(readers));
  }

  /** The first use of a major, still without columns. */
  public static UsageEntry first(
      ProductName product, int major, String name, String by, Instant now) {
    Instant at = now.truncatedTo(ChronoUnit.MILLIS);
    return new UsageEntry(
        product,
        major,
        name,
        at,
        at,
        by,
        Optional.empty(),
        new TreeMap<>(),
        UseDays.NONE,
        new TreeMap<>());
  }

  public static UsageEntry of(VersionedDocument stored) {
    return DocumentCodec.of(UsageEntry.class).read(stored);
  }

  private static Instant min(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private static Instant max(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private static LocalDate day(Instant time) {
    return LocalDate.ofInstant(time, ZoneOffset.UTC);
  }

  private static Instant start(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  /**
   * True if it already has a read of these columns under this version on the same day, and a recent
   * one by this principal.
   */
  public boolean covers(String who, ContractVersion read, Collection<String> paths, Instant now) {
    return days.all().contains(day(now))
        && readers.containsKey(who)
        && day(now).minusDays(READER_DAYS).isBefore(readers.get(who))
        && contractVersion.equals(Optional.of(read))
        && (columns.containsKey(ALL) || columns.keySet().containsAll(paths));
  }

  /** The same with a read of these columns, without columns that are no longer read. */
  public UsageEntry used(String who, ContractVersion read, Collection<String> paths, Instant now) {
    LocalDate today = day(now);
    SortedMap<String, Instant> all = new TreeMap<>(columns);
    all.values().removeIf(last -> last.isBefore(now.minus(RECENT)));
    paths.forEach(path -> all.put(path, start(today)));
    if (all.size() > MAX_COLUMNS) {
      all.clear();
      all.put(ALL, start(today));
    }
    return new UsageEntry(
        product,
        major,
        name,
        first,
        max(at, now.truncatedTo(ChronoUnit.MILLIS)),
        who,
        Optional.of(read),
        all,
        days.with(today).recent(today),
        recentReaders(who, today));
  }

  private SortedMap<String, LocalDate> recentReaders(String who, LocalDate today) {
    SortedMap<String, LocalDate> recent = new TreeMap<>(readers);
    recent.values().removeIf(day -> day.isBefore(today.minusDays(UseDays.KEPT)));
    recent.put(who, today);
    while (recent.size() > MAX_READERS) {
      recent.remove(Collections.min(recent.entrySet(), Map.Entry.comparingByValue()).getKey());
    }
    return recent;
  }

  /**
   * The principals that may have read it within 90 days before a time, or after it, by name. The
   * day of a principal is at most 30 days before its last read.
   */
  public SortedSet<String> recentReaders(Instant time) {
    LocalDate start = day(time).minusDays(UseDays.KEPT);
    SortedSet<String> recent = new TreeSet<>();
    if (!day(at).isBefore(start)) {
      recent.addAll(readers.keySet());
      recent.removeIf(reader -> isBefore(reader, start.minusDays(READER_DAYS)));
    }
    return recent;
  }

  private boolean isBefore(String reader, LocalDate start) {
    LocalDate day = readers.get(reader);
    return day == null || day.isBefore(start);
  }

  /** The paths that were read recently; contains {@link #ALL} for all columns. */
  public Set<String> paths() {
    return columns.keySet();
  }

  /** The same paths; empty for all columns. */
  public List<String> columnPaths() {
    return columns.containsKey(ALL) ? List.of() : List.copyOf(columns.keySet());
  }

  /** The largest number of days between two uses in the last 90 days; empty with fewer than two. */
  public OptionalInt largestGap(Instant now) {
    return days.recent(day(now)).largestGap();
  }

  /**
   * How long the consumer must not use the major to count as gone: twice the largest gap of the
   * last 90 days, at least 2 and at most 35 days; 35 days if no gap is known.
   */
  public Duration quietPeriod(Instant now) {
    return days.recent(day(now)).quietPeriod();
  }

  /** True if the major was not used for longer than {@link #quietPeriod} since the last day. */
  public boolean isQuiet(Instant now) {
    return !start(day(at).plusDays(1)).plus(quietPeriod(now)).isAfter(now);
  }

  /** Its document; unknown fields of the existing one are retained. */
  public ObjectNode toDocument(Optional<VersionedDocument> existing) {
    return DocumentCodec.of(UsageEntry.class).write(this, existing);
  }
}
