package io.meshwork.aws.iam;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Parts that a policy can lack. */
enum PolicyMutation {
  /** Whole statements. */
  STATEMENTS {
    @Override
    Map<String, String> of(String policy) {
      Map<String, String> mutants = new TreeMap<>();
      JsonNode whole = parsed(policy);
      for (int i = 0; i < whole.path("Statement").size(); i++) {
        mutants.put(whole.path("Statement").path(i).path("Sid").asText(), without(whole, i));
      }
      return mutants;
    }
  },

  /** Single actions, resources, and partitions. */
  VALUES {
    @Override
    Map<String, String> of(String policy) {
      Map<String, String> mutants = new TreeMap<>();
      int statements = parsed(policy).path("Statement").size();
      for (int i = 0; i < statements; i++) {
        for (String list : LISTS) {
          int values = parsed(policy).path("Statement").path(i).at(list).size();
          for (int value = 0; value < values && values > 1; value++) {
            JsonNode less = parsed(policy);
            JsonNode statement = less.path("Statement").path(i);
            String removed = ((ArrayNode) statement.at(list)).remove(value).asText();
            mutants.put(statement.path("Sid").asText() + " " + removed, less.toString());
          }
        }
      }
      return mutants;
    }
  };

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> LISTS =
      List.of("/Action", "/Resource", "/Condition/ForAllValues:StringLike/dynamodb:LeadingKeys");

  /** Returns the policy without each of its parts, by the part. */
  abstract Map<String, String> of(String policy);

  /** Returns the parts of policies. */
  Set<String> parts(Collection<String> policies) {
    Set<String> parts = new TreeSet<>();
    policies.forEach(policy -> parts.addAll(of(policy).keySet()));
    return parts;
  }

  static JsonNode parsed(String policy) {
    try {
      return JSON.readTree(policy);
    } catch (IOException e) {
      throw new IllegalArgumentException(policy, e);
    }
  }

  /** Returns a policy without one of its statements. */
  static String without(JsonNode whole, int statement) {
    JsonNode less = whole.deepCopy();
    ((ArrayNode) less.path("Statement")).remove(statement);
    return less.toString();
  }
}
