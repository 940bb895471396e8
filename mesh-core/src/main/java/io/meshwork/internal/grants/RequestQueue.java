package io.meshwork.internal.grants;

import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshException;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import io.meshwork.request.AccessRequest;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the requests that a principal may decide, answer or withdraw. For one thread. */
final class RequestQueue {
  private static final int UUID_LENGTH = 36;

  private final ClientSession session;
  private final MeshAction action;
  private final RequestDocuments documents;

  /** Creates it for one action of a session. */
  RequestQueue(ClientSession session, MeshAction action) {
    this.session = session;
    this.action = action;
    this.documents = new RequestDocuments(session.ledger(), session.catalog());
  }

  /** Returns the requests that the caller's domain decides on. */
  List<AccessRequest> received() {
    return views(documents.to(callerDomain()));
  }

  /** Returns the requests of the caller's domain. */
  List<AccessRequest> sent() {
    return views(documents.of(callerDomain()));
  }

  /** Returns the newest request of the caller's domain for a product; empty if there is none. */
  Optional<AccessRequest> newest(ProductName product) {
    return session
        .catalog()
        .findAvailableAccount(session.principal().account())
        .filter(account -> !account.domain().equals(product.domain()))
        .flatMap(
            account ->
                documents.of(account.domain(), product.domain()).stream()
                    .filter(state -> state.request().product().equals(product))
                    .max(Comparator.comparing(state -> state.request().askedAt())))
        .flatMap(state -> views(List.of(state)).stream().findFirst());
  }

  /** Returns open requests first, and older ones before newer ones. */
  private List<AccessRequest> views(List<RequestState> states) {
    RequestViews views = new RequestViews(session, action);
    Instant now = session.runtime().clock().instant();
    return states.stream()
        .map(each -> views.of(each, now))
        .sorted(
            Comparator.comparing((AccessRequest each) -> !each.isOpen())
                .thenComparing(AccessRequest::askedAt)
                .thenComparing(AccessRequest::id))
        .toList();
  }

  /** Returns the caller's domain. */
  String callerDomain() {
    return session.authorizer().requireOwnDomain(action).domain();
  }

  /**
   * Returns a request that the caller may decide.
   *
   * @throws AccessDeniedException if it is the caller's own request, or another domain decides it
   * @throws NotFoundException if the request does not exist
   */
  RequestState requireDecidable(String id) {
    String domain = callerDomain();
    RequestState state =
        documents
            .find(domain, id)
            .orElseThrow(
                () ->
                    documents
                        .findSent(domain, id)
                        .map(RequestState::request)
                        .<MeshException>map(this::notDecider)
                        .orElseGet(
                            () -> notFound(id, "its domain decides", "requests().received()")));
    session.authorizer().requireDecider(state.request().product(), action);
    if (state.request().requester().equals(session.principal())) {
      throw notDecider(state.request());
    }
    return state;
  }

  /**
   * Returns a request of the caller's domain.
   *
   * @throws NotFoundException if the request does not exist
   */
  RequestState requireSent(String id) {
    return documents
        .findSent(callerDomain(), id)
        .orElseThrow(() -> notFound(id, "its domain sent", "requests().sent()"));
  }

  /**
   * Requires a request that is not decided, withdrawn or expired.
   *
   * @throws ConflictException otherwise; the message names the state
   */
  void requireOpen(RequestState requestState, Instant at) {
    RequestState.State state = requestState.state(at);
    if (!state.isOpen()) {
      throw Failure.of(action)
          .because(
              "it is "
                  + state
                  + switch (state) {
                    case EXPIRED -> " since " + requestState.request().expiresAt();
                    case APPROVED, DENIED ->
                        " by "
                            + requestState.outcome().map(each -> each.by().toString()).orElse("");
                    default -> "";
                  })
          .fix(
              state == RequestState.State.APPROVED
                  ? "Revoke the grant with revoke(..)."
                  : "Send a new request with requests().requestAccess(\""
                      + requestState.request().product()
                      + "\").")
          .lastingConflict(ErrorCode.STATE_CONFLICT);
    }
  }

  /**
   * Requires a request that is unchanged since its review.
   *
   * @param reviewed the reviewed request; null to skip the check
   * @throws ConflictException if the request was amended since, or the contract now classifies the
   *     requested columns differently
   */
  void requireUnchanged(@Nullable AccessRequest reviewed, AccessRequest current) {
    if (reviewed == null) {
      return;
    }
    Optional<String> difference = Optional.empty();
    if (reviewed.revision() != current.revision()) {
      difference =
          Optional.of(
              "it is revision "
                  + current.revision()
                  + " now, for "
                  + (current.columns().isEmpty() ? "all columns" : "columns " + current.columns())
                  + ", and revision "
                  + reviewed.revision()
                  + " was reviewed");
    } else if (reviewed.risk() != current.risk()
        || !reviewed.riskyColumns().equals(current.riskyColumns())) {
      difference =
          Optional.of(
              "the contract was amended: the request is for "
                  + current.risk()
                  + " data in "
                  + current.riskyColumns()
                  + " now, and was reviewed as "
                  + reviewed.risk()
                  + " in "
                  + reviewed.riskyColumns());
    }
    difference.ifPresent(
        reason -> {
          throw Failure.of(action)
              .because(reason)
              .fix("Review it again with requests().received(), and decide then.")
              .lastingConflict(ErrorCode.STATE_CONFLICT);
        });
  }

  /**
   * Requires a request with an open question.
   *
   * @throws ConflictException otherwise
   */
  void requireOpenQuestion(RequestState state) {
    if (state.question().isEmpty()) {
      throw Failure.of(action)
          .because("it has no open question")
          .state("Nothing was changed, and earlier approvals still count.")
          .fix(
              "To add information, amend the purpose with requests().requestAccess(\""
                  + state.request().product()
                  + "\"); the request then needs new approvals.")
          .lastingConflict(ErrorCode.STATE_CONFLICT);
    }
  }

  /** Returns the ID of a request, whether or not there is one. */
  static String requireId(@Nullable String argument) {
    return ArgumentChecks.shortText(
        "id", argument, "Take an id from requests().received() or requests().sent().");
  }

  private AccessDeniedException notDecider(RequestEntry request) {
    boolean isOwn = request.requester().equals(session.principal());
    String owner = request.product().domain();
    Optional<String> contact =
        session.catalog().findDomain(owner).map(entry -> entry.domain().steward());
    AccessDeniedException denied =
        Failure.of(action.on("as " + session.principal()))
            .because(
                isOwn
                    ? "it is its own request, which another principal must decide"
                    : "it is a request for "
                        + request.product()
                        + ", which only accounts of domain '"
                        + owner
                        + "' decide")
            .fix(
                "Ask "
                    + contact.orElse(owner)
                    + (isOwn ? ", or withdraw it with requests().withdraw(..)." : "."))
            .accessDenied(
                isOwn ? ErrorCode.ACCESS_DENIED : ErrorCode.NOT_OWNER,
                "another person's decision for domain '" + owner + "'",
                contact.stream().toList());
    return session.denied(request.product().toString(), action, denied);
  }

  private NotFoundException notFound(String id, String relation, String listedBy) {
    return Failure.of(action.on("as " + session.principal()))
        .because(
            "there is no such request that "
                + relation
                + (id.length() == UUID_LENGTH ? "" : ", and this is not the ID of a request"))
        .fix("Take an ID from " + listedBy + ".")
        .notFound(ErrorCode.NOT_FOUND);
  }
}
