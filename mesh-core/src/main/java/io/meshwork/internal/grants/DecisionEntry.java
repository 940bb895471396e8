package io.meshwork.internal.grants;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.DocumentCodec;
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

  public static DecisionEntry of(VersionedDocument stored) {
    return DocumentCodec.of(DecisionEntry.class).read(stored);
  }

  /** Returns true if a document of an executor approves a request. An executor can only approve. */
  public static boolean isApproval(VersionedDocument executed) {
    return executed
        .readAs(DecisionEntry::of)
        .filter(decision -> decision.verdict == Verdict.APPROVED)
        .isPresent();
  }

  public ObjectNode json() {
    return DocumentCodec.of(DecisionEntry.class).write(this, Optional.empty());
  }

  /** Returns true if it approves this version of the request under this contract. */
  boolean approves(String version, String contractInForce) {
    return verdict == Verdict.APPROVED
        && requestVersion.equals(version)
        && contract.equals(contractInForce);
  }
}
