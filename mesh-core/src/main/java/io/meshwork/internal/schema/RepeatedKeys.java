package io.meshwork.internal.schema;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.meshwork.internal.naming.NameGrammar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Finds duplicate keys in JSON objects, of which a parser silently uses the last. Stateless. */
final class RepeatedKeys {
  private static final JsonFactory JSON = new JsonFactory();

  private RepeatedKeys() {}

  /**
   * Returns the first duplicate key with both positions, for a message; empty if there is none.
   *
   * @param json well-formed JSON
   */
  static Optional<String> find(String json) {
    Deque<Map<String, JsonLocation>> open = new ArrayDeque<>();
    try (JsonParser parser = JSON.createParser(json)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.START_OBJECT) {
          open.push(new HashMap<>());
        } else if (token == JsonToken.END_OBJECT) {
          open.pop();
        } else if (token == JsonToken.FIELD_NAME) {
          JsonLocation second = parser.currentTokenLocation();
          JsonLocation first = open.element().put(parser.currentName(), second);
          if (first != null) {
            return Optional.of(
                "the key '"
                    + NameGrammar.quoted(parser.currentName())
                    + "' twice in one object, at "
                    + position(first)
                    + " and at "
                    + position(second));
          }
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("a parsed text cannot be read again", e);
    }
  }

  private static String position(JsonLocation location) {
    return "line " + location.getLineNr() + ", column " + location.getColumnNr();
  }
}
