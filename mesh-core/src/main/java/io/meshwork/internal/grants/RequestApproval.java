package io.meshwork.internal.grants;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.access.GrantCard;
import io.meshwork.access.Permission;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.explain.AccessCards;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.requests.DecisionEntry;
import io.meshwork.internal.requests.DecisionEntry.Verdict;
import io.meshwork.internal.requests.RequestEntry;
import io.meshwork.internal.requests.RequestQueue;
import io.meshwork.internal.requests.RequestState;
import io.meshwork.internal.requests.RequestViews;
import io.meshwork.internal.rights.GrantTarget;
import io.meshwork.internal.rights.PolicySnapshot;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import io.meshwork.request.AccessRequest;
import io.meshwork.request.RequestClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Approves one request; the last approval makes the grant. */
final class RequestApproval implements RequestClient.Approve, RightsOperation<AccessRequest> {
  private final ClientSession session;
  private final String id;
  private final @Nullable AccessRequest lookedAt;
  private final RightsChange<AccessRequest> change;
  private final RequestRestriction narrowing;
  private @Nullable String because;

  private RequestApproval(ClientSession session, String id, @Nullable AccessRequest lookedAt) {
    this.session = session;
    this.id = id;
    this.lookedAt = lookedAt;
    this.change = new RightsChange<>(session, action(), this::proposal);
    this.narrowing = new RequestRestriction(action());
  }

  static RequestApproval of(ClientSession session, @Nullable String id) {
    return new RequestApproval(session, RequestQueue.id(id), null);
  }

  static RequestApproval of(ClientSession session, @Nullable AccessRequest lookedAt) {
    AccessRequest request = ArgumentChecks.required("request", lookedAt);
    return new RequestApproval(session, request.id(), request);
  }

  @Override
  public RequestClient.Approve onlyColumns(String... names) {
    narrowing.columns(ArgumentChecks.all("onlyColumns", names));
    return this;
  }

  @Override
  public RequestClient.Approve onlyRows(String filter) {
    narrowing.rows(ArgumentChecks.required("onlyRows", filter).strip());
    return this;
  }

  @Override
  public RequestClient.Approve until(Instant end) {
    narrowing.until(ArgumentChecks.required("until", end));
    return this;
  }

  @Override
  public RequestClient.Approve because(String reason) {
    because = ArgumentChecks.text("because", reason);
    return this;
  }

  @Override
  public AccessRequest commit() {
    return RightsOperation.super.commit();
  }

  @Override
  public RightsChange<AccessRequest> change() {
    return change;
  }

  private ChangeSet<AccessRequest> proposal(RightsDocuments documents, Instant now) {
    RequestQueue desk = new RequestQueue(session, action());
    // Read first and rewritten by every approval: of two at once, the later one sees the other.
    String owner = desk.own();
    ChangeSet.Policy policy = new ChangeSet.Policy(owner, documents.policy(owner));
    RequestState standing = desk.toDecide(id);
    desk.requireOpen(standing, now);
    RequestViews views = new RequestViews(session, action());
    RequestViews.OfProduct of = views.product(standing.request().product());
    RequestEntry request = standing.request().now(of.fields());
    desk.requireAsLookedAt(lookedAt, views.of(standing, now));
    List<DecisionEntry> before = of.approvals(standing);
    requireAnother(request.product(), before);
    RequestTerms own = narrowing.of(request, of);
    RequestTerms terms = withOthers(own, before);
    terms.check(of, now, action());
    DecisionEntry decision = decision(standing, of, own);
    List<Principal> approvedBy =
        Stream.concat(before.stream().map(DecisionEntry::by), Stream.of(session.principal()))
            .toList();
    Case all = new Case(documents, standing, of, policy, decision, approvedBy, views, now);
    return approvedBy.size() < of.approvalsNeeded() ? noted(all) : granted(all, terms);
  }

  /** All that a proposal is made from. */
  private record Case(
      RightsDocuments documents,
      RequestState standing,
      RequestViews.OfProduct of,
      ChangeSet.Policy policy,
      DecisionEntry decision,
      List<Principal> approvedBy,
      RequestViews views,
      Instant now) {}

  private void requireAnother(ProductName product, List<DecisionEntry> before) {
    if (before.stream().anyMatch(each -> each.by().equals(session.principal()))) {
      throw session.denied(
          product.toString(),
          action(),
          new AccessDeniedException(
              ErrorCode.ACCESS_DENIED,
              "Cannot "
                  + action()
                  + " as "
                  + session.principal()
                  + ": it approved it already, and the contract asks for four eyes. Nothing was"
                  + " changed, and its approval stands. Another person has to approve it.",
              "another person's approval",
              List.of()));
    }
  }

