package io.meshwork.aws.internal.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.TreeSet;

/** The schema {@code aws-event-1.json}: what it does not declare is not sent. */
final class DetailSchema {
  private static final JsonNode SCHEMA = read();

  private DetailSchema() {}

  private static JsonNode read() {
    try (InputStream in = DetailSchema.class.getResourceAsStream("aws-event-1.json")) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Returns the names of properties.
   *
   * @param pointer where the schema declares them, as a JSON pointer
   */
  static Set<String> names(String pointer) {
    Set<String> names = new TreeSet<>();
    SCHEMA.at(pointer).fieldNames().forEachRemaining(names::add);
    return Set.copyOf(names);
  }
}
