package io.meshwork.internal.rollout.retirement;

import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.consumers.ConsumerTracks;
import io.meshwork.internal.rollout.consumers.RetireGuard;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.stewards.ForcedRetirementRequest;
import io.meshwork.internal.stewards.StewardLog;
import io.meshwork.internal.stewards.StewardRequestEntry;
import io.meshwork.internal.stewards.Stewards;
import io.meshwork.internal.stewards.StoredRequest;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.Rollout.State;
import io.meshwork.rollout.StewardRequest.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Requests the approval of a steward to retire a major version under consumers that need it. */
record ForcedRetirementProposal(
    ClientSession session, ProductName product, int number, String because) implements StateChange {
  @Override
  public MeshAction action() {
    return MeshAction.of(
        Verb.RETIRE, "the old major version in rollout " + number + " of " + product + " by force");
  }

  @Override
  public TransitionContext read() {
    return TransitionContext.of(session, product, number, Set.of(State.CLOSING), action());
  }

  /** Returns true if these are the consumers that still need the major version. */
  boolean concerns(List<String> consumers) {
    return guard(read()).map(RetireGuard::overridden).equals(Optional.of(new TreeSet<>(consumers)));
  }

  private Optional<RetireGuard> guard(TransitionContext context) {
    return ConsumerTracks.guard(session, context.rollout(), now());
  }

  private Instant now() {
    return session.runtime().clock().instant();
  }

  @Override
  public List<Finding> findings(TransitionContext context) {
    Optional<RetireGuard> guard = guard(context);
    if (guard.isEmpty()) {
      return List.of(RolloutRetirement.notAnnounced(context));
    }
    Set<String> overridden = guard.get().overridden();
    ForcedRetirementRequest request =
        new ForcedRetirementRequest(
            session.principal(), Set.of(), Optional.empty(), because, overridden);
    List<Finding> findings = new ArrayList<>(guard.get().retireByForce(request, now()));
    findings.removeIf(finding -> finding.code() == FindingCode.APPROVAL_MISSING);
    if (overridden.isEmpty()) {
      findings.add(
          Finding.error(
              FindingCode.FORCE_NOT_NEEDED,
              product.toString(),
              "No consumer still needs major version " + context.from().major() + ".",
              "Retire it with retire()."));
    } else if (Stewards.forOwner(session, context.domain().domain().accounts()).isEmpty()) {
      findings.add(
          Finding.error(
              FindingCode.STEWARD_MISSING,
              product.toString(),
              "No steward of another domain is appointed who could approve it.",
              "Have a steward appointed with governance().appoint(..)."));
    }
    return findings;
  }

  @Override
  public List<Step> steps(TransitionContext context) {
    List<Step> steps = new ArrayList<>();
    steps.add(
        new Step(
            "request",
            product + " " + context.from().version(),
            "a steward decides whether it is retired although consumers need it",
            "nothing changes until you commit again after the approval"));
    for (String consumer : guard(context).map(RetireGuard::overridden).orElse(Set.of())) {
      steps.add(new Step("override", consumer, "it still needs the version", "restore()"));
    }
    return List.copyOf(steps);
  }

  @Override
  public CommitDraft<RolloutEntry> draft(TransitionContext context, Ledger.Attempt attempt) {
    List<String> consumers = List.copyOf(guard(context).orElseThrow().overridden());
    RolloutEntry rollout = context.rollout();
    List<StoredRequest> earlier = StoredRequest.open(session, product, Kind.FORCE, number);
    if (earlier.stream().anyMatch(each -> isSame(each.entry(), consumers))) {
      return CommitDraft.unchanged(rollout);
    }
    StewardRequestEntry request =
        new StewardRequestEntry(
            attempt.id(),
            product,
            Kind.FORCE,
            number,
            because,
            List.of(),
            consumers,
            session.principal(),
            attempt.now(),
            Optional.empty());
    CommitDraft<RolloutEntry> draft = StewardLog.requested(request, session.principal());
    draft
        .check(context.domain().stored())
        .check(context.stored())
        .insert(
            RegistryKeys.stewardRequest(product, request.id()),
            request.toDocument(Optional.empty()));
    earlier.forEach(each -> each.complete(draft, attempt.now()));
    return draft.result(rollout);
  }

  private boolean isSame(StewardRequestEntry earlier, List<String> consumers) {
    return earlier.consumers().equals(consumers) && earlier.because().equals(because);
  }
}
