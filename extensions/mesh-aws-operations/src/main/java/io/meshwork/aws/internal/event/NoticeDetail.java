package io.meshwork.aws.internal.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.notice.Notice;
import java.util.Map;
import java.util.TreeMap;

/** The detail of a notice: what webhooks get too, and the name of the mesh. */
final class NoticeDetail {
  private static final ObjectMapper JSON = new ObjectMapper();

  private NoticeDetail() {}

  /** Returns the detail as JSON. */
  static String of(String mesh, Notice notice) {
    ObjectNode json = sent(notice).put("mesh", mesh);
    Map<String, JsonNode> facts = new TreeMap<>();
    json.remove("facts").properties().forEach(fact -> facts.put(fact.getKey(), fact.getValue()));
    return BusDetail.of(json, facts);
  }

  private static ObjectNode sent(Notice notice) {
    try {
      return (ObjectNode) JSON.readTree(notice.toEventJson());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e); // it was just written
    }
  }
}
