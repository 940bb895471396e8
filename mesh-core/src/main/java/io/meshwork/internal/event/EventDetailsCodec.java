package io.meshwork.internal.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.MovedTables;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads the details of a log entry by the type of its event. Stateless. */
public final class EventDetailsCodec {
  /** The records of events whose details have one form. */
  private static final Map<MeshEvent.Type, Class<? extends Record>> RECORDS = records();

  private EventDetailsCodec() {}

  private static Map<MeshEvent.Type, Class<? extends Record>> records() {
    Map<Class<? extends Record>, List<MeshEvent.Type>> types =
        Map.ofEntries(
            Map.entry(EventDetails.AccessCounts.class, List.of(MeshEvent.Type.ACCESS_COUNTED)),
            Map.entry(EventDetails.MeshLocation.class, List.of(MeshEvent.Type.MESH_PLACED)),
            Map.entry(
                EventDetails.ContractDefinition.class, List.of(MeshEvent.Type.PRODUCT_DEFINED)),
            Map.entry(
                EventDetails.ContractAmendment.class,
                List.of(MeshEvent.Type.PRODUCT_AMENDED, MeshEvent.Type.PRODUCT_AMENDMENT_PROPOSED)),
            Map.entry(EventDetails.TagDefinition.class, List.of(MeshEvent.Type.TAG_DEFINED)),
            Map.entry(EventDetails.TagAssignment.class, List.of(MeshEvent.Type.TAGS_CHANGED)),
            Map.entry(
                EventDetails.GrantChange.class,
                List.of(
                    MeshEvent.Type.GRANT_MADE,
                    MeshEvent.Type.GRANT_AMENDED,
                    MeshEvent.Type.GRANT_REVOKED)),
            Map.entry(
                EventDetails.AuthorizationChange.class,
                List.of(
                    MeshEvent.Type.AUTHORIZATION_GIVEN,
                    MeshEvent.Type.AUTHORIZATION_AMENDED,
                    MeshEvent.Type.AUTHORIZATION_WITHDRAWN)),
            Map.entry(
                EventDetails.LinkChange.class,
                List.of(
                    MeshEvent.Type.LINK_MADE,
                    MeshEvent.Type.LINK_MOVED,
                    MeshEvent.Type.LINK_REMOVED)),
            Map.entry(
                EventDetails.AccessRequest.class,
                List.of(MeshEvent.Type.ACCESS_REQUESTED, MeshEvent.Type.ACCESS_AMENDED)),
            Map.entry(
                EventDetails.AccessReply.class,
                List.of(MeshEvent.Type.ACCESS_ANSWERED, MeshEvent.Type.ACCESS_WITHDRAWN)),
            Map.entry(
                EventDetails.AccessDecision.class,
                List.of(
                    MeshEvent.Type.ACCESS_APPROVED,
                    MeshEvent.Type.ACCESS_DENIED,
                    MeshEvent.Type.ACCESS_ASKED_BACK)),
            Map.entry(
                EventDetails.UndecidedRequest.class,
                List.of(MeshEvent.Type.ACCESS_REMINDED, MeshEvent.Type.ACCESS_EXPIRED)),
            Map.entry(
                EventDetails.SuggestedImprovement.class, List.of(MeshEvent.Type.SUGGESTION_MADE)),
            Map.entry(
                EventDetails.SuggestionAnswer.class, List.of(MeshEvent.Type.SUGGESTION_ANSWERED)),
            Map.entry(
                EventDetails.SuggestionWithdrawal.class,
                List.of(MeshEvent.Type.SUGGESTION_WITHDRAWN)),
            Map.entry(
                EventDetails.LatenessChange.class,
                List.of(
                    MeshEvent.Type.PRODUCT_LATE,
                    MeshEvent.Type.PRODUCT_LATENESS_ESCALATED,
                    MeshEvent.Type.PRODUCT_FRESH)),
            Map.entry(
                EventDetails.GrantExpiration.class,
                List.of(MeshEvent.Type.GRANT_ENDING, MeshEvent.Type.GRANT_ENDED)),
            Map.entry(
                EventDetails.ReadSuspension.class,
                List.of(MeshEvent.Type.PRODUCT_SUSPENDED, MeshEvent.Type.PRODUCT_RESUMED)),
            Map.entry(
                EventDetails.StewardApproval.class,
                List.of(MeshEvent.Type.APPROVAL_REQUESTED, MeshEvent.Type.APPROVAL_GIVEN)),
            Map.entry(
                EventDetails.StewardChange.class,
                List.of(MeshEvent.Type.STEWARD_APPOINTED, MeshEvent.Type.STEWARD_DISMISSED)));
    Map<MeshEvent.Type, Class<? extends Record>> records = new EnumMap<>(MeshEvent.Type.class);
    types.forEach((type, events) -> events.forEach(event -> records.put(event, type)));
    return Map.copyOf(records);
  }

