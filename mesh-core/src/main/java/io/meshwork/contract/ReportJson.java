package io.meshwork.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Writes and reads quality reports as JSON, without samples. */
final class ReportJson {
  private ReportJson() {}

  static String write(QualityReport report) {
    ObjectNode json = CanonicalJson.object();
    json.put("rowsOffered", report.rowsOffered());
    json.put("rowsAccepted", report.rowsAccepted());
    json.put("rowsQuarantined", report.rowsQuarantined());
    json.put("rowsRejected", report.rowsRejected());
    put(json, "qualityScore", report.qualityScore());
    ArrayNode rules = json.putArray("rules");
    for (QualityReport.RuleResult result : report.rules()) {
      ObjectNode rule = rules.addObject();
      rule.put("id", result.ruleId());
      rule.put("rule", result.text());
      rule.put("severity", result.severity().name());
      rule.put("outcome", result.outcome().name());
      rule.put("failingRows", result.failingRows());
      rule.put("evaluatedRows", result.evaluatedRows());
      rule.put("percent", result.percent());
      put(rule, "measure", result.measure());
      rule.put("reason", result.reason());
    }
    ArrayNode violations = json.putArray("violations");
    for (Finding finding : report.violations()) {
      ObjectNode violation = violations.addObject();
      violation.put("code", finding.code().name());
      violation.put("severity", finding.severity().name());
      violation.put("where", finding.where());
      violation.put("what", finding.what());
      violation.put("count", finding.count());
      violation.put("fix", finding.fix());
    }
    return CanonicalJson.write(json);
  }

  static QualityReport read(String text) {
    ObjectNode json = CanonicalJson.read("a quality report", text);
    try {
      List<QualityReport.RuleResult> rules = new ArrayList<>();
      for (JsonNode rule : json.withArray("rules")) {
        rules.add(
            new QualityReport.RuleResult(
                rule.required("id").asText(),
                rule.required("rule").asText(),
                constant(Rule.Severity.class, rule.required("severity").asText()),
                constant(QualityReport.Outcome.class, rule.required("outcome").asText()),
                rule.required("failingRows").asLong(),
                rule.required("evaluatedRows").asLong(),
                number(rule, "measure"),
                rule.path("reason").asText(),
                List.of()));
      }
      List<Finding> violations = new ArrayList<>();
      for (JsonNode violation : json.withArray("violations")) {
        violations.add(
            StoredFindings.finding(
                violation.required("code").asText(),
                constant(Finding.Severity.class, violation.required("severity").asText()),
                violation.required("where").asText(),
                violation.required("what").asText(),
                violation.required("count").asLong(),
                violation.required("fix").asText()));
      }
      return new QualityReport(
          json.required("rowsOffered").asLong(),
          json.required("rowsAccepted").asLong(),
          json.required("rowsQuarantined").asLong(),
          json.required("rowsRejected").asLong(),
          rules,
          violations);
    } catch (IllegalArgumentException | UnsupportedOperationException e) {
      throw CanonicalJson.unreadable(
          "a quality report",
          "a key is missing or has another type",
          "Use the text that toJson wrote.");
    }
  }

  private static <E extends Enum<E>> E constant(Class<E> type, String text) {
    for (E each : type.getEnumConstants()) {
      if (each.name().equals(text)) {
        return each;
      }
    }
    throw CanonicalJson.unreadable(
        "a quality report",
        "this version of Meshwork does not know its value '" + text + "'",
        "Use the version of Meshwork that wrote it, or a newer one.");
  }

  private static void put(ObjectNode json, String name, OptionalDouble value) {
    if (value.isPresent()) {
      json.put(name, value.getAsDouble());
    }
  }

  private static OptionalDouble number(JsonNode json, String name) {
    return json.has(name) ? OptionalDouble.of(json.get(name).asDouble()) : OptionalDouble.empty();
  }
}
