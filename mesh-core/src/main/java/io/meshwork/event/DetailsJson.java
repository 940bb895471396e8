package io.meshwork.event;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.event.EventDetails.InputSnapshot;
import io.meshwork.event.EventDetails.NewSnapshot;
import io.meshwork.internal.session.MovedTables;
import io.meshwork.product.Classification;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import io.meshwork.request.AccessRequest.Method;
import io.meshwork.request.Suggestion;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.StewardRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Reads the details of a log entry by the type of its event. */
final class DetailsJson {
  private static final String LOGGED_IN = "loggedIn";
  private static final String SUGGESTION = "suggestion";

  private DetailsJson() {}

  static EventDetails read(String type, JsonNode json) {
    if (json.has(LOGGED_IN)) {
      return new EventDetails.EventReference(
          json.path(LOGGED_IN).asText(), json.path("sequence").asLong());
    }
    return switch (type) {
      case MeshEvent.ACCESS_COUNTED -> accessCounts(json);
      case MeshEvent.MESH_PLACED ->
          new EventDetails.MeshLocation(json.path("id").asText(), json.path("root").asText());
      case MeshEvent.CATALOG_ADDED, MeshEvent.GUEST_ADMITTED ->
          json.has("table") ? catalogLocation(json) : catalogReference(json);
      case MeshEvent.DOMAIN_REGISTERED, MeshEvent.DOMAIN_AMENDED ->
          json.has("root")
              ? new EventDetails.DataLocation(json.path("root").asText())
              : noDetails(json);
      case MeshEvent.PRODUCT_DEFINED ->
          new EventDetails.ContractDefinition(
              contract(json), json.path("contractFingerprint").asText());
      case MeshEvent.PRODUCT_AMENDED, MeshEvent.AMENDMENT_PROPOSED -> contractAmendment(json);
      case MeshEvent.SUBSCRIPTION_REGISTERED, MeshEvent.SUBSCRIPTION_AMENDED -> subscription(json);
      case MeshEvent.SUBSCRIPTION_ENDED -> subscriptionEnd(json);
      case MeshEvent.TAG_DEFINED ->
          new EventDetails.TagDefinition(json.path("tag").asText(), strings(json, "values"));
      case MeshEvent.TAGS_CHANGED ->
          new EventDetails.TagAssignment(
              facts(json.path("set")), strings(json, "removed"), strings(json, "columns"));
      case MeshEvent.GRANT_MADE, MeshEvent.GRANT_AMENDED, MeshEvent.GRANT_REVOKED ->
          grantChange(json);
      case MeshEvent.AUTHORIZATION_GIVEN,
          MeshEvent.AUTHORIZATION_AMENDED,
          MeshEvent.AUTHORIZATION_WITHDRAWN ->
          new EventDetails.AuthorizationChange(
              authorizations(json), grants(json), text(json, "reason"));
      case MeshEvent.RIGHTS_CHANGED -> rightsChange(json);
      case MeshEvent.LINK_MADE, MeshEvent.LINK_MOVED, MeshEvent.LINK_REMOVED ->
          new EventDetails.LinkChange(
              json.path("link").asText(),
              json.path("target").asText(),
              integer(json, "major"),
              json.path("following").asBoolean(),
              text(json, "previousTarget"),
              integer(json, "previousMajor"));
      case MeshEvent.ACCESS_REQUESTED, MeshEvent.ACCESS_AMENDED -> accessRequest(json);
      case MeshEvent.ACCESS_ANSWERED, MeshEvent.ACCESS_WITHDRAWN ->
          risk(json)
              .<EventDetails>map(
                  risk ->
                      new EventDetails.AccessReply(
                          request(json), domain(json), risk, text(json, "text")))
              .orElseGet(() -> unknown(json));
      case MeshEvent.ACCESS_APPROVED, MeshEvent.ACCESS_DENIED, MeshEvent.ACCESS_ASKED_BACK ->
          accessDecision(json);
      case MeshEvent.ACCESS_REMINDED, MeshEvent.ACCESS_EXPIRED -> undecidedRequest(json);
      case MeshEvent.SUGGESTION_MADE -> suggestedImprovement(json);
      case MeshEvent.SUGGESTION_ANSWERED -> suggestionAnswer(json);
      case MeshEvent.SUGGESTION_WITHDRAWN ->
          new EventDetails.SuggestionWithdrawal(json.path(SUGGESTION).asText(), domain(json));
      case MeshEvent.PRODUCT_LATE, MeshEvent.PRODUCT_LATENESS_ESCALATED, MeshEvent.PRODUCT_FRESH ->
          new EventDetails.LatenessChange(
              json.path("major").asInt(),
              Instant.parse(json.path("since").asText()),
              text(json, "freshWithin").map(Duration::parse),
              strings(json, "causes").stream().map(ProductName::of).toList(),
              json.path("escalated").asBoolean());
      case MeshEvent.GRANT_ENDING, MeshEvent.GRANT_ENDED ->
          new EventDetails.GrantExpiration(
              json.path("grant").asText(),
              json.path("to").asText(),
              Instant.parse(json.path("until").asText()));
      case MeshEvent.ROLLOUT_PLANNED,
          MeshEvent.ROLLOUT_PREPARED,
          MeshEvent.ROLLOUT_ANNOUNCED,
          MeshEvent.ROLLOUT_ACTIVATED,
          MeshEvent.ROLLOUT_VERIFIED,
          MeshEvent.ROLLOUT_MADE_CURRENT,
          MeshEvent.ROLLOUT_EXTENDED,
          MeshEvent.ROLLOUT_CLOSING,
          MeshEvent.ROLLOUT_RETIRED,
          MeshEvent.ROLLOUT_RESTORED,
          MeshEvent.ROLLOUT_ABORTED,
          MeshEvent.ROLLOUT_PURGED,
          MeshEvent.ROLLOUT_OFFERED,
          MeshEvent.ROLLOUT_ANSWERED,
          MeshEvent.ROLLOUT_FENCED,
          MeshEvent.ROLLOUT_REOPENED,
          MeshEvent.ROLLOUT_REMINDED,
          MeshEvent.ROLLOUT_ESCALATED ->
          rolloutChange(json);
      case MeshEvent.PRODUCT_SUSPENDED, MeshEvent.PRODUCT_RESUMED ->
          new EventDetails.ReadSuspension(
              integers(json, "majors"),
              text(json, "because"),
              text(json, "until").map(Instant::parse));
      case MeshEvent.APPROVAL_REQUESTED, MeshEvent.APPROVAL_GIVEN ->
          constant(StewardRequest.Kind.class, json, "kind")
              .<EventDetails>map(
                  kind ->
                      new EventDetails.StewardApproval(
                          json.path("request").asText(),
                          kind,
                          json.path("because").asText(),
                          strings(json, "consumers")))
              .orElseGet(() -> unknown(json));
      case MeshEvent.STEWARD_APPOINTED, MeshEvent.STEWARD_DISMISSED ->
          new EventDetails.StewardChange(json.path("steward").asText());
      case MeshEvent.PRODUCT_PUBLISHED,
          MeshEvent.PRODUCT_ROLLED_BACK,
          MeshEvent.PRODUCT_BACK_FILLED,
          MeshEvent.PRODUCT_ENGINE_COMMIT ->
          tableCommit(json);
      case MeshEvent.PRODUCT_COMPACTED ->
          json.has("contractVersion") ? tableCommit(json) : maintenance(json);
      case MeshEvent.PRODUCT_SNAPSHOTS_EXPIRED,
          MeshEvent.PUBLISHES_FENCED,
          MeshEvent.LOG_ARCHIVED,
          MeshEvent.PRODUCT_ERASURE_PROVED,
          MeshEvent.RECEIPTS_REDACTED,
          MeshEvent.RECEIPTS_TRIMMED,
          MeshEvent.MIRROR_APPLIED,
          MeshEvent.PRODUCT_STAGED,
          MeshEvent.PRODUCT_UNSTAGED,
          MeshEvent.QUARANTINE_ERASED ->
          maintenance(json);
      default -> noDetails(json);
    };
  }

