package io.meshwork.testkit;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Read;
import io.meshwork.consume.Rows;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.Finding;
import io.meshwork.product.ProductName;
import io.meshwork.publish.PublishReceipt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.apache.avro.generic.GenericRecord;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ListAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/**
 * AssertJ assertions on what a mesh did and holds. Import them statically, beside AssertJ's own.
 */
public final class MeshAssertions {
  private MeshAssertions() {}

  /** What a publish did. */
  public static ReceiptAssert assertThat(PublishReceipt receipt) {
    return new ReceiptAssert(receipt);
  }

  /** What a mesh is as a whole. */
  public static MeshAssert assertThat(Mesh mesh) {
    return new MeshAssert(mesh);
  }

  /**
   * What a product holds, as this client sees it. Each assertion looks anew.
   *
   * @param product written {@code domain/product}
   */
  public static ProductAssert assertThatProduct(MeshClient client, CharSequence product) {
    return new ProductAssert(client, ProductName.of(product));
  }

  /**
   * Runs a publish that must be refused since its rows break the contract, and says how.
   *
   * @throws AssertionError if it is not refused, or for something else
   */
  public static ViolationAssert assertThatContractIsBroken(ThrowingCallable publish) {
    Throwable thrown = Assertions.catchThrowable(publish);
    if (thrown instanceof ContractViolationException violation) {
      return new ViolationAssert(violation);
    }
    if (thrown == null) {
      throw new AssertionError(
          "Expected that the publish be refused since its rows break the contract. It was not"
              + " refused.");
    }
    throw new AssertionError(
        "Expected that the publish be refused since its rows break the contract. It failed for"
            + " something else: "
            + thrown,
        thrown);
  }

  /**
   * Assertions on what a publish did. A message of failure shows the receipt; it holds no values.
   */
  public static final class ReceiptAssert extends AbstractAssert<ReceiptAssert, PublishReceipt> {
    private ReceiptAssert(PublishReceipt receipt) {
      super(receipt, ReceiptAssert.class);
    }

    /** It made a snapshot, now or when it was first said under its key. */
    public ReceiptAssert isPublished() {
      return holds(receipt().snapshotId().isPresent(), "a snapshot", "none");
    }

    /** It changed no row of the product; its snapshot, if it made one, has the same rows. */
    public ReceiptAssert changedNothing() {
      PublishReceipt receipt = receipt();
      return holds(
          receipt.rowsAccepted() + receipt.rowsRemoved() + receipt.rowsRestored() == 0,
          "no change",
          receipt.rowsAccepted()
              + " rows that came, "
              + receipt.rowsRemoved()
              + " that went and "
              + receipt.rowsRestored()
              + " that came back");
    }

    /** Nothing was done now: an earlier publish under the same key had done it. */
    public ReceiptAssert isReplayed() {
      return holds(
          receipt().replayed(), "the receipt of an earlier publish", "a publish that was done now");
    }

    /** It was done now, and not before under the same key. */
    public ReceiptAssert isNotReplayed() {
      return holds(
          !receipt().replayed(),
          "a publish that was done now",
          "the receipt of an earlier publish");
    }

    /** So many rows came in. */
    public ReceiptAssert hasOffered(long rows) {
      return counts("offered", rows, receipt -> receipt.quality().rowsOffered());
    }

    /** So many rows were published. */
    public ReceiptAssert hasAccepted(long rows) {
      return counts("accepted", rows, PublishReceipt::rowsAccepted);
    }

    /** So many rows were set beside the product, for breaking a rule or the schema. */
    public ReceiptAssert hasQuarantined(long rows) {
      return counts("quarantined", rows, receipt -> receipt.quality().rowsQuarantined());
    }

    /** So many rows that were there before are no more. */
    public ReceiptAssert hasRemoved(long rows) {
      return counts("removed", rows, PublishReceipt::rowsRemoved);
    }

    /**
     * So many rows fail a rule, also where it only warns or tolerates some.
     *
     * @throws AssertionError also if the contract had no such rule, naming those it had
     */
    public ReceiptAssert hasFailing(String ruleId, long rows) {
      Map<String, Long> failing = receipt().failingRowsByRule();
      if (!failing.containsKey(ruleId)) {
        failWithMessage(
            "There is no rule '%s' in contract %s of %s. It has %s.",
            ruleId, actual.contractVersion(), actual.product(), failing.keySet());
      }
      return counts("failing " + ruleId, rows, receipt -> failing.getOrDefault(ruleId, 0L));
    }

