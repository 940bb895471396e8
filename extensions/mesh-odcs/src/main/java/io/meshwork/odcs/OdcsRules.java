package io.meshwork.odcs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.odcs.internal.document.InexpressibleException;
import io.meshwork.odcs.internal.document.OdcsErrors;
import io.meshwork.odcs.internal.document.RuleIds;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;

/** Collects the rules of an object: of its properties in their order, then its own. */
final class OdcsRules {
  private static final Set<String> ERRORS =
      Set.of("error", "critical", "high", "blocking", "fail", "failure");

  private static final String PRIMARY_KEY = "primaryKey";
  private static final String PARTITIONED = "partitioned";

  private static final String OF_MAP = "no rule checks the keys or the values of a map";

  private final ImportFindings findings;
  private final Contract columns;
  private final String object;
  private final Map<Rule, String> rules = new LinkedHashMap<>();
  private final RuleIds ids = new RuleIds(List.of());
  private JsonNode table = MissingNode.getInstance();

  /**
   * Creates it.
   *
   * @param columns the contract without rules
   * @param object the name of the object
   */
  OdcsRules(ImportFindings findings, Contract columns, String object) {
    this.findings = findings;
    this.columns = columns;
    this.object = object;
  }

  List<Rule> of(JsonNode table, String path) {
    this.table = table;
    properties(table, path, "");
    relationships(table, path, "");
    checks(table, path, "");
    removeInvalid(List.copyOf(rules.keySet()));
    rules.forEach((rule, origin) -> findings.mapped(origin, "the rule " + rule.id()));
    return List.copyOf(rules.keySet());
  }

  /**
   * Checks rules together, because each check reads the whole schema, and halves groups that fail.
   */
  private void removeInvalid(List<Rule> together) {
    try {
      columns.require(together.toArray(Rule[]::new));
    } catch (InvalidRequestException e) {
      if (together.size() == 1) {
        notExecuted(String.valueOf(rules.remove(together.get(0))), e.reason());
      } else {
        int half = together.size() / 2;
        removeInvalid(together.subList(0, half));
        removeInvalid(together.subList(half, together.size()));
      }
    }
  }

  /** Returns the path of each rule's element. */
  Map<Rule, String> origins() {
    return Collections.unmodifiableMap(rules);
  }

  private void properties(JsonNode element, String path, String prefix) {
    JsonNode properties = element.path("properties");
    for (int i = 0; i < properties.size(); i++) {
      JsonNode property = properties.get(i);
      property(property, path + ".properties[" + i + "]", prefix + property.path("name").asText());
    }
  }

  private void property(JsonNode property, String path, String column) {
    if (OdcsTypes.isCalculated(property)) {
      notExecuted(property, path, "its property is not a column");
      return;
    }
    allowedValues(property, path, column);
    if (property.has("map")) {
      notExecuted(property.path("map").path("key"), path + ".map.key", OF_MAP);
      notExecuted(property.path("map").path("value"), path + ".map.value", OF_MAP);
    }
    boolean onlyKey = List.of(column).equals(columns.primaryKey());
    if (property.path("unique").asBoolean() && !onlyKey) {
      add(path + ".unique", Rule.unique(column).scope(Rule.Scope.TABLE));
    }
    boolean nested = column.contains(".") || column.contains("[]");
    if (nested && property.path(PRIMARY_KEY).asBoolean()) {
      findings.unmet(path + "." + PRIMARY_KEY, "a primary key has columns of the top level only");
    }
    if (nested && property.path(PARTITIONED).asBoolean()) {
      findings.ambiguous(
          path + "." + PARTITIONED, "a table is partitioned by columns of the top level only");
    }
    OptionRules.of(property, column, columns.schema(), findings, path)
        .forEach(rule -> add(path + OptionRules.KEY, rule));
    relationships(property, path, column);
    checks(property, path, column);
    properties(property, path, column + ".");
    if (property.has("items")) {
      property(property.get("items"), path + ".items", column + "[]");
    }
  }

  private void allowedValues(JsonNode property, String path, String column) {
    if (!property.has(AllowedValues.KEY)) {
      return;
    }
    String at = path + "." + AllowedValues.KEY;
    if (AllowedValues.haveVariables(property)) {
      findings.unmet(at, VariableReference.UNRESOLVED);
      return;
    }
    Schema type = OptionRules.typeOf(columns.schema(), column);
    if (type != null && type.getType() == Schema.Type.ENUM) {
      findings.mapped(at, "the symbols of the column");
      return;
    }
    try {
      add(at, AllowedValues.rule(property, column, type));
    } catch (InvalidRequestException e) {
      findings.unmet(at, e.reason());
    }
  }

