package io.meshwork.internal.index;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.UsageEntry;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.MovedTables;
import io.meshwork.internal.ledger.MovedTables.MovedTable;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.ProductName;
import io.meshwork.publish.PublishReceipt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What the publishes of a major version stated as their inputs. An input, a pair of columns, or
 * that columns were not named counts if it was stated in the last 90 days, or by the newest publish
 * that added rows. Immutable.
 *
 * @param newest when rows were added last; empty if they never were
 * @param inputs the inputs by their text
 * @param isPartial true if what the log has from before the first commit is to be added
 */
public record DeclaredInputs(
    Optional<Instant> newest,
    SortedMap<String, DeclaredInput> inputs,
    @JsonProperty("partial") @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean isPartial) {
  /** Nothing was stated. */
  static final DeclaredInputs NONE = new DeclaredInputs(Optional.empty(), new TreeMap<>(), false);

  /** The log was not read, as it may be long. */
  static final DeclaredInputs UNREAD = new DeclaredInputs(Optional.empty(), new TreeMap<>(), true);

  private static final int MAX_COLUMNS = 500;

  /** The most bytes of pairs, so that the document with them fits its limit. */
  private static final int MAX_BYTES = 200_000;

  private static final long PAGE_SIZE = 1_000;
  private static final long MAX_PAGES = 100;

  public DeclaredInputs {
    inputs = Collections.unmodifiableSortedMap(new TreeMap<>(inputs));
  }

  /**
   * An input.
   *
   * @param major the major version that was read
   * @param pairs when columns such as {@code total=amount}, the derived one first, were stated
   *     last; at most one more than count
   * @param whole when it was stated last without columns
   * @param last when it was stated last
   */
  public record DeclaredInput(
      @JsonUnwrapped MajorVersion major,
      @JsonProperty("columns") SortedMap<String, Instant> pairs,
      Optional<Instant> whole,
      Instant last) {
    public DeclaredInput {
      pairs = Collections.unmodifiableSortedMap(new TreeMap<>(pairs));
    }

    /** The pairs of columns; empty if a publish stated none, or they are too many. */
    public SortedSet<String> columns() {
      return whole.isPresent() || pairs.size() > MAX_COLUMNS
          ? new TreeSet<>()
          : new TreeSet<>(pairs.keySet());
    }

    private DeclaredInput where(Predicate<Instant> counts) {
      SortedMap<String, Instant> active = new TreeMap<>(pairs);
      active.values().removeIf(counts.negate());
      return new DeclaredInput(major, active, whole.filter(counts), last);
    }

    /** Retains the newest pairs, so that the result does not depend on when it is called. */
    private DeclaredInput with(DeclaredInput other) {
      SortedMap<String, Instant> all = new TreeMap<>(pairs);
      other.pairs.forEach((pair, at) -> all.merge(pair, at, DeclaredInput::later));
      Comparator<String> oldest =
          Comparator.comparing((String pair) -> all.getOrDefault(pair, Instant.MIN))
              .thenComparing(Comparator.naturalOrder());
      all.keySet().stream()
          .sorted(oldest)
          .limit(Math.max(0, all.size() - MAX_COLUMNS - 1))
          .toList()
          .forEach(all::remove);
      return new DeclaredInput(
          major,
          all,
          Stream.concat(whole.stream(), other.whole.stream()).reduce(DeclaredInput::later),
          later(last, other.last));
    }

    private static Instant later(Instant one, Instant other) {
      return one.isBefore(other) ? other : one;
    }

    private boolean covers(DeclaredInput other) {
      return !last.isBefore(other.last)
          && (whole.isPresent()
              || (other.whole.isEmpty() && pairs.keySet().containsAll(other.pairs.keySet())));
    }

    /** The size of the pairs with their times in JSON, at most. */
    private int bytes() {
      return pairs.keySet().stream().mapToInt(pair -> 3 * pair.length() + 40).sum();
    }

    private DeclaredInput withoutColumns() {
      return new DeclaredInput(major, new TreeMap<>(), Optional.of(last), last);
    }
  }

  /** The inputs that count at a time, by product and major version. */
  public Collection<DeclaredInput> at(Instant now) {
    return counting(now).values();
  }

  /** Returns true if this has every input of the other that is active at this time. */
  boolean covers(DeclaredInputs other, Instant now) {
    SortedMap<String, DeclaredInput> inputs = counting(now);
    return other.counting(now).entrySet().stream()
        .allMatch(
            each -> {
              DeclaredInput own = inputs.get(each.getKey());
              return own != null && own.covers(each.getValue());
            });
  }

  private boolean counts(Instant stated, Instant now) {
    return !stated.isBefore(now.minus(UsageEntry.RECENT))
        || newest.filter(rows -> !stated.isBefore(rows)).isPresent();
  }

  /** Adds what a log entry states about a major version. */
  DeclaredInputs with(JsonNode details, int major, Instant at) {
    Optional<MovedTable> table =
        MovedTables.of(details).stream().filter(each -> each.major() == major).findFirst();
    if (table.isEmpty()) {
      return this;
    }
    boolean addsRows = table.get().details().path("rowsAccepted").asLong() > 0;
    SortedMap<String, DeclaredInput> all = new TreeMap<>(inputs);
    for (PublishReceipt.Input named : table.get().derivedFrom()) {
      MajorVersion input = new MajorVersion(named.product(), named.contract().major());
      all.merge(key(input), stated(input, named.columns(), at), DeclaredInput::with);
    }
    return new DeclaredInputs(addsRows ? Optional.of(at) : newest, all, isPartial).pruned(at);
  }

  /** Of inputs with too many columns together, the ones with the most count as wholes. */
  private DeclaredInputs pruned(Instant now) {
    SortedMap<String, DeclaredInput> retained = counting(now);
    while (retained.values().stream().mapToInt(DeclaredInput::bytes).sum() > MAX_BYTES) {
      retained.values().stream()
          .max(Comparator.comparingInt(DeclaredInput::bytes))
          .ifPresent(largest -> retained.put(key(largest.major()), largest.withoutColumns()));
    }
    return new DeclaredInputs(newest, retained, isPartial);
  }

  private SortedMap<String, DeclaredInput> counting(Instant now) {
    SortedMap<String, DeclaredInput> retained = new TreeMap<>();
    inputs.forEach(
        (key, input) -> {
          if (counts(input.last(), now)) {
            retained.put(key, input.where(stated -> counts(stated, now)));
          }
        });
    return retained;
  }

  /** An input without columns derives from all of them. */
  private static DeclaredInput stated(MajorVersion input, List<String> columns, Instant at) {
    SortedMap<String, Instant> pairs = new TreeMap<>();
    columns.forEach(pair -> pairs.put(pair, at));
    return new DeclaredInput(input, pairs, Optional.of(at).filter(all -> pairs.isEmpty()), at);
  }

  private static String key(MajorVersion input) {
    return input.product() + "@" + input.major();
  }

  /**
   * Reads what counts at a time from the log of a product.
   *
   * @throws io.meshwork.error.BackendException if it cannot be read
   */
  static DeclaredInputs inLog(Ledger ledger, ProductName product, int major, Instant now) {
    String log = RegistryKeys.partition(product);
    List<VersionedDocument> relevant = new ArrayList<>();
    Instant since = now.minus(UsageEntry.RECENT);
    long last = ledger.newestSequence(log) / PAGE_SIZE;
    boolean open = true;
    boolean rows = false;
    for (long page = last; open && page >= 0 && last - page < MAX_PAGES; page--) {
      List<VersionedDocument> entries = ledger.thousand(log, page);
      for (int i = entries.size() - 1; open && i >= 0; i--) {
        VersionedDocument entry = entries.get(i);
        open = !rows || !Ledger.time(entry).isBefore(since);
        Optional<MovedTable> moved = open ? moved(entry, major) : Optional.empty();
        if (moved.isPresent()) {
          relevant.add(entry);
          rows |= moved.get().details().path("rowsAccepted").asLong() > 0;
        }
      }
    }
    Collections.reverse(relevant);
    DeclaredInputs inputs = NONE;
    for (VersionedDocument entry : relevant) {
      inputs = inputs.with(entry.json().path("details"), major, Ledger.time(entry));
    }
    return inputs.pruned(now);
  }

  private static Optional<MovedTable> moved(VersionedDocument entry, int major) {
    return MovedTables.of(entry.json().path("details")).stream()
        .filter(table -> table.major() == major)
        .findFirst();
  }
}