  /** What all of them approve. */
  private RequestTerms withOthers(RequestTerms own, List<DecisionEntry> before) {
    RequestTerms terms = own;
    for (DecisionEntry earlier : before) {
      RequestTerms other = RequestTerms.of(earlier);
      if (terms.haveNothingInCommon(other)) {
        throw RequestTerms.refused(
            action(),
            earlier.by()
                + " approved columns "
                + other.columns()
                + " only, and none of these is among "
                + terms.columns()
                + ", so that nothing would be granted",
            "Name some of these columns, or deny it.");
      }
      terms = terms.and(other);
    }
    return terms;
  }

  private DecisionEntry decision(
      RequestState standing, RequestViews.OfProduct of, RequestTerms terms) {
    return new DecisionEntry(
        Verdict.APPROVED,
        session.principal(),
        standing.stored().version(),
        of.contractVersion(),
        terms.columns(),
        terms.conditions(),
        terms.until(),
        Optional.ofNullable(because),
        List.of(),
        Optional.empty());
  }

  /** An approval that grants nothing yet. */
  private ChangeSet<AccessRequest> noted(Case all) {
    int missing = all.of.approvalsNeeded() - all.approvedBy.size();
    List<Finding> findings = findings(all);
    findings.add(
        note(
            "FOUR_EYES",
            id,
            missing
                + " more approval is needed, by another person: nothing is granted yet"
                + (all.of.roles().deciders().size() < all.of.approvalsNeeded()
                    ? "; the domain has no other decider: name one with registerDomain(\""
                        + all.of.owner().domain().name()
                        + "\").deciders(..)"
                    : "")));
    return proposal(
        all,
        findings,
        List.of(
            write(all.documents, decisionKey(all), all.decision),
            new ChangeSet.Write(
                RegistryKeys.finalDecision(all.standing.request().product(), id),
                Optional.empty(),
                Optional.empty())),
        List.of(new Step("approve", subject(all), "as one of two", "deny it")),
        Optional.empty());
  }

  private ChangeSet<AccessRequest> granted(Case all, RequestTerms terms) {
    RequestEntry request = all.standing.request();
    Grantor sharer = Grantor.deciding(session, request.product(), action());
    GrantBuilder granting =
        new GrantBuilder(all.documents, sharer, action(), all.now).agreeingAnew();
    PolicySnapshot world =
        all.documents.ofProduct(all.of.owner(), all.of.product(), all.of.version());
    StoredGrant grant = grant(request, terms, all.approvedBy);
    boolean givesMore =
        world.grants().stream()
            .filter(old -> old.givesTheSameAs(grant, Optional.of(all.of.fields())))
            .filter(old -> isLonger(old, grant))
            .anyMatch(old -> world.withheld(old, world.tables().get(0)).isEmpty());
    if (!givesMore) {
      granting.add(grant, world);
    }
    ChangeSet<List<GrantCard>> grants =
        granting.proposal(
            "", "", subject(all), AffectedResources.of(request.product()), List.of(), List.of());
    DecisionEntry last =
        new DecisionEntry(
            Verdict.APPROVED,
            all.decision.by(),
            all.decision.requestVersion(),
            all.decision.contract(),
            terms.columns(),
            terms.conditions(),
            terms.until(),
            all.decision.text(),
            all.approvedBy,
            Optional.of(
                givesMore
                    ? grant.bind(all.of.fields()).agreeing(world.agreedNow(grant, false))
                    : granting.grants().get(0)));
    List<ChangeSet.Write> writes = new ArrayList<>(grants.writes());
    writes.add(write(all.documents, decisionKey(all), all.decision));
    writes.add(
        new ChangeSet.Write(
            RegistryKeys.finalDecision(request.product(), id),
            Optional.empty(),
            Optional.of(last.json())));
    List<Step> steps = new ArrayList<>(grants.steps());
    steps.add(new Step("approve", subject(all), "by " + names(all.approvedBy), ""));
    ChangeSet<AccessRequest> approval =
        proposal(all, findings(all), writes, steps, Optional.of(last));
    return new ChangeSet<>(
        approval.headline(),
        approval.entry(),
        approval.policy(),
        approval.writes(),
        approval.checks(),
        approval.steps(),
        approval.findings(),
        grants.reach(),
        approval.result());
  }

