package io.meshwork.internal.grants;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One principal's decision on a request, or the final decision, as the registry stores it.
 * Immutable.
 *
 * @param verdict the verdict
 * @param by who decided
 * @param requestVersion the version of the request's document
 * @param contract the document version of the current contract, which sets the classifications and
 *     the number of approvals
 * @param columns the columns that an approval grants; empty for all
 * @param conditions the row conditions of an approval, joined by AND; they may hold values
 * @param until the exclusive end of an approval
 * @param text the reason, or the question
 * @param approvedBy who approved; of a final decision only
 * @param grant the grant; of a final approval only
 */
public record DecisionEntry(
    Verdict verdict,
    Principal by,
    String requestVersion,
    String contract,
    List<String> columns,
    List<String> conditions,
    Optional<Instant> until,
    Optional<String> text,
    List<Principal> approvedBy,
    Optional<StoredGrant> grant) {
  /** A verdict. */
  public enum Verdict {
    /** The principal approves the request. */
    APPROVED,
    /** The request is denied. */
    DENIED,
    /** The requester has to answer a question first. */
    ASKED_BACK
  }

  /** Copies the lists. */
  public DecisionEntry {
    columns = List.copyOf(columns);
    conditions = List.copyOf(conditions);
    approvedBy = List.copyOf(approvedBy);
  }

  /** Creates a decision that grants nothing. */
  static DecisionEntry withoutGrant(
      Verdict verdict, Principal by, String requestVersion, String contract, String text) {
    return new DecisionEntry(
        verdict,
        by,
        requestVersion,
        contract,
        List.of(),
        List.of(),
        Optional.empty(),
        Optional.of(text),
        List.of(),
        Optional.empty());
  }

  /** Reads its document. */
  public static DecisionEntry of(VersionedDocument stored) {
    ObjectNode json = stored.json();
    return new DecisionEntry(
        Verdict.valueOf(json.path("verdict").asText()),
        RequestEntry.principal(json.path("by").asText()),
        json.path("requestVersion").asText(),
        json.path("contract").asText(),
        StoredGrant.texts(json.path("columns")),
        StoredGrant.texts(json.path("conditions")),
        StoredGrant.text(json, "until").map(Instant::parse),
        StoredGrant.text(json, "text"),
        StoredGrant.texts(json.path("approvedBy")).stream().map(RequestEntry::principal).toList(),
        json.path("grant") instanceof ObjectNode grant
            ? Optional.of(
                StoredGrant.of(new VersionedDocument(stored.key(), grant, stored.version())))
            : Optional.empty());
  }

  /** Returns true if a document of an executor approves a request. An executor can only approve. */
  public static boolean isApproval(VersionedDocument executed) {
    return executed
        .readAs(DecisionEntry::of)
        .filter(decision -> decision.verdict == Verdict.APPROVED)
        .isPresent();
  }

  /** Returns its document. */
  public ObjectNode json() {
    ObjectNode json =
        DocumentJson.create()
            .put("verdict", verdict.name())
            .put("by", by.toString())
            .put("requestVersion", requestVersion)
            .put("contract", contract);
    if (!columns.isEmpty()) {
      columns.forEach(json.putArray("columns")::add);
    }
    if (!conditions.isEmpty()) {
      conditions.forEach(json.putArray("conditions")::add);
    }
    until.ifPresent(end -> json.put("until", end.toString()));
    text.ifPresent(value -> json.put("text", value));
    if (!approvedBy.isEmpty()) {
      approvedBy.stream().map(Principal::toString).forEach(json.putArray("approvedBy")::add);
    }
    grant.ifPresent(value -> json.set("grant", value.json()));
    return json;
  }

  /** Returns true if it approves this version of the request under this contract. */
  boolean approves(String version, String contractInForce) {
    return verdict == Verdict.APPROVED
        && requestVersion.equals(version)
        && contract.equals(contractInForce);
  }
}