  private static EventDetails noDetails(JsonNode json) {
    return json.isEmpty() ? new EventDetails.NoDetails() : unknown(json);
  }

  private static EventDetails unknown(JsonNode json) {
    return new EventDetails.UnknownDetails(json.toString());
  }

  /** Returns a constant by its name in any case; empty if this version does not know it. */
  private static <E extends Enum<E>> Optional<E> constant(
      Class<E> type, JsonNode json, String field) {
    String name = json.path(field).asText();
    return Stream.of(type.getEnumConstants())
        .filter(constant -> constant.name().equalsIgnoreCase(name))
        .findFirst();
  }

  private static EventDetails catalogReference(JsonNode json) {
    return new EventDetails.CatalogReference(json.path("catalog").asText());
  }

  private static EventDetails catalogLocation(JsonNode json) {
    return new EventDetails.CatalogLocation(
        json.path("catalog").asText(),
        json.path("account").asText(),
        json.path("region").asText(),
        json.path("table").asText());
  }

  private static EventDetails contractAmendment(JsonNode json) {
    return constant(ContractVersion.Verdict.class, json, "verdict")
        .<EventDetails>map(
            verdict ->
                new DecodedContractAmendment(
                    json.path("major").asInt(),
                    contract(json),
                    ContractVersion.parse(json.path("previousVersion").asText()),
                    json.path("contractFingerprint").asText(),
                    verdict,
                    json.path("reasonCode").asText(),
                    text(json, "reason"),
                    text(json, "proposedBy"),
                    integer(json, "rollout")))
        .orElseGet(() -> unknown(json));
  }

