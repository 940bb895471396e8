package io.meshwork.internal.grants;

import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.explain.AccessSummaries;
import io.meshwork.internal.grants.ChangeSet.AffectedResources;
import io.meshwork.internal.grants.DecisionEntry.Verdict;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.StoredAuthorization;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.text.PrincipalText;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry.Key;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Approves a request by a grant of an executor, whom the owner authorized for this request. The
 * grant decides the request like an approval by the owner.
 *
 * @param versions the live major versions of the granted product
 */
record AuthorizedApproval(
    ClientSession session, String id, List<VersionEntry> versions, MeshAction action) {
  AuthorizedApproval {
    versions = List.copyOf(versions);
  }

  /** Proposes the grant that was added to a builder, with the approval. */
  ChangeSet<List<GrantSummary>> propose(
      GrantBuilder builder, List<VersionedDocument> checks, Instant now) {
    RequestState requestState = requestState(builder);
    RequestEntry request = requestState.request();
    StoredGrant grant = onlyGrant(builder, request);
    List<VersionedDocument> allChecks = new ArrayList<>(checks);
    // Each major version names the current contract, whose own document never changes.
    versions.forEach(version -> allChecks.add(version.majorStored()));
    allChecks.add(requestState.stored());
    ChangeSet<List<GrantSummary>> grants =
        builder.proposal(
            builder.partition(),
            request.product().toString(),
            AffectedResources.of(request.product()),
            allChecks,
            List.of());
    boolean isApproved =
        requestState
            .outcome()
            .flatMap(DecisionEntry::grant)
            .filter(approved -> approved.id().equals(grant.id()))
            .isPresent();
    if (isApproved && grants.writes().isEmpty()) {
      return grants;
    }
    new RequestQueue(session, action).requireOpen(requestState, now);
    StoredAuthorization authorization = requireCurrent(builder, requestState, grant);
    Principal by = PrincipalText.parse(authorization.authorizedBy());
    DecisionEntry approval =
        new DecisionEntry(
            Verdict.APPROVED,
            by,
            requestState.stored().version(),
            RequestViews.contractVersion(versions),
            grant.columns(),
            grant.rows().stream().toList(),
            grant.until(),
            Optional.of(grant.because()),
            List.of(by),
            Optional.of(grant));
    Key finalKey = RegistryKeys.executedDecision(builder.partition(), id);
    List<ChangeSet.Write> writes = new ArrayList<>(grants.writes());
    Key decidersKey = RegistryKeys.deciders(request.product(), id);
    RequestApproval.stillUndecided(requestState).stream()
        .filter(write -> !write.key().equals(finalKey) && !write.key().equals(decidersKey))
        .forEach(writes::add);
    writes.addAll(builder.deciders(request.product(), id));
    writes.add(new ChangeSet.Write(finalKey, builder.read(finalKey), Optional.of(approval.json())));
    List<Step> steps = new ArrayList<>(grants.steps());
    steps.add(new Step("approve", request.product().toString(), "request " + id + " by " + by, ""));
    return new ChangeSet<>(
        new ChangeSet.Entry(
            builder.partition(),
            MeshEvent.Type.ACCESS_APPROVED.text(),
            request.product().toString(),
            details(request, grant)),
        grants.policy(),
        writes,
        grants.checks(),
        steps,
        grants.findings(),
        grants.affected(),
        grants.result());
  }

  private RequestState requestState(GrantBuilder builder) {
    String owner = builder.grants().get(0).on().domain();
    return new RequestDocuments(session.ledger(), session.catalog())
        .find(owner, id)
        .orElseThrow(
            () ->
                rejected(
                    "there is no such request to domain '" + owner + "'",
                    FindingCode.OTHER_REQUEST));
  }

  private StoredGrant onlyGrant(GrantBuilder builder, RequestEntry request) {
    List<StoredGrant> grants = builder.grants();
    if (grants.size() != 1 || !grants.get(0).to().equals(Grantee.of(request.requester()))) {
      throw rejected(
          "only its requester " + request.requester() + " gets the grant",
          FindingCode.OTHER_CONSUMER);
    }
    return grants.get(0);
  }

  /** Requires one approval, and an authorization for the current version of the request. */
  private StoredAuthorization requireCurrent(
      GrantBuilder builder, RequestState requestState, StoredGrant grant) {
    if (versions.stream().anyMatch(version -> version.contract().requiresFourEyes())) {
      throw rejected("the contract requires two approvals", FindingCode.TWO_APPROVALS_REQUIRED);
    }
    StoredAuthorization authorization =
        builder.authorizations().stream()
            .filter(each -> grant.authorization().filter(each.id()::equals).isPresent())
            .findFirst()
            .orElseThrow();
    if (authorization.requestVersion().filter(requestState.stored().version()::equals).isEmpty()) {
      throw Failure.of(action.on("for request " + id))
          .because(
              ReasonText.of(
                  "the request was changed after it was authorized", FindingCode.OTHER_REQUEST))
          .fix("Ask " + authorization.executedBy() + " to review it and to authorize it again.")
          .lastingConflict(ErrorCode.STATE_CONFLICT);
    }
    return authorization;
  }

  private EventDetails.AccessRequestDecision details(RequestEntry request, StoredGrant grant) {
    RequestViews.RequestedProduct product =
        new RequestViews(session, action).product(request.product());
    return new EventDetails.AccessRequestDecision(
        id,
        request.domain(),
        product.risk(request),
        request.requester().toString(),
        0,
        Optional.of(grant.because()),
        List.of(AccessSummaries.logged(grant)));
  }

  private InvalidRequestException rejected(String reason, FindingCode code) {
    return Failure.of(action.on("for request " + id))
        .because(ReasonText.of(reason, code))
        .fix("Grant what the requester requested, or ask the owner to approve the request.")
        .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }
}
