package io.meshwork.internal.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.DocumentJson;
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
 * @param at when it was read last, to the day, by the clock that is ahead if those of hosts differ
 * @param by the principal that read it
 * @param version the current contract version at that time; empty for an old document
 * @param columns paths of the columns that were read recently, each with the day of the last read;
 *     {@link #ALL} if there are too many
 * @param days the days of use, in UTC, of the 90 days before {@code at}; those that an old document
 *     proves
 * @param readers the principals that read it in the 90 days before {@code at}, each with a day of
 *     the last 30 days before its last read; an old document has only {@code by}
 */
public record UsageEntry(
    ProductName product,
    int major,
    String name,
    Instant first,
    Instant at,
    String by,
    Optional<ContractVersion> version,
    SortedMap<String, Instant> columns,
    SortedSet<LocalDate> days,
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
  private static final String READERS = "readers";
  private static final String FIRST = "first";
  private static final String DAYS = "days";

  /** Copies the columns and days. No read is before the first. */
  public UsageEntry {
    first = min(first, at);
    columns = Collections.unmodifiableSortedMap(new TreeMap<>(columns));
    days = Collections.unmodifiableSortedSet(new TreeSet<>(days));
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
        new TreeSet<>(),
        new TreeMap<>());
  }

  /** Reads its document. */
  public static UsageEntry of(VersionedDocument stored) {
    JsonNode json = stored.json();
    SortedMap<String, Instant> columns = new TreeMap<>();
    for (Map.Entry<String, JsonNode> column : json.path("columns").properties()) {
      columns.put(column.getKey(), Instant.parse(column.getValue().asText()));
    }
    Instant at = Instant.parse(json.path("at").asText());
    SortedSet<LocalDate> days =
        json.has(DAYS) ? UseDays.read(json.path(DAYS)) : daysOf(columns.values());
    // An earlier version of the SDK keeps the days and changes the time.
    days.add(day(at));
    Instant first =
        Optional.ofNullable(json.path(FIRST).textValue())
            .map(Instant::parse)
            .orElseGet(() -> min(at, start(days.first())));
    String by = json.path("by").asText();
    SortedMap<String, LocalDate> readers = new TreeMap<>();
    for (Map.Entry<String, JsonNode> reader : json.path(READERS).properties()) {
      readers.put(reader.getKey(), LocalDate.parse(reader.getValue().asText()));
    }
    // An earlier version of the SDK changes the principal and keeps the readers.
    readers.putIfAbsent(by, day(at));
    return new UsageEntry(
        ProductName.of(json.path("product").asText()),
        json.path("major").asInt(),
        json.path("name").asText(),
        first,
        at,
        by,
        Optional.ofNullable(json.path("contractVersion").textValue()).map(ContractVersion::parse),
        columns,
        days,
        readers);
  }

  /** The days of use that the columns of a document without days prove. */
  private static SortedSet<LocalDate> daysOf(Collection<Instant> columns) {
    SortedSet<LocalDate> days = new TreeSet<>();
    columns.forEach(last -> days.add(day(last)));
    return days;
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
    return days.contains(day(now))
        && readers.containsKey(who)
        && day(now).minusDays(READER_DAYS).isBefore(readers.get(who))
        && version.equals(Optional.of(read))
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
    SortedSet<LocalDate> used = new TreeSet<>(days);
    used.add(today);
    return new UsageEntry(
        product,
        major,
        name,
        first,
        max(at, now.truncatedTo(ChronoUnit.MILLIS)),
        who,
        Optional.of(read),
        all,
        UseDays.recent(used, today),
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
    return UseDays.largestGap(UseDays.recent(days, day(now)));
  }

  /**
   * How long the consumer must not use the major to count as gone: twice the largest gap of the
   * last 90 days, at least 2 and at most 35 days; 35 days if no gap is known.
   */
  public Duration quietPeriod(Instant now) {
    return UseDays.quietPeriod(UseDays.recent(days, day(now)));
  }

  /** True if the major was not used for longer than {@link #quietPeriod} since the last day. */
  public boolean isQuiet(Instant now) {
    return !start(day(at).plusDays(1)).plus(quietPeriod(now)).isAfter(now);
  }

  /** Its document; unknown fields of the existing one are kept. */
  public ObjectNode toDocument(Optional<VersionedDocument> existing) {
    ObjectNode json =
        existing.map(stored -> stored.json().deepCopy()).orElseGet(DocumentJson::create);
    json.put("product", product.toString());
    json.put("major", major);
    json.put("name", name);
    json.put(FIRST, first.toString());
    json.put("at", at.toString());
    json.put("by", by);
    version.ifPresent(read -> json.put("contractVersion", read.toString()));
    ObjectNode read = json.putObject("columns");
    columns.forEach((path, last) -> read.put(path, last.toString()));
    UseDays.write(days, json.putArray(DAYS));
    ObjectNode who = json.putObject(READERS);
    readers.forEach((reader, day) -> who.put(reader, day.toString()));
    return json;
  }
}