  /** Returns the details of an event; {@link EventDetails.UnknownDetails} as {@link #read}. */
  public static EventDetails detailsOf(MeshEvent event) {
    return read(event.type(), DocumentJson.parseObject(event.id(), event.json()).path("details"));
  }

  /** Returns the details; {@link EventDetails.UnknownDetails} if this version cannot read them. */
  static EventDetails read(MeshEvent.Type type, JsonNode json) {
    try {
      return details(type, json);
    } catch (InvalidRequestException
        | IllegalArgumentException
        | DateTimeException
        | IndexOutOfBoundsException otherForm) {
      return unknown(json);
    }
  }

  private static EventDetails details(MeshEvent.Type type, JsonNode json) {
    if (json.has("loggedIn")) {
      return DocumentCodec.of(EventDetails.EventReference.class).read(json);
    } else if (RECORDS.containsKey(type)) {
      return (EventDetails) DocumentCodec.of(RECORDS.get(type)).read(json);
    } else if (type.text().startsWith("rollout.")) {
      return DocumentCodec.of(EventDetails.RolloutChange.class).read(json);
    }
    return switch (type) {
      case CATALOG_ADDED, GUEST_ADMITTED ->
          json.has("table")
              ? DocumentCodec.of(EventDetails.CatalogLocation.class).read(json)
              : DocumentCodec.of(EventDetails.CatalogReference.class).read(json);
      case DOMAIN_REGISTERED, DOMAIN_AMENDED ->
          json.has("root")
              ? DocumentCodec.of(EventDetails.DataLocation.class).read(json)
              : noDetails(json);
      case SUBSCRIPTION_REGISTERED, SUBSCRIPTION_AMENDED ->
          DocumentCodec.of(EventDetails.SubscriptionRegistration.class).read(subscription(json));
      case SUBSCRIPTION_ENDED ->
          DocumentCodec.of(EventDetails.SubscriptionEnd.class).read(subscription(json));
      case RIGHTS_CHANGED -> rightsChange(json);
      case PRODUCT_PUBLISHED, PRODUCT_ROLLED_BACK, PRODUCT_BACK_FILLED, PRODUCT_ENGINE_COMMIT ->
          tableCommit(json);
      case PRODUCT_COMPACTED -> json.has("contractVersion") ? tableCommit(json) : maintenance(json);
      case PRODUCT_SNAPSHOTS_EXPIRED,
          PUBLISHES_FENCED,
          LOG_ARCHIVED,
          PRODUCT_ERASURE_PROVED,
          RECEIPTS_REDACTED,
          RECEIPTS_TRIMMED,
          MIRROR_APPLIED,
          PRODUCT_STAGED,
          PRODUCT_UNSTAGED,
          QUARANTINE_ERASED ->
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
      MeshEvent.Type type = MeshEvent.Type.of(change.path("event").asText());
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
