package io.meshwork.cli.internal.request;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.request.Suggestion;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A suggestion as JSON, and its kind as an option writes it. */
final class SuggestionDocument {
  private SuggestionDocument() {}

  static ObjectNode put(ObjectNode node, Suggestion suggestion) {
    node.put("suggestion", suggestion.id())
        .put("product", suggestion.product().toString())
        .put("state", suggestion.state().name())
        .put("kind", suggestion.kind().name())
        .put("domain", suggestion.domain())
        .put("requester", suggestion.requester().toString())
        .put("text", suggestion.text())
        .put("suggestedAt", JsonFields.time(suggestion.suggestedAt()));
    node.set("columns", JsonFields.array(suggestion.columns()));
    JsonFields.put(node, "answeredBy", suggestion.answeredBy());
    JsonFields.put(node, "answeredAt", suggestion.answeredAt().map(JsonFields::time));
    JsonFields.put(node, "reason", suggestion.because());
    suggestion.rollout().ifPresent(number -> node.put("rollout", number));
    JsonFields.put(node, "deliveredIn", suggestion.deliveredIn());
    return node;
  }

  /** Returns the state with what delivers it, such as {@code DELIVERED in 2.0.0}. */
  static String state(Suggestion suggestion) {
    return suggestion.state()
        + suggestion
            .deliveredIn()
            .map(version -> " in " + version)
            .orElse(
                suggestion.rollout().isPresent()
                    ? " in rollout " + suggestion.rollout().getAsInt()
                    : "");
  }

  /** Parses a kind, such as {@code new-column}. */
  static Suggestion.Kind kind(String text) {
    return Stream.of(Suggestion.Kind.values())
        .filter(kind -> option(kind).equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    "A kind is "
                        + Stream.of(Suggestion.Kind.values())
                            .map(SuggestionDocument::option)
                            .collect(Collectors.joining(", "))
                        + ", not "
                        + text
                        + "."));
  }

  private static String option(Suggestion.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
