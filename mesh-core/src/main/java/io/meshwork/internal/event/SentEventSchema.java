package io.meshwork.internal.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.event.MeshEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.TreeSet;

/**
 * The schema {@code sent-event-1.json} of what leaves the mesh by webhooks and event buses: a fact
 * that it does not declare is not sent.
 */
public final class SentEventSchema {
  private static final JsonNode SCHEMA = read();

  /** The facts of notices that programs wrote. */
  public static final Set<String> NOTICE_FACTS = names("/$defs/notice/properties/facts/properties");

  /** The details of events that are sent, also details within others, such as of each grant. */
  public static final Set<String> EVENT_FACTS = names("/$defs/eventFacts/properties");

  private SentEventSchema() {}

  private static JsonNode read() {
    try (InputStream in = MeshEvent.class.getResourceAsStream("sent-event-1.json")) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> names(String pointer) {
    Set<String> names = new TreeSet<>();
    SCHEMA.at(pointer).fieldNames().forEachRemaining(names::add);
    return Set.copyOf(names);
  }
}
