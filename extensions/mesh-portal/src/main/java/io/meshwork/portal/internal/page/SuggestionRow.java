package io.meshwork.portal.internal.page;

import io.meshwork.portal.internal.text.ConstantText;
import io.meshwork.portal.internal.text.PageTime;
import io.meshwork.portal.internal.text.ProductAddress;
import io.meshwork.request.Suggestion;
import java.util.List;

/**
 * A suggestion.
 *
 * @param id its ID
 * @param product the product
 * @param requester who suggests
 * @param kind what it is about, in words
 * @param columns the columns, in words
 * @param text the text
 * @param state its state, in words
 * @param open true if the owner did not answer it
 * @param answer the reason of the answer; empty if there is none
 * @param sent when it was sent
 * @param command the command that answers or withdraws it; empty if it is settled
 */
public record SuggestionRow(
    String id,
    ProductAddress product,
    String requester,
    String kind,
    String columns,
    String text,
    String state,
    boolean open,
    String answer,
    PageTime sent,
    String command) {
  /** Returns suggestions that the viewer's domain answers: an accepted one has its answer. */
  public static List<SuggestionRow> received(List<Suggestion> suggestions) {
    return suggestions.stream()
        .map(
            each ->
                of(each, each.state() == Suggestion.State.OPEN ? SuggestionRow.accept(each) : ""))
        .toList();
  }

  /** Returns suggestions that the viewer's domain sent. */
  public static List<SuggestionRow> sent(List<Suggestion> suggestions) {
    return suggestions.stream()
        .map(each -> of(each, each.isOpen() ? "mesh withdraw " + each.id() : ""))
        .toList();
  }

  private static SuggestionRow of(Suggestion suggestion, String command) {
    return new SuggestionRow(
        suggestion.id(),
        ProductAddress.of(suggestion.product()),
        suggestion.requester().toString(),
        ConstantText.of(suggestion.kind()),
        String.join(", ", suggestion.columns()),
        suggestion.text(),
        ConstantText.of(suggestion.state())
            + suggestion
                .deliveredIn()
                .map(version -> " in " + version)
                .orElse(
                    suggestion.rollout().isPresent()
                        ? " in rollout " + suggestion.rollout().getAsInt()
                        : ""),
        suggestion.state() == Suggestion.State.OPEN,
        suggestion.because().orElse(""),
        PageTime.of(suggestion.suggestedAt()),
        command);
  }

  /** Returns the command that accepts a suggestion. */
  public static String accept(Suggestion suggestion) {
    return "mesh answer " + suggestion.id() + " --accept";
  }
}
