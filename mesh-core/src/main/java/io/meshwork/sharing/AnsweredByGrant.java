package io.meshwork.sharing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.access.Grantee;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.rights.DecisionEntry;
import io.meshwork.internal.rights.DecisionEntry.Verdict;
import io.meshwork.internal.rights.RequestDocuments;
import io.meshwork.internal.rights.RequestEntry;
import io.meshwork.internal.rights.RequestStanding;
import io.meshwork.internal.rights.StoredAuthorization;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.session.Session;
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
record AnsweredByGrant(Session session, String id, VersionEntry version, String doing) {
  /** Proposes what was added to a grant, which the owner's authorization covers already. */
  Proposal<List<GrantCard>> propose(Granting granting, List<Stored> checks, Instant now) {
    RequestStanding standing = standing(granting);
    RequestEntry request = standing.request();
    StoredGrant grant = onlyGrant(granting, request);
    List<Stored> rested = new ArrayList<>(checks);
    // It names the contract in force, whose own document never changes.
    rested.add(version.majorStored());
    rested.add(standing.stored());
    Proposal<List<GrantCard>> made =
        granting.proposal(
            "Grant " + request.product() + " for request " + id,
            Keys.partition(request.product()),
            request.product().toString(),
            Reach.of(request.product()),
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
    new RequestDesk(session, doing).requireOpen(standing, now);
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
    List<Proposal.Write> writes = new ArrayList<>(made.writes());
    writes.add(
        new Proposal.Write(
            Keys.finalDecision(request.product(), id), Optional.empty(), Optional.of(last.json())));
    List<Step> steps = new ArrayList<>(made.steps());
    steps.add(new Step("approve", request.product().toString(), "request " + id + " by " + by, ""));
    return new Proposal<>(
        made.headline(),
        new Proposal.Entry(
            Keys.partition(request.product()),
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

  private RequestStanding standing(Granting granting) {
    String owner = granting.grants().get(0).on().domain();
    return new RequestDocuments(session.ledger(), session.catalog())
        .find(owner, id)
        .orElseThrow(
            () -> refused("there is no such request to domain '" + owner + "'", "OTHER_REQUEST"));
  }

  private StoredGrant onlyGrant(Granting granting, RequestEntry request) {
    List<StoredGrant> grants = granting.grants();
    if (grants.size() != 1 || !grants.get(0).to().equals(Grantee.of(request.requester()))) {
      throw refused("its requester is " + request.requester() + " alone", "OTHER_CONSUMER");
    }
    return grants.get(0);
  }

  /** What the owner authorized was for what is asked now, and one person's approval suffices. */
  private StoredAuthorization requireCurrent(
      Granting granting, RequestStanding standing, StoredGrant grant) {
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
              + doing
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
    RequestViews.OfProduct of = new RequestViews(session, doing).product(request.product());
    ObjectNode details =
        JsonNodeFactory.instance
            .objectNode()
            .put("request", id)
            .put("domain", request.domain())
            .put("risk", of.data(request).risk().name())
            .put("requester", request.requester().toString())
            .put("approvalsMissing", 0)
            .put("because", grant.because());
    GrantCard.log(details.putArray("grants"), grant);
    return details;
  }

  private InvalidRequestException refused(String why, String code) {
    return new InvalidRequestException(
        ErrorCode.INVALID_ARGUMENT,
        "Cannot "
            + doing
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
