package io.meshwork.odcs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Reads and writes the custom properties of elements, a list of names and values. */
final class OdcsKeys {
  /** Terms of a contract without a place of their own in ODCS start with this. */
  static final String PREFIX = "meshwork.";

  /** The name of a column in files. */
  static final String PHYSICAL_NAME = "physicalName";

  private OdcsKeys() {}

  /** Returns the value of a custom property; missing if there is none. */
  static JsonNode customProperty(JsonNode element, String name) {
    for (JsonNode each : element.path("customProperties")) {
      if (each.path("property").asText().equals(name)) {
        return each.path("value");
      }
    }
    return MissingNode.getInstance();
  }

  static void addCustomProperty(ObjectNode element, String name, JsonNode value) {
    ObjectNode property = element.withArray("customProperties").addObject();
    property.put("property", name).set("value", value);
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
