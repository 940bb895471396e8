package io.meshwork.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.MovedTables;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads the details of a log entry by the type of its event. Stateless. */
final class EventDetailsCodec {
  /** The records of events whose details have one form. */
  private static final Map<String, Class<? extends Record>> RECORDS = records();

  private EventDetailsCodec() {}

  private static Map<String, Class<? extends Record>> records() {
    Map<Class<? extends Record>, List<String>> types =
        Map.ofEntries(
            Map.entry(EventDetails.AccessCounts.class, List.of(MeshEvent.ACCESS_COUNTED)),
            Map.entry(EventDetails.MeshLocation.class, List.of(MeshEvent.MESH_PLACED)),
            Map.entry(EventDetails.ContractDefinition.class, List.of(MeshEvent.PRODUCT_DEFINED)),
            Map.entry(
                EventDetails.ContractAmendment.class,
                List.of(MeshEvent.PRODUCT_AMENDED, MeshEvent.AMENDMENT_PROPOSED)),
            Map.entry(EventDetails.TagDefinition.class, List.of(MeshEvent.TAG_DEFINED)),
            Map.entry(EventDetails.TagAssignment.class, List.of(MeshEvent.TAGS_CHANGED)),
            Map.entry(
                EventDetails.GrantChange.class,
                List.of(MeshEvent.GRANT_MADE, MeshEvent.GRANT_AMENDED, MeshEvent.GRANT_REVOKED)),
            Map.entry(
                EventDetails.AuthorizationChange.class,
                List.of(
                    MeshEvent.AUTHORIZATION_GIVEN,
                    MeshEvent.AUTHORIZATION_AMENDED,
                    MeshEvent.AUTHORIZATION_WITHDRAWN)),
            Map.entry(
                EventDetails.LinkChange.class,
                List.of(MeshEvent.LINK_MADE, MeshEvent.LINK_MOVED, MeshEvent.LINK_REMOVED)),
            Map.entry(
                EventDetails.AccessRequest.class,
                List.of(MeshEvent.ACCESS_REQUESTED, MeshEvent.ACCESS_AMENDED)),
            Map.entry(
                EventDetails.AccessReply.class,
                List.of(MeshEvent.ACCESS_ANSWERED, MeshEvent.ACCESS_WITHDRAWN)),
            Map.entry(
                EventDetails.AccessDecision.class,
                List.of(
                    MeshEvent.ACCESS_APPROVED,
                    MeshEvent.ACCESS_DENIED,
                    MeshEvent.ACCESS_ASKED_BACK)),
            Map.entry(
                EventDetails.UndecidedRequest.class,
                List.of(MeshEvent.ACCESS_REMINDED, MeshEvent.ACCESS_EXPIRED)),
            Map.entry(EventDetails.SuggestedImprovement.class, List.of(MeshEvent.SUGGESTION_MADE)),
            Map.entry(EventDetails.SuggestionAnswer.class, List.of(MeshEvent.SUGGESTION_ANSWERED)),
            Map.entry(
                EventDetails.SuggestionWithdrawal.class, List.of(MeshEvent.SUGGESTION_WITHDRAWN)),
            Map.entry(
                EventDetails.LatenessChange.class,
                List.of(
                    MeshEvent.PRODUCT_LATE,
                    MeshEvent.PRODUCT_LATENESS_ESCALATED,
                    MeshEvent.PRODUCT_FRESH)),
            Map.entry(
                EventDetails.GrantExpiration.class,
                List.of(MeshEvent.GRANT_ENDING, MeshEvent.GRANT_ENDED)),
            Map.entry(
                EventDetails.ReadSuspension.class,
                List.of(MeshEvent.PRODUCT_SUSPENDED, MeshEvent.PRODUCT_RESUMED)),
            Map.entry(
                EventDetails.StewardApproval.class,
                List.of(MeshEvent.APPROVAL_REQUESTED, MeshEvent.APPROVAL_GIVEN)),
            Map.entry(
                EventDetails.StewardChange.class,
                List.of(MeshEvent.STEWARD_APPOINTED, MeshEvent.STEWARD_DISMISSED)));
    Map<String, Class<? extends Record>> records = new HashMap<>();
    types.forEach((type, events) -> events.forEach(event -> records.put(event, type)));
    return Map.copyOf(records);
  }

  /** Returns the details; {@link EventDetails.UnknownDetails} if this version cannot read them. */
  static EventDetails read(String type, JsonNode json) {
    try {
      return details(type, json);
    } catch (InvalidRequestException
        | IllegalArgumentException
        | DateTimeException
        | IndexOutOfBoundsException otherForm) {
      return unknown(json);
    }
  }

  private static EventDetails details(String type, JsonNode json) {
    if (json.has("loggedIn")) {
      return DocumentCodec.of(EventDetails.EventReference.class).read(json);
    } else if (RECORDS.containsKey(type)) {
      return (EventDetails) DocumentCodec.of(RECORDS.get(type)).read(json);
    } else if (type.startsWith("rollout.")) {
      return DocumentCodec.of(EventDetails.RolloutChange.class).read(json);
    }
    return switch (type) {
      case MeshEvent.CATALOG_ADDED, MeshEvent.GUEST_ADMITTED ->
          json.has("table")
              ? DocumentCodec.of(EventDetails.CatalogLocation.class).read(json)
              : DocumentCodec.of(EventDetails.CatalogReference.class).read(json);
      case MeshEvent.DOMAIN_REGISTERED, MeshEvent.DOMAIN_AMENDED ->
          json.has("root")
              ? DocumentCodec.of(EventDetails.DataLocation.class).read(json)
              : noDetails(json);
      case MeshEvent.SUBSCRIPTION_REGISTERED, MeshEvent.SUBSCRIPTION_AMENDED ->
          DocumentCodec.of(EventDetails.SubscriptionRegistration.class).read(subscription(json));
      case MeshEvent.SUBSCRIPTION_ENDED ->
          DocumentCodec.of(EventDetails.SubscriptionEnd.class).read(subscription(json));
      case MeshEvent.RIGHTS_CHANGED -> rightsChange(json);
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

  /** The entry names a subscription as {@code domain/name}. */
  private static JsonNode subscription(JsonNode json) {
    String[] parts = json.path("subscription").asText().split("/", 2);
    return ((ObjectNode) json)
        .deepCopy()
        .put("domain", parts[0])
        .put("name", parts.length == 2 ? parts[1] : "")
        .put("continues", json.path("continues").asBoolean(true))
        .put("byOwner", json.path("endedBy").asText().equals("owner"));
  }

  /** The majors of one publish are flat in its entry if there is one alone. */
  private static EventDetails tableCommit(JsonNode json) {
    ObjectNode commit = ((ObjectNode) json).deepCopy();
    ArrayNode majors = commit.putArray(MovedTables.MAJORS);
    MovedTables.of(json).forEach(table -> majors.add(table.details()));
    return DocumentCodec.of(EventDetails.TableCommit.class).read(commit);
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

  private static EventDetails maintenance(JsonNode json) {
    Map<String, String> facts = new TreeMap<>();
    json.properties().forEach(fact -> facts.put(fact.getKey(), fact.getValue().asText()));
    return new EventDetails.MaintenanceSummary(facts);
  }
}
