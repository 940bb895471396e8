package io.meshwork.testkit.aws.internal.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import io.meshwork.testkit.aws.internal.access.AwsReply;
import io.meshwork.testkit.aws.internal.access.NotEmulatedException;
import java.util.Map;
import java.util.Set;

/**
 * Which events a rule matches, in the grammar of our templates: strings and prefixes of {@code
 * source} and {@code detail-type}. Moto matches everything with an operator that it does not know.
 *
 * @param fields what each field may be: strings, or objects with {@code prefix}
 */
record EventPattern(JsonNode fields) {
  private static final Set<String> FIELDS = Set.of("source", "detail-type");

  static EventPattern parse(String text) {
    JsonNode pattern;
    try {
      pattern = AwsReply.JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AwsErrorException("InvalidEventPatternException", "Event pattern is not valid.");
    }
    for (Map.Entry<String, JsonNode> field : pattern.properties()) {
      if (!FIELDS.contains(field.getKey()) || !field.getValue().isArray()) {
        throw new NotEmulatedException("The field " + field.getKey() + " of an event pattern.");
      }
      for (JsonNode one : field.getValue()) {
        if (!one.isTextual() && !(one.size() == 1 && one.path("prefix").isTextual())) {
          throw new NotEmulatedException("The event pattern " + one + " is not emulated.");
        }
      }
    }
    if (pattern.isEmpty()) {
      throw new AwsErrorException("InvalidEventPatternException", "Event pattern is empty.");
    }
    return new EventPattern(pattern);
  }

  boolean matches(JsonNode event) {
    return fields.properties().stream()
        .allMatch(field -> matches(field.getValue(), event.path(field.getKey()).asText()));
  }

  private static boolean matches(JsonNode accepted, String value) {
    for (JsonNode one : accepted) {
      if (one.isTextual()
          ? one.asText().equals(value)
          : value.startsWith(one.path("prefix").asText())) {
        return true;
      }
    }
    return false;
  }
}
