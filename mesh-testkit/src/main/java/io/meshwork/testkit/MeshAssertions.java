package io.meshwork.testkit;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Read;
import io.meshwork.consume.Rows;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
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
 * AssertJ assertions on meshes, products and receipts. Import them statically, with AssertJ's own.
 */
public final class MeshAssertions {
  private MeshAssertions() {}

  /** Starts assertions on a receipt. */
  public static ReceiptAssert assertThat(PublishReceipt receipt) {
    return new ReceiptAssert(receipt);
  }

  /** Starts assertions on a mesh. */
  public static MeshAssert assertThat(Mesh mesh) {
    return new MeshAssert(mesh);
  }

  /**
   * Starts assertions on a product as this client sees it. Each assertion reads the product again.
   *
   * @param product as {@code domain/product}
   */
  public static ProductAssert assertThatProduct(MeshClient client, CharSequence product) {
    return new ProductAssert(client, ProductName.of(product));
  }

  /**
   * Runs a publish that must be rejected because its rows break the contract, and starts assertions
   * on the violation.
   *
   * @throws AssertionError if it is not rejected, or fails for another reason
   */
  public static ViolationAssert assertThatContractIsBroken(ThrowingCallable publish) {
    Throwable thrown = Assertions.catchThrowable(publish);
    if (thrown instanceof ContractViolationException violation) {
      return new ViolationAssert(violation);
    }
    if (thrown == null) {
      throw new AssertionError(
          "Expected the publish to be rejected because its rows break the contract. It was not"
              + " rejected.");
    }
    throw new AssertionError(
        "Expected the publish to be rejected because its rows break the contract. It failed for"
            + " another reason: "
            + thrown,
        thrown);
  }

  /**
   * Assertions on the receipt of a publish. Failure messages contain the receipt, without values.
   */
  public static final class ReceiptAssert extends AbstractAssert<ReceiptAssert, PublishReceipt> {
    private ReceiptAssert(PublishReceipt receipt) {
      super(receipt, ReceiptAssert.class);
    }

    /** Checks that the publish created a snapshot, now or when its key was first used. */
    public ReceiptAssert isPublished() {
      return holds(receipt().snapshotId().isPresent(), "a snapshot", "none");
    }

    /** Checks that the publish changed no row; its snapshot, if any, has the same rows. */
    public ReceiptAssert changedNothing() {
      PublishReceipt receipt = receipt();
      return holds(
          receipt.rowsAccepted() + receipt.rowsRemoved() + receipt.rowsRestored() == 0,
          "no change",
          receipt.rowsAccepted()
              + " rows added, "
              + receipt.rowsRemoved()
              + " removed, and "
              + receipt.rowsRestored()
              + " restored");
    }

    /** Checks that this is the receipt of an earlier publish with the same key. */
    public ReceiptAssert isReplayed() {
      return holds(
          receipt().replayed(),
          "the receipt of an earlier publish",
          "a publish that was committed now");
    }

    /** Checks that the publish was committed now, not earlier with the same key. */
    public ReceiptAssert isNotReplayed() {
      return holds(
          !receipt().replayed(),
          "a publish that was committed now",
          "the receipt of an earlier publish");
    }

    /** Checks the number of offered rows. */
    public ReceiptAssert hasOffered(long rows) {
      return counts("offered", rows, receipt -> receipt.quality().rowsOffered());
    }

    /** Checks the number of published rows. */
    public ReceiptAssert hasAccepted(long rows) {
      return counts("accepted", rows, PublishReceipt::rowsAccepted);
    }

    /** Checks the number of quarantined rows. */
    public ReceiptAssert hasQuarantined(long rows) {
      return counts("quarantined", rows, receipt -> receipt.quality().rowsQuarantined());
    }

    /** Checks the number of removed rows. */
    public ReceiptAssert hasRemoved(long rows) {
      return counts("removed", rows, PublishReceipt::rowsRemoved);
    }

