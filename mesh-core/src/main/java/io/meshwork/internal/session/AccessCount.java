package io.meshwork.internal.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * How often one kind of read or denial was seen in an hour, as far as that is not written yet. Not
 * thread-safe.
 */
public final class AccessCount {
  /** Stands for all columns that a reader sees. */
  public static final String ALL = "*";

  /** Always the same order, whatever order they were seen in. */
  static final Comparator<AccessCount> OLDEST_FIRST =
      Comparator.comparing((AccessCount seen) -> seen.last)
          .thenComparing(seen -> seen.kind.toString());

  private static final int MOST_COLUMNS = 200;

  private final Kind kind;
  private final Set<String> columns = new TreeSet<>();
  private Instant first = Instant.MAX;
  private Instant last = Instant.MIN;
  private long count;

  AccessCount(Kind kind) {
    this.kind = kind;
  }

  /**
   * What is counted together.
   *
   * @param hour when the hour begins
   * @param who the principal
   * @param action such as {@code read.seen} or {@code publish.denied}
   * @param subject a product or a domain
   * @param version the contract version that was read; blank for a denial
   * @param description of a denial what was tried, in words; of a read what was handed out
   * @param missing what would have allowed it; blank for a read
   */
  public record Kind(
      Instant hour,
      Principal who,
      String action,
      String subject,
      String version,
      String description,
      String missing) {}

  Kind kind() {
    return kind;
  }

  void add(Instant at, Collection<String> read) {
    add(1, at, at, read);
  }

  void add(AccessCount other) {
    add(other.count, other.first, other.last, other.columns);
  }

  private void add(long times, Instant from, Instant to, Collection<String> read) {
    count += times;
    first = from.isBefore(first) ? from : first;
    last = to.isAfter(last) ? to : last;
    columns.addAll(read);
    if (columns.contains(ALL) || columns.size() > MOST_COLUMNS) {
      columns.clear();
      columns.add(ALL);
    }
  }

  /** What was seen since the last time; empty if nothing was. */
  Optional<AccessCount> take() {
    if (count == 0) {
      return Optional.empty();
    }
    AccessCount taken = new AccessCount(kind);
    taken.add(this);
    count = 0;
    first = Instant.MAX;
    last = Instant.MIN;
    columns.clear();
    return Optional.of(taken);
  }

  /** A line of an entry. */
  JsonNode toJson() {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("hour", kind.hour().toString())
            .put("who", kind.who().toString())
            .put("action", kind.action())
            .put("subject", kind.subject())
            .put("count", count)
            .put("first", first.toString())
            .put("last", last.toString());
    putUnlessBlank(json, "version", kind.version());
    putUnlessBlank(json, "doing", kind.description());
    putUnlessBlank(json, "missing", kind.missing());
    if (!columns.isEmpty()) {
      columns.forEach(json.putArray("columns")::add);
    }
    return json;
  }

  private static void putUnlessBlank(ObjectNode json, String field, String value) {
    if (!value.isBlank()) {
      json.put(field, value);
    }
  }
}
