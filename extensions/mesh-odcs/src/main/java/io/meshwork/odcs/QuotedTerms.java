package io.meshwork.odcs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Search terms whose long strings are quoted from the document that a contract stores, so that it
 * has them once: in place of {@code text}, a term has the name of the document in {@code in}, and
 * in {@code parts} strings and ranges of characters, as mesh-core reads them. Used once.
 */
final class QuotedTerms {
  /** A shorter text is as short as its place. */
  private static final int MIN_LENGTH = 64;

  private static final int MIN_RANGE = 32;

  /** How often a string is searched in vain; what is escaped in the document stays a string. */
  private static final int MAX_MISSES = 200;

  private final String document;
  private int position;
  private int misses;

  private QuotedTerms(String document) {
    this.document = document;
  }

  /**
   * Returns the terms with quotations.
   *
   * @param name of the document among the extensions
   * @param document as stored
   */
  static ArrayNode of(ArrayNode terms, String name, String document) {
    QuotedTerms quoted = new QuotedTerms(document);
    for (JsonNode term : terms) {
      String text = term.get("text").textValue();
      if (text.length() >= MIN_LENGTH) {
        ((ObjectNode) term).remove("text");
        ((ObjectNode) term).put("in", name).set("parts", quoted.parts(text));
      }
    }
    return terms;
  }

  private ArrayNode parts(String text) {
    ArrayNode parts = JsonNodeFactory.instance.arrayNode();
    StringBuilder own = new StringBuilder();
    int from = 0;
    while (from < text.length()) {
      int match = find(text, from);
      int length = match < 0 ? toNextWord(text, from) : common(text, from, match);
      if (match < 0) {
        own.append(text, from, from + length);
      } else {
        add(parts, own);
        parts.addArray().add(match).add(match + length);
        position = match + length;
      }
      from += length;
    }
    add(parts, own);
    return parts;
  }

  private static void add(ArrayNode parts, StringBuilder own) {
    if (!own.isEmpty()) {
      parts.add(own.toString());
      own.setLength(0);
    }
  }

  /** The strings are mostly in the order of the document. */
  private int find(String text, int from) {
    if (from + MIN_RANGE > text.length() || misses >= MAX_MISSES) {
      return -1;
    }
    String start = text.substring(from, from + MIN_RANGE);
    int match = document.indexOf(start, position);
    match = match < 0 ? document.indexOf(start) : match;
    misses += match < 0 ? 1 : 0;
    return match;
  }

  private int common(String text, int from, int match) {
    int length = MIN_RANGE;
    while (from + length < text.length()
        && match + length < document.length()
        && text.charAt(from + length) == document.charAt(match + length)) {
      length++;
    }
    return length;
  }

  private static int toNextWord(String text, int from) {
    int length = 1;
    while (from + length < text.length()
        && !Character.isWhitespace(text.charAt(from + length - 1))) {
      length++;
    }
    return length;
  }
}
