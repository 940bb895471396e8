package io.meshwork.internal.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.UsageEntry;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.session.MovedTables;
import io.meshwork.internal.session.MovedTables.MovedTable;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the publishes of a major version stated as their inputs. An input counts if it was stated in
 * the last 90 days, or by the newest publish that added rows. Immutable.
 *
 * @param newest when rows were added last; empty if they never were
 * @param inputs the inputs by their text
 */
public record DeclaredInputs(Optional<Instant> newest, SortedMap<String, DeclaredInput> inputs) {
  /** Nothing was stated. */
  static final DeclaredInputs NONE = new DeclaredInputs(Optional.empty(), new TreeMap<>());

  private static final int MAX_COLUMNS = 500;
  private static final long PAGE_SIZE = 1_000;
  private static final long MAX_PAGES = 100;

  /** Copies the map. */
  public DeclaredInputs {
    inputs = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(inputs));
  }

  /**
   * An input.
   *
   * @param major the major version that was read
   * @param pairs columns such as {@code total=amount}, the derived one first; empty if a publish
   *     stated none
   * @param last when it was stated last
   */
  public record DeclaredInput(MajorVersion major, SortedSet<String> pairs, Instant last) {
    /** Copies the set. */
    public DeclaredInput {
      pairs = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(pairs));
    }
  }

  /** The inputs that count at a time, by product and major version. */
  public Collection<DeclaredInput> at(Instant now) {
    return inputs.values().stream().filter(input -> counts(input, now)).toList();
  }

  private boolean counts(DeclaredInput input, Instant now) {
    return !input.last().isBefore(now.minus(UsageEntry.RECENT))
        || newest.filter(rows -> !input.last().isBefore(rows)).isPresent();
  }

  /** Adds what a log entry states about a major version. */
  DeclaredInputs with(JsonNode details, int major, Instant at) {
    Optional<MovedTable> table =
        MovedTables.of(details).stream().filter(each -> each.major() == major).findFirst();
    if (table.isEmpty()) {
      return this;
    }
    JsonNode moved = table.get().details();
    boolean addsRows = moved.path("rowsAccepted").asLong() > 0;
    SortedMap<String, DeclaredInput> all = new TreeMap<>(inputs);
    for (JsonNode named : moved.path("derivedFrom")) {
      MajorVersion input =
          new MajorVersion(
              ProductName.of(named.path("product").asText()),
              ContractVersion.parse(named.path("contractVersion").asText()).major());
      all.merge(key(input), stated(input, named.path("columns"), at), DeclaredInputs::merged);
    }
    DeclaredInputs result = new DeclaredInputs(addsRows ? Optional.of(at) : newest, all);
    return new DeclaredInputs(result.newest(), result.counting(at));
  }

  private SortedMap<String, DeclaredInput> counting(Instant now) {
    SortedMap<String, DeclaredInput> kept = new TreeMap<>(inputs);
    kept.values().removeIf(input -> !counts(input, now));
    return kept;
  }

  private static String key(MajorVersion input) {
    return input.product() + "@" + input.major();
  }

  private static DeclaredInput stated(MajorVersion input, JsonNode columns, Instant at) {
    SortedSet<String> pairs = new TreeSet<>();
    columns.forEach(pair -> pairs.add(pair.asText()));
    return new DeclaredInput(input, pairs, at);
  }

  /** An input without columns derives from all of them. */
  private static DeclaredInput merged(DeclaredInput before, DeclaredInput after) {
    SortedSet<String> pairs = new TreeSet<>();
    if (!before.pairs().isEmpty() && !after.pairs().isEmpty()) {
      pairs.addAll(before.pairs());
      pairs.addAll(after.pairs());
    }
    if (pairs.size() > MAX_COLUMNS) {
      pairs.clear();
    }
    return new DeclaredInput(
        after.major(), pairs, after.last().isBefore(before.last()) ? before.last() : after.last());
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
        boolean recent = !Ledger.time(entry).isBefore(since);
        open = recent || !rows;
        if (open) {
          relevant.add(0, entry);
          rows |= addsRows(entry, major);
        }
      }
    }
    DeclaredInputs found = NONE;
    for (VersionedDocument entry : relevant) {
      found = found.with(entry.json().path("details"), major, Ledger.time(entry));
    }
    return new DeclaredInputs(found.newest(), found.counting(now));
  }

  private static boolean addsRows(VersionedDocument entry, int major) {
    return MovedTables.of(entry.json().path("details")).stream()
        .anyMatch(
            table -> table.major() == major && table.details().path("rowsAccepted").asLong() > 0);
  }

  static DeclaredInputs of(JsonNode json) {
    SortedMap<String, DeclaredInput> inputs = new TreeMap<>();
    for (JsonNode each : json.path("stated")) {
      MajorVersion input =
          new MajorVersion(
              ProductName.of(each.path("product").asText()), each.path("major").asInt());
      inputs.put(
          key(input),
          stated(input, each.path("columns"), Instant.parse(each.path("last").asText())));
    }
    return new DeclaredInputs(ProductShape.text(json, "newest").map(Instant::parse), inputs);
  }

  void write(ObjectNode json) {
    newest.ifPresent(at -> json.put("newest", at.toString()));
    ArrayNode stated = json.putArray("stated");
    for (Map.Entry<String, DeclaredInput> each : inputs.entrySet()) {
      DeclaredInput input = each.getValue();
      ArrayNode columns =
          stated
              .addObject()
              .put("product", input.major().product().toString())
              .put("major", input.major().major())
              .put("last", input.last().toString())
              .putArray("columns");
      input.pairs().forEach(columns::add);
    }
  }
}
