package io.meshwork.portal;

import java.util.List;

/**
 * The announced and running changes of contracts.
 *
 * @param frame the frame
 * @param rows the changes, by product
 */
record RolloutsPage(PageFrame frame, List<RolloutRow> rows) {
  RolloutsPage {
    rows = List.copyOf(rows);
  }

  /**
   * An announced or running change.
   *
   * @param product the product
   * @param change what changes, in words
   * @param because why
   * @param until the last day of the old contract; empty if it is not announced
   */
  record RolloutRow(ProductAddress product, String change, String because, String until) {}
}
