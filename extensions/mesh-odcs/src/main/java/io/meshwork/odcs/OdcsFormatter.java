package io.meshwork.odcs;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.contract.Rule;
import io.meshwork.internal.condition.RowCondition.InSet;
import io.meshwork.internal.contract.RuleConditions;
import io.meshwork.internal.schema.PhysicalName;
import io.meshwork.internal.schema.TextFileFormat;
import io.meshwork.internal.schema.TextFormat;
import io.meshwork.odcs.ContractProposal.Evidence;
import io.meshwork.odcs.internal.document.YamlFormatter;
import io.meshwork.odcs.internal.document.YamlReader;
import io.meshwork.odcs.internal.profile.NullabilityInference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Writes a proposal as a document of the Open Data Contract Standard 3.1, with the types and rules
 * that Meshwork maps to it. Rules without a metric in the standard have the engine {@code meshwork}
 * and the text form of the rule.
 */
final class OdcsFormatter {
  /** How the ID of a proposal begins, until a person gives it another one. */
  static final String PROPOSAL = "proposal-";

  private final String source;
  private final long rows;
  private final Schema schema;
  private final List<ColumnInference.ProposedRule> rules;
  private final List<Evidence> evidence;
  private final List<String> personal;

  OdcsFormatter(
      String source,
      long rows,
      Schema schema,
      List<ColumnInference.ProposedRule> rules,
      List<Evidence> evidence,
      List<String> personal) {
    this.source = source;
    this.rows = rows;
    this.schema = schema;
    this.rules = rules;
    this.evidence = evidence;
    this.personal = personal;
  }

  String text() {
    String name = snake(schema.getName());
    Map<String, Object> table = new LinkedHashMap<>();
    table.put("name", name);
    table.put("logicalType", "object");
    table.put("physicalType", "table");
    table.put("properties", properties(schema, ""));
    putFormat(table, TextFileFormat.of(schema).members());
    List<Object> quality = rulesOf(null);
    if (!quality.isEmpty()) {
      table.put("quality", quality);
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("apiVersion", "v3.1.0");
    document.put("kind", "DataContract");
    document.put("id", PROPOSAL + name.replace('_', '-'));
    document.put("name", name);
    document.put("version", "1.0.0");
    document.put("status", "draft");
    document.put("schema", List.of(table));
    List<String> comments = new ArrayList<>();
    comments.add(ColumnInference.origin(rows, source) + ". Read and edit it: the rules only warn.");
    comments.add("Add the name (domain/product), an owner (team), and service levels.");
    evidence.stream()
        .filter(each -> each.column().isEmpty() || each.about().equals("key"))
        .map(Evidence::comment)
        .forEach(comments::add);
    ContractRemainder.ofProposal(
            YamlReader.read(YamlFormatter.of(document, List.of()), source), schema)
        .map(property -> new ObjectMapper().convertValue(property, Object.class))
        .ifPresent(property -> document.put("customProperties", List.of(property)));
    return YamlFormatter.of(document, comments);
  }

  private List<Object> properties(Schema record, String prefix) {
    List<Object> properties = new ArrayList<>();
    for (Schema.Field field : record.getFields()) {
      String path = prefix + field.name();
      Map<String, Object> property = new LinkedHashMap<>();
      property.put("name", field.name());
      if (!PhysicalName.of(field).equals(field.name())) {
        property.put(OdcsKeys.PHYSICAL_NAME, PhysicalName.of(field));
      }
      type(property, NullabilityInference.value(field.schema()), path);
      property.put("required", !field.schema().isNullable());
      if (prefix.isEmpty() && personal.contains(field.name())) {
        property.put("classification", "confidential");
      }
      putFormat(property, TextFormat.of(field).members());
      List<Object> quality = prefix.isEmpty() ? rulesOf(field.name()) : List.of();
      if (!quality.isEmpty()) {
        property.put("quality", quality);
      }
      properties.add(new YamlFormatter.CommentedMap(comments(path), property));
    }
    return properties;
  }

  private static void putFormat(Map<String, Object> element, Map<String, Object> format) {
    if (!format.isEmpty()) {
      Map<String, Object> property = new LinkedHashMap<>();
      property.put("property", TextFormat.PROPERTY);
      property.put("value", format);
      element.put("customProperties", List.of(property));
    }
  }

  private List<String> comments(String path) {
    return evidence.stream()
        .filter(each -> each.column().equals(path) && !each.about().equals("key"))
        .map(Evidence::comment)
        .toList();
  }

  private void type(Map<String, Object> property, Schema type, String path) {
    if (type.getType() == Schema.Type.MAP) {
      ScalarTypes.put(property, "object", TypeText.of(type), Map.of());
      return;
    }
    ScalarTypes.put(property, type);
    if (type.getType() == Schema.Type.RECORD) {
      property.put("properties", properties(type, path + "."));
    } else if (type.getType() == Schema.Type.ARRAY) {
      Map<String, Object> items = new LinkedHashMap<>();
      type(items, NullabilityInference.value(type.getElementType()), path + "[]");
      items.put("required", !type.getElementType().isNullable());
      property.put("items", new YamlFormatter.CommentedMap(comments(path + "[]"), items));
    }
  }

  /** The rules of a column; with null, rules of rows. */
  private List<Object> rulesOf(@Nullable String column) {
    List<Object> quality = new ArrayList<>();
    for (ColumnInference.ProposedRule each : rules) {
      boolean ofRows = each.rule().kind() == Rule.Kind.UNIQUE;
      if (ofRows ? column == null : each.rule().columns().get(0).equals(column)) {
        quality.add(new YamlFormatter.CommentedMap(List.of(each.evidence()), quality(each.rule())));
      }
    }
    return quality;
  }

  private static Map<String, Object> quality(Rule rule) {
    Map<String, Object> quality = new LinkedHashMap<>();
    quality.put("id", rule.id().replace('.', '-'));
    switch (rule.kind()) {
      case IN_SET -> {
        quality.put("metric", "invalidValues");
        quality.put("arguments", Map.of("validValues", ((InSet) RuleConditions.of(rule)).values()));
        quality.put("mustBe", 0);
        quality.put("dimension", "conformity");
      }
      case UNIQUE -> {
        quality.put("metric", "duplicateValues");
        quality.put("arguments", Map.of("properties", List.copyOf(rule.columns())));
        quality.put("mustBe", 0);
        quality.put("dimension", "uniqueness");
      }
      default -> {
        quality.put("type", "custom");
        quality.put("engine", "meshwork");
        quality.put("implementation", rule.toString());
        quality.put("dimension", "conformity");
      }
    }
    quality.put("severity", "warning");
    if (rule.kind() == Rule.Kind.UNIQUE) {
      Map<String, Object> scope = new LinkedHashMap<>();
      scope.put("property", "scope");
      scope.put("value", "batch");
      quality.put("customProperties", List.of(scope));
    }
    return quality;
  }

  private static String snake(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }
}
