package io.meshwork.sharing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.access.Grantee;
import io.meshwork.access.Permission;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.rights.DecisionEntry;
import io.meshwork.internal.rights.DecisionEntry.Verdict;
import io.meshwork.internal.rights.GrantTarget;
import io.meshwork.internal.rights.RequestEntry;
import io.meshwork.internal.rights.RequestStanding;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.session.Session;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Approves a request as it was asked, or less than that; the last approval that is needed grants
 * it. Where the contract asks for four eyes, two principals approve, which stand for two people,
 * and what both of them approve is granted. One thread; committed once.
 */
public final class ApproveRequest implements AccessOperation<AccessRequest> {
  private final Session session;
  private final String id;
  private final @Nullable AccessRequest lookedAt;
  private final RightsChange<AccessRequest> change;
  private final Narrowing narrowing;
  private @Nullable String because;

  private ApproveRequest(Session session, String id, @Nullable AccessRequest lookedAt) {
    this.session = session;
    this.id = id;
    this.lookedAt = lookedAt;
    this.change = new RightsChange<>(session, doing(), this::proposal);
    this.narrowing = new Narrowing(doing());
  }

  /** Called by {@code MeshClient.approve}. */
  public static ApproveRequest of(Session session, @Nullable String id) {
    return new ApproveRequest(session, RequestDesk.id(id), null);
  }

  /** Called by {@code MeshClient.approve}: only what was looked at. */
  public static ApproveRequest of(Session session, @Nullable AccessRequest lookedAt) {
    AccessRequest request = Arguments.given("request", lookedAt);
    return new ApproveRequest(session, request.id(), request);
  }

  /** Of the columns that are asked only these. */
  public ApproveRequest onlyColumns(String... names) {
    narrowing.columns(Arguments.all("onlyColumns", names));
    return this;
  }

  /**
   * Of the rows that are asked only those for which this is true too. It may ask every column of
   * the contract, also those that are not granted.
   */
  public ApproveRequest onlyRows(String filter) {
    narrowing.rows(Arguments.given("onlyRows", filter).strip());
    return this;
  }

  /** Ends earlier than asked; the instant is no longer part of it. */
  public ApproveRequest until(Instant end) {
    narrowing.until(Arguments.given("until", end));
    return this;
  }

  /** Why; the requester is told, and it is in the log. Default: not said. */
  public ApproveRequest because(String reason) {
    because = Arguments.text("because", reason);
    return this;
  }

  /**
   * Approves it.
   *
   * @return the request; {@link AccessRequest.State#APPROVED} if no approval is missing any more
   * @throws AccessDeniedException if the caller does not act for the owner, it is the caller's own
   *     request, or the caller approved it before and another person has to
   * @throws io.meshwork.error.InvalidRequestException if it would give more than was asked or
   *     nothing at all, the filter breaks its language, or the grant does not go with what is
   *     granted already
   * @throws io.meshwork.error.ConflictException if it is settled already, or is another than the
   *     one looked at
   * @throws io.meshwork.error.NotFoundException if there is no such request
   */
  @Override
  public AccessRequest commit() {
    return AccessOperation.super.commit();
  }

  @Override
  public RightsChange<AccessRequest> change() {
    return change;
  }

  private Proposal<AccessRequest> proposal(RightsDocuments documents, Instant now) {
    RequestDesk desk = new RequestDesk(session, doing());
    // Read first and rewritten by every approval: of two at once, the later one sees the other.
    String owner = desk.own();
    Proposal.Policy policy = new Proposal.Policy(owner, documents.policy(owner));
    RequestStanding standing = desk.toDecide(id);
    desk.requireOpen(standing, now);
    RequestEntry request = standing.request();
    RequestViews views = new RequestViews(session, doing());
    RequestViews.OfProduct of = views.product(request.product());
    desk.requireAsLookedAt(lookedAt, views.of(standing, now));
    List<DecisionEntry> before = of.approvals(standing);
    requireAnother(request.product(), before);
    Terms own = narrowing.of(request, of);
    Terms terms = withOthers(own, before);
    terms.check(of, now, doing());
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
      RequestStanding standing,
      RequestViews.OfProduct of,
      Proposal.Policy policy,
      DecisionEntry decision,
      List<Principal> approvedBy,
      RequestViews views,
      Instant now) {}

