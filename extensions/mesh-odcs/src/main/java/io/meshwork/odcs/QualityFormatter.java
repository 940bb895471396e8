package io.meshwork.odcs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.Rule;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.odcs.OdcsMetric.InexpressibleException;
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
  private static final JsonNodeFactory NODES = JsonNodeFactory.withExactBigDecimals(true);

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
        check.putObject("arguments").set("missingValues", values(rule));
      }
      case IN_SET -> {
        check.put("metric", "invalidValues");
        check.putObject("arguments").set("validValues", values(rule));
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
        return check.put("type", "text").put("description", String.valueOf(rule.arguments().get(0)));
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
    for (Object value : rule.arguments()) {
      if (value instanceof BigDecimal number) {
        values.add(number);
      } else if (value instanceof Boolean truth) {
        values.add(truth);
      } else {
        values.add(value == null ? null : value.toString());
      }
    }
    return values;
  }

  private static @Nullable ObjectNode rows(ObjectNode check, Rule rule) {
    long min = Long.parseLong(String.valueOf(rule.arguments().get(0)));
    long max = Long.parseLong(String.valueOf(rule.arguments().get(1)));
    if (min == max) {
      return check.put("mustBe", min);
    }
    if (max == Long.MAX_VALUE) {
      return check.put("mustBeGreaterOrEqualTo", min);
    }
    return min == 0 ? check.put("mustBeLessOrEqualTo", max) : null;
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
