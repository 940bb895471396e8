package io.meshwork.internal.quality;

import io.meshwork.contract.QualityReport;
import java.util.List;

/**
 * The result of evaluating file statistics. Immutable.
 *
 * @param report the counts; no row is accepted if there is a gap
 * @param gaps the conditions that are not proven: schema first, then rules of severity ERROR in the
 *     contract's order; empty if every row conforms
 * @param filesConcerned number of files with a gap
 */
public record StatisticsVerdict(QualityReport report, List<Gap> gaps, long filesConcerned) {
  /**
   * A condition that is not proven.
   *
   * @param id a rule's ID, or a code with its column such as {@code REQUIRED_NULL:fare}
   * @param why the reason, without field values
   * @param files number of files concerned; 0 for the commit as a whole
   */
  public record Gap(String id, String why, long files) {}

  /** Copies the gaps. */
  public StatisticsVerdict {
    gaps = List.copyOf(gaps);
  }

  /** Returns true if a condition is not proven. */
  public boolean refused() {
    return !gaps.isEmpty();
  }
}
