package io.meshwork.internal.schema;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.meshwork.product.Names;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Finds a key that an object of a JSON text has twice, of which a parser would take the last
 * without a word. Stateless.
 */
public final class RepeatedKeys {
  private static final JsonFactory JSON = new JsonFactory();

  private RepeatedKeys() {}

  /**
   * The first such key with both places, for a message; empty if there is none.
   *
   * @param json a text that was found well-formed
   */
  public static Optional<String> find(String json) {
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
                    + Names.shown(parser.currentName())
                    + "' twice in one object, at "
                    + place(first)
                    + " and at "
                    + place(second));
          }
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("the text was read before", e);
    }
  }

  private static String place(JsonLocation location) {
    return "line " + location.getLineNr() + ", column " + location.getColumnNr();
  }
}
