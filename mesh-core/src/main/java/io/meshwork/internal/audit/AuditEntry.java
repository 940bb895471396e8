package io.meshwork.internal.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.governance.Audit;
import io.meshwork.internal.event.LogPart;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.session.AccessCounter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * An audit entry with the details of its log entry. Immutable.
 *
 * @param recorded the details from the log
 */
record AuditEntry(StoredAuditEntry entry, JsonNode recorded) {
  private static final Set<String> REFUSALS = Set.of("access.denied");

  /**
   * The audit entries of one log entry: several if it recorded several changes, none if another log
   * records them.
   *
   * @throws io.meshwork.error.BackendException if its time cannot be read
   */
  static List<Audit.Entry> of(VersionedDocument stored) {
    return withDetails(stored).stream().<Audit.Entry>map(AuditEntry::entry).toList();
  }

  /** As {@link #of}, with the details from the log. */
  static List<AuditEntry> withDetails(VersionedDocument stored) {
    ObjectNode json = stored.json();
    String partition = stored.key().partition();
    long sequence = json.path("sequence").asLong();
    if (json.path("event").asText().equals(AccessCounter.EVENT)) {
      return counted(stored, partition, sequence);
    }
    List<LogPart> parts = LogPart.of(json);
    List<AuditEntry> entries = new ArrayList<>();
    for (LogPart part : parts) {
      String id = partition + "/" + sequence;
      entries.add(
          new AuditEntry(
              new StoredAuditEntry(
                  parts.size() == 1 ? id : id + "#" + (entries.size() + 1),
                  partition,
                  sequence,
                  Ledger.time(stored),
                  json.path("principal").asText(),
                  part.event(),
                  part.subject(),
                  REFUSALS.contains(part.event()) ? Audit.Outcome.REFUSED : Audit.Outcome.DONE,
                  details(part.details()),
                  json.path("hash").asText()),
              part.details()));
    }
    return entries;
  }

  /** The audit entries of counts of reads and denials: one for each line. */
  private static List<AuditEntry> counted(
      VersionedDocument stored, String partition, long sequence) {
    List<AuditEntry> entries = new ArrayList<>();
    Instant at = Ledger.time(stored);
    String hash = stored.json().path("hash").asText();
    for (JsonNode line : stored.json().path("details").path("lines")) {
      Map<String, String> details = details(line);
      String action = line.path("action").asText();
      details.keySet().removeAll(Set.of("who", "action", "subject"));
      entries.add(
          new AuditEntry(
              new StoredAuditEntry(
                  partition + "/" + sequence + "#" + (entries.size() + 1),
                  partition,
                  sequence,
                  at,
                  line.path("who").asText(),
                  action,
                  line.path("subject").asText(),
                  action.endsWith(".denied") ? Audit.Outcome.DENIED : Audit.Outcome.READ,
                  details,
                  hash),
              line));
    }
    return entries;
  }

  /** The entry as one line of JSON with a fixed order of fields. */
  String line() {
    ObjectNode json = DocumentCodec.of(StoredAuditEntry.class).write(entry, Optional.empty());
    ObjectNode details = (ObjectNode) json.path("details");
    for (Map.Entry<String, JsonNode> field : recorded.properties()) {
      if (field.getValue().isContainerNode() && details.has(field.getKey())) {
        details.set(field.getKey(), field.getValue());
      }
    }
    return DocumentJson.write(json);
  }

  /** The fields as text: arrays of values are joined, other nested values are JSON. */
  private static Map<String, String> details(JsonNode json) {
    Map<String, String> details = new TreeMap<>();
    for (Map.Entry<String, JsonNode> field : json.properties()) {
      details.put(field.getKey(), text(field.getValue()));
    }
    return details;
  }

  private static String text(JsonNode value) {
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
