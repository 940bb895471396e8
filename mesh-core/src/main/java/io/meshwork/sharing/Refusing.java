package io.meshwork.sharing;

import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.ledger.Draft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.rights.DecisionEntry;
import io.meshwork.internal.rights.DecisionEntry.Verdict;
import io.meshwork.internal.rights.RequestEntry;
import io.meshwork.internal.rights.RequestStanding;
import io.meshwork.internal.session.Session;
import io.meshwork.registry.Registry.Key;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides on a request without granting anything: denies it, or asks back. */
final class Refusing {
  private final Session session;
  private final String id;
  private final @Nullable AccessRequest lookedAt;
  private final Verdict verdict;
  private final String doing;
  private final RequestChange change;

  /** Of any revision, or only of the one that was looked at. */
  Refusing(
      Session session, String id, @Nullable AccessRequest lookedAt, Verdict verdict, String doing) {
    this.session = session;
    this.id = id;
    this.lookedAt = lookedAt;
    this.verdict = verdict;
    this.doing = doing;
    this.change = new RequestChange(session, doing);
  }

  AccessRequest commit(String because) {
    return change.commit(
        attempt -> draft(attempt, because),
        () -> Keys.partition(new RequestDesk(session, doing).toDecide(id).request().product()));
  }

  private Draft<AccessRequest> draft(Ledger.Attempt attempt, String because) {
    RequestDesk desk = new RequestDesk(session, doing);
    RequestStanding standing = desk.toDecide(id);
    RequestEntry request = standing.request();
    RequestViews views = new RequestViews(session, doing);
    if (saidAlready(standing, because)) {
      return Draft.settled(views.of(standing, attempt.now()));
    }
    desk.requireOpen(standing, attempt.now());
    desk.requireAsLookedAt(lookedAt, views.of(standing, attempt.now()));
    RequestViews.OfProduct of = views.product(request.product());
    DecisionEntry decision =
        DecisionEntry.without(
            verdict,
            session.principal(),
            standing.stored().version(),
            of.contractVersion(),
            because);
    boolean isLast = verdict == Verdict.DENIED;
    Draft<AccessRequest> draft =
        RequestDesk.draft(
            session,
            verdict == Verdict.DENIED ? "access.denied" : "access.asked-back",
            request,
            of);
    draft.detail("requester", request.requester().toString()).detail("because", because);
    draft.check(standing.stored()).check(of.owner().stored());
    put(draft, Keys.decision(request.product(), id, session.principal()), decision);
    Key last = Keys.finalDecision(request.product(), id);
    if (isLast) {
      draft.insert(last, decision.json());
    } else {
      draft.checkAbsent(last);
    }
    return draft.result(
        views.of(
            standing.with(decision, isLast ? Optional.of(decision) : Optional.empty()),
            attempt.now()));
  }

  /** True if this person said just this, and nothing came after it. */
  private boolean saidAlready(RequestStanding standing, String because) {
    Optional<DecisionEntry> last =
        verdict == Verdict.DENIED ? standing.outcome() : standing.question();
    return last.filter(each -> each.verdict() == verdict)
        .filter(each -> each.by().equals(session.principal()))
        .filter(each -> each.text().equals(Optional.of(because)))
        .isPresent();
  }

  private void put(Draft<AccessRequest> draft, Key key, DecisionEntry decision) {
    Optional<Stored> before = session.ledger().read(key);
    if (before.isPresent()) {
      draft.replace(before.get(), decision.json());
    } else {
      draft.insert(key, decision.json());
    }
  }
}
