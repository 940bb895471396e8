package io.meshwork.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.ledger.DocumentJson;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** An event that was parsed from its text. Immutable. */
record LoggedEvent(
    String partition,
    long sequence,
    int format,
    String typeName,
    Instant at,
    String principal,
    String subject,
    Map<String, Object> details,
    Map<String, String> documents,
    String attempt,
    String previous,
    String hash,
    String json)
    implements MeshEvent {
  LoggedEvent {
    documents = Collections.unmodifiableMap(new TreeMap<>(documents));
  }

  static MeshEvent of(String partition, String document, ObjectNode entry) {
    int format = entry.path("format").asInt();
    if (format > DocumentJson.FORMAT) {
      throw Failure.of(MeshAction.of(Verb.READ, document))
          .because(
              "its format is "
                  + format
                  + " and this SDK reads formats up to "
                  + DocumentJson.FORMAT)
          .fix("Use a newer version of Meshwork.")
          .lasting(ErrorCode.REGISTRY_VERSION);
    }
    Map<String, String> documents = new TreeMap<>();
    for (Map.Entry<String, JsonNode> hash : entry.path("documents").properties()) {
      documents.put(hash.getKey(), hash.getValue().asText());
    }
    return new LoggedEvent(
        partition,
        entry.path("sequence").asLong(),
        format,
        entry.path("event").asText(),
        Instant.parse(entry.path("at").asText()),
        entry.path("principal").asText(),
        entry.path("subject").asText(),
        PlainValues.ofObject(entry.path("details")),
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

  @Override
  public Type type() {
    return Type.of(typeName);
  }

  /** Returns the ID, the time, the type, the subject, and the principal. */
  @Override
  public String toString() {
    return id() + " " + at + " " + typeName + " " + subject + " by " + principal;
  }
}
