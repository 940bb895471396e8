package io.meshwork.odcs;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.contract.Compatibility;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Contract.Contact;
import io.meshwork.contract.Contract.ContactScope;
import io.meshwork.contract.Contract.Price;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.odcs.internal.document.OdcsErrors;
import io.meshwork.product.Classification;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Maps the terms of a document to terms of a contract. */
final class TermsImport {
  private final JsonNode root;
  private final ImportFindings findings;
  private final ServiceLevelImport levels;

  TermsImport(JsonNode root, JsonNode object, ImportFindings findings) {
    this.root = root;
    this.findings = findings;
    this.levels = new ServiceLevelImport(root, object, findings);
  }

  /** Returns the paths of the service levels that were mapped, by their usual names. */
  Map<String, String> levels() {
    return levels.paths();
  }

  Contract of(Contract plain) {
    Contract contract = priced(contacts(root, levels.of(described(plain)), findings));
    JsonNode properties = root.path("customProperties");
    for (int i = 0; i < properties.size(); i++) {
      String name = properties.get(i).path("property").asText();
      String path = "customProperties[" + i + "]";
      if (!name.startsWith(OdcsKeys.PREFIX)) {
        findings.preserved(path, "");
        continue;
      }
      try {
        JsonNode value = properties.get(i).path("value");
        contract = term(contract, name.substring(OdcsKeys.PREFIX.length()), value, path);
      } catch (InvalidRequestException e) {
        findings.ambiguous(path, e.reason());
      } catch (IllegalArgumentException | DateTimeException e) {
        findings.ambiguous(path, "its value is not known");
      }
    }
    return contract;
  }

  private Contract described(Contract plain) {
    Contract contract = plain;
    JsonNode description = root.path("description");
    for (String part : List.of("purpose", "usage", "limitations")) {
      String text = description.path(part).asText();
      if (!text.isEmpty()) {
        contract =
            switch (part) {
              case "purpose" -> contract.description(text);
              case "usage" -> contract.usage(text);
              default -> contract.limitations(text);
            };
        findings.mapped("description." + part);
      }
    }
    return contract;
  }

  /** Returns a contract with the support channels of a document of ODCS or ODPS as contacts. */
  static Contract contacts(JsonNode root, Contract plain, ImportFindings findings) {
    JsonNode support = root.path("support");
    List<Contact> contacts = new ArrayList<>();
    for (int i = 0; i < support.size(); i++) {
      String path = "support[" + i + "]";
      String channel = support.get(i).path("channel").asText();
      String address = support.get(i).path("url").asText(channel);
      String scope = support.get(i).path("scope").asText("interactive");
      try {
        contacts.add(
            new Contact(
                channel, address, ContactScope.valueOf(scope.strip().toUpperCase(Locale.ROOT))));
        findings.mapped(path);
      } catch (InvalidRequestException e) {
        findings.preserved(path, e.reason());
      } catch (IllegalArgumentException e) {
        findings.preserved(path, "its scope is not known");
      }
    }
    try {
      return contacts.isEmpty() ? plain : plain.contacts(contacts.toArray(Contact[]::new));
    } catch (InvalidRequestException e) {
      findings.preserved("support", e.reason());
      return plain;
    }
  }

  private Contract priced(Contract plain) {
    JsonNode price = root.path("price");
    if (price.isEmpty()) {
      return plain;
    }
    if (!price.path("priceAmount").isNumber()) {
      findings.preserved("price", "it has no amount");
      return plain;
    }
    try {
      Contract contract =
          plain.price(
              new Price(
                  price.path("priceAmount").decimalValue(),
                  Currency.getInstance(price.path("priceCurrency").asText()),
                  price.path("priceUnit").asText()));
      findings.mapped("price");
      return contract;
    } catch (InvalidRequestException | IllegalArgumentException e) {
      findings.preserved("price", "it lacks a part, or its currency is not known");
      return plain;
    }
  }

  private Contract term(Contract contract, String name, JsonNode value, String path) {
    String text = value.asText();
    String constant = text.strip().toUpperCase(Locale.ROOT);
    Contract changed =
        switch (name) {
          case "classification" -> contract.classification(classification(text, path));
          case "noticePeriod" ->
              contract.noticePeriod(
                  SlaTime.period(text).orElseThrow(IllegalArgumentException::new));
          case "compatibility" -> contract.compatibility(Compatibility.valueOf(constant));
          case "onViolation" -> contract.onViolation(OnViolation.valueOf(constant));
          case "maxQuarantineShare" -> contract.maxQuarantineShare(value.asDouble(-1));
          case "fourEyes" ->
              value.asBoolean() ? contract.requireFourEyes() : contract.waiveFourEyes();
          case "readers" -> contract.readers(engines(value));
          case "purposes" -> contract.purposes(texts(value));
          case "repository" -> contract.repository(text);
          case "maxLateness" ->
              contract.serviceLevel(contract.serviceLevel().maxLateness(Duration.parse(text)));
          case "pollHorizon" ->
              contract.serviceLevel(contract.serviceLevel().pollHorizon(Duration.parse(text)));
          default -> contract;
        };
    if (!name.equals("contract")) {
      findings.mapped(path);
    }
    return changed;
  }

  private static String[] texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(each -> texts.add(each.asText()));
    return texts.toArray(String[]::new);
  }

  private static Contract.Engine[] engines(JsonNode names) {
    List<Contract.Engine> engines = new ArrayList<>();
    names.forEach(
        name -> engines.add(Contract.Engine.valueOf(name.asText().toUpperCase(Locale.ROOT))));
    return engines.toArray(Contract.Engine[]::new);
  }

  /** An unknown text counts as confidential. */
  Classification classification(String text, String path) {
    for (Classification each : Classification.values()) {
      if (each.name().equalsIgnoreCase(text.strip())) {
        return each;
      }
    }
    findings.mapped(
        path, "the classification " + OdcsErrors.quoted(text) + " is read as confidential");
    return Classification.CONFIDENTIAL;
  }
}
