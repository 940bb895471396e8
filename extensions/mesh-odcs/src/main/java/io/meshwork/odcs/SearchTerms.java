package io.meshwork.odcs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.meshwork.discovery.Search.Field;
import io.meshwork.odcs.internal.document.YamlNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The strings of a document with one object by which a search finds its product: names, synonyms,
 * tags, measures, labels of values, definitions, and context. Each is an object of {@code field},
 * {@code column}, and {@code text}, as mesh-core reads them.
 */
final class SearchTerms {
  private final ArrayNode terms = JsonNodeFactory.instance.arrayNode();

  private SearchTerms() {}

  static ArrayNode of(YamlNode document) {
    SearchTerms terms = new SearchTerms();
    terms.add(Field.BUSINESS_NAME, "", document.textOf("name"));
    terms.add(Field.BUSINESS_NAME, "", document.textOf("dataProduct"));
    terms.addElement(document, "");
    YamlNode description = document.get("description");
    if (description != null) {
      terms.addDefinitions(description, "");
    }
    for (YamlNode object : document.items("schema")) {
      terms.add(Field.BUSINESS_NAME, "", object.textOf("name"));
      terms.addElement(object, "");
      terms.addContext(document.get("context"), object.get("context"));
      terms.addProperties(object, "");
    }
    return terms.terms;
  }

  /** The strings of a document of ODPS, in which a port is a part of the product. */
  static ArrayNode ofProduct(YamlNode document) {
    SearchTerms terms = new SearchTerms();
    terms.add(Field.BUSINESS_NAME, "", document.textOf("name"));
    terms.addElement(document, "");
    terms.addContext(document.get("context"), null);
    for (String ports : List.of("inputPorts", "outputPorts", "managementPorts")) {
      for (YamlNode port : document.items(ports)) {
        terms.add(Field.BUSINESS_NAME, "", port.textOf("name"));
        terms.add(Field.DEFINITION, "", port.textOf("description"));
        terms.addElement(port, "");
        terms.addContext(port.get("context"), null);
      }
    }
    for (YamlNode property : document.items("customProperties")) {
      terms.add(Field.TAG, "", property.textOf("property") + "=" + property.textOf("value"));
    }
    return terms.terms;
  }

  private void addProperties(YamlNode parent, String prefix) {
    for (YamlNode property : parent.items("properties")) {
      addProperty(property, prefix + property.textOf("name"));
    }
  }

  private void addProperty(YamlNode property, String column) {
    if (OdcsTypes.isCalculated(property.json())) {
      add(Field.MEASURE, column, column);
      add(Field.COLUMN_DESCRIPTION, column, property.textOf("description"));
    }
    addElement(property, column);
    for (YamlNode value : property.items("enum")) {
      addElement(value, column);
      add(Field.VALUE, column, joined(value, "label", "description"));
    }
    addProperties(property, column + ".");
    YamlNode map = property.get("map");
    Stream.of(
            property.get("items"),
            map == null ? null : map.get("key"),
            map == null ? null : map.get("value"))
        .filter(part -> part != null)
        .forEach(part -> addProperty(part, column));
  }

  private void addElement(YamlNode element, String column) {
    add(Field.BUSINESS_NAME, column, element.textOf("businessName"));
    element.items("tags").forEach(tag -> add(Field.TAG, column, tag.text()));
    for (YamlNode synonym : element.items("synonyms")) {
      add(Field.SYNONYM, column, synonym.textOf("synonym"));
    }
    addDefinitions(element, column);
  }

  private void addDefinitions(YamlNode element, String column) {
    for (YamlNode definition : element.items("authoritativeDefinitions")) {
      add(Field.DEFINITION, column, joined(definition, "type", "url", "description"));
    }
  }

  /** The instructions of both levels; an answer of the object replaces the document's. */
  private void addContext(@Nullable YamlNode document, @Nullable YamlNode object) {
    Map<String, String> statements = new LinkedHashMap<>();
    for (YamlNode context : Stream.of(document, object).filter(each -> each != null).toList()) {
      add(Field.CONTEXT, "", context.isMap() ? context.textOf("instructions") : context.text());
      for (YamlNode statement : context.items("verifiedStatements")) {
        statements.put(statement.textOf("question"), joined(statement, "question", "answer"));
      }
      for (YamlNode constraint : context.items("constraints")) {
        add(Field.CONTEXT, "", constraint.textOf("constraint"));
      }
    }
    statements.values().forEach(text -> add(Field.CONTEXT, "", text));
  }

  private void add(Field field, String column, String text) {
    if (!text.isBlank()) {
      terms.addObject().put("field", field.name()).put("column", column).put("text", text.strip());
    }
  }

  private static String joined(YamlNode node, String... keys) {
    return Stream.of(keys)
        .map(node::textOf)
        .filter(text -> !text.isBlank())
        .collect(Collectors.joining(" "));
  }
}
