package io.meshwork.internal.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.MovedTables;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;

/** Reads the details of a log entry by the type of its event, and writes commits. Stateless. */
public final class EventDetailsCodec {
  private EventDetailsCodec() {}

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
    } catch (BackendException e) {
      if (e.errorCode() == ErrorCode.REGISTRY_VERSION) {
        return unknown(json);
      }
      throw e;
    }
  }

  private static EventDetails details(MeshEvent.Type type, JsonNode json) {
    if (json.has("partition")) {
      return DocumentCodec.of(EventDetails.EventReference.class).read(json);
    }
    Class<? extends Record> form =
        type.text().startsWith("rollout.") ? EventDetails.RolloutChange.class : form(type, json);
    if (form == EventDetails.RightsCommit.class) {
      return rightsChange(json);
    } else if (form == EventDetails.TableCommit.class) {
      return tableCommit(json);
    } else if (form == EventDetails.NoDetails.class && !json.isEmpty()) {
      return unknown(json);
    }
    return (EventDetails) DocumentCodec.of(form).read(json);
  }

  private static Class<? extends Record> form(MeshEvent.Type type, JsonNode json) {
    return switch (type) {
      case MESH_PLACED -> EventDetails.MeshLocation.class;
      case CATALOG_ADDED, GUEST_ADMITTED ->
          json.has("table")
              ? EventDetails.CatalogLocation.class
              : EventDetails.CatalogReference.class;
      case DOMAIN_REGISTERED, DOMAIN_AMENDED ->
          json.has("root") ? EventDetails.DataLocation.class : EventDetails.NoDetails.class;
      case PRODUCT_DEFINED -> EventDetails.ContractDefinition.class;
      case PRODUCT_AMENDED, PRODUCT_AMENDMENT_PROPOSED -> EventDetails.ContractVersionChange.class;
      case PRODUCT_PUBLISHED, PRODUCT_ROLLED_BACK, PRODUCT_BACK_FILLED, PRODUCT_ENGINE_COMMIT ->
          EventDetails.TableCommit.class;
      case PRODUCT_COMPACTED ->
          json.has("contractVersion")
              ? EventDetails.TableCommit.class
              : EventDetails.QuarantineCompaction.class;
      case PRODUCT_SNAPSHOTS_EXPIRED -> EventDetails.ExpiredSnapshots.class;
      case PRODUCT_ERASURE_PROVED -> EventDetails.ProvedErasure.class;
      case PRODUCT_STAGED -> EventDetails.StagedRowCounts.class;
      case PRODUCT_UNSTAGED -> EventDetails.UnstagedRows.class;
      case PRODUCT_LATE, PRODUCT_LATENESS_ESCALATED, PRODUCT_FRESH ->
          EventDetails.LatenessChange.class;
      case PRODUCT_SUSPENDED, PRODUCT_RESUMED -> EventDetails.SuspensionChange.class;
      case QUARANTINE_ERASED -> EventDetails.QuarantineErasure.class;
      case PUBLISHES_FENCED -> EventDetails.FencedPublishes.class;
      case LOG_ARCHIVED -> EventDetails.ArchivedEntries.class;
      case RECEIPTS_REDACTED, RECEIPTS_TRIMMED -> EventDetails.ChangedReceipts.class;
      case NOTIFIER_FORGOTTEN -> EventDetails.ForgottenNotifier.class;
      case MIRROR_APPLIED -> EventDetails.MirrorObjectCounts.class;
      case SUBSCRIPTION_REGISTERED, SUBSCRIPTION_AMENDED -> EventDetails.LoggedSubscription.class;
      case SUBSCRIPTION_ENDED -> EventDetails.SubscriptionEnd.class;
      case TAG_DEFINED -> EventDetails.AllowedTagValues.class;
      case TAGS_CHANGED -> EventDetails.TagAssignment.class;
      case GRANT_MADE, GRANT_AMENDED, GRANT_REVOKED -> EventDetails.GrantChange.class;
      case GRANT_ENDING, GRANT_ENDED -> EventDetails.GrantExpiration.class;
      case AUTHORIZATION_GIVEN, AUTHORIZATION_AMENDED, AUTHORIZATION_WITHDRAWN ->
          EventDetails.ChangedAuthorizations.class;
      case RIGHTS_CHANGED -> EventDetails.RightsCommit.class;
      case LINK_MADE, LINK_MOVED, LINK_REMOVED -> EventDetails.LinkChange.class;
      case ACCESS_COUNTED -> EventDetails.AccessCounts.class;
      case ACCESS_REQUESTED, ACCESS_AMENDED -> EventDetails.RequestedAccess.class;
      case ACCESS_ANSWERED, ACCESS_WITHDRAWN -> EventDetails.AccessReply.class;
      case ACCESS_APPROVED, ACCESS_DENIED, ACCESS_ASKED_BACK ->
          EventDetails.AccessRequestDecision.class;
      case ACCESS_REMINDED, ACCESS_EXPIRED -> EventDetails.UndecidedRequest.class;
      case SUGGESTION_MADE -> EventDetails.SuggestedImprovement.class;
      case SUGGESTION_ANSWERED -> EventDetails.SuggestionAnswer.class;
      case SUGGESTION_WITHDRAWN -> EventDetails.WithdrawnSuggestion.class;
      case APPROVAL_REQUESTED, APPROVAL_GIVEN -> EventDetails.LoggedStewardRequest.class;
      case STEWARD_APPOINTED, STEWARD_DISMISSED -> EventDetails.StewardChange.class;
      default -> EventDetails.NoDetails.class;
    };
  }

  private static EventDetails unknown(JsonNode json) {
    return new EventDetails.UnknownDetails(json.toString());
  }

  /** The majors of one publish are flat in its entry if there is one alone. */
  private static EventDetails tableCommit(JsonNode json) {
    ObjectNode commit = ((ObjectNode) json).deepCopy();
    ArrayNode majors = commit.putArray(MovedTables.MAJORS);
    MovedTables.of(json).forEach(table -> majors.add(table.details()));
    return DocumentCodec.of(EventDetails.TableCommit.class).read(commit);
  }

  /** Returns the details of a commit; details of one major version alone are flat. */
  public static ObjectNode write(EventDetails.TableCommit commit) {
    ObjectNode json = DocumentCodec.toJson(commit);
    if (commit.majors().size() == 1) {
      json.remove(MovedTables.MAJORS);
      DocumentCodec.set(json, commit.majors().get(0));
    }
    return json;
  }

  private static EventDetails rightsChange(JsonNode json) {
    List<EventDetails.RightsEvent> changes = new ArrayList<>();
    for (JsonNode change : json.path("changes")) {
      MeshEvent.Type type = MeshEvent.Type.of(change.path("event").asText());
      changes.add(
          new EventDetails.RightsEvent(
              type, change.path("subject").asText(), read(type, change.path("details"))));
    }
    return new EventDetails.RightsCommit(changes);
  }
}
