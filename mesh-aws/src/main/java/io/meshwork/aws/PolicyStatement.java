package io.meshwork.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.List;

/** One statement of a policy. Used by one thread. */
final class PolicyStatement {
  private final ObjectNode json = JsonNodeFactory.instance.objectNode();

  private PolicyStatement(String id, String effect) {
    json.put("Sid", id).put("Effect", effect);
  }

  /** Starts a statement that allows actions. */
  static PolicyStatement allow(String id) {
    return new PolicyStatement(id, "Allow");
  }

  /** Starts a statement that denies actions. */
  static PolicyStatement deny(String id) {
    return new PolicyStatement(id, "Deny");
  }

  /** Limits it to principals, as policies of resources must. */
  PolicyStatement to(Collection<String> arns) {
    json.putObject("Principal").set("AWS", texts(arns));
    return this;
  }

  /** Limits it to services of AWS. */
  PolicyStatement toServices(String... services) {
    json.putObject("Principal").set("Service", texts(List.of(services)));
    return this;
  }

  /** Applies it to everyone. */
  PolicyStatement toAll() {
    json.put("Principal", "*");
    return this;
  }

  PolicyStatement actions(String... actions) {
    json.set("Action", texts(List.of(actions)));
    return this;
  }

  PolicyStatement on(String... arns) {
    return on(List.of(arns));
  }

  PolicyStatement on(Collection<String> arns) {
    json.set("Resource", texts(arns));
    return this;
  }

  /** Applies it to all resources except these. */
  PolicyStatement exceptOn(String... arns) {
    json.set("NotResource", texts(List.of(arns)));
    return this;
  }

  /** Adds a condition, which has one of the values. */
  PolicyStatement when(String operator, String key, Collection<String> values) {
    ArrayNode texts = texts(values);
    json.withObjectProperty("Condition")
        .withObjectProperty(operator)
        .set(key, texts.size() == 1 ? texts.get(0) : texts);
    return this;
  }

  PolicyStatement when(String operator, String key, String value) {
    return when(operator, key, List.of(value));
  }

  boolean isNamed(String id) {
    return json.path("Sid").asText().equals(id);
  }

  ObjectNode json() {
    return json;
  }

  private static ArrayNode texts(Collection<String> values) {
    ArrayNode texts = JsonNodeFactory.instance.arrayNode();
    values.forEach(texts::add);
    return texts;
  }
}
