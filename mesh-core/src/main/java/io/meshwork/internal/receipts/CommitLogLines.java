package io.meshwork.internal.receipts;

import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.internal.text.Count;
import io.meshwork.publish.Publish;
import io.meshwork.publish.PublishReceipt;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs a publish to the application's log: one line for each major version, and a warning if rows
 * were quarantined.
 */
final class CommitLogLines {
  private static final Logger LOG = LoggerFactory.getLogger(Publish.class);
  private static final int RULES = 5;

  private CommitLogLines() {}

  /** Logs a publish; does nothing for a replayed one. */
  public static void log(PublishReceipt receipt, Duration took) {
    if (receipt.replayed()) {
      return;
    }
    LOG.info("{}", line(receipt, took));
    warning(receipt).ifPresent(text -> LOG.warn("{}", text));
    receipt.otherVersions().forEach(otherReceipt -> log(otherReceipt, took));
  }

  /** The row counts, the time in seconds, and the snapshot. */
  static String line(PublishReceipt receipt, Duration took) {
    return receipt.product()
        + " v"
        + receipt.major()
        + ": "
        + receipt.mode().text()
        + " committed, "
        + Count.of(receipt.rowsAccepted(), "row")
        + " accepted, "
        + receipt.quality().rowsQuarantined()
        + " quarantined, "
        + receipt.rowsRemoved()
        + " removed"
        + (receipt.rowsRestored() > 0 ? ", " + receipt.rowsRestored() + " restored" : "")
        + ", in "
        + String.format(Locale.ROOT, "%.3f", took.toMillis() / 1_000.0)
        + " s; "
        + receipt.snapshotId().map(id -> "snapshot " + id).orElse("no snapshot")
        + ", publish "
        + receipt.publishId();
  }

  /** The rules that quarantined rows break; empty if no row was quarantined. */
  static Optional<String> warning(PublishReceipt receipt) {
    long quarantined = receipt.quality().rowsQuarantined();
    if (quarantined == 0) {
      return Optional.empty();
    }
    List<RuleResult> failed =
        receipt.quality().failed().stream()
            .filter(RuleResult::stops)
            .sorted(Comparator.comparingLong(RuleResult::failingRows).reversed())
            .toList();
    String rules =
        failed.stream()
            .limit(RULES)
            .map(rule -> rule.ruleId() + " in " + Count.of(rule.failingRows(), "row"))
            .collect(Collectors.joining(", "));
    return Optional.of(
        receipt.product()
            + " v"
            + receipt.major()
            + ": "
            + quarantined
            + " of "
            + receipt.quality().rowsOffered()
            + " rows of publish "
            + receipt.publishId()
            + " were quarantined ("
            + rules
            + (failed.size() > RULES ? " and " + (failed.size() - RULES) + " more rules" : "")
            + "). Read them with quarantine(\""
            + receipt.product()
            + "\").");
  }
}
