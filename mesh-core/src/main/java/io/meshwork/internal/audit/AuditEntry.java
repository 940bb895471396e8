package io.meshwork.internal.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.governance.Audit;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.session.AccessCounter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Reads entries of logs as the audit shows them. */
final class AuditEntry {
  private static final Set<String> REFUSALS = Set.of("access.denied");

  private AuditEntry() {}

  /**
   * What an entry of a log says, in parts if several things were done at once; nothing if the whole
   * of it is told in another log.
   *
   * @throws io.meshwork.error.BackendException if its time cannot be read
   */
  static List<Audit.Entry> of(VersionedDocument stored) {
    ObjectNode json = stored.json();
    String partition = stored.key().partition();
    long sequence = json.path("sequence").asLong();
    if (json.path("event").asText().equals(AccessCounter.EVENT)) {
      return counted(stored, partition, sequence);
    }
    List<LogPart> parts = LogPart.of(json);
    List<Audit.Entry> entries = new ArrayList<>();
    for (LogPart part : parts) {
      String id = partition + "/" + sequence;
      entries.add(
          new Audit.Entry(
              parts.size() == 1 ? id : id + "#" + (entries.size() + 1),
              partition,
              sequence,
              Ledger.time(stored),
              json.path("principal").asText(),
              part.event(),
              part.subject(),
              REFUSALS.contains(part.event()) ? Audit.Outcome.REFUSED : Audit.Outcome.DONE,
              facts(part.details()),
              json.path("hash").asText()));
    }
    return entries;
  }

  /** What was counted: each line is an entry of its own. */
  private static List<Audit.Entry> counted(
      VersionedDocument stored, String partition, long sequence) {
    List<Audit.Entry> entries = new ArrayList<>();
    Instant at = Ledger.time(stored);
    String hash = stored.json().path("hash").asText();
    for (JsonNode line : stored.json().path("details").path("lines")) {
      Map<String, String> facts = facts(line);
      String action = line.path("action").asText();
      facts.keySet().removeAll(Set.of("who", "action", "subject"));
      entries.add(
          new Audit.Entry(
              partition + "/" + sequence + "#" + (entries.size() + 1),
              partition,
              sequence,
              at,
              line.path("who").asText(),
              action,
              line.path("subject").asText(),
              action.endsWith(".denied") ? Audit.Outcome.DENIED : Audit.Outcome.READ,
              facts,
              hash));
    }
    return entries;
  }

  /** One line of JSON, its fields always in the same order. */
  static String line(Audit.Entry entry) {
    ObjectNode json =
        DocumentJson.create()
            .put("id", entry.id())
            .put("log", entry.log())
            .put("sequence", entry.sequence())
            .put("at", entry.at().toString())
            .put("who", entry.who())
            .put("action", entry.action())
            .put("subject", entry.subject())
            .put("outcome", entry.outcome().toString());
    ObjectNode details = json.putObject("details");
    entry.details().forEach(details::put);
    json.put("hash", entry.hash());
    return DocumentJson.write(json);
  }

  /** Each field as a text: lists of texts joined, what lies deeper as JSON. */
  private static Map<String, String> facts(JsonNode details) {
    Map<String, String> facts = new TreeMap<>();
    for (Map.Entry<String, JsonNode> fact : details.properties()) {
      facts.put(fact.getKey(), fact(fact.getValue()));
    }
    return facts;
  }

  private static String fact(JsonNode value) {
    if (value.isValueNode()) {
      return value.asText();
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode element : value) {
      if (!value.isArray() || !element.isValueNode()) {
        return DocumentJson.write(value);
      }
      texts.add(element.asText());
    }
    return String.join(", ", texts);
  }
}
