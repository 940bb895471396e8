package io.meshwork.portal.internal.page;

import io.meshwork.portal.internal.text.PageTime;
import io.meshwork.portal.internal.text.SampleText;
import java.util.List;

/**
 * What a product holds, and rows for those who may read all of them.
 *
 * @param visible false for viewers who may not read all rows
 * @param facts how much it is
 * @param publishes the last publishes, newest first, for its owner
 * @param columns the columns of the sample, as the viewer reads them; empty without one
 * @param moreColumns the number of columns that the sample leaves out
 * @param sample the first rows, as the viewer reads them: values as text
 * @param noSample why there is no sample, as a sentence; empty if the viewer may see rows
 * @param command what prints rows on the command line; empty if the viewer may read none
 */
public record DataBlock(
    boolean visible,
    List<ProductPage.Fact> facts,
    List<PublishRow> publishes,
    List<String> columns,
    int moreColumns,
    List<SampleRow> sample,
    String noSample,
    String command) {
  public DataBlock {
    facts = List.copyOf(facts);
    publishes = List.copyOf(publishes);
    columns = List.copyOf(columns);
    sample = List.copyOf(sample);
  }

  /** Returns true if the sample lacks sensitive values. */
  boolean masked() {
    return sample.stream().anyMatch(row -> row.values().contains(SampleText.MASKED));
  }

  /**
   * A publish, or another change of the rows.
   *
   * @param at when
   * @param mode what happened to the rows before, in words
   * @param key the key that the producer gave; empty if there is none
   * @param rows the number of published rows
   * @param quarantined the number of quarantined rows
   * @param removed the number of removed rows
   */
  public record PublishRow(
      PageTime at, String mode, String key, long rows, long quarantined, long removed) {}

  /**
   * A row.
   *
   * @param values the values, in the order of the columns
   */
  public record SampleRow(List<String> values) {
    public SampleRow {
      values = List.copyOf(values);
    }
  }
}
