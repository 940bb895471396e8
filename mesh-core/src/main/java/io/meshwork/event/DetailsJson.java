package io.meshwork.event;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.event.EventDetails.Input;
import io.meshwork.event.EventDetails.NewSnapshot;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** Reads the details of a log entry by the type of its event. */
final class DetailsJson {
  private static final String LOGGED_IN = "loggedIn";

  private DetailsJson() {}

  static EventDetails read(String type, JsonNode json) {
    if (json.has(LOGGED_IN)) {
      return new EventDetails.LoggedElsewhere(
          json.path(LOGGED_IN).asText(), json.path("sequence").asLong());
    }
    return switch (type) {
      case MeshEvent.ACCESS_COUNTED -> counted(json);
      case MeshEvent.MESH_PLACED ->
          new EventDetails.Place(json.path("id").asText(), json.path("root").asText());
      case MeshEvent.CATALOG_ADDED, MeshEvent.GUEST_ADMITTED ->
          new EventDetails.InCatalog(json.path("catalog").asText());
      case MeshEvent.PRODUCT_DEFINED ->
          new EventDetails.Contract(contract(json), json.path("contractFingerprint").asText());
      case MeshEvent.PRODUCT_AMENDED, MeshEvent.AMENDMENT_PROPOSED ->
          new EventDetails.Amended(
              json.path("major").asInt(),
              contract(json),
              ContractVersion.parse(json.path("previousVersion").asText()),
              json.path("contractFingerprint").asText(),
              json.path("verdict").asText(),
              json.path("reasonCode").asText(),
              text(json, "reason"),
              text(json, "proposedBy"));
      case MeshEvent.SUBSCRIPTION_REGISTERED, MeshEvent.SUBSCRIPTION_AMENDED -> subscribed(json);
      case MeshEvent.SUBSCRIPTION_ENDED -> subscriptionEnded(json);
      case MeshEvent.TAG_DEFINED ->
          new EventDetails.TagDefined(json.path("tag").asText(), texts(json, "values"));
      case MeshEvent.TAGS_CHANGED ->
          new EventDetails.Tagged(
              facts(json.path("set")), texts(json, "removed"), texts(json, "columns"));
      case MeshEvent.GRANT_MADE, MeshEvent.GRANT_AMENDED, MeshEvent.GRANT_REVOKED -> granted(json);
      case MeshEvent.AUTHORIZATION_GIVEN,
          MeshEvent.AUTHORIZATION_AMENDED,
          MeshEvent.AUTHORIZATION_WITHDRAWN ->
          new EventDetails.Authorized(authorizations(json), grants(json), text(json, "reason"));
      case MeshEvent.RIGHTS_CHANGED -> rightsChanged(json);
      case MeshEvent.LINK_MADE, MeshEvent.LINK_MOVED, MeshEvent.LINK_REMOVED ->
          new EventDetails.Linked(
              json.path("link").asText(),
              json.path("target").asText(),
              whole(json, "major"),
              json.path("following").asBoolean(),
              text(json, "previousTarget"),
              whole(json, "previousMajor"));
      case MeshEvent.ACCESS_REQUESTED, MeshEvent.ACCESS_AMENDED -> accessAsked(json);
      case MeshEvent.ACCESS_ANSWERED, MeshEvent.ACCESS_WITHDRAWN ->
          new EventDetails.AccessSaid(request(json), domain(json), risk(json), text(json, "text"));
      case MeshEvent.ACCESS_APPROVED, MeshEvent.ACCESS_DENIED, MeshEvent.ACCESS_ASKED_BACK ->
          new EventDetails.AccessDecided(
              request(json),
              domain(json),
              risk(json),
              json.path("requester").asText(),
              json.path("approvalsMissing").asInt(),
              text(json, "because"),
              grants(json));
      case MeshEvent.ACCESS_REMINDED, MeshEvent.ACCESS_EXPIRED ->
          new EventDetails.AccessOverdue(
              request(json),
              domain(json),
              risk(json),
              json.path("requester").asText(),
              Instant.parse(json.path("since").asText()));
      case MeshEvent.GRANT_ENDING, MeshEvent.GRANT_ENDED ->
          new EventDetails.GrantEnds(
              json.path("grant").asText(),
              json.path("to").asText(),
              Instant.parse(json.path("until").asText()));
      case MeshEvent.PRODUCT_PUBLISHED,
          MeshEvent.PRODUCT_ROLLED_BACK,
          MeshEvent.PRODUCT_ENGINE_COMMIT ->
          rowsChanged(json);
      case MeshEvent.PRODUCT_COMPACTED ->
          json.has("contractVersion") ? rowsChanged(json) : upkeep(json);
      case MeshEvent.PRODUCT_SNAPSHOTS_EXPIRED,
          MeshEvent.PUBLISHES_FENCED,
          MeshEvent.LOG_ARCHIVED,
          MeshEvent.RECEIPTS_TRIMMED,
          MeshEvent.QUARANTINE_ERASED ->
          upkeep(json);
      default ->
          json.isEmpty() ? new EventDetails.Nothing() : new EventDetails.Unknown(json.toString());
    };
  }

