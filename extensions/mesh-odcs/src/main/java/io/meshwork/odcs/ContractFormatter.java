package io.meshwork.odcs;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.Contract;
import io.meshwork.internal.schema.PhysicalName;
import io.meshwork.internal.schema.TextFileFormat;
import io.meshwork.internal.schema.TextFormat;
import io.meshwork.odcs.internal.document.YamlNode;
import io.meshwork.odcs.internal.profile.NullabilityInference;
import io.meshwork.product.Classification;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Writes a contract without its rules as a new document. */
final class ContractFormatter {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Contract contract;
  private final OdcsHeader header;
  private final boolean newest;

  private ContractFormatter(Contract contract, OdcsHeader header, boolean newest) {
    this.contract = contract;
    this.header = header;
    this.newest = newest;
  }

  /**
   * Returns the document.
   *
   * @param newest true for the elements of 3.2
   */
  static YamlNode of(Contract contract, OdcsHeader header, boolean newest) {
    return YamlNode.of(new ContractFormatter(contract, header, newest).document());
  }

  private ObjectNode document() {
    String object = contract.schema().getName();
    String name = header.name().isEmpty() ? object : header.name();
    ObjectNode document = NODES.objectNode();
    document.put("apiVersion", OdcsValidator.PREVIOUS).put("kind", "DataContract");
    document.put("id", OdcsHeader.id(name)).put("name", name);
    document.put("version", header.version());
    if (!header.status().isEmpty()) {
      document.put("status", header.status());
    }
    if (name.indexOf('/') > 0) {
      document.put("domain", name.substring(0, name.indexOf('/')));
    }
    TermsFormatter terms = new TermsFormatter(contract, document);
    terms.describe();
    ObjectNode table = document.putArray("schema").addObject();
    table.put("name", object).put("logicalType", "object").put("physicalType", "table");
    table.set("properties", properties(contract.schema(), true));
    addFormat(table, TextFileFormat.of(contract.schema()).members());
    terms.write();
    return document;
  }

  private ArrayNode properties(Schema record, boolean top) {
    ArrayNode properties = NODES.arrayNode();
    for (Schema.Field field : record.getFields()) {
      ObjectNode property = properties.addObject().put("name", field.name());
      if (!PhysicalName.of(field).equals(field.name())) {
        property.put(OdcsKeys.PHYSICAL_NAME, PhysicalName.of(field));
      }
      type(property, NullabilityInference.value(field.schema()));
      property.put("required", !field.schema().isNullable());
      addFormat(property, TextFormat.of(field).members());
      if (top) {
        columnTerms(property, field.name());
      }
    }
    return properties;
  }

  private static void addFormat(ObjectNode element, Map<String, Object> format) {
    if (!format.isEmpty()) {
      OdcsKeys.addCustomProperty(element, TextFormat.PROPERTY, JSON.valueToTree(format));
    }
  }

  private void columnTerms(ObjectNode property, String column) {
    int key = contract.primaryKey().indexOf(column);
    if (key >= 0) {
      property.put("primaryKey", true).put("primaryKeyPosition", key + 1);
    }
    StatedPartition.put(property, column, header.partitions());
    String description = contract.columnDescriptions().get(column);
    if (description != null) {
      property.put("description", description);
    }
    Classification classification = contract.classificationOf(column);
    if (classification != contract.classification()) {
      property.put("classification", TermsFormatter.lower(classification));
    }
  }

  private void type(ObjectNode property, Schema type) {
    Map<String, Object> scalar = new LinkedHashMap<>();
    if (type.getType() == Schema.Type.MAP) {
      ScalarTypes.put(scalar, newest ? "map" : "object", TypeText.of(type), Map.of());
    } else {
      ScalarTypes.put(scalar, type);
    }
    property.setAll((ObjectNode) JSON.valueToTree(scalar));
    switch (type.getType()) {
      case RECORD -> property.set("properties", properties(type, false));
      case ARRAY -> {
        part(property.putObject("items"), type.getElementType());
      }
      case MAP -> {
        if (newest) {
          ObjectNode map = property.putObject("map");
          map.putObject("key").put("logicalType", "string");
          part(map.putObject("value"), type.getValueType());
        }
      }
      case ENUM -> {
        if (newest) {
          ArrayNode entries = property.putArray(AllowedValues.KEY);
          type.getEnumSymbols().forEach(symbol -> entries.addObject().put("value", symbol));
        } else {
          OdcsKeys.addCustomProperty(
              property, "enumSymbols", JSON.valueToTree(type.getEnumSymbols()));
        }
        @Nullable String fallback = type.getEnumDefault();
        if (fallback != null) {
          OdcsKeys.addCustomProperty(property, "enumDefault", NODES.textNode(fallback));
        }
      }
      default -> {}
    }
  }

  /** The elements of a list, or the values of a map. */
  private void part(ObjectNode part, Schema type) {
    type(part, NullabilityInference.value(type));
    part.put("required", !type.isNullable());
  }
}
