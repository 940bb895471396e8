package io.meshwork.contract;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Writes a contract as canonical JSON, which {@link ContractReader} reads. */
final class ContractJson {
  private ContractJson() {}

  static String write(ContractTerms terms) {
    ObjectNode json = terms.unknown().deepCopy();
    json.set("schema", CanonicalJson.read("a schema", terms.schema().toString()));
    if (!terms.primaryKey().isEmpty()) {
      // Omitted if empty, so that contracts that precede primary keys have the same JSON.
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
    if (!terms.extensions().isEmpty()) {
      json.set("extensions", terms.extensions().deepCopy());
    }
    json.put("onViolation", terms.onViolation().name());
    json.put("maxQuarantineShare", terms.maxQuarantineShare());
    json.put("description", terms.description());
    ObjectNode descriptions = json.putObject("columnDescriptions");
    terms.columnDescriptions().forEach(descriptions::put);
    json.put("classification", terms.classification().name());
    ObjectNode classifications = json.putObject("columnClassifications");
    terms.columnClassifications().forEach((column, c) -> classifications.put(column, c.name()));
    for (ServiceLevelTerm term : ServiceLevelTerm.values()) {
      Object value = terms.serviceLevel().value(term);
      if (value != null) {
        json.put(term.key(), value.toString());
      }
    }
    if (!terms.purposes().isEmpty()) {
      ArrayNode purposes = json.putArray("purposes");
      terms.purposes().forEach(purposes::add);
    }
    putInformation(json, terms.information());
    json.put("noticePeriod", terms.noticePeriod().toString());
    if (terms.compatibility() != Compatibility.FULL_TRANSITIVE) {
      // The default is omitted, so that contracts that precede modes have the same JSON.
      json.put("compatibility", terms.compatibility().name());
    }
    if (terms.fourEyes()) {
      json.put("fourEyes", true);
    }
    if (!terms.readers().isEmpty()) {
      ArrayNode readers = json.putArray("readers");
      terms.readers().forEach(engine -> readers.add(engine.name()));
    }
    return CanonicalJson.write(json);
  }

  /** Parts that are empty are omitted, so that contracts that precede them have the same JSON. */
  private static void putInformation(ObjectNode json, ContractInformation information) {
    putText(json, "usage", information.usage());
    putText(json, "limitations", information.limitations());
    putText(json, "repository", information.repository());
    information.price().ifPresent(price -> json.put("price", price.toString()));
    if (!information.contacts().isEmpty()) {
      ArrayNode contacts = json.putArray("contacts");
      for (Contract.Contact contact : information.contacts()) {
        contacts
            .addObject()
            .put("channel", contact.channel())
            .put("address", contact.address())
            .put("scope", contact.scope().name());
      }
    }
  }

  private static void putText(ObjectNode json, String key, String text) {
    if (!text.isEmpty()) {
      json.put(key, text);
    }
  }
}
