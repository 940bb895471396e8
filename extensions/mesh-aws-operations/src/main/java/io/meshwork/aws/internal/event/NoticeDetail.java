package io.meshwork.aws.internal.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.meshwork.notice.Notice;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The detail of a notice, as {@code aws-event-1.json} describes it. Each field is written on
 * purpose: buses, queues, and archives of other accounts keep events, so an event has no text and
 * no fact that people wrote.
 */
final class NoticeDetail {
  /** The facts that programs wrote. Others, such as reasons, stay in the mesh. */
  private static final Set<String> FACTS =
      DetailSchema.names("/$defs/notice/properties/facts/properties");

  private NoticeDetail() {}

  /** Returns the detail as JSON. */
  static String of(String mesh, Notice notice) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("format", 1)
            .put("mesh", mesh)
            .put("id", notice.id())
            .put("kind", notice.kind().name())
            .put("product", notice.product().toString())
            .put("domain", notice.domain().name())
            .put("to", notice.to())
            .put("subject", notice.subject())
            .put("at", notice.at().toString())
            .put("eventId", notice.eventId());
    Map<String, JsonNode> facts = new TreeMap<>();
    notice
        .facts()
        .forEach(
            (name, value) -> {
              if (FACTS.contains(name)) {
                facts.put(name, TextNode.valueOf(value));
              }
            });
    return BusDetail.of(json, facts);
  }
}
