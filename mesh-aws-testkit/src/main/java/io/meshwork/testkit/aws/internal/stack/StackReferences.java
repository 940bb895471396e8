package io.meshwork.testkit.aws.internal.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import java.util.Set;

/**
 * Replaces references to units and permission sets by their IDs, which AWS chooses at random; here,
 * they follow from the properties.
 *
 * @param resources the resources of the template, by logical ID
 */
record StackReferences(JsonNode resources) {
  /** Returns a copy without references; adds the logical IDs of what is referred to. */
  JsonNode resolved(JsonNode node, Set<String> referredTo) {
    if (node.isArray()) {
      ArrayNode all = ((ArrayNode) node).arrayNode();
      node.forEach(element -> all.add(resolved(element, referredTo)));
      return all;
    }
    if (!node.isObject()) {
      return node;
    }
    if (node.size() == 1 && node.has("Ref")) {
      String id = node.path("Ref").asText();
      referredTo.add(id);
      return TextNode.valueOf(unit(properties(id, StackTemplate.UNIT)));
    }
    if (node.size() == 1 && node.has(StackTemplate.GET_ATTRIBUTE)) {
      JsonNode path = node.path(StackTemplate.GET_ATTRIBUTE);
      String id = path.path(0).asText();
      referredTo.add(id);
      if (!path.path(1).asText().equals("PermissionSetArn")) {
        return node;
      }
      return TextNode.valueOf(permissionSet(properties(id, StackTemplate.PERMISSION_SET)));
    }
    ObjectNode object = ((ObjectNode) node).objectNode();
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      object.set(field.getKey(), resolved(field.getValue(), referredTo));
    }
    return object;
  }

  private JsonNode properties(String id, String type) {
    JsonNode resource = resources.path(id);
    if (!resource.path("Type").asText().equals(type)) {
      throw StackTemplate.invalid(
          "Template format error: Unresolved resource dependencies ["
              + id
              + "] in the Resources block of the template");
    }
    return resource.path("Properties");
  }

  /** Returns the ID of a unit. */
  static String unit(JsonNode properties) {
    String parent = properties.path("ParentId").asText();
    return "ou-%s-%08x"
        .formatted(
            parent.split("-", -1)[1], (parent + "/" + properties.path("Name").asText()).hashCode());
  }

  /** Returns the ARN of a permission set. */
  static String permissionSet(JsonNode properties) {
    String instance = properties.path("InstanceArn").asText();
    return "arn:aws:sso:::permissionSet/%s/ps-%016x"
        .formatted(
            instance.substring(instance.lastIndexOf('/') + 1),
            properties.path("Name").asText().hashCode() & 0xffffffffL);
  }
}
