package io.meshwork.cli.internal.product;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.card.ProductCard;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.contract.Contract;

/** The description of a product as JSON, in five parts. */
final class ProductDocument {
  private ProductDocument() {}

  static ObjectNode of(ProductFacts facts) {
    ProductCard card = facts.card();
    ObjectNode document =
        VerbAnswer.newDocument()
            .put("product", card.name().toString())
            .put("version", card.versions().get(0).version().toString())
            .put("status", facts.health().status().name())
            .put("as", facts.caller());
    what(document.putObject("what"), facts);
    who(document.putObject("who"), facts);
    schema(document.putObject("schema"), facts);
    promise(document.putObject("promise"), card.contract(), facts);
    now(document.putObject("now"), facts);
    return document;
  }

  private static void what(ObjectNode what, ProductFacts facts) {
    ProductCard card = facts.card();
    what.put("description", card.description())
        .put("classification", card.classification().name())
        .put("usage", card.contract().usage())
        .put("limitations", card.contract().limitations())
        .put("repository", card.contract().repository());
    what.set("tags", JsonFields.sorted(facts.tags()));
    if (!card.namesInGlue().isEmpty()) {
      what.set("glue", JsonFields.array(card.namesInGlue()));
    }
    card.end()
        .ifPresent(
            end -> {
              ObjectNode node =
                  what.putObject("end")
                      .put("because", end.because())
                      .put("retireAfter", end.retireAfter().toString())
                      .put("over", end.ended());
              end.successor().ifPresent(next -> node.put("successor", next.product().toString()));
            });
    for (ProductCard.Version version : card.versions()) {
      version
          .suspension()
          .ifPresent(
              reads ->
                  put(
                      what.withArray("suspensions")
                          .addObject()
                          .put("major", version.version().major()),
                      reads));
    }
  }

  static void put(ObjectNode node, ProductCard.Suspension suspension) {
    node.put("since", JsonFields.time(suspension.since()))
        .put("until", suspension.until().toString())
        .put("because", suspension.because());
  }

  private static void who(ObjectNode who, ProductFacts facts) {
    ProductCard card = facts.card();
    who.put("owner", card.owner()).put("access", card.access().name());
    ArrayNode contacts = who.putArray("contacts");
    for (Contract.Contact contact : card.contract().contacts()) {
      contacts
          .addObject()
          .put("channel", contact.channel())
          .put("address", contact.address())
          .put("scope", contact.scope().name());
    }
    who.put("openToMesh", card.isOpenToMesh())
        .put("readableColumns", facts.readableColumns())
        .put("ask", facts.ask());
    card.ownRequest()
        .ifPresent(
            request ->
                who.putObject("ownRequest")
                    .put("request", request.id() + "@" + request.revision())
                    .put("state", request.state())
                    .put("askedAt", JsonFields.time(request.askedAt())));
  }

  private static void schema(ObjectNode schema, ProductFacts facts) {
    ArrayNode columns = schema.putArray("columns");
    for (ProductCard.Column column : facts.card().columns()) {
      columns
          .addObject()
          .put("name", column.name())
          .put("type", column.type())
          .put("nullable", column.nullable())
          .put("description", column.description())
          .put("classification", column.classification().name())
          .put("readable", facts.isReadable(column.name()));
    }
    schema.set("key", JsonFields.array(facts.card().contract().primaryKey()));
    schema
        .put("changesInAYear", facts.changesInAYear())
        .put("breakingInAYear", facts.breakingInAYear());
  }

  private static void promise(ObjectNode promise, Contract contract, ProductFacts facts) {
    JsonFields.put(promise, "freshWithin", contract.freshWithin());
    promise
        .put("keptDays", facts.health().freshness().daysKept())
        .put("knownDays", facts.health().freshness().daysObserved())
        .put("noticePeriod", contract.noticePeriod().toString())
        .put("compatibility", contract.compatibility().name())
        .put("rules", contract.rules().size());
    JsonFields.put(promise, "retention", contract.serviceLevel().retention());
    JsonFields.put(promise, "maxLateness", contract.serviceLevel().maxLateness());
    JsonFields.put(promise, "timeToNotify", contract.serviceLevel().timeToNotify());
    JsonFields.put(promise, "availabilityPercent", contract.serviceLevel().availability());
    HealthDocument.putAvailability(promise, facts.health());
    JsonFields.put(promise, "frequency", contract.serviceLevel().frequency());
    JsonFields.put(
        promise,
        "overdueBy",
        contract
            .serviceLevel()
            .frequency()
            .map(every -> facts.health().freshness().overdueBy(every, facts.now()))
            .filter(overdue -> !overdue.isZero()));
  }

  private static void now(ObjectNode now, ProductFacts facts) {
    ObjectNode health = HealthDocument.of(facts.health());
    now.put("at", JsonFields.time(facts.now()));
    now.set("problems", health.get("problems"));
    now.set("freshness", health.get("freshness"));
    if (health.has("quality")) {
      now.set("quality", health.get("quality"));
    }
    JsonFields.put(now, "since", facts.health().since().map(JsonFields::time));
    HealthDocument.putRows(now, facts.health());
    facts
        .card()
        .current()
        .ifPresent(
            snapshot -> {
              now.put("snapshotId", snapshot.id());
              snapshot.rows().ifPresent(rows -> now.put("rows", rows));
            });
  }
}
