package io.meshwork.internal.rollout.retirement;

import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.copies.RowsAtRetirement;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.RolloutLog.Event;
import io.meshwork.internal.scan.ObsoleteCopies;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.MajorRollout.RowDifference;
import io.meshwork.rollout.MajorRollout.RowDifference.Reason;
import io.meshwork.rollout.Rollout.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Withdraws the new major version of a rollout; the old one is as before. */
record RolloutAbort(ClientSession session, ProductName product, int number, String because)
    implements FencedChange {
  private static final Set<State> BEFORE_RETIREMENT =
      Set.of(State.PLANNED, State.ANNOUNCED, State.PARALLEL, State.CLOSING);

  @Override
  public MeshAction action() {
    return MeshAction.of(Verb.ABORT, "rollout " + number + " of " + product);
  }

  @Override
  public TransitionContext read() {
    return TransitionContext.of(session, product, number, BEFORE_RETIREMENT, action());
  }

  @Override
  public TransitionContext readAfter() {
    return TransitionContext.of(session, product, number, Set.of(State.ABORTED), action());
  }

  @Override
  public VersionEntry taken(TransitionContext context) {
    return context.to();
  }

  @Override
  public List<Finding> findings(TransitionContext context) {
    List<Finding> findings = new ArrayList<>(MajorUsers.findings(session, context));
    int later = context.to().rollout().orElse(0);
    if (later > 0) {
      findings.add(
          Finding.error(
              FindingCode.MAJOR_IN_USE,
              product.toString(),
              "Rollout " + later + " starts from major version " + context.to().major() + ".",
              "Abort it first; rollouts() lists it."));
    }
    RolloutEntry rollout = context.rollout();
    rollout
        .retirement()
        .newOnlySince()
        .ifPresent(
            since ->
                findings.add(
                    Finding.error(
                        FindingCode.OLD_MAJOR_BEHIND,
                        product.toString(),
                        "Major version "
                            + context.from().major()
                            + " lacks the rows that were published since "
                            + since
                            + ".",
                        "Copy them with backFill(..), or retire it again with retire().")));
    if (rollout.mayDiffer() || rollout.excludedRows().isPresent()) {
      findings.add(
          new Finding(
              FindingCode.ROWS_WITHDRAWN,
              Severity.WARNING,
              product.toString(),
              "Rows that were published to major version "
                  + context.to().major()
                  + " alone are withdrawn with it.",
              0,
              List.of(),
              "Publish needed rows to major version " + context.from().major() + " first."));
    }
    return findings;
  }

  @Override
  public List<Finding> losses(TransitionContext after) {
    return MajorUsers.findings(session, after);
  }

  @Override
  public List<Step> steps(TransitionContext context) {
    List<Step> steps = new ArrayList<>();
    steps.add(
        new Step(
            "withdraw",
            product + " " + context.to().version(),
            "its owner can still read the rows",
            "a new rollout, which gets the next major version"));
    if (obsolete(context).exist()) {
      steps.add(
          new Step(
              "remove copies",
              product + " " + context.to().version(),
              "of files that major version "
                  + context.from().major()
                  + " no longer has, such as files of rows that were erased since",
              "cannot be undone"));
    }
    steps.add(
        new Step(
            "keep", product + " " + context.from().version(), "as it was before the rollout", ""));
    return steps;
  }

  @Override
  public CommitDraft<RolloutEntry> draft(TransitionContext context, Ledger.Attempt attempt) {
    RowsAtRetirement remaining = RowsAtRetirement.of(session, product, context.from());
    RolloutEntry next =
        context
            .rollout()
            .aborted(because)
            .separated(attempt.sequence())
            .retirement(context.rollout().retirement().withRemaining(remaining.version()));
    CommitDraft<RolloutEntry> draft =
        context
            .draft(session, next)
            .replace(context.from().majorStored(), MajorDocuments.released(context.from(), next))
            .replace(
                context.to().majorStored(),
                MajorDocuments.withdrawn(
                    context.to(),
                    because,
                    RowsAtRetirement.of(session, product, context.to()),
                    attempt.now(),
                    isCurrent(context, context.to())));
    setCurrent(context, context.to(), context.from(), draft);
    remaining.check(draft);
    obsolete(context).remove(draft, attempt);
    EarlierRolloutMajors.separate(session, context, draft);
    return draft;
  }

  private ObsoleteCopies obsolete(TransitionContext context) {
    return ObsoleteCopies.of(
        session,
        product,
        context.from(),
        context.to(),
        context.rollout().dates().cutOver().isEmpty());
  }

  private static boolean isCurrent(TransitionContext context, VersionEntry major) {
    return context.product().currentMajor() == major.major();
  }

  private static void setCurrent(
      TransitionContext context, VersionEntry before, VersionEntry after, CommitDraft<?> draft) {
    if (isCurrent(context, before)) {
      draft.replace(context.product().stored(), context.product().withCurrentMajor(after.major()));
    }
  }

  @Override
  public CommitDraft<RolloutEntry> undo(TransitionContext after, Ledger.Attempt attempt) {
    RolloutEntry aborted = after.rollout();
    boolean closed = aborted.dates().closedAt().isPresent();
    boolean hasSameRows =
        RowsAtRetirement.of(session, product, after.from())
                .isUnchangedSince(aborted.retirement().remaining())
            && RowsAtRetirement.of(session, product, after.to())
                .isUnchangedSince(after.to().entry().retirement().retiredTable());
    RolloutEntry resumed = aborted.resumed(closed ? State.CLOSING : State.PARALLEL);
    RolloutEntry next =
        hasSameRows
            ? ResumedDualPublishing.of(
                session.ledger(), resumed, MeshEvent.Type.ROLLOUT_ABORTED.text())
            : resumed.separated(
                new RowDifference(Reason.CHANGED_ALONE, after.from().major(), 0, "", attempt.now()),
                attempt.sequence());
    CommitDraft<RolloutEntry> draft =
        after
            .draft(session, Event.REOPENED, next, next.because())
            .replace(
                after.from().majorStored(), MajorDocuments.reinstated(after.from(), next, closed))
            .replace(
                after.to().majorStored(),
                MajorDocuments.activated(after.to(), next, EarlierRolloutMajors.ofNew(after)));
    if (after.to().entry().retirement().wasCurrent()) {
      setCurrent(after, after.from(), after.to(), draft);
    }
    EarlierRolloutMajors.join(session, after, draft);
    after.open(session, after.to(), draft, action());
    return draft.result(next);
  }
}