  private static EventDetails subscription(JsonNode json) {
    String[] parts = json.path("subscription").asText().split("/", 2);
    return new EventDetails.SubscriptionRegistration(
        parts[0],
        parts.length == 2 ? parts[1] : "",
        json.path("major").asInt(),
        integer(json, "fromMajor"),
        json.path("continues").asBoolean(true),
        text(json, "because"));
  }

  private static EventDetails subscriptionEnd(JsonNode json) {
    String[] parts = json.path("subscription").asText().split("/", 2);
    return new EventDetails.SubscriptionEnd(
        parts[0],
        parts.length == 2 ? parts[1] : "",
        json.path("major").asInt(),
        json.path("state").asText(),
        json.path("endedBy").asText().equals("owner"),
        text(json, "reason"));
  }

  private static EventDetails tableCommit(JsonNode json) {
    return new DecodedTableCommit(
        json.path("publishId").asText(),
        text(json, "mode"),
        text(json, "reason"),
        text(json, "dataTime").map(Instant::parse),
        MovedTables.of(json).stream().map(table -> majorCommit(table.details())).toList());
  }

  private static EventDetails.MajorCommit majorCommit(JsonNode json) {
    return new DecodedMajorCommit(
        json.path("major").asInt(),
        contract(json),
        json.path("rowsAccepted").asLong(),
        json.path("rowsQuarantined").asLong(),
        json.path("rowsRemoved").asLong(),
        json.path("rowsRestored").asLong(),
        json.path("files").asLong(),
        json.path("lateRows").asLong(),
        text(json, "largestLateness").map(Duration::parse).orElse(Duration.ZERO),
        text(json, "snapshotId")
            .map(
                id ->
                    new NewSnapshot(
                        id, json.path("sequence").asLong(), json.path("rowsTotal").asLong())),
        text(json, "restoredSnapshot"),
        text(json, "scopeHash"),
        inputs(json.path("derivedFrom")),
        quality(json),
        strings(json, "brokenRules"),
        text(json, "violationsAllowed"));
  }

  private static List<Integer> integers(JsonNode json, String field) {
    List<Integer> numbers = new ArrayList<>();
    json.path(field).forEach(number -> numbers.add(number.asInt()));
    return numbers;
  }

  private static EventDetails rolloutChange(JsonNode json) {
    Optional<Rollout.State> state = constant(Rollout.State.class, json, "state");
    Optional<EventDetails.ConsumerAnswer> answer =
        constant(EventDetails.ConsumerAnswer.class, json, "answer");
    if (state.isEmpty() || (json.has("answer") && answer.isEmpty())) {
      return unknown(json);
    }
    return new DecodedRolloutChange(
        ProductName.of(json.path("product").asText()),
        json.path("rollout").asInt(),
        json.path("fromMajor").asInt(),
        integer(json, "toMajor"),
        state.get(),
        text(json, "because"),
        text(json, "retireAfter").map(LocalDate::parse),
        strings(json, "consumers"),
        answer,
        json.path("toDomainOwner").asBoolean(),
        strings(json, "suggestions"));
  }

