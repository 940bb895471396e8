package io.meshwork.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.schema.LegalSchema;
import io.meshwork.product.Classification;
import java.time.Period;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads a contract's JSON, which {@link ContractJson} writes. */
final class ContractReader {
  private static final String DOCUMENT = "a contract";
  private static final Set<String> OTHER_KEYS =
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
          "purposes",
          "usage",
          "limitations",
          "contacts",
          "repository",
          "price",
          "noticePeriod",
          "compatibility",
          "fourEyes",
          "readers",
          "extensions");
  private static final Set<String> KEYS =
      Stream.concat(
              OTHER_KEYS.stream(),
              Arrays.stream(ServiceLevelTerm.values()).map(ServiceLevelTerm::key))
          .collect(Collectors.toUnmodifiableSet());
  private static final Set<String> CONTACT_KEYS = Set.of("channel", "address", "scope");
  private static final Set<String> RULE_KEYS =
      Set.of("id", "rule", "severity", "dimension", "description");

  private final ObjectNode document;
  private final JsonObject json;
  private final boolean strict;

  private ContractReader(ObjectNode document, boolean strict) {
    this.document = document;
    this.json = new JsonObject(DOCUMENT, "", document);
    this.strict = strict;
  }

  /** Reads a contract that a producer wrote; unknown keys are rejected. */
  static ContractTerms read(String text) {
    return new ContractReader(parsed(text), true).terms();
  }

  /** Reads a contract that a mesh stored; unknown keys come from another version of Meshwork. */
  static ContractTerms readStored(String text) {
    return new ContractReader(parsed(text), false).terms();
  }

  private static ObjectNode parsed(String text) {
    ObjectNode document = CanonicalJson.read(DOCUMENT, text);
    Optional<String> repeated = LegalSchema.repeatedKey(text);
    if (repeated.isPresent()) {
      throw CanonicalJson.unreadable(DOCUMENT, "it has " + repeated.get(), "Remove one of them.");
    }
    return document;
  }

  private ContractTerms terms() {
    if (strict) {
      json.allowOnly(KEYS, " Put the data of other tools into 'extensions'.");
    }
    ObjectNode schema =
        json.object("schema")
            .orElseThrow(
                () ->
                    CanonicalJson.unreadable(
                        DOCUMENT, "the key 'schema' is missing", "Add an Avro record schema."));
    LegalSchema.check(schema.toString(), LegalSchema.NEWEST_FORMAT);
    if (strict) {
      Contract.checkProperties(schema.toString());
    }
    List<String> primaryKey = json.textElements("primaryKey");
    if (json.has("primaryKey") && primaryKey.isEmpty()) {
      throw CanonicalJson.unreadable(
          DOCUMENT, "the key 'primaryKey' lists no columns", "List columns, or remove the key.");
    }
    Contract contract =
        new Contract(
            ContractTerms.of(LegalSchema.parse(schema.toString()))
                .withPrimaryKey(primaryKey)
                .withRules(rules())
                .withExtensions(json.object("extensions").orElseGet(CanonicalJson::object)));
    ObjectNode unknown = document.deepCopy();
    unknown.remove(KEYS);
    if (!knowsReaders()) {
      unknown.set("readers", document.get("readers"));
    }
    return withTerms(contract).terms().withUnknown(unknown);
  }

  private Contract withTerms(Contract plain) {
    Contract contract =
        plain
            .description(json.text("description").orElse(""))
            .onViolation(
                json.constant("onViolation", OnViolation.class).orElse(plain.onViolation()))
            .maxQuarantineShare(
                json.number("maxQuarantineShare")
                    .map(Number::doubleValue)
                    .orElse(plain.maxQuarantineShare()))
            .classification(
                json.constant("classification", Classification.class)
                    .orElse(plain.classification()))
            .noticePeriod(
                json.time("noticePeriod", Period::parse, "P30D").orElse(plain.noticePeriod()))
            .compatibility(
                json.constant("compatibility", Compatibility.class).orElse(plain.compatibility()));
    if (json.flag("fourEyes").orElse(false)) {
      contract = contract.requireFourEyes();
    }
    if (knowsReaders()) {
      List<Contract.Engine> readers = json.constantElements("readers", Contract.Engine.class);
      contract = contract.readers(readers.toArray(Contract.Engine[]::new));
    }
    contract = withInformation(new Contract(contract.terms().withServiceLevel(serviceLevel())));
    contract = contract.describeColumns(json.texts("columnDescriptions"));
    Map<String, Classification> classified =
        json.constants("columnClassifications", Classification.class);
    for (Classification each : Classification.values()) {
      contract =
          contract.classification(
              each,
              classified.entrySet().stream()
                  .filter(entry -> entry.getValue() == each)
                  .map(Map.Entry::getKey)
                  .toArray(String[]::new));
    }
    return contract;
  }

  private ServiceLevel serviceLevel() {
    ServiceLevel level = ServiceLevel.NONE;
    for (ServiceLevelTerm term : ServiceLevelTerm.values()) {
      Optional<String> text = json.text(term.key());
      if (text.isPresent()) {
        level = level.with(term, term.parse(text.get()));
      }
    }
    return level;
  }

  private Contract withInformation(Contract plain) {
    List<Contract.Contact> contacts = new ArrayList<>();
    for (JsonNode element : json.elements("contacts")) {
      contacts.add(contact(json.element("contacts", contacts.size(), element)));
    }
    Contract contract =
        plain
            .purposes(json.textElements("purposes").toArray(String[]::new))
            .usage(json.text("usage").orElse(""))
            .limitations(json.text("limitations").orElse(""))
            .contacts(contacts.toArray(Contract.Contact[]::new))
            .repository(json.text("repository").orElse(""));
    Optional<Contract.Price> price = json.text("price").map(Contract.Price::parse);
    return price.isPresent() ? contract.price(price.get()) : contract;
  }

  private Contract.Contact contact(JsonObject entry) {
    if (strict) {
      entry.allowOnly(CONTACT_KEYS, "");
    }
    return new Contract.Contact(
        entry.text("channel").orElse(""),
        entry.text("address").orElse(""),
        entry
            .constant("scope", Contract.ContactScope.class)
            .orElse(Contract.ContactScope.INTERACTIVE));
  }

  /**
   * False if a stored contract names an engine that only a later version of Meshwork knows. Its
   * readers then count as unknown, and the names are retained.
   */
  private boolean knowsReaders() {
    Set<String> engines =
        Arrays.stream(Contract.Engine.values()).map(Enum::name).collect(Collectors.toSet());
    return strict || engines.containsAll(json.textElements("readers"));
  }

  private List<Rule> rules() {
    List<Rule> rules = new ArrayList<>();
    List<Finding> findings = new ArrayList<>();
    List<JsonNode> elements = json.elements("rules");
    for (int i = 0; i < elements.size(); i++) {
      JsonNode element = elements.get(i);
      try {
        rules.add(rule(json.element("rules", i, element)));
      } catch (InvalidRequestException e) {
        findings.add(
            Finding.error(
                FindingCode.RULE_INVALID,
                element.path("id").asText(),
                "Rule " + (i + 1) + ": " + e.reason() + ".",
                e.fix()));
      }
    }
    if (!findings.isEmpty()) {
      throw Failure.of(MeshAction.of(Verb.READ, DOCUMENT + " from JSON"))
          .because(findings.get(0).what())
          .fix(findings.get(0).fix())
          .findings(findings)
          .invalidRequest(ErrorCode.RULE_INVALID);
    }
    return rules;
  }

  private Rule rule(JsonObject entry) {
    if (strict) {
      entry.allowOnly(RULE_KEYS, "");
    }
    Rule rule =
        Rule.parse(
            entry
                .text("rule")
                .orElseThrow(
                    () ->
                        CanonicalJson.unreadable(
                            DOCUMENT,
                            "a rule has no key 'rule'",
                            "Add its text, such as notNull(id).")));
    String id = entry.text("id").orElseGet(rule::id);
    if (!id.equals(rule.id())) {
      rule = rule.id(id);
    }
    Optional<Rule.Severity> severity = entry.constant("severity", Rule.Severity.class);
    if (severity.isPresent()) {
      rule = severity.get() == Rule.Severity.WARN ? rule.warn() : rule.error();
    }
    Optional<Rule.Dimension> dimension = entry.constant("dimension", Rule.Dimension.class);
    if (dimension.isPresent()) {
      rule = rule.dimension(dimension.get());
    }
    return rule.description(entry.text("description").orElse(""));
  }
}
