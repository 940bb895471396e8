package io.meshwork.internal.availability;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;

/**
 * In which minutes of a calendar month, in UTC, a table could be opened, and in which it could not.
 * Not thread-safe.
 */
public final class AvailabilityMinutes {
  private static final String OPENED = "opened";
  private static final String FAILED = "failed";
  private static final int MINUTES = 60;
  private static final int HEX = 16;

  /** A bit for each minute of an hour, by the hours since the start of the month. */
  private final Map<Integer, Long> opened = new TreeMap<>();

  private final Map<Integer, Long> failed = new TreeMap<>();

  /** The minutes that a document has. */
  public static AvailabilityMinutes of(JsonNode json) {
    AvailabilityMinutes minutes = new AvailabilityMinutes();
    read(json.path(OPENED), minutes.opened);
    read(json.path(FAILED), minutes.failed);
    return minutes;
  }

  private static void read(JsonNode hours, Map<Integer, Long> into) {
    hours
        .properties()
        .forEach(
            hour ->
                into.put(
                    Integer.valueOf(hour.getKey()),
                    Long.parseUnsignedLong(hour.getValue().asText(), HEX)));
  }

  public static YearMonth month(Instant time) {
    return YearMonth.from(time.atZone(ZoneOffset.UTC));
  }

  void add(Instant at, boolean success) {
    long minute =
        Duration.between(month(at).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant(), at)
            .toMinutes();
    (success ? opened : failed)
        .merge((int) (minute / MINUTES), 1L << (minute % MINUTES), (one, other) -> one | other);
  }

  public void add(AvailabilityMinutes others) {
    others.opened.forEach((hour, bits) -> opened.merge(hour, bits, (one, other) -> one | other));
    others.failed.forEach((hour, bits) -> failed.merge(hour, bits, (one, other) -> one | other));
  }

  boolean contains(AvailabilityMinutes others) {
    return contains(opened, others.opened) && contains(failed, others.failed);
  }

  private static boolean contains(Map<Integer, Long> all, Map<Integer, Long> some) {
    return some.entrySet().stream()
        .allMatch(each -> (each.getValue() & ~all.getOrDefault(each.getKey(), 0L)) == 0);
  }

  /** The minutes in which the table was opened. */
  public int opened() {
    return opened.values().stream().mapToInt(Long::bitCount).sum();
  }

  /** The minutes in which all attempts to open it failed. */
  public int failed() {
    return failed.entrySet().stream()
        .mapToInt(each -> Long.bitCount(each.getValue() & ~opened.getOrDefault(each.getKey(), 0L)))
        .sum();
  }

  /** Writes the minutes into a document, by hand so that hours are in the order of numbers. */
  void writeTo(ObjectNode json) {
    write(opened, json.putObject(OPENED));
    write(failed, json.putObject(FAILED));
  }

  private static void write(Map<Integer, Long> hours, ObjectNode json) {
    hours.forEach((hour, bits) -> json.put(hour.toString(), Long.toHexString(bits)));
  }
}
