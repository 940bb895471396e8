package io.meshwork.testkit.aws.internal.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.testkit.aws.internal.access.AwsReply;
import io.meshwork.testkit.aws.internal.access.NotEmulatedException;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where a rule sends an event: a queue of its account, a topic of its account with a message, or
 * the bus of another account as a role.
 *
 * @param arn the ARN
 * @param role the ARN of the role; empty for queues and topics
 * @param text the text in place of the event, with names of paths; missing to send the event
 */
record EventTarget(String arn, String role, JsonNode text) {
  private static final Set<String> FIELDS = Set.of("Id", "Arn", "RoleArn", "InputTransformer");
  private static final Pattern PATH = Pattern.compile("\\$(\\.[a-zA-Z-]+)+");

  /**
   * Parses a target.
   *
   * @param own what the ARNs of the account and region of the rule have after the service
   */
  static EventTarget parse(JsonNode target, String own) {
    for (Map.Entry<String, JsonNode> field : target.properties()) {
      if (!FIELDS.contains(field.getKey())) {
        throw new NotEmulatedException("The field " + field.getKey() + " of a target.");
      }
    }
    String arn = target.path("Arn").asText();
    String role = target.path("RoleArn").asText();
    boolean isOwn =
        arn.startsWith("arn:aws:sqs:" + own + ":") || arn.startsWith("arn:aws:sns:" + own + ":");
    boolean isBus = arn.startsWith("arn:aws:events:") && !arn.startsWith("arn:aws:events:" + own);
    if (isOwn ? !role.isEmpty() : !isBus || role.isEmpty()) {
      throw new NotEmulatedException(
          "Targets other than queues and topics of the account, and buses of others as a role.");
    }
    JsonNode text = target.path("InputTransformer");
    for (JsonNode path : text.path("InputPathsMap")) {
      if (!PATH.matcher(path.asText()).matches()) {
        throw new NotEmulatedException("The path " + path + " of a target.");
      }
    }
    return new EventTarget(arn, role, text);
  }

  boolean isBus() {
    return arn.startsWith("arn:aws:events:");
  }

  boolean isTopic() {
    return arn.startsWith("arn:aws:sns:");
  }

  ObjectNode json(String id) {
    ObjectNode json = AwsReply.JSON.createObjectNode().put("Id", id).put("Arn", arn);
    if (!role.isEmpty()) {
      json.put("RoleArn", role);
    }
    if (!text.isMissingNode()) {
      json.set("InputTransformer", text);
    }
    return json;
  }

  /** Returns what is sent in place of an event. */
  String message(JsonNode event) {
    if (text.isMissingNode()) {
      return event.toString();
    }
    String message = text.path("InputTemplate").asText();
    for (Map.Entry<String, JsonNode> path : text.path("InputPathsMap").properties()) {
      String pointer = path.getValue().asText().substring(1).replace('.', '/');
      message = message.replace("<" + path.getKey() + ">", event.at(pointer).asText());
    }
    return message;
  }
}
