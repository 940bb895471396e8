package io.meshwork.odcs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.Rule;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.odcs.internal.document.InexpressibleException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes a rule as a check: with a metric of ODCS if an import reads exactly the rule from it, else
 * with the engine {@code meshwork} and the rule's text.
 */
final class QualityFormatter {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]+");
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final String object;

  QualityFormatter(String object) {
    this.object = object;
  }

  /** Returns the top-level column beside which a rule stands; empty if it is one of the object. */
  static String columnOf(Rule rule) {
    String column = rule.columns().size() == 1 ? rule.columns().get(0) : "";
    return OdcsTypes.isName(column) && rule.scope() == Rule.Scope.BATCH ? column : "";
  }

  ObjectNode check(Rule rule) {
    ObjectNode metric = metric(rule);
    Optional<ObjectNode> exact = metric == null ? Optional.empty() : finished(metric, rule);
    return exact.orElseGet(
        () -> {
          ObjectNode custom = NODES.objectNode().put("type", "custom").put("engine", "meshwork");
          custom.put("implementation", rule.toString());
          return finished(custom, rule).orElse(custom);
        });
  }

  private static @Nullable ObjectNode metric(Rule rule) {
    ObjectNode check = NODES.objectNode();
    switch (rule.kind()) {
      case NOT_NULL -> check.put("metric", "nullValues");
      case NOT_MISSING -> {
        check.put("metric", "missingValues");
        check.putObject("arguments").set("missingValues", values(rule).addNull());
      }
      case IN_SET -> {
        check.put("metric", "invalidValues");
        check.putObject("arguments").set("validValues", values(rule));
      }
      case MATCHES -> {
        String text = RuleText.arguments(rule).get(0);
        check.put("metric", "invalidValues");
        check
            .putObject("arguments")
            .put("pattern", "^" + text.substring(1, text.length() - 1).replace("''", "'") + "$");
      }
      case UNIQUE -> {
        check.put("metric", "duplicateValues");
        ArrayNode columns = check.putObject("arguments").putArray("properties");
        rule.columns().forEach(columns::add);
        scope(check, rule);
      }
      case ROW_COUNT -> {
        check.put("metric", "rowCount");
        scope(check, rule);
        return rows(check, rule);
      }
      case TEXT -> {
        String text = RuleText.arguments(rule).get(0);
        check.put("type", "text");
        return check.put("description", text.substring(1, text.length() - 1).replace("''", "'"));
      }
      default -> {
        return null;
      }
    }
    if (rule.toleratedPercent().isPresent()) {
      check.put("mustBeLessOrEqualTo", rule.toleratedPercent().get()).put("unit", "percent");
    } else if (rule.toleratedRows() > 0) {
      check.put("mustBeLessOrEqualTo", rule.toleratedRows());
    } else {
      check.put("mustBe", 0);
    }
    return check;
  }

  private static ArrayNode values(Rule rule) {
    ArrayNode values = NODES.arrayNode();
    for (String literal : RuleText.arguments(rule)) {
      if (literal.startsWith("'")) {
        values.add(literal.substring(1, literal.length() - 1).replace("''", "'"));
      } else if (literal.equals("true") || literal.equals("false")) {
        values.add(literal.equals("true"));
      } else if (RuleText.NUMBER.matcher(literal).matches()) {
        values.add(new BigDecimal(literal));
      } else {
        values.add(literal.equals("null") ? null : literal);
      }
    }
    return values;
  }

  private static @Nullable ObjectNode rows(ObjectNode check, Rule rule) {
    List<String> ends = RuleText.arguments(rule);
    if (ends.size() != 2) {
      return null;
    }
    String min = ends.get(0);
    String max = ends.get(1);
    if (min.equals(max)) {
      return check.put("mustBe", new BigDecimal(min));
    }
    if (max.isEmpty()) {
      return check.put("mustBeGreaterOrEqualTo", new BigDecimal(min));
    }
    return min.equals("0") ? check.put("mustBeLessOrEqualTo", new BigDecimal(max)) : null;
  }

  private static void scope(ObjectNode check, Rule rule) {
    OdcsKeys.addCustomProperty(check, "scope", NODES.textNode(rule.scope().text()));
  }

  /** Adds what every check has; empty if an import would read another rule. */
  private Optional<ObjectNode> finished(ObjectNode check, Rule rule) {
    check.put("dimension", rule.dimension().name().toLowerCase(Locale.ROOT));
    check.put("severity", rule.severity() == Rule.Severity.ERROR ? "error" : "warning");
    if (!rule.description().isEmpty() && !check.has("description")) {
      check.put("description", rule.description());
    }
    try {
      String column = columnOf(rule);
      List<Rule> read = OdcsRules.read(check, column, object);
      if (read.size() == 1 && !read.get(0).id().equals(rule.id())) {
        if (ID.matcher(rule.id()).matches()) {
          check.put("id", rule.id());
        } else {
          OdcsKeys.addCustomProperty(check, "ruleId", NODES.textNode(rule.id()));
        }
        read = OdcsRules.read(check, column, object);
      }
      return read.equals(List.of(rule)) ? Optional.of(check) : Optional.empty();
    } catch (InexpressibleException | InvalidRequestException e) {
      return Optional.empty();
    }
  }
}
