package io.meshwork.testkit;

import io.meshwork.publish.PublishReceipt;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.assertj.core.api.AbstractAssert;

/** Assertions on what a publish did. A message of failure shows the receipt; it holds no values. */
public final class ReceiptAssert extends AbstractAssert<ReceiptAssert, PublishReceipt> {
  ReceiptAssert(PublishReceipt receipt) {
    super(receipt, ReceiptAssert.class);
  }

  /** It made a snapshot, now or when it was first said under its key. */
  public ReceiptAssert isPublished() {
    return holds(receipt().snapshotId().isPresent(), "a snapshot", "none, since no row changed");
  }

  /** It changed no row, so it made no snapshot. */
  public ReceiptAssert changedNothing() {
    return holds(receipt().snapshotId().isEmpty(), "no change", "a snapshot");
  }

  /** Nothing was done now: an earlier publish under the same key had done it. */
  public ReceiptAssert isReplayed() {
    return holds(
        receipt().replayed(), "the receipt of an earlier publish", "a publish that was done now");
  }

  /** It was done now, and not before under the same key. */
  public ReceiptAssert isNotReplayed() {
    return holds(
        !receipt().replayed(), "a publish that was done now", "the receipt of an earlier publish");
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
    return counts(
        "quarantined",
        rows,
        receipt -> receipt.quality().rowsQuarantined() + receipt.quality().rowsRejected());
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
    return holds(failing.isEmpty(), "no row to fail a rule", failing)
        .counts("breaking the schema", 0, receipt -> receipt.quality().rowsRejected());
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
