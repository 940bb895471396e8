package io.meshwork.cli.internal.product;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.card.Health;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.TerminalText;
import io.meshwork.contract.QualityReport.BrokenRule;
import io.meshwork.contract.QualityReport.QualityEntry;
import java.util.List;

/** The health of a product as JSON. */
final class HealthDocument {
  private HealthDocument() {}

  static ObjectNode of(Health health) {
    ObjectNode node =
        JsonNodeFactory.instance
            .objectNode()
            .put("product", health.product().toString())
            .put("major", health.major())
            .put("status", health.status().name())
            .put("late", health.isLate())
            .put("contact", health.contact());
    node.set("problems", JsonFields.array(problems(health)));
    JsonFields.put(node, "since", health.since().map(JsonFields::time));
    health
        .suspension()
        .ifPresent(reads -> ProductDocument.put(node.putObject("suspension"), reads));
    node.set("freshness", freshness(health.freshness()));
    health.quality().ifPresent(quality -> node.set("quality", quality(quality)));
    putRows(node, health);
    if (health.isForOwner()) {
      node.set("forOwner", forOwner(health));
    }
    return node;
  }

  /** Returns what is wrong, each in a sentence. */
  static List<String> problems(Health health) {
    return health.problems().stream().map(TerminalText::of).toList();
  }

  private static ObjectNode freshness(Health.Freshness freshness) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    JsonFields.put(node, "promised", freshness.promised());
    JsonFields.put(node, "updatedAt", freshness.updated());
    JsonFields.put(node, "dataTime", freshness.dataTime());
    JsonFields.put(node, "completeUpTo", freshness.completeUpTo());
    JsonFields.put(node, "age", freshness.age());
    node.put("lateBy", freshness.lateBy().toString());
    node.put("keptDays", freshness.daysKept());
    node.put("knownDays", freshness.daysObserved());
    return node;
  }

  /** Adds the rows, and the rows that wait in the quarantine, if the caller may know them. */
  static void putRows(ObjectNode node, Health health) {
    health.rows().ifPresent(rows -> node.put("rows", rows));
    health.bytes().ifPresent(bytes -> node.put("bytes", bytes));
    health.rowsWaiting().ifPresent(rows -> node.put("rowsWaiting", rows));
    JsonFields.put(node, "waitingSince", health.waitingSince());
  }

  static ObjectNode quality(QualityEntry quality) {
    ObjectNode node =
        JsonNodeFactory.instance
            .objectNode()
            .put("publishId", quality.publishId())
            .put("contractVersion", quality.contract().toString())
            .put("committedAt", JsonFields.time(quality.committedAt()))
            .put("rowsOffered", quality.rowsOffered())
            .put("rowsAccepted", quality.rowsAccepted())
            .put("rowsQuarantined", quality.rowsQuarantined())
            .put("rulesPassed", quality.rulesPassed())
            .put("rulesEvaluated", quality.rulesEvaluated());
    quality.qualityScore().ifPresent(score -> node.put("score", score));
    putBrokenRules(node, quality);
    return node;
  }

  /** Adds the rules that published rows break. */
  private static void putBrokenRules(ObjectNode node, QualityEntry quality) {
    ArrayNode rules = node.putArray("brokenRules");
    for (BrokenRule rule : quality.brokenRules()) {
      rules
          .addObject()
          .put("rule", rule.ruleId())
          .put("text", rule.text())
          .put("failingRows", rule.failingRows())
          .put("evaluatedRows", rule.evaluatedRows())
          .put("reason", rule.reason())
          .put("since", JsonFields.time(rule.since()));
    }
  }

  /** Adds the observed availability, if any is promised. */
  static void putAvailability(ObjectNode node, Health health) {
    for (Health.Availability each : health.availability()) {
      ObjectNode month =
          node.withArray("availability")
              .addObject()
              .put("month", each.month().toString())
              .put("promisedPercent", each.promised())
              .put("openedMinutes", each.opened())
              .put("failedMinutes", each.failed())
              .put("minutes", each.minutes())
              .put("observedPercent", each.observedPercent());
      each.percent().ifPresent(percent -> month.put("percent", percent));
    }
  }

  private static ObjectNode forOwner(Health health) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.set("notified", JsonFields.array(health.notified()));
    putAvailability(node, health);
    health
        .lastRefused()
        .ifPresent(
            refused -> {
              ObjectNode last =
                  node.putObject("lastRefused")
                      .put("at", JsonFields.time(refused.at()))
                      .put("by", refused.by())
                      .put("idempotencyKey", refused.idempotencyKey())
                      .put("failed", refused.failed())
                      .put("reason", TerminalText.of(refused.reason()));
              last.set("rules", JsonFields.array(refused.rules()));
            });
    return node;
  }
}
