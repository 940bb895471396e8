package io.meshwork.sharing;

import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.ledger.Draft;
import io.meshwork.internal.rights.RequestDocuments;
import io.meshwork.internal.rights.RequestEntry;
import io.meshwork.internal.rights.RequestStanding;
import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.session.Session;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the requests that somebody may decide on, and those that he may answer or take back. */
final class RequestDesk {
  private final Session session;
  private final String doing;
  private final RequestDocuments documents;

  RequestDesk(Session session, String doing) {
    this.session = session;
    this.doing = doing;
    this.documents = new RequestDocuments(session.ledger(), session.catalog());
  }

  /** Those that the caller's domain decides on. */
  static List<AccessRequest> queue(Session session) {
    String doing = "list requests";
    session.checkOpen(doing);
    RequestDesk desk = new RequestDesk(session, doing);
    return desk.shown(desk.documents.to(desk.own()));
  }

  /** Those of the caller's domain. */
  static List<AccessRequest> own(Session session) {
    String doing = "list own requests";
    session.checkOpen(doing);
    RequestDesk desk = new RequestDesk(session, doing);
    return desk.shown(desk.documents.of(desk.own()));
  }

  /** Open ones first, and of those the oldest. */
  private List<AccessRequest> shown(List<RequestStanding> standings) {
    RequestViews views = new RequestViews(session, doing);
    Instant now = session.runtime().clock().instant();
    return standings.stream()
        .map(each -> views.of(each, now))
        .sorted(
            Comparator.comparing((AccessRequest each) -> !each.isOpen())
                .thenComparing(AccessRequest::askedAt)
                .thenComparing(AccessRequest::id))
        .toList();
  }

  /** The caller's domain. */
  String own() {
    return session.admission().ownDomain(doing).domain();
  }

  /**
   * A request that the caller may decide on.
   *
   * @throws AccessDeniedException if it is his own, or another domain's to decide
   * @throws NotFoundException if there is none
   */
  RequestStanding toDecide(String id) {
    String own = own();
    RequestStanding standing =
        documents
            .find(own, id)
            .orElseThrow(
                () ->
                    documents
                        .findOf(own, id)
                        .map(RequestStanding::request)
                        .<MeshException>map(this::notHisToDecide)
                        .orElseGet(() -> unknown(id, "requests()")));
    session.admission().actsFor(standing.request().product().domain(), doing);
    if (standing.request().requester().equals(session.principal())) {
      throw notHisToDecide(standing.request());
    }
    return standing;
  }

  /**
   * A request that the caller's domain asked.
   *
   * @throws NotFoundException if there is none
   */
  RequestStanding asked(String id) {
    return documents.findOf(own(), id).orElseThrow(() -> unknown(id, "ownRequests()"));
  }

  /**
   * Goes on only with a request that is not settled.
   *
   * @throws ConflictException otherwise, saying what became of it
   */
  void requireOpen(RequestStanding standing, Instant at) {
    RequestStanding.State state = standing.state(at);
    if (!state.isOpen()) {
      throw new ConflictException(
          ErrorCode.STATE_CONFLICT,
          "Cannot "
              + doing
              + ": it is "
              + state
              + switch (state) {
                case EXPIRED -> " since " + standing.request().expiresAt();
                case APPROVED, DENIED ->
                    " by " + standing.outcome().map(each -> each.by().toString()).orElse("");
                default -> "";
              }
              + ". Nothing was changed. "
              + (state == RequestStanding.State.APPROVED
                  ? "What was granted by it is taken back with revoke(..)."
                  : "Whoever still needs it asks again with requestAccess(\""
                      + standing.request().product()
                      + "\")."),
          false);
    }
  }

