package io.meshwork.internal.requests;

import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Operation;
import io.meshwork.product.Principal;
import io.meshwork.request.AccessRequest;
import io.meshwork.request.RequestAccess;
import io.meshwork.request.RequestClient;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the requests that a principal may decide, answer or withdraw, and begins changes of them.
 */
public final class RequestQueue {
  private final ClientSession session;
  private final MeshAction action;
  private final RequestDocuments documents;

  /** For one action of one session. */
  public RequestQueue(ClientSession session, MeshAction action) {
    this.session = session;
    this.action = action;
    this.documents = new RequestDocuments(session.ledger(), session.catalog());
  }

  /** Those that the caller's domain decides on. */
  public static List<AccessRequest> queue(ClientSession session) {
    MeshAction action = MeshAction.of(Verb.LIST, "requests");
    session.checkOpen(action);
    RequestQueue desk = new RequestQueue(session, action);
    return desk.views(desk.documents.to(desk.own()));
  }

  /** Those of the caller's domain. */
  public static List<AccessRequest> own(ClientSession session) {
    MeshAction action = MeshAction.of(Verb.LIST, "own requests");
    session.checkOpen(action);
    RequestQueue desk = new RequestQueue(session, action);
    return desk.views(desk.documents.of(desk.own()));
  }

  /** Begins a request. */
  public static RequestAccess request(ClientSession session, @Nullable CharSequence product) {
    return RequestCreation.of(session, product);
  }

  /** Begins a denial of a request, in any revision. */
  public static RequestClient.Decide deny(ClientSession session, @Nullable String id) {
    return RequestDecision.deny(session, id);
  }

  /** Begins a denial of a request as it was reviewed. */
  public static RequestClient.Decide deny(ClientSession session, @Nullable AccessRequest reviewed) {
    return RequestDecision.deny(session, reviewed);
  }

  /** Begins a question about a request. */
  public static RequestClient.Decide requestClarification(
      ClientSession session, @Nullable String id) {
    return RequestDecision.requestClarification(session, id);
  }

  /** Begins an answer to a question. */
  public static RequestClient.Respond respond(ClientSession session, @Nullable String id) {
    return RequestAnswer.of(session, id);
  }

  /** Withdraws a request of the caller's domain. */
  public static Operation<AccessRequest> withdraw(ClientSession session, @Nullable String id) {
    return new RequestWithdrawal(session, id(id));
  }

  /** Open ones first, and of those the oldest. */
  private List<AccessRequest> views(List<RequestState> standings) {
    RequestViews views = new RequestViews(session, action);
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
  public String own() {
    return session.authorizer().requireOwnDomain(action).domain();
  }

  /**
   * A request that the caller may decide on.
   *
   * @throws AccessDeniedException if it is his own, or another domain's to decide
   * @throws NotFoundException if there is none
   */
  public RequestState toDecide(String id) {
    String own = own();
    RequestState standing =
        documents
            .find(own, id)
            .orElseThrow(
                () ->
                    documents
                        .findOf(own, id)
                        .map(RequestState::request)
                        .<MeshException>map(this::notHisToDecide)
                        .orElseGet(() -> unknown(id, "requests().received()")));
    session.authorizer().requireDecider(standing.request().product(), action);
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
  RequestState openQuestion(String id) {
    return documents.findOf(own(), id).orElseThrow(() -> unknown(id, "requests().sent()"));
  }

  /**
   * Goes on only with a request that is not settled.
   *
   * @throws ConflictException otherwise, saying what became of it
   */
  public void requireOpen(RequestState standing, Instant at) {
    RequestState.State state = standing.state(at);
    if (!state.isOpen()) {
      throw new ConflictException(
          ErrorCode.STATE_CONFLICT,
          "Cannot "
              + action
              + ": it is "
              + state
              + switch (state) {
                case EXPIRED -> " since " + standing.request().expiresAt();
                case APPROVED, DENIED ->
                    " by " + standing.outcome().map(each -> each.by().toString()).orElse("");
                default -> "";
              }
              + ". Nothing was changed. "
              + (state == RequestState.State.APPROVED
                  ? "What was granted by it is taken back with access().revoke(..)."
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
  public void requireAsLookedAt(@Nullable AccessRequest lookedAt, AccessRequest now) {
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
                  + action
                  + ": "
                  + what
                  + ". Nothing was changed. Look at it again with requests().received(), and decide on that.",
              false);
        });
  }

  /**
   * Goes on only with an open request on which something was asked back.
   *
   * @throws ConflictException otherwise
   */
  void requireQuestion(RequestState standing) {
    if (standing.question().isEmpty()) {
      throw new ConflictException(
          ErrorCode.STATE_CONFLICT,
          "Cannot "
              + action
              + ": nothing was asked back that is not answered. Nothing was changed, and what was"
              + " approved stays. Say more with another purpose in requestAccess(\""
              + standing.request().product()
              + "\"), which has to be approved anew.",
          false);
    }
  }

  /** An id as it was given. */
  public static String id(@Nullable String given) {
    return ArgumentChecks.shortText(
        "id", given, "Take an id from requests().received() or requests().sent().");
  }

  /**
   * What has to be said before anything is done.
   *
   * @throws InvalidRequestException if it was not
   */
  static String requiredText(@Nullable String text, String how, MeshAction action) {
    if (text == null) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot "
              + action
              + ": "
              + how
              + " was not said. Nothing was changed. Say it; the other side is told.");
    }
    return text;
  }

  /** Draws up what is logged of every change of a request. */
  static CommitDraft<AccessRequest> draft(
      ClientSession session, String event, RequestEntry request, RequestViews.OfProduct of) {
    return CommitDraft.<AccessRequest>of(event, session.principal(), request.product().toString())
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
        request.product().toString(), action, refused(request, own, contact, owner));
  }

  private AccessDeniedException refused(
      RequestEntry request, boolean own, Optional<String> contact, String owner) {
    return new AccessDeniedException(
        own ? ErrorCode.ACCESS_DENIED : ErrorCode.NOT_OWNER,
        "Cannot "
            + action
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
            + action
            + " as "
            + session.principal()
            + ": there is no such request that "
            + (where.equals("requests().received()") ? "its domain decides on" : "its domain asked")
            + (looksLikeOne ? "" : ", and this is not the id of one")
            + ". Nothing was changed. Take an id from "
            + where
            + ".",
        null);
  }
}
