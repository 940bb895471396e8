package io.meshwork.internal.rollout.backfill;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.consumers.SubscriberList;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.majors.ReaderRights;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.retirement.EarlierRolloutMajors;
import io.meshwork.internal.rollout.retirement.MajorDocuments;
import io.meshwork.internal.rollout.retirement.StateChange;
import io.meshwork.internal.rollout.retirement.TransitionContext;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.TableColumns;
import io.meshwork.internal.table.TableName;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.Rollout.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.Table;

/**
 * Opens the new major version of a rollout for its consumers.
 *
 * @param accepted the copied rows that may break the new contract
 */
record RolloutActivation(
    ClientSession session, ProductName product, int number, RejectedCopies accepted)
    implements StateChange {
  /**
   * Copied rows that break the new contract.
   *
   * @param count their number
   * @param because why they are accepted; empty if there are none
   */
  record RejectedCopies(long count, Optional<String> because) {
    static final RejectedCopies NONE = new RejectedCopies(0, Optional.empty());
  }

  @Override
  public MeshAction action() {
    return MeshAction.of(Verb.ACTIVATE, "rollout " + number + " of " + product);
  }

  @Override
  public TransitionContext read() {
    return TransitionContext.of(
        session, product, number, Set.of(State.PLANNED, State.ANNOUNCED), action());
  }

  @Override
  public List<Finding> findings(TransitionContext context) {
    List<Finding> findings = new ArrayList<>();
    if (lacksHistory(context)) {
      findings.add(
          Finding.error(
              FindingCode.HISTORY_MISSING,
              product.toString(),
              "Major version "
                  + context.from().major()
                  + " has rows that major version "
                  + context.to().major()
                  + " does not have.",
              "Copy them with backFill(..), or abort the rollout and start it again with"
                  + " withoutHistory()."));
    }
    if (context.rollout().dates().cutOver().isPresent()) {
      findings.addAll(new CopyExamination(session, context, action()).findings(accepted.count()));
    }
    new ReaderRights(session, context.domain(), context.product(), now())
        .missing(
            context.from(),
            context.to(),
            SubscriberList.of(session, product, context.from()),
            context.rollout().dates().announcedAt().orElseGet(this::now))
        .forEach(
            right ->
                findings.add(
                    Finding.error(
                        FindingCode.RIGHT_MISSING,
                        right.subscription(),
                        right.principal()
                            + " would read nothing of major version "
                            + context.to().major()
                            + "; it reads the current one by "
                            + right.grants()
                            + ".",
                        right.fix())));
    findings.addAll(context.opening(session, context.to(), action()));
    return findings;
  }

  private Instant now() {
    return session.runtime().clock().instant();
  }

  private boolean lacksHistory(TransitionContext context) {
    return context.rollout().withoutHistory().isEmpty()
        && context.rollout().dates().cutOver().isEmpty()
        && lacksRows(context);
  }

  private TableName table(TransitionContext context) {
    return TableName.of(product, context.from().major());
  }

  @Override
  public List<Step> steps(TransitionContext context) {
    return List.of(
        new Step(
            "open",
            product + " " + context.to().version(),
            "for consumers to read and subscribe to",
            "abort(), until a consumer subscribes to it"),
        new Step(
            "deprecate",
            product + " " + context.from().version(),
            "proposed to retire after " + context.rollout().retireAfter(),
            "abort(), until a consumer subscribes to the new version"));
  }

  @Override
  public CommitDraft<RolloutEntry> draft(TransitionContext context, Ledger.Attempt attempt) {
    // Read before the table is examined, so that a concurrent publish is a conflict.
    Optional<VersionedDocument> pointer = session.ledger().read(table(context).key());
    if (lacksHistory(context)) {
      throw Failure.of(action())
          .because("rows were published to major version " + context.from().major())
          .fix("Review the plan again.")
          .conflict(ErrorCode.CONFLICT);
    }
    RolloutEntry next = opened(context, attempt);
    CommitDraft<RolloutEntry> draft =
        context
            .draft(session, next, accepted.because().orElse(next.because()))
            .replace(context.from().majorStored(), MajorDocuments.deprecated(context.from(), next))
            .replace(
                context.to().majorStored(),
                MajorDocuments.activated(context.to(), next, EarlierRolloutMajors.ofNew(context)));
    EarlierRolloutMajors.join(session, context, draft);
    context.open(session, context.to(), draft, action());
    if (next.withoutHistory().isEmpty() && context.rollout().dates().cutOver().isEmpty()) {
      pointer.ifPresent(draft::check);
    }
    return draft;
  }

  /** The rollout; without a back-fill, both major versions can have the same rows from now on. */
  private RolloutEntry opened(TransitionContext context, Ledger.Attempt attempt) {
    RolloutEntry.Dates dates = context.rollout().dates();
    RolloutEntry next = context.rollout().in(State.PARALLEL);
    if (dates.cutOver().isPresent()) {
      return next.dated(dates.opened(attempt.now()));
    }
    RolloutEntry dated = next.dated(dates.synchronizedAt(attempt.now()).opened(attempt.now()));
    if (lacksRows(context)) {
      return dated;
    }
    Table opened = session.tables().load(TableName.of(product, context.to().major()));
    return dated.synchronizedAt(
        new CutOverSnapshots(session, context, session.tables().load(table(context)))
            .places(opened, attempt));
  }

  private boolean lacksRows(TransitionContext context) {
    return !TableColumns.of(session.tables().load(table(context))).empty();
  }
}
