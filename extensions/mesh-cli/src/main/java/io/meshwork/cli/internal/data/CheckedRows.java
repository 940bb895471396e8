package io.meshwork.cli.internal.data;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.TextTable;
import io.meshwork.contract.QualityReport;
import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.contract.Rule;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of one publish and how they met the contract, as every verb that checks rows says it.
 */
public final class CheckedRows {
  private CheckedRows() {}

  /** Puts the counts of rows, the rows that broke each rule, and the rows that were skipped. */
  static void put(ObjectNode document, QualityReport quality) {
    document
        .put("offered", quality.rowsOffered())
        .put("accepted", quality.rowsAccepted())
        .put("quarantined", quality.rowsQuarantined());
    quality.qualityScore().ifPresent(score -> document.put("qualityScore", score));
    ObjectNode violations = document.putObject("violations");
    quality.failed().forEach(rule -> violations.put(rule.ruleId(), rule.failingRows()));
    List<Finding> skipped = skipped(quality);
    if (!skipped.isEmpty()) {
      document.put("skipped", skipped.stream().mapToLong(Finding::count).sum());
      document.set("findings", JsonFields.findings(skipped));
    }
  }

  /** Puts the counts of rows that were all rejected, and why. */
  public static void putRejected(ObjectNode document, ContractViolationException rejection) {
    rejection.rowsOffered().ifPresent(offered -> document.put("offered", offered));
    document.put("accepted", 0).put("quarantined", 0);
    if (rejection.rowsOffered().orElse(0) > 0) {
      document.put("qualityScore", 0.0);
    }
    ObjectNode violations = document.putObject("violations");
    rejection.failingRowsByRule().forEach(violations::put);
    document.set("findings", JsonFields.findings(rejection.findings()));
  }

  /** Returns each broken rule with its rows, what was skipped, and what to do next. */
  static List<String> lines(ProductName product, QualityReport quality) {
    return lines(product, quality, quality.rowsQuarantined() > 0);
  }

  /** Returns the lines of a planned publish: its rows are not in the quarantine. */
  static List<String> linesOfPlan(ProductName product, QualityReport quality) {
    return lines(product, quality, false);
  }

  private static List<String> lines(
      ProductName product, QualityReport quality, boolean isInQuarantine) {
    List<String> lines = new ArrayList<>(rules(quality));
    for (Finding finding : skipped(quality)) {
      lines.add(finding.what() + " " + finding.fix());
    }
    if (isInQuarantine || !skipped(quality).isEmpty()) {
      lines.add("To see the quarantined rows: mesh quarantine " + product);
    }
    return lines;
  }

  /** Returns a table of the broken rules; nothing if none is broken. */
  static List<String> rules(QualityReport quality) {
    TextTable rules = new TextTable("RULE", "ROWS", "SHARE", "THESE ROWS");
    for (RuleResult rule : quality.failed()) {
      rules.row(
          rule.ruleId(),
          rule.failingRows(),
          QualityReport.shareText(rule.failingRows(), quality.rowsOffered()),
          destination(quality, rule));
    }
    return quality.failed().isEmpty() ? List.of() : rules.lines("");
  }

  private static String destination(QualityReport quality, RuleResult rule) {
    if (quality.rowsRejected() > 0) {
      return "are refused";
    }
    return rule.severity() == Rule.Severity.ERROR && quality.rowsQuarantined() > 0
        ? "are quarantined"
        : "are published: the rule warns";
  }

  private static List<Finding> skipped(QualityReport quality) {
    return quality.violations().stream()
        .filter(finding -> finding.code() == FindingCode.QUARANTINE_KEPT)
        .toList();
  }
}
