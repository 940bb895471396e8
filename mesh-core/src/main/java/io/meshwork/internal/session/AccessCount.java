package io.meshwork.internal.session;

import io.meshwork.internal.event.EventDetails;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * How often one kind of read or denial occurred in an hour since the last write. Not thread-safe.
 */
public final class AccessCount {
  /** All columns of the version. */
  public static final String ALL = "*";

  /** A total order, independent of the order of the accesses. */
  static final Comparator<AccessCount> OLDEST_FIRST =
      Comparator.comparing((AccessCount count) -> count.last)
          .thenComparing(count -> count.kind.toString());

  private static final int MAX_COLUMNS = 200;

  private final Kind kind;
  private final Set<String> columns = new TreeSet<>();
  private Instant first = Instant.MAX;
  private Instant last = Instant.MIN;
  private long count;

  AccessCount(Kind kind) {
    this.kind = kind;
  }

  /**
   * The accesses that are counted together.
   *
   * @param hour the start of the hour
   * @param who the principal
   * @param action such as {@code read.seen} or {@code publish.denied}
   * @param subject a product or a domain
   * @param version the contract version that was read; blank for a denial
   * @param description of a denial, the attempted action as text; of a read, what was returned
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

  private void add(long number, Instant from, Instant to, Collection<String> read) {
    count += number;
    first = from.isBefore(first) ? from : first;
    last = to.isAfter(last) ? to : last;
    columns.addAll(read);
    if (columns.contains(ALL) || columns.size() > MAX_COLUMNS) {
      columns.clear();
      columns.add(ALL);
    }
  }

  /** Returns the count and resets it; empty if it is zero. */
  Optional<AccessCount> drain() {
    if (count == 0) {
      return Optional.empty();
    }
    AccessCount drained = new AccessCount(kind);
    drained.add(this);
    count = 0;
    first = Instant.MAX;
    last = Instant.MIN;
    columns.clear();
    return Optional.of(drained);
  }

  /** Returns how many characters its columns have. */
  int length() {
    return columns.stream().mapToInt(String::length).sum();
  }

  /** The count as one line of a log entry. */
  EventDetails.HourlyAccessCount logged() {
    return new EventDetails.HourlyAccessCount(
        kind.hour(),
        kind.who().toString(),
        kind.action(),
        kind.subject(),
        count,
        first,
        last,
        unlessBlank(kind.version()).map(ContractVersion::parse),
        unlessBlank(kind.description()),
        unlessBlank(kind.missing()),
        List.copyOf(columns));
  }

  private static Optional<String> unlessBlank(String text) {
    return Optional.of(text).filter(each -> !each.isBlank());
  }
}
