package io.meshwork.sharing;

import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.ledger.Draft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.rights.RequestEntry;
import io.meshwork.internal.rights.RequestStanding;
import io.meshwork.internal.session.Session;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/** Changes a request of the caller's domain, as long as nothing is settled. */
final class OwnRequestChange {
  private final Session session;
  private final String id;
  private final String doing;
  private final RequestChange change;

  OwnRequestChange(Session session, String id, String doing) {
    this.session = session;
    this.id = id;
    this.doing = doing;
    this.change = new RequestChange(session, doing);
  }

  /**
   * Does it.
   *
   * @param event how the log calls it
   * @param text what is said with it, for the log
   * @param rule refuses an open request that this cannot be done with
   * @param how gives the request as it is then; the same if it is so already
   */
  AccessRequest commit(
      String event,
      Optional<String> text,
      BiConsumer<RequestDesk, RequestStanding> rule,
      UnaryOperator<RequestEntry> how) {
    return change.commit(
        attempt -> draft(attempt, event, text, rule, how),
        () -> new RequestDesk(session, doing).asked(id).stored().key().partition());
  }

  private Draft<AccessRequest> draft(
      Ledger.Attempt attempt,
      String event,
      Optional<String> text,
      BiConsumer<RequestDesk, RequestStanding> rule,
      UnaryOperator<RequestEntry> how) {
    RequestDesk desk = new RequestDesk(session, doing);
    RequestStanding standing = desk.asked(id);
    RequestEntry request = how.apply(standing.request());
    RequestViews views = new RequestViews(session, doing);
    boolean isSo = request.equals(standing.request()) && standing.question().isEmpty();
    if (isSo && standing.outcome().isEmpty()) {
      return Draft.settled(views.of(standing, attempt.now()));
    }
    desk.requireOpen(standing, attempt.now());
    rule.accept(desk, standing);
    Stored written = new Stored(standing.stored().key(), request.json(), attempt.id());
    Draft<AccessRequest> draft =
        RequestDesk.draft(session, event, request, views.product(request.product()));
    text.ifPresent(said -> draft.detail("text", said));
    draft.replace(standing.stored(), written.json());
    draft.checkAbsent(Keys.finalDecision(request.product(), id));
    return draft.result(
        views.of(
            new RequestStanding(
                request, written, standing.decisions(), Optional.empty(), List.of()),
            attempt.now()));
  }
}
