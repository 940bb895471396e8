package io.meshwork.internal.requests;

import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.requests.DecisionEntry.Verdict;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A request with what was decided on it. Immutable.
 *
 * @param request what is asked
 * @param stored its document
 * @param decisions what each person decided last, by their names, also on what was asked before
 * @param outcome what became of it; empty while it is not settled
 * @param decided the documents of the decisions, for checks
 */
public record RequestState(
    RequestEntry request,
    VersionedDocument stored,
    List<DecisionEntry> decisions,
    Optional<DecisionEntry> outcome,
    List<VersionedDocument> decided) {
  /** Where a request stands. */
  public enum State {
    /** Somebody has to decide. */
    WAITING,
    /** The requester has to answer. */
    ASKED_BACK,
    /** It is granted. */
    APPROVED,
    /** It is not granted. */
    DENIED,
    /** Nobody decided in time. */
    EXPIRED,
    /** It was taken back. */
    WITHDRAWN;

    /** True if it may still be decided on. */
    public boolean isOpen() {
      return this == WAITING || this == ASKED_BACK;
    }
  }

  /** Copies the decisions. */
  public RequestState {
    decisions = List.copyOf(decisions);
    decided = List.copyOf(decided);
  }

  /** Puts a request and the documents of its decisions together. */
  static RequestState of(VersionedDocument request, Collection<VersionedDocument> decisions) {
    RequestEntry entry = RequestEntry.of(request);
    String last = RegistryKeys.finalDecision(entry.product(), entry.id()).sort();
    return new RequestState(
        entry,
        request,
        decisions.stream()
            .filter(each -> !each.key().sort().equals(last))
            .map(DecisionEntry::of)
            .toList(),
        decisions.stream()
            .filter(each -> each.key().sort().equals(last))
            .map(DecisionEntry::of)
            .findFirst(),
        List.copyOf(decisions));
  }

  /** Where it stands at this time. */
  public State state(Instant at) {
    if (outcome.isPresent()) {
      return outcome.get().verdict() == Verdict.APPROVED ? State.APPROVED : State.DENIED;
    } else if (request.withdrawn()) {
      return State.WITHDRAWN;
    } else if (!at.isBefore(request.expiresAt())) {
      return State.EXPIRED;
    }
    return question().isPresent() ? State.ASKED_BACK : State.WAITING;
  }

  /** What was asked back and not answered yet. */
  public Optional<DecisionEntry> question() {
    return decisions.stream()
        .filter(each -> each.verdict() == Verdict.ASKED_BACK)
        .filter(each -> each.requestVersion().equals(stored.version()))
        .findFirst();
  }

  /**
   * The approvals that count: of the request as it is, under the contract as it is.
   *
   * @param contract the version of the document of the contract in force
   */
  public List<DecisionEntry> approvals(String contract) {
    return decisions.stream().filter(each -> each.approves(stored.version(), contract)).toList();
  }

  /** What this person decided last. */
  public Optional<DecisionEntry> decidedBy(Principal principal) {
    return decisions.stream().filter(each -> each.by().equals(principal)).findFirst();
  }

  /** The same with what one more person decides. */
  public RequestState with(DecisionEntry decision, Optional<DecisionEntry> settled) {
    List<DecisionEntry> all =
        new ArrayList<>(
            decisions.stream().filter(each -> !each.by().equals(decision.by())).toList());
    all.add(decision);
    return new RequestState(request, stored, all, settled, decided);
  }
}
