package io.meshwork.internal.majors;

import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.MovedTables;
import io.meshwork.internal.ledger.MovedTables.MovedTable;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.ProductName;
import io.meshwork.publish.PublishReceipt;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.LongFunction;

/**
 * What a product derives from, by its log: the inputs of the rows that were published since a time,
 * and of the newest publish that added rows, however old it is. Immutable.
 *
 * @param inputs the major versions that the publishes name, with their columns in order; without
 *     columns if one of the publishes names none
 * @param complete false if the newest 100,000 entries have no publish that added rows, and older
 *     ones were not read
 */
record ProductInputs(Map<MajorVersion, List<String>> inputs, boolean complete) {
  /** The entries that are read at most. */
  static final long MAX_ENTRIES = 100_000;

  private static final long PAGE_SIZE = 1_000;

  ProductInputs {
    inputs = Map.copyOf(inputs);
  }

  /**
   * Reads the log of a product.
   *
   * @throws io.meshwork.error.BackendException if it cannot be read
   */
  static ProductInputs of(Ledger ledger, ProductName product, Instant since) {
    String log = RegistryKeys.partition(product);
    return of(thousand -> ledger.thousand(log, thousand), ledger.newestSequence(log), since);
  }

  /**
   * Reads a log backwards.
   *
   * @param thousands returns one thousand entries, oldest first, by the thousand of their sequence
   * @param newest the sequence of the newest entry
   */
  static ProductInputs of(
      LongFunction<List<VersionedDocument>> thousands, long newest, Instant since) {
    Map<MajorVersion, InputColumns> inputs = new HashMap<>();
    boolean published = false;
    long last = newest / PAGE_SIZE;
    for (long page = last; page >= 0; page--) {
      if (last - page >= MAX_ENTRIES / PAGE_SIZE) {
        return of(inputs, published);
      }
      List<VersionedDocument> entries = thousands.apply(page);
      for (int i = entries.size() - 1; i >= 0; i--) {
        VersionedDocument entry = entries.get(i);
        boolean recent = !Ledger.time(entry).isBefore(since);
        if (published && !recent) {
          return of(inputs, true);
        }
        boolean addsRows = addsRows(entry);
        if (recent || addsRows) {
          addInputs(entry, inputs);
        }
        published |= addsRows;
      }
    }
    return of(inputs, true);
  }

  private static ProductInputs of(Map<MajorVersion, InputColumns> inputs, boolean complete) {
    Map<MajorVersion, List<String>> columns = new HashMap<>();
    inputs.forEach((input, named) -> columns.put(input, named.all()));
    return new ProductInputs(columns, complete);
  }

  /** The columns of one input that publishes name. */
  private static final class InputColumns {
    private final TreeSet<String> named = new TreeSet<>();
    private boolean everyColumn;

    /** Adds the columns of pairs such as {@code total=amount}, in which they are second. */
    void add(List<String> pairs) {
      everyColumn |= pairs.isEmpty();
      pairs.forEach(pair -> named.add(pair.substring(pair.indexOf('=') + 1)));
    }

    List<String> all() {
      return everyColumn ? List.of() : List.copyOf(named);
    }
  }

  private static boolean addsRows(VersionedDocument entry) {
    return entry.json().path("event").asText().equals(MeshEvent.Type.PRODUCT_PUBLISHED.text())
        && tables(entry).stream()
            .anyMatch(table -> table.details().path("rowsAccepted").asLong() > 0);
  }

  private static void addInputs(VersionedDocument entry, Map<MajorVersion, InputColumns> inputs) {
    for (MovedTable table : tables(entry)) {
      for (PublishReceipt.Input input : table.derivedFrom()) {
        MajorVersion major = new MajorVersion(input.product(), input.contract().major());
        inputs.computeIfAbsent(major, first -> new InputColumns()).add(input.columns());
      }
    }
  }

  private static List<MovedTable> tables(VersionedDocument entry) {
    return MovedTables.of(entry.json().path("details"));
  }
}
