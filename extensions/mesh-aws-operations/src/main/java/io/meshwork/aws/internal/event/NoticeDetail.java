package io.meshwork.aws.internal.event;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.notice.Notice;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The detail of an event, as {@code aws-event-1.json} describes it. Each field is written on
 * purpose: buses, queues, and archives of other accounts keep events, so an event has no text and
 * no fact that people wrote.
 */
final class NoticeDetail {
  /** The facts that programs wrote. Others, such as reasons, stay in the mesh. */
  static final Set<String> FACTS =
      Set.of(
          "answer",
          "causes",
          "completeUpTo",
          "consumer",
          "contractVersion",
          "domain",
          "freshWithin",
          "fromMajor",
          "grant",
          "kind",
          "major",
          "mode",
          "previousVersion",
          "publishId",
          "reasonCode",
          "request",
          "retireAfter",
          "risk",
          "rollout",
          "rowsAccepted",
          "rowsQuarantined",
          "rowsRemoved",
          "rowsTotal",
          "since",
          "snapshotId",
          "snapshotSequence",
          "state",
          "subscription",
          "suggestion",
          "toMajor",
          "until",
          "verdict");

  /**
   * What EventBridge accepts is 256 KiB with source, type, and time, which have less than 1 KiB.
   */
  private static final int MAX_BYTES = 255 * 1024;

  private NoticeDetail() {}

  /** Returns the detail as JSON. The longest facts are left out of one that is too large. */
  static String of(String mesh, Notice notice) {
    Map<String, String> facts = new TreeMap<>(notice.facts());
    facts.keySet().retainAll(FACTS);
    String text = json(mesh, notice, facts, 0);
    for (int leftOut = 1; isTooLarge(text) && !facts.isEmpty(); leftOut++) {
      facts.keySet().remove(longest(facts));
      text = json(mesh, notice, facts, leftOut);
    }
    return text;
  }

  private static boolean isTooLarge(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES;
  }

  private static String longest(Map<String, String> facts) {
    return facts.entrySet().stream()
        .max(Comparator.comparingInt(fact -> fact.getValue().length()))
        .orElseThrow()
        .getKey();
  }

  private static String json(
      String mesh, Notice notice, Map<String, String> facts, int factsLeftOut) {
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
    ObjectNode named = json.putObject("facts");
    facts.forEach(named::put);
    if (factsLeftOut > 0) {
      json.put("factsLeftOut", factsLeftOut);
    }
    return json.toString();
  }
}
