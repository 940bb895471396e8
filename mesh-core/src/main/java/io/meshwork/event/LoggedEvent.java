package io.meshwork.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.ledger.DocumentJson;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** An event that was parsed from its text. Immutable. */
record LoggedEvent(
    String partition,
    long sequence,
    int format,
    String type,
    Instant at,
    String principal,
    String subject,
    EventDetails details,
    Map<String, String> documents,
    String attempt,
    String previous,
    String hash,
    String json)
    implements MeshEvent {
  LoggedEvent {
    documents = Map.copyOf(documents);
  }

  static MeshEvent of(String partition, String what, ObjectNode entry) {
    int format = entry.path("format").asInt();
    if (format > DocumentJson.FORMAT) {
      throw BackendException.lasting(
          ErrorCode.REGISTRY_VERSION,
          "Cannot read "
              + what
              + ": its format is "
              + format
              + " and this SDK reads formats up to "
              + DocumentJson.FORMAT
              + ". Nothing was changed. Use a newer version of Meshwork.",
          null);
    }
    String type = entry.path("event").asText();
    Map<String, String> documents = new TreeMap<>();
    for (Map.Entry<String, JsonNode> document : entry.path("documents").properties()) {
      documents.put(document.getKey(), document.getValue().asText());
    }
    return new LoggedEvent(
        partition,
        entry.path("sequence").asLong(),
        format,
        type,
        Instant.parse(entry.path("at").asText()),
        entry.path("principal").asText(),
        entry.path("subject").asText(),
        DetailsJson.read(type, entry.path("details")),
        documents,
        entry.path("attempt").asText(),
        entry.path("previous").asText(),
        entry.path("hash").asText(),
        DocumentJson.write(entry));
  }

  @Override
  public String id() {
    return partition + "/" + sequence;
  }

  /** The id, the type and who did it. */
  @Override
  public String toString() {
    return id() + " " + at + " " + type + " " + subject + " by " + principal;
  }
}