  /** Reports the checks of a property of which no rule can speak. */
  private void notExecuted(JsonNode property, String path, String why) {
    for (int i = 0; i < property.path("quality").size(); i++) {
      findings.notExecuted(path + ".quality[" + i + "]", why);
    }
    for (String key : List.of(AllowedValues.KEY, "unique", PRIMARY_KEY)) {
      if (property.has(key) && !property.path(key).equals(BooleanNode.FALSE)) {
        findings.unmet(path + "." + key, why);
      }
    }
    property
        .path("logicalTypeOptions")
        .properties()
        .forEach(
            option -> {
              if (OptionRules.isRule(option.getKey())) {
                findings.unmet(path + OptionRules.KEY + "." + option.getKey(), why);
              }
            });
    JsonNode properties = property.path("properties");
    for (int i = 0; i < properties.size(); i++) {
      notExecuted(properties.get(i), path + ".properties[" + i + "]", why);
    }
    for (String part : List.of("items", "map.key", "map.value")) {
      JsonNode inner = property.at("/" + part.replace('.', '/'));
      if (!inner.isMissingNode()) {
        notExecuted(inner, path + "." + part, why);
      }
    }
  }

  private void relationships(JsonNode element, String path, String column) {
    JsonNode relationships = element.path("relationships");
    for (int i = 0; i < relationships.size(); i++) {
      String at = path + ".relationships[" + i + "]";
      try {
        Optional<Rule> rule = RelationshipRule.of(relationships.get(i), column, table);
        if (rule.isPresent()) {
          add(at, rule.get());
        } else {
          RelationshipRule.report(relationships.get(i), column, table, findings, at);
        }
      } catch (InvalidRequestException e) {
        findings.preserved(at, e.reason());
      }
    }
  }

  private void checks(JsonNode element, String path, String column) {
    JsonNode quality = element.path("quality");
    for (int i = 0; i < quality.size(); i++) {
      check(quality.get(i), path + ".quality[" + i + "]", column);
    }
  }

  private void check(JsonNode check, String path, String column) {
    try {
      if (typeOf(check).equals("text") && check.path("description").asText().isBlank()) {
        findings.preserved(path, "a check without a description");
        return;
      }
      read(check, column, object).forEach(rule -> add(path, rule));
    } catch (InexpressibleException e) {
      findings.notExecuted(path, String.valueOf(e.getMessage()));
    } catch (InvalidRequestException e) {
      findings.notExecuted(path, e.reason());
    }
  }

  /**
   * Returns the rules of a check, independent of the columns.
   *
   * @param column the path of its column; empty for a check of the object
   */
  static List<Rule> read(JsonNode check, String column, String object)
      throws InexpressibleException {
    switch (typeOf(check)) {
      case "library" -> {
        if (VariableReference.isIn(check.path("arguments"))) {
          throw new InexpressibleException(VariableReference.UNRESOLVED);
        }
        return new OdcsMetric(check, column, object)
            .rules().stream().map(rule -> labelled(rule, check)).toList();
      }
      case "sql" -> throw new InexpressibleException("SQL of another engine");
      case "custom" -> {
        JsonNode implementation = check.path("implementation");
        if (!check.path("engine").asText().equals("meshwork") || !implementation.isTextual()) {
          throw new InexpressibleException(
              "a check of the engine " + OdcsErrors.quoted(check.path("engine").asText()));
        }
        if (VariableReference.isIn(implementation)) {
          throw new InexpressibleException(VariableReference.UNRESOLVED);
        }
        return List.of(labelled(Rule.parse(implementation.asText()), check));
      }
      default -> {
        Rule rule = Rule.text(check.path("description").asText());
        return List.of(identified(severe(rule, check), check));
      }
    }
  }

  private static String typeOf(JsonNode check) {
    if (check.has("type")) {
      return check.get("type").asText();
    }
    return check.has("metric") || check.has("rule")
        ? "library"
        : check.has("query") ? "sql" : check.has("engine") ? "custom" : "text";
  }

  private static Rule labelled(Rule rule, JsonNode check) {
    Rule labelled = identified(severe(rule, check), check);
    return labelled.description(check.path("description").asText());
  }

  private static Rule severe(Rule rule, JsonNode check) {
    String severity = check.path("severity").asText().toLowerCase(Locale.ROOT);
    Rule severe = severity.isEmpty() || ERRORS.contains(severity) ? rule.error() : rule.warn();
    for (Rule.Dimension dimension : Rule.Dimension.values()) {
      boolean named = dimension.name().equalsIgnoreCase(check.path("dimension").asText());
      if (named && dimension != rule.dimension()) {
        return severe.dimension(dimension);
      }
    }
    return severe;
  }

  private static Rule identified(Rule rule, JsonNode check) {
    String id = OdcsKeys.customProperty(check, "ruleId").asText(check.path("id").asText());
    return id.isEmpty() || id.equals(rule.id()) ? rule : rule.id(id);
  }

  /** Adds a rule that fits the columns; another rule's ID gets a number. */
  private void add(String path, Rule rule) {
    try {
      rules.put(ids.numbered(rule), path);
    } catch (InvalidRequestException e) {
      notExecuted(path, e.reason());
    }
  }

  /** A check may be one of another engine; an option is a demand of the contract itself. */
  private void notExecuted(String path, String why) {
    if (path.endsWith(OptionRules.KEY) || path.endsWith("." + AllowedValues.KEY)) {
      findings.unmet(path, why);
    } else {
      findings.notExecuted(path, why);
    }
  }
}
