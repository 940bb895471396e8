package io.meshwork.portal.internal.page;

import io.meshwork.portal.internal.text.ProductAddress;
import java.util.List;

/**
 * A rollout of a product that the viewer's domain owns or subscribes to, with its consumers.
 *
 * @param product the product
 * @param number its number among the rollouts of the product
 * @param change what changes, in words
 * @param state its state, in words
 * @param because why
 * @param dates its dates, in their order
 * @param waiting for how many consumers it waits, in words
 * @param tracks the consumers: all for the owner, otherwise consumers of the viewer's domain
 * @param command what the owner runs to see more
 */
public record RolloutBlock(
    ProductAddress product,
    int number,
    String change,
    String state,
    String because,
    List<ProductPage.Fact> dates,
    String waiting,
    List<TrackRow> tracks,
    String command) {
  public RolloutBlock {
    dates = List.copyOf(dates);
    tracks = List.copyOf(tracks);
  }

  /**
   * A consumer of the version that is replaced.
   *
   * @param consumer the subscription, or the domain that reads without one
   * @param state what its reads prove, in words
   * @param answer what it answered, in words
   * @param until its last day of the old version
   * @param waits true if the rollout waits for it
   * @param reason why it does or does not, in a sentence
   */
  public record TrackRow(
      String consumer, String state, String answer, String until, boolean waits, String reason) {}
}
