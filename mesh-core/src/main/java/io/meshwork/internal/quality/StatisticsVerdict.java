package io.meshwork.internal.quality;

import io.meshwork.contract.QualityReport;
import java.util.List;

/**
 * What file statistics say of rows that nobody of ours has read. Immutable.
 *
 * @param report the numbers; nothing is accepted if there is a gap
 * @param gaps what stands in the way: schema first, then rules of severity ERROR in the contract's
 *     order; empty if every row is proven to keep the contract
 * @param filesConcerned how many of the files are behind a gap
 */
public record StatisticsVerdict(QualityReport report, List<Gap> gaps, long filesConcerned) {
  /**
   * Something that is not proven.
   *
   * @param id a rule's id, or a code with its column such as {@code REQUIRED_NULL:fare}
   * @param why in a few words, without field values
   * @param files in how many files; 0 for what concerns the commit as a whole
   */
  public record Gap(String id, String why, long files) {}

  /** Copies the gaps. */
  public StatisticsVerdict {
    gaps = List.copyOf(gaps);
  }

  /** True if something is not proven. */
  public boolean refused() {
    return !gaps.isEmpty();
  }
}
