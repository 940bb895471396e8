package io.meshwork.internal.requests;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What one person decided on a request, or what became of it, as the registry keeps it. Immutable.
 *
 * @param verdict what was decided
 * @param by who decided
 * @param requestVersion the version of the request's document that was judged
 * @param contract the version of the document of the contract in force then, which says how
 *     sensitive what is asked is and how many approvals it takes
 * @param columns of an approval: the columns that it grants; none means all
 * @param conditions of an approval: all that a row must meet; they may hold values
 * @param until of an approval: the first instant at which the grant no longer holds
 * @param text the reason, or the question that was asked back
 * @param approvedBy of the final decision: all whose approval it rests on
 * @param grant of the final decision: what was granted
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
  /** What may be decided. */
  public enum Verdict {
    /** It is granted, as far as this person is asked. */
    APPROVED,
    /** Nothing is granted. */
    DENIED,
    /** The requester is asked something first. */
    ASKED_BACK
  }

  /** Copies the lists. */
  public DecisionEntry {
    columns = List.copyOf(columns);
    conditions = List.copyOf(conditions);
    approvedBy = List.copyOf(approvedBy);
  }

  /** A decision that grants nothing. */
  public static DecisionEntry without(
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

  /** As its document. */
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
    text.ifPresent(said -> json.put("text", said));
    if (!approvedBy.isEmpty()) {
      approvedBy.stream().map(Principal::toString).forEach(json.putArray("approvedBy")::add);
    }
    grant.ifPresent(granted -> json.set("grant", granted.json()));
    return json;
  }

  /** True if it is an approval of exactly this request, under this contract. */
  boolean approves(String version, String contractInForce) {
    return verdict == Verdict.APPROVED
        && requestVersion.equals(version)
        && contract.equals(contractInForce);
  }
}