  /**
   * Goes on only with what was looked at, if something was.
   *
   * @throws ConflictException if it was asked in other terms since, or the contract says otherwise
   *     how sensitive it is
   */
  void requireAsLookedAt(@Nullable AccessRequest lookedAt, AccessRequest now) {
    if (lookedAt == null) {
      return;
    }
    Optional<String> since = Optional.empty();
    if (lookedAt.revision() != now.revision()) {
      since =
          Optional.of(
              "it is revision "
                  + now.revision()
                  + " now, for "
                  + (now.columns().isEmpty() ? "all columns" : "columns " + now.columns())
                  + ", and revision "
                  + lookedAt.revision()
                  + " was looked at");
    } else if (lookedAt.risk() != now.risk()
        || !lookedAt.riskyColumns().equals(now.riskyColumns())) {
      since =
          Optional.of(
              "the contract was amended: it asks for what is "
                  + now.risk()
                  + " in "
                  + now.riskyColumns()
                  + " now, and was looked at as "
                  + lookedAt.risk()
                  + " in "
                  + lookedAt.riskyColumns());
    }
    since.ifPresent(
        what -> {
          throw new ConflictException(
              ErrorCode.STATE_CONFLICT,
              "Cannot "
                  + doing
                  + ": "
                  + what
                  + ". Nothing was changed. Look at it again with requests(), and decide on that.",
              false);
        });
  }

  /**
   * Goes on only with an open request on which something was asked back.
   *
   * @throws ConflictException otherwise
   */
  void requireQuestion(RequestStanding standing) {
    if (standing.question().isEmpty()) {
      throw new ConflictException(
          ErrorCode.STATE_CONFLICT,
          "Cannot "
              + doing
              + ": nothing was asked back that is not answered. Nothing was changed, and what was"
              + " approved stays. Say more with another purpose in requestAccess(\""
              + standing.request().product()
              + "\"), which has to be approved anew.",
          false);
    }
  }

  /** An id as it was given. */
  static String id(@Nullable String given) {
    return Arguments.shortText("id", given, "Take an id from requests() or ownRequests().");
  }

  /**
   * What has to be said before anything is done.
   *
   * @throws InvalidRequestException if it was not
   */
  static String said(@Nullable String text, String how, String doing) {
    if (text == null) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot "
              + doing
              + ": "
              + how
              + " was not said. Nothing was changed. Say it; the other side is told.");
    }
    return text;
  }

  /** Draws up what is logged of every change of a request. */
  static Draft<AccessRequest> draft(
      Session session, String event, RequestEntry request, RequestViews.OfProduct of) {
    return Draft.<AccessRequest>of(event, session.principal(), request.product().toString())
        .detail("request", request.id())
        .detail("domain", request.domain())
        .detail("risk", of.data(request).risk().name());
  }

  private AccessDeniedException notHisToDecide(RequestEntry request) {
    Principal caller = session.principal();
    boolean own = request.requester().equals(caller);
    String owner = request.product().domain();
    Optional<String> contact =
        session.catalog().findDomain(owner).map(entry -> entry.domain().steward());
    return session.denied(
        request.product().toString(), doing, refused(request, own, contact, owner));
  }

  private AccessDeniedException refused(
      RequestEntry request, boolean own, Optional<String> contact, String owner) {
    return new AccessDeniedException(
        own ? ErrorCode.ACCESS_DENIED : ErrorCode.NOT_OWNER,
        "Cannot "
            + doing
            + " as "
            + session.principal()
            + ": "
            + (own
                ? "it is its own request, and nobody decides on a request of his own"
                : "it asks for "
                    + request.product()
                    + ", and only those who act for domain '"
                    + owner
                    + "' decide on that")
            + ". Nothing was changed. Ask "
            + contact.orElse(owner)
            + (own ? "; take it back with withdraw(..)." : "."),
        "another person's decision for domain '" + owner + "'",
        contact.stream().toList());
  }

  private NotFoundException unknown(String id, String where) {
    boolean looksLikeOne = id.length() == 36;
    return new NotFoundException(
        ErrorCode.NOT_FOUND,
        "Cannot "
            + doing
            + " as "
            + session.principal()
            + ": there is no such request that "
            + (where.equals("requests()") ? "its domain decides on" : "its domain asked")
            + (looksLikeOne ? "" : ", and this is not the id of one")
            + ". Nothing was changed. Take an id from "
            + where
            + ".",
        null);
  }
}
