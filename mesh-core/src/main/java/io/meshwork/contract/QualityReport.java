package io.meshwork.contract;

import io.meshwork.error.Finding;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How the rows of one publish met a contract. Immutable. {@code rowsAccepted + rowsQuarantined +
 * rowsRejected = rowsOffered}, always. Samples are for the producer in memory; they are left out of
 * the JSON form.
 *
 * @param rowsOffered rows that came in
 * @param rowsAccepted rows published; 0 if the publish was refused
 * @param rowsQuarantined rows set beside the product because they fail a rule; 0 if refused
 * @param rowsRejected rows that break the schema (types, required, enum); under QUARANTINE they are
 *     set beside the product as well. If the publish was refused, all rows
 * @param qualityScore 100 times rules passed by rules evaluated; empty if none was evaluated
 * @param rowScore 100 times the rows without any ERROR failure by the rows offered; empty if none
 * @param rules one result a rule, in the contract's order
 * @param violations how rows broke the schema, one finding a column and kind
 */
public record QualityReport(
    long rowsOffered,
    long rowsAccepted,
    long rowsQuarantined,
    long rowsRejected,
    OptionalDouble qualityScore,
    OptionalDouble rowScore,
    List<RuleResult> rules,
    List<Finding> violations) {
  /** How a rule ended. */
  public enum Outcome {
    /** It held, or no more rows failed than it tolerates. */
    PASS,
    /** It did not hold. */
    FAIL,
    /** There was nothing to judge; it does not count. */
    SKIPPED,
    /** It could not be judged; that fails a rule of severity ERROR. */
    NOT_EVALUATED
  }

  /**
   * The result of one rule.
   *
   * @param ruleId its id
   * @param text its text form
   * @param severity whether it stands in the way
   * @param outcome how it ended
   * @param failingRows rows that fail it; surplus rows for unique
   * @param judgedRows rows it looked at, the base of the percentage
   * @param percent failing rows in percent of those judged; 0 if none was judged
   * @param measure what a rule on the whole publish measured; empty for rules on rows
   * @param reason why it ended so, in a sentence; empty where the numbers say it
   * @param samples at most 20 failing rows as JSON text, masked by classification
   */
  public record RuleResult(
      String ruleId,
      String text,
      Rule.Severity severity,
      Outcome outcome,
      long failingRows,
      long judgedRows,
      double percent,
      OptionalDouble measure,
      String reason,
      List<String> samples) {
    /** Copies the samples. */
    public RuleResult {
      samples = List.copyOf(samples);
    }

    /** True if it refuses the publish or quarantines rows: an ERROR rule that did not hold. */
    public boolean stops() {
      return severity == Rule.Severity.ERROR
          && (outcome == Outcome.FAIL || outcome == Outcome.NOT_EVALUATED);
    }
  }

  /** Copies the lists. */
  public QualityReport {
    rules = List.copyOf(rules);
    violations = List.copyOf(violations);
  }

  /** The rules that did not pass, in the contract's order; skipped ones are left out. */
  public List<RuleResult> failed() {
    return rules.stream()
        .filter(r -> r.outcome() == Outcome.FAIL || r.outcome() == Outcome.NOT_EVALUATED)
        .toList();
  }

  /** How many rules held. */
  public int rulesPassed() {
    return (int) rules.stream().filter(r -> r.outcome() == Outcome.PASS).count();
  }

  /** How many rules count: all that were judged or should have been; skipped ones do not. */
  public int rulesEvaluated() {
    return (int) rules.stream().filter(r -> r.outcome() != Outcome.SKIPPED).count();
  }

  /** The report as canonical JSON, without samples. */
  public String toJson() {
    return ReportJson.write(this);
  }

  /**
   * Reads what {@link #toJson} wrote; samples are empty.
   *
   * @throws io.meshwork.error.InvalidRequestException if it is no such text
   */
  public static QualityReport fromJson(String json) {
    return ReportJson.read(json);
  }
}