  private static Optional<EventDetails.QualityScore> quality(JsonNode json) {
    OptionalDouble score = number(json, "qualityScore");
    OptionalDouble rowScore = number(json, "rowScore");
    return score.isEmpty() && rowScore.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new EventDetails.QualityScore(
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

  private static OptionalInt integer(JsonNode json, String field) {
    return json.path(field).isInt()
        ? OptionalInt.of(json.path(field).asInt())
        : OptionalInt.empty();
  }

  private static EventDetails maintenance(JsonNode json) {
    return new EventDetails.MaintenanceSummary(facts(json));
  }

  private static Map<String, String> facts(JsonNode json) {
    Map<String, String> facts = new TreeMap<>();
    for (Map.Entry<String, JsonNode> fact : json.properties()) {
      facts.put(fact.getKey(), fact.getValue().asText());
    }
    return facts;
  }

  private static List<String> strings(JsonNode json, String field) {
    List<String> strings = new ArrayList<>();
    json.path(field).forEach(each -> strings.add(each.asText()));
    return strings;
  }

  private static String request(JsonNode json) {
    return json.path("request").asText();
  }

  private static String domain(JsonNode json) {
    return json.path("domain").asText();
  }

  private static Optional<Classification> risk(JsonNode json) {
    return constant(Classification.class, json, "risk");
  }

  private static EventDetails accessRequest(JsonNode json) {
    Optional<Method> method = constant(Method.class, json, "method");
    Optional<Classification> risk = risk(json);
    if (method.isEmpty() || risk.isEmpty()) {
      return unknown(json);
    }
    return new DecodedAccessRequest(
        request(json),
        domain(json),
        json.path("revision").asInt(),
        strings(json, "columns"),
        text(json, "rowsHash"),
        text(json, "until").map(Instant::parse),
        json.path("purpose").asText(),
        method.get(),
        risk.get());
  }

  private static EventDetails accessDecision(JsonNode json) {
    return risk(json)
        .<EventDetails>map(
            risk ->
                new EventDetails.AccessDecision(
                    request(json),
                    domain(json),
                    risk,
                    json.path("requester").asText(),
                    json.path("approvalsMissing").asInt(),
                    text(json, "because"),
                    grants(json)))
        .orElseGet(() -> unknown(json));
  }

  private static EventDetails undecidedRequest(JsonNode json) {
    return risk(json)
        .<EventDetails>map(
            risk ->
                new EventDetails.UndecidedRequest(
                    request(json),
                    domain(json),
                    risk,
                    json.path("requester").asText(),
                    Instant.parse(json.path("since").asText())))
        .orElseGet(() -> unknown(json));
  }

  private static EventDetails suggestedImprovement(JsonNode json) {
    return constant(Suggestion.Kind.class, json, "kind")
        .<EventDetails>map(
            kind ->
                new EventDetails.SuggestedImprovement(
                    json.path(SUGGESTION).asText(),
                    domain(json),
                    kind,
                    strings(json, "columns"),
                    json.path("text").asText()))
        .orElseGet(() -> unknown(json));
  }

  private static EventDetails suggestionAnswer(JsonNode json) {
    return constant(Suggestion.State.class, json, "state")
        .<EventDetails>map(
            state ->
                new EventDetails.SuggestionAnswer(
                    json.path(SUGGESTION).asText(),
                    domain(json),
                    json.path("requester").asText(),
                    state,
                    text(json, "because"),
                    integer(json, "rollout"),
                    text(json, "contractVersion").map(ContractVersion::parse)))
        .orElseGet(() -> unknown(json));
  }

  private static EventDetails accessCounts(JsonNode json) {
    List<EventDetails.AccessCount> lines = new ArrayList<>();
    for (JsonNode line : json.path("lines")) {
      lines.add(
          new DecodedAccessCount(
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
              strings(line, "columns")));
    }
    return new EventDetails.AccessCounts(lines);
  }

  private static EventDetails rightsChange(JsonNode json) {
    List<EventDetails.RightsEvent> changes = new ArrayList<>();
    for (JsonNode change : json.path("changes")) {
      String type = change.path("event").asText();
      changes.add(
          new EventDetails.RightsEvent(
              type, change.path("subject").asText(), read(type, change.path("details"))));
    }
    return new EventDetails.RightsChange(changes);
  }

  private static EventDetails grantChange(JsonNode json) {
    return new EventDetails.GrantChange(grants(json), text(json, "reason"));
  }

  private static List<EventDetails.LoggedGrant> grants(JsonNode json) {
    List<EventDetails.LoggedGrant> grants = new ArrayList<>();
    for (JsonNode grant : json.path("grants")) {
      grants.add(
          new DecodedGrant(
              grant.path("id").asText(),
              grant.path("on").asText(),
              grant.path("to").asText(),
              strings(grant, "permissions"),
              grant.path("grantOption").asBoolean(),
              strings(grant, "columns"),
              strings(grant, "exceptColumns"),
              text(grant, "rowsHash"),
              text(grant, "until").map(Instant::parse),
              grant.path("because").asText(),
              grant.path("authorizedBy").asText(),
              text(grant, "authorization")));
    }
    return grants;
  }

  private static List<EventDetails.LoggedAuthorization> authorizations(JsonNode json) {
    List<EventDetails.LoggedAuthorization> authorizations = new ArrayList<>();
    for (JsonNode authorization : json.path("authorizations")) {
      authorizations.add(
          new DecodedAuthorization(
              authorization.path("id").asText(),
              authorization.path("on").asText(),
              strings(authorization, "executors"),
              strings(authorization, "consumers"),
              strings(authorization, "permissions"),
              authorization.path("grantOption").asBoolean(),
              strings(authorization, "columns"),
              strings(authorization, "exceptColumns"),
              text(authorization, "rowsHash"),
              text(authorization, "request"),
              authorization.path("delegating").asBoolean(),
              text(authorization, "under"),
              text(authorization, "until").map(Instant::parse),
              authorization.path("because").asText(),
              authorization.path("authorizedBy").asText()));
    }
    return authorizations;
  }

  private static List<InputSnapshot> inputs(JsonNode array) {
    List<InputSnapshot> inputs = new ArrayList<>();
    for (JsonNode json : array) {
      List<String> columns = new ArrayList<>();
      json.path("columns").forEach(column -> columns.add(column.asText()));
      inputs.add(
          new InputSnapshot(
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
