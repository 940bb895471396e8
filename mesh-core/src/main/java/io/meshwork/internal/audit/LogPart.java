package io.meshwork.internal.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.event.MeshEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One thing that was done, of the one or several that an entry of a log tells. What was done at
 * once is told apart, and so are grants on several products that were taken back together, each
 * with its product as the subject. Immutable.
 *
 * @param event what happened
 * @param subject to what: a product, a domain, or {@code _mesh}
 * @param details what else there is to say
 */
record LogPart(String event, String subject, JsonNode details) {
  private static final String ELSEWHERE = "loggedIn";
  private static final String GRANTS = "grants";
  private static final String REASON = "reason";

  /** How a grant says that it is on a domain, or on what of it carries some tags. */
  private static final Pattern OF_DOMAIN = Pattern.compile("\\S+ of (\\S+)(?: where .*)?");

  /** What an entry tells; nothing if the whole of it is told in another log. */
  static List<LogPart> of(JsonNode entry) {
    List<LogPart> parts = new ArrayList<>();
    JsonNode details = entry.path("details");
    if (!details.has(ELSEWHERE)) {
      add(entry.path("event").asText(), entry.path("subject").asText(), details, parts);
    }
    return parts;
  }

  private static void add(String event, String subject, JsonNode details, List<LogPart> parts) {
    switch (event) {
      case MeshEvent.RIGHTS_CHANGED -> {
        for (JsonNode change : details.path("changes")) {
          add(
              change.path("event").asText(),
              change.path("subject").asText(),
              change.path("details"),
              parts);
        }
      }
      case MeshEvent.AUTHORIZATION_WITHDRAWN -> {
        if (details instanceof ObjectNode object && object.has(GRANTS)) {
          parts.add(new LogPart(event, subject, object.deepCopy().without(GRANTS)));
          ObjectNode revoked = object.objectNode();
          revoked.set(GRANTS, object.path(GRANTS));
          if (object.has(REASON)) {
            revoked.set(REASON, object.path(REASON));
          }
          addRevoked(subject, revoked, parts);
        } else {
          parts.add(new LogPart(event, subject, details));
        }
      }
      case MeshEvent.GRANT_REVOKED -> {
        if (details instanceof ObjectNode object && !object.path(GRANTS).isEmpty()) {
          addRevoked(subject, object, parts);
        } else {
          parts.add(new LogPart(event, subject, details));
        }
      }
      default -> parts.add(new LogPart(event, subject, details));
    }
  }

  private static void addRevoked(String subject, ObjectNode details, List<LogPart> parts) {
    Map<String, ArrayNode> bySubject = new LinkedHashMap<>();
    for (JsonNode grant : details.path(GRANTS)) {
      bySubject
          .computeIfAbsent(
              subjectOf(grant.path("on").asText(), subject), absent -> details.arrayNode())
          .add(grant);
    }
    bySubject.forEach(
        (on, grants) -> {
          ObjectNode some = details.deepCopy();
          some.set(GRANTS, grants);
          parts.add(new LogPart(MeshEvent.GRANT_REVOKED, on, some));
        });
  }

  private static String subjectOf(String on, String otherwise) {
    if (on.indexOf(' ') < 0) {
      return on.isEmpty() ? otherwise : on;
    }
    Matcher domain = OF_DOMAIN.matcher(on);
    return domain.matches() ? domain.group(1) : otherwise;
  }
}
