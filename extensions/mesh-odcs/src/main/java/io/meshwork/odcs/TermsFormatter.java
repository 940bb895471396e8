package io.meshwork.odcs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.Contract;
import io.meshwork.contract.ServiceLevel;
import java.time.Duration;
import java.util.Collection;
import java.util.Locale;

/** Writes the terms of a contract into its document. */
final class TermsFormatter {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Contract contract;
  private final ObjectNode document;

  TermsFormatter(Contract contract, ObjectNode document) {
    this.contract = contract;
    this.document = document;
  }

  void describe() {
    put("purpose", contract.description());
    put("usage", contract.usage());
    put("limitations", contract.limitations());
  }

  private void put(String part, String text) {
    if (!text.isEmpty()) {
      document.withObject("description").put(part, text);
    }
  }

  void write() {
    levels(contract.serviceLevel());
    for (Contract.Contact contact : contract.contacts()) {
      document
          .withArray("support")
          .addObject()
          .put("channel", contact.channel())
          .put("url", contact.address())
          .put("scope", lower(contact.scope()));
    }
    contract
        .price()
        .ifPresent(
            price ->
                document
                    .putObject("price")
                    .put("priceAmount", price.amount())
                    .put("priceCurrency", price.currency().getCurrencyCode())
                    .put("priceUnit", price.unit()));
    term("classification", lower(contract.classification()));
    term("noticePeriod", contract.noticePeriod().toString());
    term("compatibility", contract.compatibility().name());
    term("onViolation", lower(contract.onViolation()));
    if (contract.maxQuarantineShare() != Contract.DEFAULT_MAX_QUARANTINE_SHARE) {
      term("maxQuarantineShare", NODES.numberNode(contract.maxQuarantineShare()));
    }
    if (contract.requiresFourEyes()) {
      term("fourEyes", NODES.booleanNode(true));
    }
    if (!contract.readers().isEmpty()) {
      term("readers", list(contract.readers().stream().map(TermsFormatter::lower).toList()));
    }
    if (!contract.purposes().isEmpty()) {
      term("purposes", list(contract.purposes()));
    }
    if (!contract.repository().isEmpty()) {
      term("repository", contract.repository());
    }
    contract.serviceLevel().maxLateness().ifPresent(time -> term("maxLateness", time.toString()));
    contract.serviceLevel().pollHorizon().ifPresent(time -> term("pollHorizon", time.toString()));
    contract.serviceLevel().eventTimeZone().ifPresent(zone -> term("eventTimeZone", zone.getId()));
  }

  private void levels(ServiceLevel level) {
    level.freshWithin().ifPresent(time -> time(ServiceLevelImport.LATENCY, time));
    level.frequency().ifPresent(time -> time("frequency", time));
    level
        .availability()
        .ifPresent(share -> level("availability").put("value", share).put("unit", "percent"));
    level
        .retention()
        .ifPresent(period -> level(ServiceLevelImport.RETENTION).put("value", period.toString()));
    level.timeToNotify().ifPresent(time -> time("timeToNotify", time));
    level
        .eventTime()
        .ifPresent(
            column -> {
              String element = contract.schema().getName() + "." + column;
              for (JsonNode each : document.path("slaProperties")) {
                String name = each.path("property").asText();
                if (name.equals(ServiceLevelImport.LATENCY)
                    || name.equals(ServiceLevelImport.RETENTION)) {
                  ((ObjectNode) each).put("element", element);
                }
              }
            });
  }

  private ObjectNode level(String name) {
    return document.withArray("slaProperties").addObject().put("property", name);
  }

  private void time(String name, Duration time) {
    SlaTime.put(level(name), time);
  }

  private void term(String name, String value) {
    term(name, NODES.textNode(value));
  }

  private void term(String name, JsonNode value) {
    OdcsKeys.addCustomProperty(document, OdcsKeys.PREFIX + name, value);
  }

  private static ArrayNode list(Collection<String> texts) {
    ArrayNode list = NODES.arrayNode();
    texts.forEach(list::add);
    return list;
  }

  static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
