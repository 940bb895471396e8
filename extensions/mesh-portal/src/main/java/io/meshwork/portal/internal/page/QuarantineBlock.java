package io.meshwork.portal.internal.page;

import io.meshwork.portal.internal.text.PageTime;
import io.meshwork.portal.internal.text.SampleText;
import java.util.List;
import java.util.Optional;

/**
 * The rows of a product that wait in its quarantine, for its owner.
 *
 * @param waiting how many, in words
 * @param since when the oldest was quarantined; empty if that is unknown
 * @param rules how many of them broke which rule, most first
 * @param samples the first of them, at most three
 * @param commands what shows, corrects, and publishes them
 */
public record QuarantineBlock(
    String waiting,
    Optional<PageTime> since,
    List<RuleCount> rules,
    List<QuarantinedRow> samples,
    List<ProductPage.Snippet> commands) {
  public QuarantineBlock {
    rules = List.copyOf(rules);
    samples = List.copyOf(samples);
    commands = List.copyOf(commands);
  }

  /** Returns true if the samples lack sensitive values. */
  boolean masked() {
    return samples.stream().anyMatch(row -> row.values().contains(SampleText.MASKED));
  }

  /**
   * How many rows broke a rule.
   *
   * @param rule the ID of the rule
   * @param rows the number
   */
  public record RuleCount(String rule, long rows) {}

  /**
   * A quarantined row.
   *
   * @param version the major versions in whose quarantine it is
   * @param rules the IDs of the rules that it breaks
   * @param reason why it was quarantined
   * @param values the row, as columns and values
   */
  public record QuarantinedRow(String version, String rules, String reason, String values) {}
}
