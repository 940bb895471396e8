package io.meshwork.internal.index;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.contract.Contract;
import io.meshwork.discovery.Search.Field;
import io.meshwork.discovery.Search.Match;
import io.meshwork.internal.ledger.DocumentJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads the strings by which a product can be found from its contract's extension {@code
 * searchTerms}, an array of objects with {@code field}, {@code column}, and {@code text}, or with
 * {@code in} and {@code parts}, which quote another extension. What it does not know is ignored,
 * because other tools write extensions. Stateless.
 */
final class SearchTerms {
  private SearchTerms() {}

  /** Returns the terms of the product, and of the columns that the contract still has. */
  static List<Match> of(Contract contract) {
    JsonNode extensions =
        DocumentJson.parseObject("a contract", contract.toJson()).path("extensions");
    List<Match> terms = new ArrayList<>();
    for (JsonNode term : extensions.path("searchTerms")) {
      String column = term.path("column").asText();
      String text = text(term, extensions.path(term.path("in").asText()).asText());
      field(term.path("field").asText())
          .filter(field -> !text.isBlank())
          .map(field -> new Match(field, column, text))
          .ifPresent(terms::add);
    }
    terms.removeIf(term -> !isKnown(term.column(), terms, contract));
    return terms;
  }

  /**
   * Returns the text of a term, or its parts: strings, and ranges of characters of an extension.
   *
   * @param quoted the extension; empty if the term names none
   */
  private static String text(JsonNode term, String quoted) {
    StringBuilder text = new StringBuilder(term.path("text").asText());
    for (JsonNode part : term.path("parts")) {
      int from = part.path(0).asInt(-1);
      int to = part.path(1).asInt(-1);
      boolean isRange = 0 <= from && from <= to && to <= quoted.length();
      text.append(isRange ? quoted.substring(from, to) : part.asText());
    }
    return text.toString();
  }

  private static boolean isKnown(String column, List<Match> terms, Contract contract) {
    return column.isEmpty()
        || contract.schema().getField(column.split("\\.", 2)[0]) != null
        || terms.stream()
            .anyMatch(term -> term.field() == Field.MEASURE && term.column().equals(column));
  }

  private static Optional<Field> field(String name) {
    return Stream.of(Field.values()).filter(field -> field.name().equals(name)).findFirst();
  }
}
