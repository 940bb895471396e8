package io.meshwork.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.schema.LegalSchema;
import io.meshwork.internal.schema.RepeatedKeys;
import io.meshwork.product.Classification;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A contract as canonical JSON and back. */
final class ContractJson {
  private static final String WHAT = "a contract";
  private static final Set<String> KNOWN =
      Set.of(
          "schema",
          "primaryKey",
          "rules",
          "onViolation",
          "maxQuarantineShare",
          "description",
          "columnDescriptions",
          "classification",
          "columnClassifications",
          "freshWithin",
          "noticePeriod",
          "compatibility",
          "fourEyes");

  private ContractJson() {}

  static String write(ContractTerms terms) {
    ObjectNode json = terms.unknown().deepCopy();
    json.set("schema", CanonicalJson.read("a schema", terms.schema().toString()));
    if (!terms.primaryKey().isEmpty()) {
      // Left out like the mode below: contracts from before there were keys keep their text.
      ArrayNode key = json.putArray("primaryKey");
      terms.primaryKey().forEach(key::add);
    }
    ArrayNode rules = json.putArray("rules");
    for (Rule rule : terms.rules()) {
      ObjectNode entry = rules.addObject();
      entry.put("id", rule.id());
      entry.put("rule", rule.toString());
      entry.put("severity", rule.severity().name());
      if (rule.dimension() != rule.kind().dimension()) {
        entry.put("dimension", rule.dimension().name());
      }
      if (!rule.description().isEmpty()) {
        entry.put("description", rule.description());
      }
    }
    json.put("onViolation", terms.onViolation().name());
    json.put("maxQuarantineShare", terms.maxQuarantineShare());
    json.put("description", terms.description());
    ObjectNode descriptions = json.putObject("columnDescriptions");
    terms.columnDescriptions().forEach(descriptions::put);
    json.put("classification", terms.classification().name());
    ObjectNode classifications = json.putObject("columnClassifications");
    terms.columnClassifications().forEach((column, c) -> classifications.put(column, c.name()));
    if (terms.freshWithin() != null) {
      json.put("freshWithin", terms.freshWithin().toString());
    }
    json.put("noticePeriod", terms.noticePeriod().toString());
    if (terms.compatibility() != Compatibility.FULL_TRANSITIVE) {
      // The default is left out, so that contracts from before there were modes keep their text.
      json.put("compatibility", terms.compatibility().name());
    }
    if (terms.fourEyes()) {
      json.put("fourEyes", true);
    }
    return CanonicalJson.write(json);
  }

  static ContractTerms read(String text) {
    ObjectNode json = CanonicalJson.read(WHAT, text);
    Optional<String> repeated = RepeatedKeys.find(text);
    if (repeated.isPresent()) {
      throw CanonicalJson.refused(WHAT, "it has " + repeated.get(), "Keep one of both.");
    }
    JsonNode schema = json.path("schema");
    if (!schema.isObject()) {
      throw CanonicalJson.refused(WHAT, "the part 'schema' is missing", "Give an Avro record.");
    }
    LegalSchema.check(schema.toString(), LegalSchema.NEWEST_FORMAT);
    ContractTerms terms =
        ContractTerms.of(LegalSchema.parse(schema.toString()))
            .withPrimaryKey(primaryKey(json))
            .withRules(rules(json));
    ObjectNode unknown = json.deepCopy();
    unknown.remove(KNOWN);
    try {
      return details(terms, json).withUnknown(unknown);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw CanonicalJson.refused(WHAT, "a part has a value of no legal kind", "Mend it.");
    }
  }

  private static ContractTerms details(ContractTerms plain, ObjectNode json) {
    Contract contract =
        new Contract(plain)
            .describedAs(json.path("description").asText())
            .onViolation(OnViolation.valueOf(json.path("onViolation").asText("REJECT")))
            .maxQuarantineShare(
                json.path("maxQuarantineShare").asDouble(Contract.DEFAULT_MAX_QUARANTINE_SHARE))
            .classified(Classification.valueOf(json.path("classification").asText("INTERNAL")))
            .noticePeriod(Period.parse(json.path("noticePeriod").asText("P30D")))
            .compatibility(
                Compatibility.valueOf(json.path("compatibility").asText("FULL_TRANSITIVE")));
    if (fourEyes(json)) {
      contract = contract.fourEyes();
    }
    if (json.has("freshWithin")) {
      contract = contract.freshWithin(Duration.parse(json.get("freshWithin").asText()));
    }
    for (Map.Entry<String, JsonNode> entry : json.path("columnDescriptions").properties()) {
      contract = contract.column(entry.getKey(), entry.getValue().asText());
    }
    for (Map.Entry<String, JsonNode> entry : json.path("columnClassifications").properties()) {
      contract =
          contract.classified(Classification.valueOf(entry.getValue().asText()), entry.getKey());
    }
    return contract.terms();
  }

  private static boolean fourEyes(ObjectNode json) {
    JsonNode fourEyes = json.path("fourEyes");
    if (!fourEyes.isMissingNode() && !fourEyes.isBoolean()) {
      throw CanonicalJson.refused(
          WHAT, "the part 'fourEyes' is neither true nor false", "Say one, or leave it out.");
    }
    return fourEyes.asBoolean();
  }

  private static List<String> primaryKey(ObjectNode json) {
    JsonNode key = json.path("primaryKey");
    List<String> columns = new ArrayList<>();
    key.forEach(column -> columns.add(column.asText()));
    if (!key.isMissingNode() && (!key.isArray() || columns.isEmpty())) {
      throw CanonicalJson.refused(
          WHAT, "the part 'primaryKey' lists no columns", "List them, or leave it out.");
    }
    return columns;
  }

  private static List<Rule> rules(ObjectNode json) {
    List<Rule> rules = new ArrayList<>();
    List<Finding> findings = new ArrayList<>();
    for (JsonNode entry : json.path("rules")) {
      try {
        rules.add(rule(entry));
      } catch (InvalidRequestException e) {
        findings.add(
            Finding.error("RULE_INVALID", entry.path("id").asText(), message(e), "Mend it."));
      } catch (IllegalArgumentException e) {
        findings.add(
            Finding.error(
                "RULE_INVALID",
                entry.path("id").asText(),
                "Its severity or its dimension is none that there is.",
                "Use ERROR or WARN, and a dimension of the Open Data Contract Standard."));
      }
    }
    if (!findings.isEmpty()) {
      throw new InvalidRequestException(
          ErrorCode.RULE_INVALID,
          "Cannot read " + WHAT + " from JSON: " + findings.get(0).what(),
          findings);
    }
    return rules;
  }

  private static Rule rule(JsonNode entry) {
    Rule rule = Rule.parse(entry.path("rule").asText());
    if (entry.has("id") && !entry.get("id").asText().equals(rule.id())) {
      rule = rule.id(entry.get("id").asText());
    }
    if (entry.has("severity")) {
      rule =
          Rule.Severity.valueOf(entry.get("severity").asText()) == Rule.Severity.WARN
              ? rule.warn()
              : rule.error();
    }
    if (entry.has("dimension")) {
      rule = rule.dimension(Rule.Dimension.valueOf(entry.get("dimension").asText()));
    }
    return rule.describedAs(entry.path("description").asText());
  }

  private static String message(InvalidRequestException e) {
    return String.valueOf(e.getMessage());
  }
}