  private void requireAnother(ProductName product, List<DecisionEntry> before) {
    if (before.stream().anyMatch(each -> each.by().equals(session.principal()))) {
      throw session.denied(
          product.toString(),
          doing(),
          new AccessDeniedException(
              ErrorCode.ACCESS_DENIED,
              "Cannot "
                  + doing()
                  + " as "
                  + session.principal()
                  + ": it approved it already, and the contract asks for four eyes. Nothing was"
                  + " changed, and its approval stands. Another person has to approve it.",
              "another person's approval",
              List.of()));
    }
  }

  /** What all of them approve. */
  private Terms withOthers(Terms own, List<DecisionEntry> before) {
    Terms terms = own;
    for (DecisionEntry earlier : before) {
      Terms other = Terms.of(earlier);
      if (terms.haveNothingInCommon(other)) {
        throw Terms.refused(
            doing(),
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

  private DecisionEntry decision(RequestStanding standing, RequestViews.OfProduct of, Terms terms) {
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
  private Proposal<AccessRequest> noted(Case all) {
    int missing = all.of.approvalsNeeded() - all.approvedBy.size();
    List<Finding> findings = findings(all);
    findings.add(
        note(
            "FOUR_EYES",
            id,
            missing + " more approval is needed, by another person: nothing is granted yet"));
    return proposal(
        all,
        findings,
        List.of(
            write(all.documents, decisionKey(all), all.decision),
            new Proposal.Write(
                Keys.finalDecision(all.standing.request().product(), id),
                Optional.empty(),
                Optional.empty())),
        List.of(new Step("approve", subject(all), "as one of two", "deny it")),
        Optional.empty());
  }

  private Proposal<AccessRequest> granted(Case all, Terms terms) {
    RequestEntry request = all.standing.request();
    Sharer sharer = Sharer.of(session, request.product().domain(), doing());
    Granting granting = new Granting(all.documents, sharer, doing(), all.now);
    StoredGrant grant = grant(request, terms, all.approvedBy);
    Optional<StoredGrant> there = all.documents.read(sharer.key(grant)).map(StoredGrant::of);
    boolean givesMore = there.filter(old -> isLonger(old, grant)).isPresent();
    if (!givesMore) {
      granting.add(
          grant, all.documents.ofProduct(all.of.owner(), all.of.product(), all.of.version()));
    }
    Proposal<List<GrantCard>> grants =
        granting.proposal("", "", subject(all), Reach.of(request.product()), List.of(), List.of());
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
            Optional.of(grant));
    List<Proposal.Write> writes = new ArrayList<>(grants.writes());
    writes.add(write(all.documents, decisionKey(all), all.decision));
    writes.add(
        new Proposal.Write(
            Keys.finalDecision(request.product(), id), Optional.empty(), Optional.of(last.json())));
    List<Step> steps = new ArrayList<>(grants.steps());
    steps.add(new Step("approve", subject(all), "by " + names(all.approvedBy), ""));
    Proposal<AccessRequest> approval =
        proposal(all, findings(all), writes, steps, Optional.of(last));
    return new Proposal<>(
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

  private static StoredGrant grant(RequestEntry request, Terms terms, List<Principal> approvedBy) {
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

  private Proposal<AccessRequest> proposal(
      Case all,
      List<Finding> findings,
      List<Proposal.Write> writes,
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
        .ifPresent(grant -> GrantCard.log(details.putArray("grants"), grant));
    return new Proposal<>(
        "Approve request " + id + " of " + request.requester() + " for " + request.product(),
        new Proposal.Entry(
            Keys.partition(request.product()), "access.approved", subject(all), details),
        all.policy,
        writes,
        checks(all),
        steps,
        findings,
        Reach.none(),
        all.views.of(all.standing.with(all.decision, last), all.now));
  }

  /** The request, what others decided on it, and the terms by which that counts. */
  private static List<Stored> checks(Case all) {
    return Stream.concat(
            Stream.of(
                all.standing.stored(),
                all.of.owner().stored(),
                all.of.product().stored(),
                all.of.version().majorStored(),
                all.of.version().majorStored()),
            all.standing.decided().stream())
        .toList();
  }

  private Proposal.Write write(RightsDocuments documents, Key key, DecisionEntry decision) {
    return new Proposal.Write(key, documents.read(key), Optional.of(decision.json()));
  }

  private Key decisionKey(Case all) {
    return Keys.decision(all.standing.request().product(), id, session.principal());
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
        code, Finding.Severity.NOTE, where, what, 0, List.of(), "Look at requests().");
  }

  private static String names(List<Principal> principals) {
    return principals.stream().map(Principal::toString).collect(Collectors.joining(", "));
  }

  private static String subject(Case all) {
    return all.standing.request().product().toString();
  }

  private String doing() {
    return "approve request " + id;
  }
}