  private static EventDetails subscribed(JsonNode json) {
    String[] parts = json.path("subscription").asText().split("/", 2);
    return new EventDetails.Subscribed(
        parts[0], parts.length == 2 ? parts[1] : "", json.path("major").asInt());
  }

  private static EventDetails subscriptionEnded(JsonNode json) {
    String[] parts = json.path("subscription").asText().split("/", 2);
    return new EventDetails.SubscriptionEnded(
        parts[0],
        parts.length == 2 ? parts[1] : "",
        json.path("major").asInt(),
        json.path("state").asText(),
        json.path("endedBy").asText().equals("owner"),
        text(json, "reason"));
  }

  private static EventDetails rowsChanged(JsonNode json) {
    return new EventDetails.RowsChanged(
        json.path("publishId").asText(),
        json.path("major").asInt(),
        contract(json),
        text(json, "mode"),
        json.path("rowsAccepted").asLong(),
        json.path("rowsQuarantined").asLong(),
        json.path("rowsRemoved").asLong(),
        json.path("rowsRestored").asLong(),
        json.path("files").asLong(),
        text(json, "snapshotId")
            .map(
                id ->
                    new NewSnapshot(
                        id, json.path("sequence").asLong(), json.path("rowsTotal").asLong())),
        text(json, "restoredSnapshot"),
        text(json, "reason"),
        text(json, "scopeHash"),
        inputs(json.path("derivedFrom")),
        text(json, "dataTime").map(Instant::parse),
        quality(json),
        texts(json, "brokenRules"),
        text(json, "violationsAllowed"));
  }

