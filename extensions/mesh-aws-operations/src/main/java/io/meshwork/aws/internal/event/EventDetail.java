package io.meshwork.aws.internal.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.event.SentEventSchema;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The detail of an event of a log, as {@code sent-event-1.json} describes it. Each field is written
 * on purpose, as in a {@link NoticeDetail}: a log has reasons, and hashes by which values can be
 * guessed.
 */
final class EventDetail {
  private static final ObjectMapper JSON = new ObjectMapper();

  private EventDetail() {}

  /**
   * Returns the detail as JSON.
   *
   * @param domain the domain whose log has the event
   */
  static String of(String mesh, MeshEvent event, String domain) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("format", 1)
            .put("mesh", mesh)
            .put("id", event.id())
            .put("event", event.typeName())
            .put("subject", event.subject())
            .put("domain", domain)
            .put("principal", event.principal())
            .put("at", event.at().toString());
    if (event.details().get("major") instanceof Long major) {
      json.put("major", major);
    }
    Map<String, JsonNode> facts = new TreeMap<>();
    withoutWritten(event.details())
        .forEach((name, value) -> facts.put(name, JSON.valueToTree(value)));
    return BusDetail.of(json, facts);
  }

  private static Map<String, Object> withoutWritten(Map<?, ?> details) {
    Map<String, Object> facts = new TreeMap<>();
    details.forEach(
        (name, value) -> {
          if (SentEventSchema.EVENT_FACTS.contains(String.valueOf(name))) {
            facts.put(String.valueOf(name), withoutWritten(value));
          }
        });
    return facts;
  }

  private static Object withoutWritten(Object value) {
    if (value instanceof Map<?, ?> details) {
      return withoutWritten(details);
    }
    return value instanceof List<?> list
        ? list.stream().map(EventDetail::withoutWritten).toList()
        : value;
  }
}
