package io.meshwork.internal.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.ledger.MovedTables;
import io.meshwork.internal.ledger.MovedTables.MovedTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One of the changes that a log entry records. A transaction may have several; the revocation of
 * grants on several products is one part for each product, and a publish to several major versions
 * one for each. Immutable.
 *
 * @param event the event type
 * @param subject a product, a domain, or {@code _mesh}
 * @param details further fields
 */
public record LogPart(String event, String subject, JsonNode details) {
  private static final String OTHER_LOG = "partition";
  private static final String GRANTS = "grants";
  private static final String REASON = "reason";

  /** The target of a grant on a domain, or by tags of a domain. */
  private static final Pattern OF_DOMAIN = Pattern.compile("\\S+ of (\\S+)(?: where .*)?");

  /** The parts of a log entry; none if another log records them. */
  public static List<LogPart> of(JsonNode entry) {
    List<LogPart> parts = new ArrayList<>();
    JsonNode details = entry.path("details");
    if (!details.has(OTHER_LOG)) {
      add(entry.path("event").asText(), entry.path("subject").asText(), details, parts);
    }
    return parts;
  }

  private static void add(String event, String subject, JsonNode details, List<LogPart> parts) {
    switch (MeshEvent.Type.of(event)) {
      case RIGHTS_CHANGED -> {
        for (JsonNode change : details.path("changes")) {
          add(
              change.path("event").asText(),
              change.path("subject").asText(),
              change.path("details"),
              parts);
        }
      }
      case AUTHORIZATION_WITHDRAWN -> {
        if (details instanceof ObjectNode object && object.has(GRANTS)) {
          parts.add(new LogPart(event, subject, object.deepCopy().without(GRANTS)));
          ObjectNode revoked = object.objectNode();
          revoked.set(GRANTS, object.path(GRANTS));
          if (object.has(REASON)) {
            revoked.set(REASON, object.path(REASON));
          }
          addRevocations(subject, revoked, parts);
        } else {
          parts.add(new LogPart(event, subject, details));
        }
      }
      case GRANT_REVOKED -> {
        if (details instanceof ObjectNode object && !object.path(GRANTS).isEmpty()) {
          addRevocations(subject, object, parts);
        } else {
          parts.add(new LogPart(event, subject, details));
        }
      }
      default -> {
        List<MovedTable> tables = MovedTables.of(details);
        if (tables.isEmpty()) {
          parts.add(new LogPart(event, subject, details));
        }
        tables.forEach(table -> parts.add(new LogPart(event, subject, table.details())));
      }
    }
  }

  private static void addRevocations(String subject, ObjectNode details, List<LogPart> parts) {
    Map<String, ArrayNode> bySubject = new LinkedHashMap<>();
    for (JsonNode grant : details.path(GRANTS)) {
      bySubject
          .computeIfAbsent(
              subjectOf(grant.path("on").asText(), subject), absent -> details.arrayNode())
          .add(grant);
    }
    bySubject.forEach(
        (on, grants) -> {
          ObjectNode part = details.deepCopy();
          part.set(GRANTS, grants);
          parts.add(new LogPart(MeshEvent.Type.GRANT_REVOKED.text(), on, part));
        });
  }

  private static String subjectOf(String on, String defaultSubject) {
    if (on.indexOf(' ') < 0) {
      return on.isEmpty() ? defaultSubject : on;
    }
    Matcher domain = OF_DOMAIN.matcher(on);
    return domain.matches() ? domain.group(1) : defaultSubject;
  }
}
