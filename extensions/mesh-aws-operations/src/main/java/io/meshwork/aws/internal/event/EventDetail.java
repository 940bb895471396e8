package io.meshwork.aws.internal.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.event.MeshEvent;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The detail of an event of a log, as {@code aws-event-1.json} describes it. Each field is written
 * on purpose, as in a {@link NoticeDetail}: a log has reasons, and hashes by which values can be
 * guessed.
 */
final class EventDetail {
  /** The details that are sent, also those within others, such as of each grant. */
  static final Set<String> FACTS =
      Set.of(
          "answer",
          "approvalsMissing",
          "authorization",
          "authorizations",
          "authorizedBy",
          "catalog",
          "cause",
          "causes",
          "changes",
          "consumers",
          "continues",
          "contractVersion",
          "count",
          "dataTime",
          "delegating",
          "derivedFrom",
          "details",
          "domain",
          "endedBy",
          "escalated",
          "event",
          "executors",
          "files",
          "filesCompacted",
          "filesDeleted",
          "filesRead",
          "following",
          "freshWithin",
          "fromMajor",
          "grant",
          "grantOption",
          "grants",
          "id",
          "kind",
          "largestLateness",
          "lateRows",
          "link",
          "loggedIn",
          "main",
          "major",
          "majors",
          "method",
          "mode",
          "outOfReach",
          "permissions",
          "previousMajor",
          "previousTarget",
          "previousVersion",
          "product",
          "proposedBy",
          "publishId",
          "qualityScore",
          "quarantineRowsRemoved",
          "readersPassed",
          "reasonCode",
          "request",
          "requester",
          "restoredSnapshot",
          "retireAfter",
          "revision",
          "risk",
          "rollout",
          "rows",
          "rowsAccepted",
          "rowsErased",
          "rowsLeftOut",
          "rowsQuarantined",
          "rowsRead",
          "rowsRemoved",
          "rowsRestored",
          "rowsTotal",
          "rulesEvaluated",
          "rulesPassed",
          "sequence",
          "since",
          "snapshotId",
          "snapshots",
          "snapshotsExpired",
          "stagedAs",
          "stagedErased",
          "state",
          "subject",
          "subscription",
          "suggestion",
          "suggestions",
          "table",
          "target",
          "to",
          "toDomainOwner",
          "toMajor",
          "under",
          "unfitRows",
          "until",
          "verdict");

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
          if (FACTS.contains(String.valueOf(name))) {
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