    /** No row fails any rule, tolerated or not, nor the schema. */
    public ReceiptAssert hasNoFailingRows() {
      String failing =
          receipt().failingRowsByRule().entrySet().stream()
              .filter(rule -> rule.getValue() > 0)
              .map(rule -> rule.getKey() + " in " + rule.getValue() + " rows")
              .collect(Collectors.joining(", "));
      return holds(failing.isEmpty(), "no row to fail a rule", failing);
    }

    private PublishReceipt receipt() {
      isNotNull();
      return actual;
    }

    private ReceiptAssert counts(String what, long expected, ToLongFunction<PublishReceipt> count) {
      long found = count.applyAsLong(receipt());
      return holds(found == expected, expected + " rows " + what, found + " rows");
    }

    private ReceiptAssert holds(boolean holds, String expected, String found) {
      if (!holds) {
        failWithMessage(
            "Expected of the publish to %s: %s. There was: %s. Its receipt: %s",
            actual.product(), expected, found, actual.toJson());
      }
      return this;
    }
  }

  /** Assertions on a whole mesh. */
  public static final class MeshAssert extends AbstractAssert<MeshAssert, Mesh> {
    private MeshAssert(Mesh mesh) {
      super(mesh, MeshAssert.class);
    }

    /**
     * Nothing is damaged: logs, documents, tables and files agree, as {@code mesh.doctor()} proves.
     * What dead processes left is no damage.
     */
    public MeshAssert isHealthy() {
      isNotNull();
      List<Finding> problems = actual.doctor().problems();
      if (!problems.isEmpty()) {
        failWithMessage(
            "Expected a mesh without damage. The doctor found:%s",
            problems.stream()
                .map(
                    problem ->
                        "\n  " + problem.code() + " at " + problem.where() + ": " + problem.what())
                .collect(Collectors.joining()));
      }
      return this;
    }
  }

  /** Assertions on what a product holds now, as one client sees it. */
  public static final class ProductAssert extends AbstractAssert<ProductAssert, ProductName> {
    private final MeshClient client;

    private ProductAssert(MeshClient client, ProductName product) {
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

  /** Assertions on a publish that was refused since its rows break the contract. */
  public static final class ViolationAssert
      extends AbstractThrowableAssert<ViolationAssert, ContractViolationException> {
    private static final String RULE_FAILED = "RULE_FAILED";

    private ViolationAssert(ContractViolationException violation) {
      super(violation, ViolationAssert.class);
    }

    /** These rules failed, by their ids; others may have as well. */
    public ViolationAssert breaks(String... ruleIds) {
      Set<String> missing = new TreeSet<>(Arrays.asList(ruleIds));
      missing.removeAll(broken());
      if (!missing.isEmpty()) {
        failWithMessage("Expected rows that break %s. They break %s.", missing, broken());
      }
      return this;
    }

    /** These rules failed and no other, and all rows fit the schema. */
    public ViolationAssert breaksOnly(String... ruleIds) {
      breaks(ruleIds);
      Set<String> others = new TreeSet<>(broken());
      others.removeAll(Arrays.asList(ruleIds));
      if (!others.isEmpty()) {
        failWithMessage(
            "Expected rows that break only %s. They break %s as well.",
            Arrays.asList(ruleIds), others);
      }
      return this;
    }

    /** So many rows fail this rule. */
    public ViolationAssert breaks(String ruleId, long rows) {
      breaks(ruleId);
      long failing =
          actual.findings().stream()
              .filter(
                  finding -> finding.code().equals(RULE_FAILED) && finding.where().equals(ruleId))
              .mapToLong(Finding::count)
              .sum();
      if (failing != rows) {
        failWithMessage("Expected %d rows that break %s. There were %d.", rows, ruleId, failing);
      }
      return this;
    }

    /** The ids of the rules that failed, and the columns that rows do not fit. */
    private Set<String> broken() {
      isNotNull();
      return actual.findings().stream()
          .filter(finding -> finding.severity() == Finding.Severity.ERROR)
          .map(
              finding ->
                  finding.code().equals(RULE_FAILED)
                      ? finding.where()
                      : "the column " + finding.where())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }
}
