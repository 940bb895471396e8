package io.meshwork.portal;

import java.util.List;

/**
 * The announced and running changes of contracts.
 *
 * @param frame the frame
 * @param rows the changes, by product
 * @param rollouts those that the viewer's domain leads or is part of, with their consumers
 */
record RolloutsPage(PageFrame frame, List<RolloutRow> rows, List<RolloutBlock> rollouts) {
  RolloutsPage {
    rollouts = List.copyOf(rollouts);
    rows = List.copyOf(rows);
  }

  /**
   * An announced or running change.
   *
   * @param product the product
   * @param change what changes, in words
   * @param because why
   * @param until the last day of the old contract; empty if it is not announced
   * @param suggestions the suggestions that it delivers, as the viewer may know them
   */
  record RolloutRow(
      ProductAddress product,
      String change,
      String because,
      String until,
      List<DeliveredRow> suggestions) {
    RolloutRow {
      suggestions = List.copyOf(suggestions);
    }
  }

  /**
   * A suggestion that a change delivers.
   *
   * @param id its ID
   * @param requester who suggests
   * @param text the text
   */
  record DeliveredRow(String id, String requester, String text) {}
}
