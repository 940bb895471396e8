package io.meshwork.internal.rollout.retirement;

import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.MajorState;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.copies.RowsAtRetirement;
import io.meshwork.internal.copies.RowsSinceRetirement;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.rollout.RetirementEntry;
import io.meshwork.internal.rollout.RetirementEntry.Restoration;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.RolloutLog.Event;
import io.meshwork.internal.rollout.StoredRollout;
import io.meshwork.internal.rollout.consumers.RolloutGuard;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.Rollout.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Makes a retired major version readable again, closed to new subscriptions. If rows were published
 * since, it does not change, and each publish still writes the new major version alone.
 */
record RolloutRestoration(ClientSession session, ProductName product, int number, String because)
    implements StateChange {
  @Override
  public MeshAction action() {
    return MeshAction.of(
        Verb.RESTORE, "the retired major version in rollout " + number + " of " + product);
  }

  @Override
  public TransitionContext read() {
    return TransitionContext.of(session, product, number, Set.of(State.RETIRED), action());
  }

  @Override
  public List<Finding> findings(TransitionContext context) {
    List<Finding> findings =
        new ArrayList<>(
            RolloutGuard.restore(
                context.rollout().state(),
                context.rollout().dates().retiredAt().orElse(Instant.MIN),
                session.runtime().clock().instant()));
    if (context.next().filter(to -> !to.state().isLive()).isPresent()) {
      findings.add(
          Finding.error(
              FindingCode.SUCCESSOR_RETIRED,
              product.toString(),
              "Major version " + context.to().major() + " is " + context.to().state() + ".",
              "Restore that version first."));
    } else if (context.next().filter(VersionEntry::endsProduct).isPresent()) {
      findings.add(
          Finding.error(
              FindingCode.PRODUCT_ENDS,
              product.toString(),
              "The product ends with major version " + context.to().major() + ".",
              "Abort its end first; rollouts() lists it."));
    }
    thirdVersion(context)
        .ifPresent(
            later ->
                findings.add(
                    RolloutGuard.excludesRows(
                        context.rollout(),
                        "Abort rollout " + later.number() + " first; rollouts() lists it.")));
    long live =
        session.catalog().majors(product).stream()
            .flatMap(major -> session.catalog().majorState(product, major).stream())
            .filter(state -> state.isLive() || state == MajorState.PREPARED)
            .count();
    if (live >= RolloutGuard.MAX_LIVE_MAJORS) {
      findings.add(
          Finding.error(
              FindingCode.TOO_MANY_MAJORS,
              product.toString(),
              "The product has "
                  + live
                  + " major versions in use; the limit is "
                  + RolloutGuard.MAX_LIVE_MAJORS
                  + ".",
              "Abort or complete another rollout first."));
    }
    findings.addAll(context.opening(session, context.from(), action()));
    return findings;
  }

  /** The rollout from the new major version to a third one, if this one excludes rows. */
  private Optional<RolloutEntry> thirdVersion(TransitionContext context) {
    return context.rollout().excludedRows().isEmpty()
        ? Optional.empty()
        : StoredRollout.entries(session.ledger(), product)
            .filter(each -> context.rollout().leadsTo(each.from()) && !each.state().isEnded())
            .filter(each -> each.newMajor().isPresent())
            .findFirst();
  }

  @Override
  public List<Step> steps(TransitionContext context) {
    boolean sameRows = haveSameRows(session, context, remaining(session, context));
    return List.of(
        new Step(
            "restore",
            product + " " + context.from().version(),
            context.next().isEmpty()
                ? "with the rows that it had; it is published again"
                : sameRows
                    ? "with the rows that it had; each publish writes both versions again"
                    : "with the rows that it had; rows published since are only in major version "
                        + context.to().major(),
            "retire()"));
  }

  /** Maintenance may have changed the table of the new major version, but not its rows. */
  private static boolean haveSameRows(
      ClientSession session, TransitionContext context, Optional<RowsAtRetirement> remaining) {
    RolloutEntry rollout = context.rollout();
    return remaining.isEmpty()
        || (!rollout.retirement().isBehind()
            && (isUnchanged(session, context, remaining.get())
                || RowsSinceRetirement.areUnchanged(session.ledger(), rollout)));
  }

  private static boolean isUnchanged(
      ClientSession session, TransitionContext context, RowsAtRetirement remaining) {
    return remaining.isUnchangedSince(context.rollout().retirement().remaining())
        && retained(session, context)
            .isUnchangedSince(context.from().entry().retirement().retiredTable());
  }

  /** The rows of the retired major version, from which an erase can remove some alone. */
  private static RowsAtRetirement retained(ClientSession session, TransitionContext context) {
    return RowsAtRetirement.of(session, context.product().name(), context.from());
  }

  /** The rows of the new major version; empty if the product ends. */
  private static Optional<RowsAtRetirement> remaining(
      ClientSession session, TransitionContext context) {
    return context.next().map(to -> RowsAtRetirement.of(session, context.product().name(), to));
  }

  @Override
  public CommitDraft<RolloutEntry> draft(TransitionContext context, Ledger.Attempt attempt) {
    return draft(
        session,
        context,
        because,
        Event.RESTORED,
        Optional.of(new Restoration(attempt.now(), because)));
  }

  /** Drafts the transaction that makes the old major version readable again for a late read. */
  static CommitDraft<RolloutEntry> draft(
      ClientSession session, TransitionContext retired, String because, Event event) {
    return draft(session, retired, because, event, Optional.empty());
  }

  private static CommitDraft<RolloutEntry> draft(
      ClientSession session,
      TransitionContext retired,
      String because,
      Event event,
      Optional<Restoration> restoration) {
    RolloutEntry before = retired.rollout();
    Optional<RowsAtRetirement> remaining = remaining(session, retired);
    boolean sameRows = haveSameRows(session, retired, remaining);
    boolean joins = sameRows && retired.next().isPresent();
    RetirementEntry restored = before.retirement().restored(sameRows, before.dates().retiredAt());
    RolloutEntry closing =
        before
            .in(State.CLOSING)
            .retirement(restoration.map(restored::withRestoration).orElse(restored))
            .dated(before.dates().retired(Optional.empty()));
    RolloutEntry next =
        joins
            ? ResumedDualPublishing.of(
                session.ledger(), closing, MeshEvent.Type.ROLLOUT_RETIRED.text())
            : closing;
    TreeSet<Integer> joined = new TreeSet<>();
    if (joins) {
      joined.addAll(retired.to().publishedWith());
      joined.add(before.to());
    }
    CommitDraft<RolloutEntry> draft =
        retired
            .draft(session, event, next, because)
            .replace(
                retired.from().majorStored(),
                MajorDocuments.restored(retired.from(), next, joined));
    retired
        .next()
        .ifPresent(
            to ->
                draft.replace(
                    to.majorStored(),
                    MajorDocuments.unsettled(
                        to, next, sameRows ? Set.of(before.from()) : Set.of())));
    if (joins) {
      EarlierRolloutMajors.addRestored(session, retired, draft);
    }
    retired.open(session, retired.from(), draft, MeshAction.of(Verb.RESTORE, before.product()));
    remaining.ifPresent(rows -> rows.check(draft));
    return draft.result(next);
  }
}
