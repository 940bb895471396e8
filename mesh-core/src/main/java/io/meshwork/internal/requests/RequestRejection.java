package io.meshwork.internal.requests;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.requests.DecisionEntry.Verdict;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.registry.Registry.Key;
import io.meshwork.request.AccessRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides on a request without granting anything: denies it, or asks back. */
final class RequestRejection {
  private final ClientSession session;
  private final String id;
  private final @Nullable AccessRequest lookedAt;
  private final Verdict verdict;
  private final MeshAction action;
  private final RequestChange change;

  /** Of any revision, or only of the one that was looked at. */
  RequestRejection(
      ClientSession session,
      String id,
      @Nullable AccessRequest lookedAt,
      Verdict verdict,
      MeshAction action) {
    this.session = session;
    this.id = id;
    this.lookedAt = lookedAt;
    this.verdict = verdict;
    this.action = action;
    this.change = new RequestChange(session, action);
  }

  AccessRequest commit(String because) {
    return change.commit(
        attempt -> draft(attempt, because),
        () ->
            RegistryKeys.partition(
                new RequestQueue(session, action).toDecide(id).request().product()));
  }

  private CommitDraft<AccessRequest> draft(Ledger.Attempt attempt, String because) {
    RequestQueue desk = new RequestQueue(session, action);
    RequestState standing = desk.toDecide(id);
    RequestEntry request = standing.request();
    RequestViews views = new RequestViews(session, action);
    if (saidAlready(standing, because)) {
      return CommitDraft.unchanged(views.of(standing, attempt.clock()));
    }
    desk.requireOpen(standing, attempt.clock());
    desk.requireAsLookedAt(lookedAt, views.of(standing, attempt.clock()));
    RequestViews.OfProduct of = views.product(request.product());
    DecisionEntry decision =
        DecisionEntry.without(
            verdict,
            session.principal(),
            standing.stored().version(),
            of.contractVersion(),
            because);
    boolean isLast = verdict == Verdict.DENIED;
    CommitDraft<AccessRequest> draft =
        RequestQueue.draft(
            session,
            verdict == Verdict.DENIED ? "access.denied" : "access.asked-back",
            request,
            of);
    draft.detail("requester", request.requester().toString()).detail("because", because);
    draft.check(standing.stored()).check(of.owner().stored());
    put(draft, RegistryKeys.decision(request.product(), id, session.principal()), decision);
    Key last = RegistryKeys.finalDecision(request.product(), id);
    if (isLast) {
      draft.insert(last, decision.json());
    } else {
      draft.checkAbsent(last);
    }
    return draft.result(
        views.of(
            standing.with(decision, isLast ? Optional.of(decision) : Optional.empty()),
            attempt.clock()));
  }

  /** True if this person said just this, and nothing came after it. */
  private boolean saidAlready(RequestState standing, String because) {
    Optional<DecisionEntry> last =
        verdict == Verdict.DENIED ? standing.outcome() : standing.question();
    return last.filter(each -> each.verdict() == verdict)
        .filter(each -> each.by().equals(session.principal()))
        .filter(each -> each.text().equals(Optional.of(because)))
        .isPresent();
  }

  private void put(CommitDraft<AccessRequest> draft, Key key, DecisionEntry decision) {
    Optional<VersionedDocument> before = session.ledger().read(key);
    if (before.isPresent()) {
      draft.replace(before.get(), decision.json());
    } else {
      draft.insert(key, decision.json());
    }
  }
}