    /**
     * Checks the number of rows that fail a rule, including rules that warn or tolerate some rows.
     *
     * @throws AssertionError also if the contract has no such rule; names its rules
     */
    public ReceiptAssert hasFailing(String ruleId, long rows) {
      Map<String, Long> failing = receipt().failingRowsByRule();
      if (!failing.containsKey(ruleId)) {
        failWithMessage(
            "Contract %2$s of %3$s has no rule '%1$s'. It has %4$s.",
            ruleId, actual.contractVersion(), actual.product(), failing.keySet());
      }
      return counts("failing " + ruleId, rows, receipt -> failing.getOrDefault(ruleId, 0L));
    }

    /** Checks that no row fails a rule or the schema, even if tolerated. */
    public ReceiptAssert hasNoFailingRows() {
      String failing =
          receipt().failingRowsByRule().entrySet().stream()
              .filter(rule -> rule.getValue() > 0)
              .map(rule -> rule.getKey() + " in " + rule.getValue() + " rows")
              .collect(Collectors.joining(", "));
      return holds(failing.isEmpty(), "no row that fails a rule", failing);
    }

    private PublishReceipt receipt() {
      isNotNull();
      return actual;
    }

    private ReceiptAssert counts(String what, long expected, ToLongFunction<PublishReceipt> count) {
      long observed = count.applyAsLong(receipt());
      return holds(observed == expected, expected + " rows " + what, observed + " rows");
    }

    private ReceiptAssert holds(boolean holds, String expected, String observed) {
      if (!holds) {
        failWithMessage(
            "Expected for the publish to %s: %s. Found: %s. Its receipt: %s",
            actual.product(), expected, observed, actual.toJson());
      }
      return this;
    }
  }

  /** Assertions on a mesh. */
  public static final class MeshAssert extends AbstractAssert<MeshAssert, Mesh> {
    private MeshAssert(Mesh mesh) {
      super(mesh, MeshAssert.class);
    }

    /**
     * Checks that {@code mesh.doctor()} finds no problems: logs, documents, tables and files agree.
     * Files of terminated processes are not problems.
     */
    public MeshAssert isHealthy() {
      isNotNull();
      List<Finding> problems = actual.doctor().problems();
      if (!problems.isEmpty()) {
        failWithMessage(
            "Expected a mesh without problems. The doctor found:%s",
            problems.stream()
                .map(
                    problem ->
                        "\n  " + problem.code() + " at " + problem.where() + ": " + problem.what())
                .collect(Collectors.joining()));
      }
      return this;
    }
  }

  /** Assertions on the current state of a product, as one client sees it. */
  public static final class ProductAssert extends AbstractAssert<ProductAssert, ProductName> {
    private final MeshClient client;

    private ProductAssert(MeshClient client, ProductName product) {
      super(product, ProductAssert.class);
      this.client = client;
    }

    /** Checks the number of readable snapshots of the current major version. */
    public ProductAssert hasSnapshots(int count) {
      return counts("snapshots", count, client.read(actual).snapshots().size());
    }

    /** Checks the number of rows in the newest snapshot. */
    public ProductAssert hasRows(long count) {
      return counts("rows", count, count(client.read(actual)));
    }

    /** Checks that the product has no rows. */
    public ProductAssert isEmpty() {
      return hasRows(0);
    }

    /** Checks the number of rows for which a filter is true, such as {@code "country = 'SE'"}. */
    public ProductAssert hasRowsWhere(String filter, long count) {
      return counts("rows where " + filter, count, count(client.read(actual).where(filter)));
    }

    /**
     * Checks that the product has exactly these rows, in any order, with repetitions. All are of
     * one record class.
     */
    public ProductAssert hasExactlyRows(Record first, Record... others) {
      List<Record> expected = new ArrayList<>(List.of(first));
      expected.addAll(Arrays.asList(others));
      return hasExactlyRows(first.getClass(), expected);
    }

    /** Checks that the product has exactly these rows, in any order; they can be empty. */
    public ProductAssert hasExactlyRows(
        Class<? extends Record> type, Iterable<? extends Record> expected) {
      List<Record> rows = new ArrayList<>(all(client.read(actual).as(type)));
      Assertions.assertThat(rows)
          .as("rows of %s", actual)
          .containsExactlyInAnyOrderElementsOf(expected);
      return this;
    }

    /** Starts AssertJ's list assertions on all rows, as Java records. */
    public <R> ListAssert<R> rowsAs(Class<R> type) {
      return Assertions.assertThat(all(client.read(actual).as(type))).as("rows of %s", actual);
    }

