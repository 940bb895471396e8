package io.meshwork.aws.iam;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What AWS's own policies for Lake Formation allow and deny, as far as ours stand beside them: the
 * file {@code managed-policies.json} has their statements, with the address and version of each.
 */
final class ManagedPolicies {
  static final String SHARING = "AWSLakeFormationCrossAccountManager";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode policies;

  private ManagedPolicies(JsonNode policies) {
    this.policies = policies;
  }

  static ManagedPolicies read() throws IOException {
    try (InputStream in = ManagedPolicies.class.getResourceAsStream("managed-policies.json")) {
      return new ManagedPolicies(JSON.readTree(in));
    }
  }

  /** The actions that a policy denies, whatever others allow. */
  Set<String> denied() {
    Set<String> denied = new TreeSet<>();
    policies.forEach(policy -> policy.path("denied").forEach(each -> denied.add(each.asText())));
    return denied;
  }

  /** True if a policy allows an action under a condition with this key. */
  boolean hasKey(String action, String key) {
    for (JsonNode policy : policies) {
      for (JsonNode statement : allowing(policy, action)) {
        for (JsonNode keys : statement.path("when")) {
          if (keys.has(key)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /**
   * What a statement allows beyond the policy for sharing: the action, or what it does without the
   * condition; empty if nothing.
   */
  Set<String> beyondSharing(String action, JsonNode statement) {
    List<JsonNode> allowing = allowing(policies.path(SHARING), action);
    if (allowing.isEmpty()) {
      return Set.of(action + " is not an action of " + SHARING);
    }
    Set<String> missing = new TreeSet<>();
    for (JsonNode each : allowing) {
      Set<String> lacks = missing(action, each.path("when"), statement.path("Condition"));
      if (lacks.isEmpty()) {
        return Set.of();
      }
      missing.addAll(lacks);
    }
    return missing;
  }

  private static Set<String> missing(String action, JsonNode when, JsonNode condition) {
    Set<String> missing = new TreeSet<>();
    when.properties()
        .forEach(
            operator ->
                operator
                    .getValue()
                    .properties()
                    .forEach(
                        key -> {
                          JsonNode own = condition.path(operator.getKey()).path(key.getKey());
                          if (!isWithin(texts(own), texts(key.getValue()))) {
                            missing.add(
                                action + " lacks " + operator.getKey() + " " + key.getKey());
                          }
                        }));
    return missing;
  }

  /** True if there are values, and each matches a pattern. */
  private static boolean isWithin(List<String> values, List<String> patterns) {
    return !values.isEmpty()
        && values.stream()
            .allMatch(value -> patterns.stream().anyMatch(pattern -> matches(pattern, value)));
  }

  private static List<JsonNode> allowing(JsonNode policy, String action) {
    List<JsonNode> statements = new ArrayList<>();
    for (JsonNode statement : policy.path("allowed")) {
      if (texts(statement.path("actions")).stream().anyMatch(each -> matches(each, action))) {
        statements.add(statement);
      }
    }
    return statements;
  }

  private static boolean matches(String pattern, String text) {
    return text.matches(Pattern.quote(pattern).replace("*", "\\E.*\\Q"));
  }

  static List<String> texts(JsonNode node) {
    List<String> texts = new ArrayList<>();
    if (node.isTextual()) {
      texts.add(node.asText());
    }
    node.forEach(each -> texts.add(each.asText()));
    return texts;
  }
}
