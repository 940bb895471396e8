package io.meshwork.internal.delivery;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.EventDetails.AccessRequest;
import io.meshwork.event.EventDetails.AccessDecision;
import io.meshwork.event.EventDetails.UndecidedRequest;
import io.meshwork.event.EventDetails.AccessReply;
import io.meshwork.event.EventDetails.GrantExpiration;
import io.meshwork.event.EventDetails.RightsEvent;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.AccountEntry;
import io.meshwork.internal.catalog.ProductEntry;
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
 * The notices of an event about access: to who decides, and to the domain of who asked. They name
 * requests and grants; what people wrote with them is read in the mesh. One thread.
 */
final class AccessNotices {
  private final ClientSession session;
  private final MeshEvent event;
  private final RightsEvent change;
  private final String suffix;
  private final ProductEntry product;
  private final List<Notice> notices = new ArrayList<>();

  /**
   * Of an event.
   *
   * @param change the event's type, subject and details, or those of one of its changes
   * @param suffix the end of the notices' ids, if it is one of several changes in one entry
   */
  AccessNotices(
      ClientSession session,
      MeshEvent event,
      RightsEvent change,
      String suffix,
      ProductEntry product) {
    this.session = session;
    this.event = event;
    this.change = change;
    this.suffix = suffix;
    this.product = product;
  }

  /** In the order of delivery. */
  List<Notice> all() {
    if (change.details() instanceof AccessRequest asked) {
      boolean isNew = change.type().equals(MeshEvent.ACCESS_REQUESTED);
      toDecider(
          asked.risk(),
          Kind.REQUESTED,
          isNew ? "access-requested" : "access-amended",
          event.principal() + " asks for access" + (isNew ? "" : " in other terms"),
          facts(asked.request(), asked.domain(), asked.risk()));
    } else if (change.details() instanceof AccessReply said) {
      toDecider(
          said.risk(),
          Kind.ANSWERED,
          "access-answered",
          event.principal() + " answered on a request",
          facts(said.request(), said.domain(), said.risk()));
    } else if (change.details() instanceof AccessDecision decided) {
      decided(decided);
    } else if (change.details() instanceof UndecidedRequest overdue) {
      overdue(overdue);
    } else if (change.details() instanceof GrantExpiration ends) {
      ends(ends);
    }
    return List.copyOf(notices);
  }

  private void decided(AccessDecision decided) {
    Map<String, String> facts = facts(decided.request(), decided.domain(), decided.risk());
    String of = "the request of " + decided.requester();
    switch (change.type()) {
      case MeshEvent.ACCESS_DENIED ->
          toRequester(decided.domain(), Kind.DENIED, "access-denied", of + " was denied", facts);
      case MeshEvent.ACCESS_ASKED_BACK ->
          toRequester(
              decided.domain(),
              Kind.ASKED_BACK,
              "access-asked-back",
              "the owner has a question on " + of,
              facts);
      default -> {
        if (decided.approvalsMissing() > 0) {
          toDecider(
              decided.risk(),
              Kind.REQUEST_WAITING,
              "access-approval-missing",
              of + " waits for the approval of another person",
              facts);
        } else {
          toRequester(
              decided.domain(), Kind.APPROVED, "access-approved", of + " was approved", facts);
        }
      }
    }
  }

  private void overdue(UndecidedRequest overdue) {
    Map<String, String> facts = facts(overdue.request(), overdue.domain(), overdue.risk());
    String of = "the request of " + overdue.requester();
    if (change.type().equals(MeshEvent.ACCESS_REMINDED)) {
      toDecider(
          overdue.risk(),
          Kind.REQUEST_WAITING,
          "access-reminded",
          of + " waits since " + overdue.since(),
          facts);
    } else {
      String what = of + " expired undecided";
      toDecider(overdue.risk(), Kind.REQUEST_EXPIRED, "access-expired.owner", what, facts);
      toRequester(overdue.domain(), Kind.REQUEST_EXPIRED, "access-expired.requester", what, facts);
    }
  }

  private void ends(GrantExpiration ends) {
    boolean isOver = change.type().equals(MeshEvent.GRANT_ENDED);
    Kind kind = isOver ? Kind.GRANT_ENDED : Kind.GRANT_ENDING;
    String effect = isOver ? "grant-ended" : "grant-ending";
    String what = "grant " + ends.grant() + (isOver ? " ended at " : " ends at ") + ends.until();
    Map<String, String> facts = Map.of("grant", ends.grant(), "until", ends.until().toString());
    add(effect + ".owner", kind, owner(), what, facts);
    Grantee.of(ends.to())
        .account()
        .flatMap(session.catalog()::findAccount)
        .map(AccountEntry::domain)
        .ifPresent(domain -> toRequester(domain, kind, effect + ".grantee", what, facts));
  }

  private static Map<String, String> facts(String request, String domain, String risk) {
    return Map.of("request", request, "domain", domain, "risk", risk);
  }

  /** What is sensitive the steward decides; all else is for who answers for the product. */
  private void toDecider(
      String risk, Kind kind, String effect, String what, Map<String, String> facts) {
    boolean sensitive = Classification.valueOf(risk).compareTo(Classification.INTERNAL) > 0;
    Optional<String> steward =
        session
            .catalog()
            .findDomain(product.name().domain())
            .map(entry -> entry.domain().steward())
            .filter(contact -> sensitive);
    add(effect, kind, steward.orElseGet(this::owner), what, facts);
  }

  private void toRequester(
      String domain, Kind kind, String effect, String what, Map<String, String> facts) {
    session
        .catalog()
        .findDomain(domain)
        .ifPresent(entry -> add(effect, kind, entry.domain().owner(), what, facts));
  }

  private String owner() {
    return session
        .catalog()
        .ownerOf(product, MeshAction.of(Verb.NOTIFY, "the owner of " + product.name()));
  }

  private void add(String effect, Kind kind, String to, String what, Map<String, String> facts) {
    String subject = product.name() + ": " + what;
    notices.add(
        new Notice(
            event.id() + "/" + effect + suffix,
            kind,
            product.name(),
            to,
            subject,
            subject + " (" + event.at() + "). " + next(kind, facts),
            event.at(),
            event.id(),
            facts));
  }

  private static String next(Kind kind, Map<String, String> facts) {
    return switch (kind) {
      case REQUESTED, ANSWERED, REQUEST_WAITING ->
          "Look at it in requests().received(), and approve, deny or requestClarification(\""
              + facts.get("request")
              + "\").";
      case ASKED_BACK ->
          "Look at it in requests().sent(), and respond(\"" + facts.get("request") + "\").";
      case REQUEST_EXPIRED -> "Whoever still needs it asks again with requestAccess(..).";
      case GRANT_ENDING -> "Whoever needs it longer asks for it with requestAccess(..).";
      case GRANT_ENDED -> "It gives nothing any more.";
      default -> "Look at it in requests().sent().";
    };
  }
}
