package io.meshwork.contract;

import io.meshwork.error.Finding;
import io.meshwork.product.ContractVersion;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * How the rows of one publish met a contract: rows first, then the rules. Always {@code
 * rowsAccepted + rowsQuarantined + rowsRejected = rowsOffered}. Samples are for the producer, in
 * memory; the JSON form and {@code toString()} leave them out. Immutable.
 *
 * @param rowsOffered the number of rows of the source
 * @param rowsAccepted the number of published rows; 0 if the publish was rejected
 * @param rowsQuarantined the number of rows that went to the quarantine, because they break a rule
 *     or do not fit their columns (type, required, enum); 0 if the publish was rejected
 * @param rowsRejected the number of all rows if the publish was rejected; otherwise 0
 * @param rules the result of each rule, in the contract's order; then a failed rule for each column
 *     that rows do not fit, with an ID such as {@code type:amount} or {@code
 *     type:lines[].quantity}. Fields without a column count as {@code type:unknown-column}
 * @param violations how rows violate the schema, with a finding for each column and kind
 */
public record QualityReport(
    long rowsOffered,
    long rowsAccepted,
    long rowsQuarantined,
    long rowsRejected,
    List<RuleResult> rules,
    List<Finding> violations) {
  private static final int SHOWN = 5;

  /** The result of a rule. */
  public enum Outcome {
    /** The rule holds, or no more rows fail than it tolerates. */
    PASS,
    /** The rule does not hold. */
    FAIL,
    /** There was nothing to evaluate; the rule does not count. */
    SKIPPED,
    /** The rule could not be evaluated. That counts as a failure of a rule of severity ERROR. */
    NOT_EVALUATED
  }

  /**
   * The result of one rule. Immutable.
   *
   * @param ruleId its ID
   * @param text its text, as people read it
   * @param severity its severity
   * @param outcome its outcome
   * @param failingRows the number of rows that fail it; for {@code unique}, of duplicates
   * @param evaluatedRows the number of rows that it was evaluated on, to which the percentage
   *     refers
   * @param measure the measured value of a rule on the whole publish; empty for rules on rows
   * @param reason a sentence about the outcome; empty if the numbers explain it
   * @param samples at most 20 failing rows as JSON text, masked by classification
   */
  public record RuleResult(
      String ruleId,
      String text,
      Rule.Severity severity,
      Outcome outcome,
      long failingRows,
      long evaluatedRows,
      OptionalDouble measure,
      String reason,
      List<String> samples) {
    public RuleResult {
      samples = List.copyOf(samples);
    }

    /** Returns the failing rows in percent of the checked rows; 0 if none was checked. */
    public double percent() {
      return evaluatedRows == 0 ? 0 : 100.0 * failingRows / evaluatedRows;
    }

    /** Returns the ID, the outcome, and the counts; no samples. */
    @Override
    public String toString() {
      return ruleId + " " + outcome + " " + failingRows + " of " + evaluatedRows + " rows";
    }

    /**
     * Returns true if it rejects the publish or quarantines rows: a rule of severity ERROR that did
     * not hold or was not evaluated.
     */
    public boolean stops() {
      return severity == Rule.Severity.ERROR
          && (outcome == Outcome.FAIL || outcome == Outcome.NOT_EVALUATED);
    }
  }

  public QualityReport {
    rules = List.copyOf(rules);
    violations = List.copyOf(violations);
  }

  /**
   * Returns the share of the offered rows that were accepted, in percent; empty if no row was
   * offered.
   */
  public OptionalDouble qualityScore() {
    return score(rowsAccepted, rowsOffered);
  }

  /** Returns the rows in words, such as {@code 100 offered, 98 accepted, 2 quarantined (2.0 %)}. */
  public String rowsText() {
    return rowsText(rowsOffered, rowsAccepted, rowsQuarantined);
  }

  private static String rowsText(long offered, long accepted, long quarantined) {
    return offered
        + " offered, "
        + accepted
        + " accepted, "
        + quarantined
        + " quarantined"
        + (quarantined == 0 ? "" : " (" + shareText(quarantined, offered) + ")");
  }

  /**
   * Returns a share of rows in percent, with one digit after the point, such as {@code 1.6 %};
   * {@code < 0.1 %} and {@code > 99.9 %} for what would be rounded to none or all.
   *
   * @param rows some of the rows
   * @param all all of them
   */
  public static String shareText(long rows, long all) {
    double percent = all == 0 ? 0 : 100.0 * rows / all;
    if (rows > 0 && percent < 0.1) {
      return "< 0.1 %";
    }
    return rows < all && percent > 99.9
        ? "> 99.9 %"
        : String.format(Locale.ROOT, "%.1f %%", percent);
  }

  private static OptionalDouble score(long accepted, long offered) {
    return offered == 0 ? OptionalDouble.empty() : OptionalDouble.of(100.0 * accepted / offered);
  }

  /** Returns the rules that failed or were not evaluated, in the contract's order. */
  public List<RuleResult> failed() {
    return rules.stream()
        .filter(r -> r.outcome() == Outcome.FAIL || r.outcome() == Outcome.NOT_EVALUATED)
        .toList();
  }

  /**
   * Returns the failed rules that published rows break, in the contract's order: all of severity
   * WARNING, and all if no row was quarantined. Empty if the publish was rejected.
   */
  public List<RuleResult> failedInAccepted() {
    return rowsRejected > 0
        ? List.of()
        : failed().stream().filter(rule -> rowsQuarantined == 0 || !rule.stops()).toList();
  }

  /** Returns the number of rules that passed. */
  public int rulesPassed() {
    return (int) rules.stream().filter(r -> r.outcome() == Outcome.PASS).count();
  }

  /** Returns the number of rules that count; skipped ones do not. */
  public int rulesEvaluated() {
    return (int) rules.stream().filter(r -> r.outcome() != Outcome.SKIPPED).count();
  }

  /** Returns one line with the counts, the score, and the first failed rules; no samples. */
  @Override
  public String toString() {
    List<RuleResult> failed = failed();
    String rules =
        failed.stream().limit(SHOWN).map(RuleResult::toString).collect(Collectors.joining(", "));
    return "QualityReport[offered="
        + rowsOffered
        + ", accepted="
        + rowsAccepted
        + ", quarantined="
        + rowsQuarantined
        + ", rejected="
        + rowsRejected
        + ", qualityScore="
        + text(qualityScore())
        + ", failed="
        + rules
        + (failed.size() > SHOWN ? " and " + (failed.size() - SHOWN) + " more" : "")
        + "]";
  }

  private static String text(OptionalDouble score) {
    return score.isPresent() ? Double.toString(score.getAsDouble()) : "none";
  }

  /** Returns the report as canonical JSON, without samples. */
  public String toJson() {
    return ReportJson.write(this);
  }

  /**
   * Reads the JSON that {@link #toJson} writes; samples are empty.
   *
   * @param json the text; not null
   * @throws io.meshwork.error.InvalidRequestException if it is not such a report
   */
  public static QualityReport fromJson(String json) {
    return ReportJson.read(json);
  }

  /**
   * A rule that published rows break. Immutable.
   *
   * @param ruleId its ID
   * @param text its text, as people read it, cut after 100 characters
   * @param failingRows the number of rows that fail it
   * @param evaluatedRows the number of rows that it was evaluated on
   * @param reason what was measured, for a rule on a whole publish; empty if the numbers explain it
   * @param since when the first of the publishes in a row that break it was committed
   */
  public record BrokenRule(
      String ruleId,
      String text,
      long failingRows,
      long evaluatedRows,
      String reason,
      Instant since) {
    /** Returns a sentence with the rule, since when rows break it, and how many or why. */
    @Override
    public String toString() {
      return "Rule "
          + ruleId
          + ", "
          + text
          + ", is broken since the publish of "
          + since.truncatedTo(ChronoUnit.SECONDS)
          + ": "
          + (reason.isEmpty()
              ? failingRows
                  + " of "
                  + evaluatedRows
                  + (evaluatedRows == 1 ? " row (" : " rows (")
                  + shareText(failingRows, evaluatedRows)
                  + ") of the newest publish, which consumers read"
              : reason)
          + ".";
    }
  }

  /** The quality of the rows of one accepted publish. Immutable and thread-safe. */
  public interface QualityEntry {
    /** Returns the ID of the publish, which its receipt and its files contain. */
    String publishId();

    /**
     * Returns the version of the contract that the rows were checked against. Its major version
     * identifies the table.
     */
    ContractVersion contract();

    /** Returns when the rows became visible, by the mesh's clock. */
    Instant committedAt();

    /** Returns the number of published rows. */
    long rowsAccepted();

    /** Returns the number of quarantined rows. */
    long rowsQuarantined();

    /**
     * Returns the share of the offered rows that were accepted, in percent; empty if no row was
     * offered.
     */
    default OptionalDouble qualityScore() {
      return score(rowsAccepted(), rowsOffered());
    }

    /** Returns the rows in words, as {@link QualityReport#rowsText()} does. */
    default String rowsText() {
      return QualityReport.rowsText(rowsOffered(), rowsAccepted(), rowsQuarantined());
    }

    /** Returns the number of rows of the source: the accepted and the quarantined ones. */
    default long rowsOffered() {
      return rowsAccepted() + rowsQuarantined();
    }

    /** Returns the number of rules that passed. */
    int rulesPassed();

    /** Returns the number of rules that count; skipped ones do not. */
    int rulesEvaluated();

    /**
     * Returns the rules that published rows break, in the contract's order: the first three. Empty
     * if there is none.
     */
    List<BrokenRule> brokenRules();

    /**
     * Returns the measured values by name, in the contract's order: {@code rowCount}, and what the
     * contract's rules measure, such as {@code mean(fare)}. Dates are in days since 1970-01-01,
     * times in seconds. Values that are not finite are left out. Empty in a card, a health, and a
     * {@code DomainQuality}.
     */
    Map<String, Double> measures();
  }
}
