package io.meshwork.internal.grants;

import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.access.Permission;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.explain.AccessSummaries;
import io.meshwork.internal.grants.ChangeSet.AffectedResources;
import io.meshwork.internal.grants.DecisionEntry.Verdict;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.GrantTarget;
import io.meshwork.internal.rights.PolicySnapshot;
import io.meshwork.internal.rights.ProductColumns.BoundColumns;
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

/** Approves a request. The last approval creates the grant. */
final class RequestApproval extends RightsOperation<AccessRequest>
    implements RequestClient.Approve {
  private final String id;
  private final @Nullable AccessRequest reviewed;
  private final RequestRestriction restriction;
  private @Nullable String because;

  private RequestApproval(ClientSession session, String id, @Nullable AccessRequest reviewed) {
    super(session, MeshAction.of(Verb.APPROVE, "request " + id));
    this.id = id;
    this.reviewed = reviewed;
    this.restriction = new RequestRestriction(action());
  }

  static RequestApproval of(ClientSession session, @Nullable String id) {
    return new RequestApproval(session, RequestQueue.requireId(id), null);
  }

  static RequestApproval of(ClientSession session, @Nullable AccessRequest reviewed) {
    AccessRequest request = ArgumentChecks.required("request", reviewed);
    return new RequestApproval(session, request.id(), request);
  }

  @Override
  public RequestClient.Approve columns(String... names) {
    restriction.columns(ArgumentChecks.all("columns", names));
    return this;
  }

  @Override
  public RequestClient.Approve rows(String filter) {
    restriction.rows(ArgumentChecks.filter("rows", filter).strip());
    return this;
  }

  @Override
  public RequestClient.Approve until(Instant end) {
    restriction.until(ArgumentChecks.required("until", end));
    return this;
  }

  @Override
  public RequestClient.Approve because(String reason) {
    because = ArgumentChecks.text("because", reason);
    return this;
  }

  @Override
  protected ChangeSet<AccessRequest> propose(RightsDocuments documents, Instant now) {
    RequestQueue queue = new RequestQueue(session(), action());
    // Every approval reads the policy first and rewrites it, so the later of two sees the other.
    String owner = queue.callerDomain();
    ChangeSet.Policy policy = new ChangeSet.Policy(owner, documents.policy(owner));
    RequestState requestState = queue.requireDecidable(id);
    queue.requireOpen(requestState, now);
    RequestViews views = new RequestViews(session(), action());
    RequestViews.RequestedProduct product = views.product(requestState.request().product());
    product.requireInUse(session(), action());
    RequestEntry request = requestState.request().withCurrentNames(product.fields());
    queue.requireUnchanged(reviewed, views.of(requestState, now));
    List<DecisionEntry> before = product.approvals(requestState);
    requireSecondPrincipal(request.product(), before);
    RequestTerms own = restriction.of(request, product);
    RequestTerms terms = combinedTerms(own, before);
    terms.check(product, now, action());
    DecisionEntry decision = decision(requestState, product, own);
    List<Principal> approvedBy =
        Stream.concat(before.stream().map(DecisionEntry::by), Stream.of(session().principal()))
            .toList();
    Approval approval =
        new Approval(documents, requestState, product, policy, decision, approvedBy, views, now);
    return approvedBy.size() < product.approvalsNeeded()
        ? partialApproval(approval)
        : finalApproval(approval, terms);
  }

  /** The state that an approval is proposed from. */
  private record Approval(
      RightsDocuments documents,
      RequestState requestState,
      RequestViews.RequestedProduct product,
      ChangeSet.Policy policy,
      DecisionEntry decision,
      List<Principal> approvedBy,
      RequestViews views,
      Instant now) {}

  private void requireSecondPrincipal(ProductName product, List<DecisionEntry> before) {
    if (before.stream().anyMatch(each -> each.by().equals(session().principal()))) {
      throw session()
          .denied(
              product.toString(),
              action(),
              Failure.of(action().on("as " + session().principal()))
                  .because("it approved it already, and the contract requires two approvals")
                  .state("Nothing was changed, and its approval still counts.")
                  .fix("Another person has to approve it.")
                  .accessDenied(ErrorCode.ACCESS_DENIED, "another person's approval", List.of()));
    }
  }

  /** Returns the terms that all principals approve. */
  private RequestTerms combinedTerms(RequestTerms own, List<DecisionEntry> before) {
    RequestTerms terms = own;
    for (DecisionEntry earlier : before) {
      RequestTerms earlierTerms = RequestTerms.of(earlier);
      if (terms.isDisjoint(earlierTerms)) {
        throw RequestTerms.rejected(
            action(),
            earlier.by()
                + " approved columns "
                + earlierTerms.columns()
                + " only, which have none in common with "
                + terms.columns(),
            "Name columns that were approved, or deny the request.");
      }
      terms = terms.and(earlierTerms);
    }
    return terms;
  }

  private DecisionEntry decision(
      RequestState requestState, RequestViews.RequestedProduct product, RequestTerms terms) {
    return new DecisionEntry(
        Verdict.APPROVED,
        session().principal(),
        requestState.stored().version(),
        product.contractVersion(),
        terms.columns(),
        terms.conditions(),
        terms.until(),
        Optional.ofNullable(because),
        List.of(),
        Optional.empty());
  }

  /** Proposes an approval that grants nothing yet. */
  private ChangeSet<AccessRequest> partialApproval(Approval approval) {
    int missing = approval.product.approvalsNeeded() - approval.approvedBy.size();
    List<Finding> findings = findings(approval);
    findings.add(
        note(
            FindingCode.TWO_APPROVALS_REQUIRED,
            id,
            missing
                + " more approval is needed, by another person: nothing is granted yet"
                + (approval.product.roles().deciders().size() < approval.product.approvalsNeeded()
                    ? "; the domain has no other decider: name one with registerDomain(\""
                        + approval.product.owner().domain().name()
                        + "\").deciders(..)"
                    : "")));
    return changeSet(
        approval,
        findings,
        Stream.concat(
                Stream.of(write(approval.documents, decisionKey(approval), approval.decision)),
                stillUndecided(approval.requestState).stream())
            .toList(),
        List.of(new Step("approve", subject(approval), "as one of two", "deny it")),
        Optional.empty());
  }

  private ChangeSet<AccessRequest> finalApproval(Approval approval, RequestTerms terms) {
    RequestEntry request = approval.requestState.request();
    Grantor grantor = Grantor.decider(session(), request.product(), action());
    GrantBuilder builder =
        new GrantBuilder(approval.documents, grantor, action(), approval.now).renewingAgreement();
    StoredGrant grant = grant(request, terms, approval.approvedBy);
    PolicySnapshot snapshot =
        approval.documents.ofProduct(
            approval.product.owner(),
            approval.product.product(),
            approval.product.versions(),
            Set.of(grant.to()));
    boolean isGranted =
        snapshot.grants().stream()
            .filter(old -> old.grantsSameAs(grant, Optional.of(approval.product.fields())))
            .filter(old -> endsNoEarlier(old, grant))
            .anyMatch(old -> snapshot.withheld(old, snapshot.tables().get(0)).isEmpty());
    if (!isGranted) {
      builder.add(grant, snapshot);
    }
    ChangeSet<List<GrantSummary>> grants =
        builder.proposal(
            "", subject(approval), AffectedResources.of(request.product()), List.of(), List.of());
    DecisionEntry finalDecision =
        new DecisionEntry(
            Verdict.APPROVED,
            approval.decision.by(),
            approval.decision.requestVersion(),
            approval.decision.contract(),
            terms.columns(),
            terms.conditions(),
            terms.until(),
            approval.decision.text(),
            approval.approvedBy,
            Optional.of(
                isGranted
                    ? grant
                        .bind(approval.product.fields())
                        .withAgreed(snapshot.agreementFor(grant, false))
                    : builder.grants().get(0)));
    List<ChangeSet.Write> writes = new ArrayList<>(grants.writes());
    writes.add(write(approval.documents, decisionKey(approval), approval.decision));
    Key finalKey = RegistryKeys.finalDecision(request.product(), id);
    stillUndecided(approval.requestState).stream()
        .filter(write -> !write.key().equals(finalKey))
        .forEach(writes::add);
    writes.add(new ChangeSet.Write(finalKey, Optional.empty(), Optional.of(finalDecision.json())));
    List<Step> steps = new ArrayList<>(grants.steps());
    steps.add(new Step("approve", subject(approval), "by " + names(approval.approvedBy), ""));
    ChangeSet<AccessRequest> changeSet =
        changeSet(approval, findings(approval), writes, steps, Optional.of(finalDecision));
    return new ChangeSet<>(
        changeSet.entry(),
        changeSet.policy(),
        changeSet.writes(),
        changeSet.checks(),
        changeSet.steps(),
        changeSet.findings(),
        grants.affected(),
        changeSet.result());
  }

  /** Returns checks that neither the owner nor an executor decides the request before. */
  static List<ChangeSet.Write> stillUndecided(RequestState requestState) {
    return requestState.undecided().stream()
        .map(key -> new ChangeSet.Write(key, Optional.empty(), Optional.empty()))
        .toList();
  }

  private static boolean endsNoEarlier(StoredGrant existing, StoredGrant proposed) {
    return existing.until().isEmpty()
        || proposed.until().filter(end -> !existing.until().get().isBefore(end)).isPresent();
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
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        BoundColumns.NONE,
        Optional.empty(),
        "");
  }

  private ChangeSet<AccessRequest> changeSet(
      Approval approval,
      List<Finding> findings,
      List<ChangeSet.Write> writes,
      List<Step> steps,
      Optional<DecisionEntry> finalDecision) {
    RequestEntry request = approval.requestState.request();
    EventDetails.AccessRequestDecision details =
        new EventDetails.AccessRequestDecision(
            id,
            request.domain(),
            approval.product.risk(request),
            request.requester().toString(),
            finalDecision.isPresent() ? 0 : 1,
            Optional.ofNullable(because),
            finalDecision.flatMap(DecisionEntry::grant).map(AccessSummaries::logged).stream()
                .toList());
    return new ChangeSet<>(
        new ChangeSet.Entry(
            RegistryKeys.partition(request.product()),
            MeshEvent.Type.ACCESS_APPROVED.text(),
            subject(approval),
            details),
        approval.policy,
        writes,
        checks(approval),
        steps,
        findings,
        AffectedResources.none(),
        approval.views.of(
            approval.requestState.with(approval.decision, finalDecision), approval.now));
  }

  /** Returns the documents that must not change: the request, its decisions and the contract. */
  private static List<VersionedDocument> checks(Approval approval) {
    List<VersionedDocument> checks =
        new ArrayList<>(
            List.of(
                approval.requestState.stored(),
                approval.product.owner().stored(),
                approval.product.product().stored()));
    for (VersionEntry version : approval.product.versions()) {
      checks.add(version.majorStored());
      checks.add(version.contractStored());
    }
    checks.addAll(approval.requestState.decisionDocuments());
    return checks;
  }

  private ChangeSet.Write write(RightsDocuments documents, Key key, DecisionEntry decision) {
    return new ChangeSet.Write(key, documents.read(key), Optional.of(decision.json()));
  }

  private Key decisionKey(Approval approval) {
    return RegistryKeys.decision(
        approval.requestState.request().product(), id, session().principal());
  }

  /** Returns warnings and notes for the decider. */
  private List<Finding> findings(Approval approval) {
    AccessRequest request = approval.views.of(approval.requestState, approval.now);
    List<Finding> findings = new ArrayList<>();
    if (request.risk().compareTo(Classification.INTERNAL) > 0) {
      findings.add(
          new Finding(
              FindingCode.SENSITIVE_DATA,
              Finding.Severity.WARNING,
              subject(approval),
              "it is for " + request.risk() + " data: " + String.join(", ", request.riskyColumns()),
              request.riskyColumns().size(),
              List.of(),
              "Approve fewer columns with columns(..), or check the purpose."));
    }
    if (!request.alreadyReadable().isEmpty()) {
      findings.add(
          note(
              FindingCode.ALREADY_READABLE,
              request.requester().toString(),
              "can already read "
                  + String.join(", ", request.alreadyReadable())
                  + ", in some or all rows"));
    }
    if (request.until().isEmpty()) {
      findings.add(
          note(
              FindingCode.NO_END_DATE,
              subject(approval),
              "no end is requested; until(..) sets one"));
    }
    return findings;
  }

  private static Finding note(FindingCode code, String where, String what) {
    return new Finding(
        code, Finding.Severity.NOTE, where, what, 0, List.of(), "See requests().received().");
  }

  private static String names(List<Principal> principals) {
    return principals.stream().map(Principal::toString).collect(Collectors.joining(", "));
  }

  private static String subject(Approval approval) {
    return approval.requestState.request().product().toString();
  }
}
