package io.meshwork.internal.quality;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one gate counted of a part of the rows, in a form that another process adds. Immutable.
 *
 * @param offered rows of the input
 * @param violating rows that do not fit their columns
 * @param published rows for the table
 * @param quarantined rows for the quarantine that fit their columns
 * @param rules of each rule, in the contract's order
 * @param columns of the columns with rows that do not fit, by the ID of their rule
 * @param checks of the checks of columns, in their order
 * @param measures of each rule that measures all rows, and whose measures add up, in the contract's
 *     order
 */
public record GateCounts(
    long offered,
    long violating,
    long published,
    long quarantined,
    List<OfRule> rules,
    Map<String, OfColumn> columns,
    List<OfCheck> checks,
    List<OfMeasure> measures)
    implements Serializable {
  /**
   * Rows that break a rule.
   *
   * @param failing how many
   * @param evaluated how many rows were evaluated
   * @param first the number of the first one in the input
   * @param place where it is in its file; empty if unknown
   * @param samples some of them, as JSON
   * @param notEvaluated why the rule could not be evaluated; null if it was
   */
  record OfRule(
      long failing,
      long evaluated,
      long first,
      String place,
      List<String> samples,
      @Nullable String notEvaluated)
      implements Serializable {}

  /**
   * What a rule measured.
   *
   * @param evaluated of how many rows
   * @param measured as {@link RowMeasure#counts}
   */
  record OfMeasure(long evaluated, Serializable measured) implements Serializable {}

  /** The same with other measures, and with rows that are quarantined instead of published. */
  public GateCounts with(List<OfMeasure> ofKeptRows, long moved) {
    return new GateCounts(
        offered,
        violating,
        published - moved,
        quarantined + moved,
        rules,
        columns,
        checks,
        ofKeptRows);
  }

  /**
   * Rows that do not fit a column.
   *
   * @param rows how many
   * @param first the number of the first one in the input
   * @param samples some of them, as JSON
   */
  record OfColumn(long rows, long first, List<String> samples) implements Serializable {}

  /**
   * Rows that fail a check of a column.
   *
   * @param rows how many
   * @param first the number of the first one in the input
   * @param place where it is in its file; empty if unknown
   * @param samples some of them, as JSON
   */
  record OfCheck(long rows, long first, String place, List<String> samples)
      implements Serializable {}
}
