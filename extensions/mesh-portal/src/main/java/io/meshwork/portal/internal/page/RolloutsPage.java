package io.meshwork.portal.internal.page;

import io.meshwork.portal.internal.text.ProductAddress;
import io.meshwork.portal.internal.text.TrackConsumer;
import java.util.List;

/**
 * The announced and running changes of contracts.
 *
 * @param frame the frame
 * @param rows the changes, by product
 * @param rollouts the rollouts that the viewer's domain leads or is part of, with their consumers
 * @param answers the changes in which the viewer's domain has something to do
 */
public record RolloutsPage(
    PageFrame frame, List<RolloutRow> rows, List<RolloutBlock> rollouts, List<AnswerRow> answers) {
  public RolloutsPage {
    rollouts = List.copyOf(rollouts);
    rows = List.copyOf(rows);
    answers = List.copyOf(answers);
  }

  /**
   * A change that waits for a consumer of the viewer's domain.
   *
   * @param product the product
   * @param rollout the number of the rollout
   * @param consumer the consumer
   * @param change what changes, in words
   * @param because why
   * @param date the last day of the old contract that the owner offers
   * @param answer the consumer's answer so far
   * @param waits why the rollout waits for it
   * @param next what the consumer does next, in a sentence
   * @param command the commands that do it, one a line; empty if it needs none
   */
  public record AnswerRow(
      ProductAddress product,
      int rollout,
      String consumer,
      String change,
      String because,
      String date,
      String answer,
      String waits,
      String next,
      String command) {
    /** Returns true if it did not agree yet. */
    boolean answerable() {
      return !answer.equals("agreed");
    }

    /** Returns the consumer in words. */
    String consumerText() {
      return TrackConsumer.text(consumer);
    }

    /** Returns what names the consumer in the rollout, for a form. */
    public String track() {
      return product + "@" + rollout + " " + consumer;
    }
  }

  /**
   * An announced or running change.
   *
   * @param product the product
   * @param change what changes, in words
   * @param because why
   * @param until the last day of the old contract; empty if it is not announced
   * @param users the domains that use the product and the viewer may know of: they move until then
   * @param suggestions the suggestions that it delivers, as the viewer may know them
   */
  public record RolloutRow(
      ProductAddress product,
      String change,
      String because,
      String until,
      List<String> users,
      List<DeliveredRow> suggestions) {
    public RolloutRow {
      users = List.copyOf(users);
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
  public record DeliveredRow(String id, String requester, String text) {}
}
