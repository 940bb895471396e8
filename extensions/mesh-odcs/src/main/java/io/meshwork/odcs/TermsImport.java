package io.meshwork.odcs;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.contract.Compatibility;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.product.Classification;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Maps the terms of a document to those of a contract. */
final class TermsImport {
  private static final Set<String> FRESHNESS = Set.of("latency", "ly", "freshness");

  private final JsonNode root;
  private final ImportFindings findings;
  private Set<String> freshness = Set.of();

  /** Returns the path of the service level that states the freshness, if there is one. */
  Set<String> freshness() {
    return freshness;
  }

  TermsImport(JsonNode root, ImportFindings findings) {
    this.root = root;
    this.findings = findings;
  }

  Contract of(Contract plain) {
    Contract contract = plain;
    String purpose = root.path("description").path("purpose").asText();
    if (!purpose.isEmpty()) {
      contract = contract.describedAs(purpose);
      findings.mapped("description.purpose");
    }
    contract = fresh(contract);
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
      } catch (IllegalArgumentException e) {
        findings.ambiguous(path, "its value is not known");
      }
    }
    return contract;
  }

  private Contract term(Contract contract, String name, JsonNode value, String path) {
    String text = value.asText();
    String constant = text.strip().toUpperCase(Locale.ROOT);
    Contract changed =
        switch (name) {
          case "classification" -> contract.classified(classification(text, path));
          case "noticePeriod" ->
              contract.noticePeriod(
                  SlaTime.period(text).orElseThrow(IllegalArgumentException::new));
          case "compatibility" -> contract.compatibility(Compatibility.valueOf(constant));
          case "onViolation" -> contract.onViolation(OnViolation.valueOf(constant));
          case "maxQuarantineShare" -> contract.maxQuarantineShare(value.asDouble(-1));
          case "fourEyes" -> value.asBoolean() ? contract.fourEyes() : contract.withoutFourEyes();
          case "readers" -> contract.readBy(engines(value));
          default -> contract;
        };
    if (Set.of("contract", "purposes").contains(name)) {
      findings.preserved(path, "");
    } else {
      findings.mapped(path);
    }
    return changed;
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

  private Contract fresh(Contract plain) {
    Contract contract = plain;
    JsonNode levels = root.path("slaProperties");
    for (int i = 0; i < levels.size(); i++) {
      JsonNode level = levels.get(i);
      String path = "slaProperties[" + i + "]";
      String property = level.path("property").asText().toLowerCase(Locale.ROOT);
      if (!FRESHNESS.contains(property) || contract.freshWithin().isPresent()) {
        findings.preserved(path, "");
        continue;
      }
      Optional<Duration> time = SlaTime.duration(level);
      if (time.isPresent() && !time.get().isZero() && !time.get().isNegative()) {
        contract = contract.freshWithin(time.get());
        freshness = Set.of(path);
        findings.mapped(path);
      } else {
        findings.ambiguous(path, "its value and unit are not a time above zero");
      }
    }
    return contract;
  }
}