    /**
     * Checks the number of quarantined rows of all publishes; the client must act for the owner.
     */
    public ProductAssert hasQuarantined(long count) {
      Map<String, Long> rules = quarantinedByRules();
      long observed = rules.values().stream().mapToLong(Long::longValue).sum();
      return counts("rows in quarantine", count, observed, " By rules: " + rules + ".");
    }

    /** Checks the number of quarantined rows that break this rule, alone or with others. */
    public ProductAssert hasQuarantined(String ruleId, long count) {
      Map<String, Long> rules = quarantinedByRules();
      long observed =
          rules.entrySet().stream()
              .filter(entry -> Arrays.asList(entry.getKey().split(",", -1)).contains(ruleId))
              .mapToLong(Map.Entry::getValue)
              .sum();
      return counts(
          "rows in quarantine for " + ruleId, count, observed, " By rules: " + rules + ".");
    }

    private Map<String, Long> quarantinedByRules() {
      Map<String, Long> rules = new LinkedHashMap<>();
      for (GenericRecord row : all(client.quarantine(actual))) {
        rules.merge(String.valueOf(row.get("rules")), 1L, Long::sum);
      }
      return rules;
    }

    private ProductAssert counts(String what, long expected, long observed) {
      return counts(what, expected, observed, "");
    }

    private ProductAssert counts(String what, long expected, long observed, String more) {
      if (observed != expected) {
        failWithMessage(
            "Expected for %s: %d %s. There are %d.%s", actual, expected, what, observed, more);
      }
      return this;
    }

    private static long count(Read<GenericRecord> read) {
      long count = 0;
      try (Rows<GenericRecord> rows = read.rows()) {
        for (var batches = rows.batches(); batches.hasNext(); ) {
          count += batches.next().rows();
        }
      }
      return count;
    }

    private static <T> List<T> all(Read<T> read) {
      List<T> all = new ArrayList<>();
      try (Rows<T> rows = read.rows()) {
        rows.forEach(all::add);
      }
      return all;
    }
  }

  /** Assertions on a publish that was rejected because its rows break the contract. */
  public static final class ViolationAssert
      extends AbstractThrowableAssert<ViolationAssert, ContractViolationException> {
    private ViolationAssert(ContractViolationException violation) {
      super(violation, ViolationAssert.class);
    }

    /** Checks that these rules failed, by their IDs; others may have failed too. */
    public ViolationAssert breaks(String... ruleIds) {
      Set<String> missing = new TreeSet<>(Arrays.asList(ruleIds));
      missing.removeAll(broken());
      if (!missing.isEmpty()) {
        failWithMessage("Expected rows that break %s. They break %s.", missing, broken());
      }
      return this;
    }

    /** Checks that exactly these rules failed, and that all rows fit the schema. */
    public ViolationAssert breaksOnly(String... ruleIds) {
      breaks(ruleIds);
      Set<String> others = new TreeSet<>(broken());
      others.removeAll(Arrays.asList(ruleIds));
      if (!others.isEmpty()) {
        failWithMessage(
            "Expected rows that break only %s. They also break %s.",
            Arrays.asList(ruleIds), others);
      }
      return this;
    }

    /** Checks the number of rows that fail this rule. */
    public ViolationAssert breaks(String ruleId, long rows) {
      breaks(ruleId);
      long failing =
          actual.findings().stream()
              .filter(
                  finding ->
                      finding.code() == FindingCode.RULE_FAILED && finding.where().equals(ruleId))
              .mapToLong(Finding::count)
              .sum();
      if (failing != rows) {
        failWithMessage("Expected %d rows that break %s. There are %d.", rows, ruleId, failing);
      }
      return this;
    }

    /** Returns the IDs of the failed rules, and the columns that rows do not fit. */
    private Set<String> broken() {
      isNotNull();
      return actual.findings().stream()
          .filter(finding -> finding.severity() == Finding.Severity.ERROR)
          .map(
              finding ->
                  finding.code() == FindingCode.RULE_FAILED
                      ? finding.where()
                      : "the column " + finding.where())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }
}
