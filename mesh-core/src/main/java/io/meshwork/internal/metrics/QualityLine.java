package io.meshwork.internal.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.QualityReport.BrokenRule;
import io.meshwork.internal.event.EventDetails.MajorCommit;
import io.meshwork.internal.event.EventDetails.QualityScore;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * The quality of one publish to one major version, as a line of JSON. It has names, IDs, and
 * counts, and no values of fields: other services read it.
 *
 * @param publishId the ID of the publish
 * @param at when it was committed
 * @param broken rules that accepted rows fail
 */
public record QualityLine(
    ProductName product, Instant at, String publishId, MajorCommit major, List<BrokenRule> broken) {
  /** The folder of all lines, below the root of the mesh. */
  public static final String FOLDER = "quality";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  public QualityLine {
    broken = List.copyOf(broken);
  }

  /** The fields of a line, with their types in a table of Hive. */
  private enum QualityLineField {
    FORMAT("int", line -> number(1)),
    PRODUCT("string", line -> text(line.product)),
    DOMAIN("string", line -> text(line.product.domain())),
    MAJOR("int", line -> number(line.major.major())),
    CONTRACT_VERSION("string", line -> text(line.major.contractVersion())),
    PUBLISH_ID("string", line -> text(line.publishId)),
    COMMITTED_AT("string", line -> text(line.at)),
    ROWS_ACCEPTED("bigint", line -> number(line.major.rowsAccepted())),
    ROWS_QUARANTINED("bigint", line -> number(line.major.rowsQuarantined())),
    QUALITY_SCORE("double", line -> line.major.quality().flatMap(QualityLineField::score)),
    RULES_PASSED(
        "int", line -> line.major.quality().flatMap(quality -> number(quality.rulesPassed()))),
    RULES_EVALUATED(
        "int", line -> line.major.quality().flatMap(quality -> number(quality.rulesEvaluated()))),
    BROKEN_RULES(
        "array<struct<rule:string,rows_failing:bigint,rows_evaluated:bigint,since:string>>",
        line -> Optional.of(line.brokenRules()));

    private final String type;
    private final Function<QualityLine, Optional<JsonNode>> value;

    QualityLineField(String type, Function<QualityLine, Optional<JsonNode>> value) {
      this.type = type;
      this.value = value;
    }

    private String key() {
      return name().toLowerCase(Locale.ROOT);
    }

    private static Optional<JsonNode> text(Object value) {
      return Optional.of(JSON.textNode(value.toString()));
    }

    private static Optional<JsonNode> number(long value) {
      return Optional.of(JSON.numberNode(value));
    }

    private static Optional<JsonNode> number(OptionalInt value) {
      return value.isPresent() ? number(value.getAsInt()) : Optional.empty();
    }

    private static Optional<JsonNode> score(QualityScore quality) {
      OptionalDouble score = quality.qualityScore();
      return score.isPresent()
          ? Optional.of(JSON.numberNode(score.getAsDouble()))
          : Optional.empty();
    }
  }

  /** Returns the types of all fields in a table of Hive, by name and in order. */
  public static Map<String, String> columns() {
    Map<String, String> columns = new LinkedHashMap<>();
    for (QualityLineField field : QualityLineField.values()) {
      columns.put(field.key(), field.type);
    }
    return Collections.unmodifiableMap(columns);
  }

  /** Returns the line; what is not known is left out. */
  ObjectNode json() {
    ObjectNode json = JSON.objectNode();
    for (QualityLineField field : QualityLineField.values()) {
      field.value.apply(this).ifPresent(value -> json.set(field.key(), value));
    }
    return json;
  }

  /** Text and reason of a rule can have values of fields. */
  private ArrayNode brokenRules() {
    ArrayNode rules = JSON.arrayNode();
    for (BrokenRule rule : broken) {
      rules
          .addObject()
          .put("rule", rule.ruleId())
          .put("rows_failing", rule.failingRows())
          .put("rows_evaluated", rule.evaluatedRows())
          .put("since", rule.since().toString());
    }
    return rules;
  }
}
