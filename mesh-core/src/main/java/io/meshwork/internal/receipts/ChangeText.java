package io.meshwork.internal.receipts;

import io.meshwork.contract.QualityReport;
import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.publish.PublishReceipt.PublishMode;

/** What a change of rows did, or would do, as a small table for people: a headline, then lines. */
final class ChangeText {
  private final StringBuilder text;

  /** Starts with a headline. */
  ChangeText(String headline) {
    text = new StringBuilder(headline);
  }

  /** The mode, the product, and the contract, for a headline. */
  static String what(PublishMode mode, Object product, Object contract) {
    boolean erases = mode == PublishMode.ERASE || mode == PublishMode.ERASE_QUARANTINE;
    return mode.text() + (erases ? " from " : " to ") + product + ", contract " + contract + ": ";
  }

  /** Adds a line; its name has at most 7 characters. */
  ChangeText line(String name, String value) {
    text.append("\n  ")
        .append(name)
        .append(" ".repeat(8 - name.length()))
        .append(value.replace("\n", "\n          "));
    return this;
  }

  /** Adds the rows first, then the rules, then what was skipped. */
  ChangeText quality(QualityReport quality, String moved) {
    line("rows", quality.rowsText() + ", " + quality.rowsRejected() + " rejected; " + moved);
    if (quality.rulesEvaluated() > 0) {
      line("rules", quality.rulesPassed() + " of " + quality.rulesEvaluated() + " passed");
    }
    for (RuleResult failed : quality.failed()) {
      line(
          "rule",
          failed.ruleId()
              + ": "
              + failed.outcome()
              + ", "
              + failed.failingRows()
              + " of "
              + failed.evaluatedRows()
              + " rows");
    }
    for (Finding finding : quality.violations()) {
      if (finding.code() == FindingCode.QUARANTINE_KEPT) {
        line("skipped", finding.what() + " " + finding.fix());
      }
    }
    return this;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
