package io.meshwork.internal.grants;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.access.GrantCard;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.explain.AccessCards;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.requests.DecisionEntry;
import io.meshwork.internal.requests.DecisionEntry.Verdict;
import io.meshwork.internal.requests.RequestDocuments;
import io.meshwork.internal.requests.RequestEntry;
import io.meshwork.internal.requests.RequestQueue;
import io.meshwork.internal.requests.RequestState;
import io.meshwork.internal.requests.RequestViews;
import io.meshwork.internal.rights.StoredAuthorization;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A request that an executor answers with a grant, for which alone the owner authorized it. The
 * grant settles the request, as the owner's approval would.
 *
 * @param version of the product that is granted
 */
record AnsweredByGrant(ClientSession session, String id, VersionEntry version, MeshAction action) {
  /** Proposes what was added to a grant, which the owner's authorization covers already. */
  ChangeSet<List<GrantCard>> propose(
      GrantBuilder granting, List<VersionedDocument> checks, Instant now) {
    RequestState standing = requestState(granting);
    RequestEntry request = standing.request();
    StoredGrant grant = onlyGrant(granting, request);
    List<VersionedDocument> rested = new ArrayList<>(checks);
    // It names the contract in force, whose own document never changes.
    rested.add(version.majorStored());
    rested.add(standing.stored());
    ChangeSet<List<GrantCard>> made =
        granting.proposal(
            "Grant " + request.product() + " for request " + id,
            RegistryKeys.partition(request.product()),
            request.product().toString(),
            AffectedResources.of(request.product()),
            rested,
            List.of());
    boolean done =
        standing
            .outcome()
            .flatMap(DecisionEntry::grant)
            .filter(given -> given.id().equals(grant.id()))
            .isPresent();
    if (done && made.writes().isEmpty()) {
      return made;
    }
    new RequestQueue(session, action).requireOpen(standing, now);
    StoredAuthorization given = requireCurrent(granting, standing, grant);
    Principal by = RequestEntry.principal(given.authorizedBy());
    DecisionEntry last =
        new DecisionEntry(
            Verdict.APPROVED,
            by,
            standing.stored().version(),
            version.contractStored().version(),
            grant.columns(),
            grant.rows().stream().toList(),
            grant.until(),
            Optional.of(grant.because()),
            List.of(by),
            Optional.of(grant));
    List<ChangeSet.Write> writes = new ArrayList<>(made.writes());
    writes.add(
        new ChangeSet.Write(
            RegistryKeys.finalDecision(request.product(), id),
            Optional.empty(),
            Optional.of(last.json())));
    List<Step> steps = new ArrayList<>(made.steps());
    steps.add(new Step("approve", request.product().toString(), "request " + id + " by " + by, ""));
    return new ChangeSet<>(
        made.headline(),
        new ChangeSet.Entry(
            RegistryKeys.partition(request.product()),
            MeshEvent.ACCESS_APPROVED,
            request.product().toString(),
            details(request, grant)),
        made.policy(),
        writes,
        made.checks(),
        steps,
        made.findings(),
        made.reach(),
        made.result());
  }

  private RequestState requestState(GrantBuilder granting) {
    String owner = granting.grants().get(0).on().domain();
    return new RequestDocuments(session.ledger(), session.catalog())
        .find(owner, id)
        .orElseThrow(
            () -> refused("there is no such request to domain '" + owner + "'", "OTHER_REQUEST"));
  }

  private StoredGrant onlyGrant(GrantBuilder granting, RequestEntry request) {
    List<StoredGrant> grants = granting.grants();
    if (grants.size() != 1 || !grants.get(0).to().equals(Grantee.of(request.requester()))) {
      throw refused("its requester is " + request.requester() + " alone", "OTHER_CONSUMER");
    }
    return grants.get(0);
  }

  /** What the owner authorized was for what is asked now, and one person's approval suffices. */
  private StoredAuthorization requireCurrent(
      GrantBuilder granting, RequestState standing, StoredGrant grant) {
    if (version.contract().needsFourEyes()) {
      throw refused("the contract asks for four eyes, and two people approve it", "FOUR_EYES");
    }
    StoredAuthorization given =
        granting.authorizations().stream()
            .filter(each -> grant.authorization().filter(each.id()::equals).isPresent())
            .findFirst()
            .orElseThrow();
    if (given.requestVersion().filter(standing.stored().version()::equals).isEmpty()) {
      throw new ConflictException(
          ErrorCode.STATE_CONFLICT,
          "Cannot "
              + action
              + " for request "
              + id
              + ": the request was changed after it was authorized (OTHER_REQUEST). Nothing was"
              + " changed. Ask "
              + given.givenBy()
              + " to look at it and to authorize it again.",
          false);
    }
    return given;
  }

  private ObjectNode details(RequestEntry request, StoredGrant grant) {
    RequestViews.OfProduct of = new RequestViews(session, action).product(request.product());
    ObjectNode details =
        JsonNodeFactory.instance
            .objectNode()
            .put("request", id)
            .put("domain", request.domain())
            .put("risk", of.data(request).risk().name())
            .put("requester", request.requester().toString())
            .put("approvalsMissing", 0)
            .put("because", grant.because());
    AccessCards.log(details.putArray("grants"), grant);
    return details;
  }

  private InvalidRequestException refused(String why, String code) {
    return new InvalidRequestException(
        ErrorCode.INVALID_ARGUMENT,
        "Cannot "
            + action
            + " for request "
            + id
            + ": "
            + why
            + " ("
            + code
            + "). Nothing was changed. Grant what was asked to who asked, or ask the owner to"
            + " approve it.");
  }
}