  /** True if the same is granted already for at least as long. */
  private static boolean isLonger(StoredGrant there, StoredGrant wanted) {
    return there.until().isEmpty()
        || wanted.until().filter(end -> !there.until().get().isBefore(end)).isPresent();
  }

  private static StoredGrant grant(
      RequestEntry request, RequestTerms terms, List<Principal> approvedBy) {
    Set<Permission> permissions =
        terms.columns().isEmpty() && terms.rows().isEmpty()
            ? EnumSet.of(Permission.DESCRIBE, Permission.SELECT)
            : EnumSet.of(Permission.SELECT);
    return new StoredGrant(
        new GrantTarget.OfProduct(request.product()),
        Grantee.of(request.requester()),
        permissions,
        false,
        terms.columns(),
        List.of(),
        terms.rows(),
        terms.until(),
        request.purpose(),
        names(approvedBy),
        approvedBy.get(approvedBy.size() - 1).toString(),
        Optional.empty());
  }

  private ChangeSet<AccessRequest> proposal(
      Case all,
      List<Finding> findings,
      List<ChangeSet.Write> writes,
      List<Step> steps,
      Optional<DecisionEntry> last) {
    RequestEntry request = all.standing.request();
    ObjectNode details =
        JsonNodeFactory.instance
            .objectNode()
            .put("request", id)
            .put("domain", request.domain())
            .put("risk", all.of.data(request).risk().name())
            .put("requester", request.requester().toString());
    details.put("approvalsMissing", last.isPresent() ? 0 : 1);
    if (because != null) {
      details.put("because", because);
    }
    last.flatMap(DecisionEntry::grant)
        .ifPresent(grant -> AccessCards.log(details.putArray("grants"), grant));
    return new ChangeSet<>(
        "Approve request " + id + " of " + request.requester() + " for " + request.product(),
        new ChangeSet.Entry(
            RegistryKeys.partition(request.product()), "access.approved", subject(all), details),
        all.policy,
        writes,
        checks(all),
        steps,
        findings,
        AffectedResources.none(),
        all.views.of(all.standing.with(all.decision, last), all.now));
  }

  /** The request, what others decided on it, and the terms by which that counts. */
  private static List<VersionedDocument> checks(Case all) {
    return Stream.concat(
            Stream.of(
                all.standing.stored(),
                all.of.owner().stored(),
                all.of.product().stored(),
                all.of.version().majorStored(),
                all.of.version().contractStored()),
            all.standing.decided().stream())
        .toList();
  }

  private ChangeSet.Write write(RightsDocuments documents, Key key, DecisionEntry decision) {
    return new ChangeSet.Write(key, documents.read(key), Optional.of(decision.json()));
  }

  private Key decisionKey(Case all) {
    return RegistryKeys.decision(all.standing.request().product(), id, session.principal());
  }

  /** What is worth a look before it is approved. */
  private List<Finding> findings(Case all) {
    AccessRequest request = all.views.of(all.standing, all.now);
    List<Finding> findings = new ArrayList<>();
    if (request.risk().compareTo(Classification.INTERNAL) > 0) {
      findings.add(
          new Finding(
              "SENSITIVE",
              Finding.Severity.WARNING,
              subject(all),
              "it asks for what is "
                  + request.risk()
                  + ": "
                  + String.join(", ", request.riskyColumns()),
              request.riskyColumns().size(),
              List.of(),
              "Narrow it with onlyColumns(..), or be sure of the purpose."));
    }
    if (!request.alreadyReadable().isEmpty()) {
      findings.add(
          note(
              "ALREADY_READABLE",
              request.requester().toString(),
              "reads already "
                  + String.join(", ", request.alreadyReadable())
                  + ", in some rows at least"));
    }
    if (request.until().isEmpty()) {
      findings.add(note("NO_END", subject(all), "no end is asked for; until(..) sets one"));
    }
    return findings;
  }

  private static Finding note(String code, String where, String what) {
    return new Finding(
        code, Finding.Severity.NOTE, where, what, 0, List.of(), "Look at requests().received().");
  }

  private static String names(List<Principal> principals) {
    return principals.stream().map(Principal::toString).collect(Collectors.joining(", "));
  }

  private static String subject(Case all) {
    return all.standing.request().product().toString();
  }

  private MeshAction action() {
    return MeshAction.of(Verb.APPROVE, "request " + id);
  }
}
