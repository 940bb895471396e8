package io.meshwork.internal.grants;

import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.grants.DecisionEntry.Verdict;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.registry.Registry.Key;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A request with its decisions. Immutable.
 *
 * @param request the request
 * @param stored its document
 * @param decisions the last decision of each principal, also on earlier revisions
 * @param outcome the final decision; empty if there is none
 * @param decisionDocuments the documents of the decisions, for checks
 * @param undecided the keys of the final decisions, of owner and executors, that do not exist, and
 *     the key of the executors that may decide if there are none
 */
public record RequestState(
    RequestEntry request,
    VersionedDocument stored,
    List<DecisionEntry> decisions,
    Optional<DecisionEntry> outcome,
    List<VersionedDocument> decisionDocuments,
    List<Key> undecided) {
  /** The state of a request. */
  public enum State {
    /** The owner has to decide. */
    WAITING,
    /** The requester has to answer a question. */
    ASKED_BACK,
    /** It was granted. */
    APPROVED,
    /** It was denied. */
    DENIED,
    /** It was not decided in time. */
    EXPIRED,
    /** The requester's domain withdrew it. */
    WITHDRAWN;

    /** Returns true if it can still be decided. */
    public boolean isOpen() {
      return this == WAITING || this == ASKED_BACK;
    }
  }

  public RequestState {
    decisions = List.copyOf(decisions);
    decisionDocuments = List.copyOf(decisionDocuments);
    undecided = List.copyOf(undecided);
  }

  /**
   * Returns a request that was changed, and is open.
   *
   * @param decisions the decisions on earlier revisions
   */
  static RequestState open(
      RequestEntry request, VersionedDocument stored, List<DecisionEntry> decisions) {
    return new RequestState(request, stored, decisions, Optional.empty(), List.of(), List.of());
  }

  /**
   * Makes a commit fail if the owner or an executor decides the request before.
   *
   * @param draft the commit
   */
  void requireUndecided(CommitDraft<?> draft) {
    undecided.forEach(draft::checkAbsent);
    Key deciders = RegistryKeys.deciders(request.product(), request.id());
    decisionDocuments.stream().filter(each -> each.key().equals(deciders)).forEach(draft::check);
  }

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

  /** Returns the open question; empty if there is none. */
  public Optional<DecisionEntry> question() {
    return decisions.stream()
        .filter(each -> each.verdict() == Verdict.ASKED_BACK)
        .filter(each -> each.requestVersion().equals(stored.version()))
        .findFirst();
  }

  /**
   * Returns the approvals of the current version of the request under a contract.
   *
   * @param contract the document version of the current contract
   */
  public List<DecisionEntry> approvals(String contract) {
    return decisions.stream().filter(each -> each.approves(stored.version(), contract)).toList();
  }

  /** Returns the request with another decision. */
  public RequestState with(DecisionEntry decision, Optional<DecisionEntry> finalDecision) {
    List<DecisionEntry> all =
        new ArrayList<>(
            decisions.stream().filter(each -> !each.by().equals(decision.by())).toList());
    all.add(decision);
    return new RequestState(request, stored, all, finalDecision, decisionDocuments, undecided);
  }
}
