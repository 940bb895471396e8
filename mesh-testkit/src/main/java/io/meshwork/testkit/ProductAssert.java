package io.meshwork.testkit;

import io.meshwork.MeshClient;
import io.meshwork.consume.Read;
import io.meshwork.consume.Rows;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ListAssert;

/** Assertions on what a product holds now, as one client sees it. */
public final class ProductAssert extends AbstractAssert<ProductAssert, ProductName> {
  private final MeshClient client;

  ProductAssert(MeshClient client, ProductName product) {
    super(product, ProductAssert.class);
    this.client = client;
  }

  /** So many snapshots can be read, in the current major version. */
  public ProductAssert hasSnapshots(int count) {
    return counts("snapshots", count, client.read(actual).snapshots().size());
  }

  /** So many rows are in the newest snapshot. */
  public ProductAssert hasRows(long count) {
    return counts("rows", count, count(client.read(actual)));
  }

  /** Nothing was published, or all of it is gone. */
  public ProductAssert isEmpty() {
    return hasRows(0);
  }

  /** So many rows for which a filter is true, such as {@code "country = 'SE'"}. */
  public ProductAssert hasRowsWhere(String filter, long count) {
    return counts("rows where " + filter, count, count(client.read(actual).where(filter)));
  }

  /**
   * These rows and no others, in any order; each as often as it is said. All are of one record
   * class.
   */
  public ProductAssert hasExactlyRows(Record first, Record... others) {
    List<Record> expected = new ArrayList<>(List.of(first));
    expected.addAll(Arrays.asList(others));
    return hasExactlyRows(first.getClass(), expected);
  }

  /** The same; also of no rows. */
  public ProductAssert hasExactlyRows(
      Class<? extends Record> type, Iterable<? extends Record> expected) {
    List<Record> rows = new ArrayList<>(all(client.read(actual).as(type)));
    Assertions.assertThat(rows)
        .as("rows of %s", actual)
        .containsExactlyInAnyOrderElementsOf(expected);
    return this;
  }

  /** All its rows as Java records, for AssertJ's assertions on lists. */
  public <R> ListAssert<R> rowsAs(Class<R> type) {
    return Assertions.assertThat(all(client.read(actual).as(type))).as("rows of %s", actual);
  }

  /** So many rows are in quarantine, of all publishes; for those who act for the owner. */
  public ProductAssert hasQuarantined(long count) {
    Map<String, Long> rules = quarantinedByRules();
    long found = rules.values().stream().mapToLong(Long::longValue).sum();
    return counts("rows in quarantine", count, found, " By rules: " + rules + ".");
  }

  /** So many rows are in quarantine that broke this rule, alone or among others. */
  public ProductAssert hasQuarantined(String ruleId, long count) {
    Map<String, Long> rules = quarantinedByRules();
    long found =
        rules.entrySet().stream()
            .filter(entry -> Arrays.asList(entry.getKey().split(",", -1)).contains(ruleId))
            .mapToLong(Map.Entry::getValue)
            .sum();
    return counts("rows in quarantine for " + ruleId, count, found, " By rules: " + rules + ".");
  }

  private Map<String, Long> quarantinedByRules() {
    Map<String, Long> rules = new LinkedHashMap<>();
    for (GenericRecord row : all(client.quarantine(actual))) {
      rules.merge(String.valueOf(row.get("rules")), 1L, Long::sum);
    }
    return rules;
  }

  private ProductAssert counts(String what, long expected, long found) {
    return counts(what, expected, found, "");
  }

  private ProductAssert counts(String what, long expected, long found, String more) {
    if (found != expected) {
      failWithMessage(
          "Expected of %s: %d %s. There are %d.%s", actual, expected, what, found, more);
    }
    return this;
  }

  private static long count(Read<GenericRecord> read) {
    long count = 0;
    try (Rows<GenericRecord> rows = read.read()) {
      for (var batches = rows.batches(); batches.hasNext(); ) {
        count += batches.next().rows();
      }
    }
    return count;
  }

  private static <T> List<T> all(Read<T> read) {
    List<T> all = new ArrayList<>();
    try (Rows<T> rows = read.read()) {
      rows.forEach(all::add);
    }
    return all;
  }
}