  private static Optional<EventDetails.Quality> quality(JsonNode json) {
    OptionalDouble score = number(json, "qualityScore");
    OptionalDouble rowScore = number(json, "rowScore");
    return score.isEmpty() && rowScore.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new EventDetails.Quality(
                score,
                rowScore,
                json.path("rulesPassed").asInt(),
                json.path("rulesEvaluated").asInt()));
  }

  private static OptionalDouble number(JsonNode json, String field) {
    return json.path(field).isNumber()
        ? OptionalDouble.of(json.path(field).asDouble())
        : OptionalDouble.empty();
  }

  private static Optional<Integer> whole(JsonNode json, String field) {
    return json.path(field).isInt() ? Optional.of(json.path(field).asInt()) : Optional.empty();
  }

  private static EventDetails upkeep(JsonNode json) {
    return new EventDetails.Upkeep(facts(json));
  }

  private static Map<String, String> facts(JsonNode json) {
    Map<String, String> facts = new TreeMap<>();
    for (Map.Entry<String, JsonNode> fact : json.properties()) {
      facts.put(fact.getKey(), fact.getValue().asText());
    }
    return facts;
  }

  private static List<String> texts(JsonNode json, String field) {
    List<String> texts = new ArrayList<>();
    json.path(field).forEach(each -> texts.add(each.asText()));
    return texts;
  }

  private static String request(JsonNode json) {
    return json.path("request").asText();
  }

  private static String domain(JsonNode json) {
    return json.path("domain").asText();
  }

  private static String risk(JsonNode json) {
    return json.path("risk").asText();
  }

  private static EventDetails accessAsked(JsonNode json) {
    return new EventDetails.AccessAsked(
        request(json),
        domain(json),
        json.path("revision").asInt(),
        texts(json, "columns"),
        text(json, "rowsHash"),
        text(json, "until").map(Instant::parse),
        json.path("purpose").asText(),
        json.path("method").asText(),
        risk(json));
  }

  private static EventDetails counted(JsonNode json) {
    List<EventDetails.CountedAccess> lines = new ArrayList<>();
    for (JsonNode line : json.path("lines")) {
      lines.add(
          new EventDetails.CountedAccess(
              Instant.parse(line.path("hour").asText()),
              line.path("who").asText(),
              line.path("action").asText(),
              line.path("subject").asText(),
              line.path("count").asLong(),
              Instant.parse(line.path("first").asText()),
              Instant.parse(line.path("last").asText()),
              text(line, "version").map(ContractVersion::parse),
              text(line, "doing"),
              text(line, "missing"),
              texts(line, "columns")));
    }
    return new EventDetails.Counted(lines);
  }

  private static EventDetails rightsChanged(JsonNode json) {
    List<EventDetails.RightsPart> changes = new ArrayList<>();
    for (JsonNode change : json.path("changes")) {
      String type = change.path("event").asText();
      changes.add(
          new EventDetails.RightsPart(
              type, change.path("subject").asText(), read(type, change.path("details"))));
    }
    return new EventDetails.RightsChanged(changes);
  }

  private static EventDetails granted(JsonNode json) {
    return new EventDetails.Granted(grants(json), text(json, "reason"));
  }

  private static List<EventDetails.GrantFacts> grants(JsonNode json) {
    List<EventDetails.GrantFacts> grants = new ArrayList<>();
    for (JsonNode grant : json.path("grants")) {
      grants.add(
          new EventDetails.GrantFacts(
              grant.path("id").asText(),
              grant.path("on").asText(),
              grant.path("to").asText(),
              texts(grant, "permissions"),
              grant.path("grantOption").asBoolean(),
              texts(grant, "columns"),
              texts(grant, "exceptColumns"),
              text(grant, "rowsHash"),
              text(grant, "until").map(Instant::parse),
              grant.path("because").asText(),
              grant.path("authorizedBy").asText(),
              text(grant, "authorization")));
    }
    return grants;
  }

  private static List<EventDetails.AuthorizationFacts> authorizations(JsonNode json) {
    List<EventDetails.AuthorizationFacts> authorizations = new ArrayList<>();
    for (JsonNode given : json.path("authorizations")) {
      authorizations.add(
          new EventDetails.AuthorizationFacts(
              given.path("id").asText(),
              given.path("on").asText(),
              texts(given, "executors"),
              texts(given, "consumers"),
              texts(given, "permissions"),
              given.path("grantOption").asBoolean(),
              texts(given, "columns"),
              texts(given, "exceptColumns"),
              text(given, "rowsHash"),
              text(given, "request"),
              given.path("delegating").asBoolean(),
              text(given, "under"),
              text(given, "until").map(Instant::parse),
              given.path("because").asText(),
              given.path("authorizedBy").asText()));
    }
    return authorizations;
  }

  private static List<Input> inputs(JsonNode array) {
    List<Input> inputs = new ArrayList<>();
    for (JsonNode json : array) {
      List<String> columns = new ArrayList<>();
      json.path("columns").forEach(column -> columns.add(column.asText()));
      inputs.add(
          new Input(
              ProductName.of(json.path("product").asText()),
              contract(json),
              json.path("snapshotId").asText(),
              columns));
    }
    return inputs;
  }

  private static ContractVersion contract(JsonNode json) {
    return ContractVersion.parse(json.path("contractVersion").asText());
  }

  private static Optional<String> text(JsonNode json, String field) {
    return Optional.ofNullable(json.path(field).textValue());
  }
}
