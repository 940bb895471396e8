package io.meshwork.internal.delivery;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.Catalog.AccountEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.event.EventDetails.AccessReply;
import io.meshwork.internal.event.EventDetails.AccessRequestDecision;
import io.meshwork.internal.event.EventDetails.GrantExpiration;
import io.meshwork.internal.event.EventDetails.RequestedAccess;
import io.meshwork.internal.event.EventDetails.RightsEvent;
import io.meshwork.internal.event.EventDetails.UndecidedRequest;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.notice.Notice;
import io.meshwork.notice.Notice.Kind;
import io.meshwork.product.Classification;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The notices of an event about access: to the deciders, and to the requester's domain. They name
 * requests and grants, but contain no text that people wrote. Not thread-safe.
 */
final class AccessNotices {
  private final ClientSession session;
  private final MeshEvent event;
  private final RightsEvent change;
  private final String suffix;
  private final ProductEntry product;
  private final RecipientDomains domains;
  private final List<Notice> notices = new ArrayList<>();

  /**
   * Creates the notices of an event.
   *
   * @param change the event's type, subject, and details, or one of its changes'
   * @param suffix the suffix of the notice IDs for one of several changes; otherwise empty
   */
  AccessNotices(
      ClientSession session,
      MeshEvent event,
      RightsEvent change,
      String suffix,
      ProductEntry product,
      RecipientDomains domains) {
    this.domains = domains;
    this.session = session;
    this.event = event;
    this.change = change;
    this.suffix = suffix;
    this.product = product;
  }

  /** Returns the notices in the order of delivery. */
  List<Notice> all() {
    if (change.details() instanceof RequestedAccess request) {
      boolean isNew = change.type() == MeshEvent.Type.ACCESS_REQUESTED;
      toDecider(
          request.risk(),
          Kind.REQUESTED,
          isNew ? "access-requested" : "access-amended",
          event.principal() + (isNew ? " requests access" : " amended the request for access"),
          facts(request.request(), request.domain(), request.risk()));
    } else if (change.details() instanceof AccessReply reply) {
      toDecider(
          reply.risk(),
          Kind.ANSWERED,
          "access-answered",
          event.principal() + " answered a question on a request",
          facts(reply.request(), reply.domain(), reply.risk()));
    } else if (change.details() instanceof AccessRequestDecision decision) {
      addDecision(decision);
    } else if (change.details() instanceof UndecidedRequest undecided) {
      addUndecided(undecided);
    } else if (change.details() instanceof GrantExpiration expiration) {
      addExpiration(expiration);
    }
    return List.copyOf(notices);
  }

  private void addDecision(AccessRequestDecision decision) {
    Map<String, String> facts = facts(decision.request(), decision.domain(), decision.risk());
    String request = "the request of " + decision.requester();
    switch (change.type()) {
      case ACCESS_DENIED ->
          toRequester(
              decision.domain(), Kind.DENIED, "access-denied", request + " was denied", facts);
      case ACCESS_ASKED_BACK ->
          toRequester(
              decision.domain(),
              Kind.ASKED_BACK,
              "access-asked-back",
              "the owner has a question about " + request,
              facts);
      default -> {
        if (decision.approvalsMissing() > 0) {
          toDecider(
              decision.risk(),
              Kind.REQUEST_WAITING,
              "access-approval-missing",
              request + " needs another approval",
              facts);
        } else {
          toRequester(
              decision.domain(),
              Kind.APPROVED,
              "access-approved",
              request + " was approved",
              facts);
        }
      }
    }
  }

  private void addUndecided(UndecidedRequest undecided) {
    Map<String, String> facts = facts(undecided.request(), undecided.domain(), undecided.risk());
    String request = "the request of " + undecided.requester();
    if (change.type() == MeshEvent.Type.ACCESS_REMINDED) {
      toDecider(
          undecided.risk(),
          Kind.REQUEST_WAITING,
          "access-reminded",
          request + " has been waiting since " + undecided.since(),
          facts);
    } else {
      String what = request + " expired without a decision";
      toDecider(undecided.risk(), Kind.REQUEST_EXPIRED, "access-expired.owner", what, facts);
      toRequester(
          undecided.domain(), Kind.REQUEST_EXPIRED, "access-expired.requester", what, facts);
    }
  }

  private void addExpiration(GrantExpiration expiration) {
    boolean ended = change.type() == MeshEvent.Type.GRANT_ENDED;
    Kind kind = ended ? Kind.GRANT_ENDED : Kind.GRANT_ENDING;
    String effect = ended ? "grant-ended" : "grant-ending";
    String what =
        "grant " + expiration.grant() + (ended ? " ended at " : " ends at ") + expiration.until();
    Map<String, String> facts =
        Map.of("grant", expiration.grant(), "until", expiration.until().toString());
    add(effect + ".owner", kind, product.name().domain(), owner(), what, facts);
    Grantee.of(expiration.to())
        .account()
        .flatMap(session.catalog()::findAccount)
        .map(AccountEntry::domain)
        .ifPresent(domain -> toRequester(domain, kind, effect + ".grantee", what, facts));
  }

  private static Map<String, String> facts(String request, String domain, Classification risk) {
    return Map.of("request", request, "domain", domain, "risk", risk.name());
  }

  /** Requests for sensitive data go to the steward, others to the product's owner. */
  private void toDecider(
      Classification risk, Kind kind, String effect, String what, Map<String, String> facts) {
    boolean sensitive = risk.compareTo(Classification.INTERNAL) > 0;
    Optional<String> steward =
        session
            .catalog()
            .findDomain(product.name().domain())
            .map(entry -> entry.domain().steward())
            .filter(contact -> sensitive);
    add(effect, kind, product.name().domain(), steward.orElseGet(this::owner), what, facts);
  }

  private void toRequester(
      String domain, Kind kind, String effect, String what, Map<String, String> facts) {
    session
        .catalog()
        .findDomain(domain)
        .ifPresent(entry -> add(effect, kind, domain, entry.domain().owner(), what, facts));
  }

  private String owner() {
    return session
        .catalog()
        .ownerOf(product, MeshAction.of(Verb.NOTIFY, "the owner of " + product.name()));
  }

  private void add(
      String effect, Kind kind, String domain, String to, String what, Map<String, String> facts) {
    String subject = product.name() + ": " + what;
    notices.add(
        new ProductNotice(
            event.id() + "/" + effect + suffix,
            kind,
            product.name(),
            to,
            domains.of(domain),
            subject,
            subject + " (" + event.at() + "). " + next(kind, facts),
            event.at(),
            event.id(),
            facts));
  }

  private String next(Kind kind, Map<String, String> facts) {
    return switch (kind) {
      case REQUESTED, ANSWERED, REQUEST_WAITING ->
          "See requests().received(), and approve, deny, or requestClarification(\""
              + facts.get("request")
              + "\", question).";
      case ASKED_BACK ->
          "See requests().sent(), and respond(\"" + facts.get("request") + "\", answer).";
      case REQUEST_EXPIRED ->
          "If you still need access, request it again with requests().requestAccess(\""
              + product.name()
              + "\").";
      case GRANT_ENDING ->
          "If you need access for longer, request it with requests().requestAccess(\""
              + product.name()
              + "\").";
      case GRANT_ENDED -> "It no longer permits anything.";
      default -> "See requests().sent().";
    };
  }
}
