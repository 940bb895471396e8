package io.meshwork.internal.rollout.backfill;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rollout.LoggedRollout;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.RolloutLog.Event;
import io.meshwork.internal.rollout.retirement.TransitionContext;
import io.meshwork.internal.runtime.CommitGuard;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.TableName;
import io.meshwork.operation.Operation;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.Rollout.State;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.Table;

/**
 * Compares the rows of both major versions at the snapshots of one publish. If they differ in fewer
 * rows than is recorded, one transaction records that, provided that nothing was published
 * meanwhile. Not thread-safe.
 */
final class RolloutVerification implements Operation<MajorRollout.Verification> {
  private static final Set<State> POSSIBLE =
      Set.of(State.PLANNED, State.ANNOUNCED, State.PARALLEL, State.CLOSING);
  private static final int MAX_TRIES = 5;

  private final ClientSession session;
  private final ProductName product;
  private final int number;
  private final ComparedColumns columns;
  private final CommitGuard once;

  RolloutVerification(
      ClientSession session, ProductName product, int number, ComparedColumns columns) {
    this.session = session;
    this.product = product;
    this.number = number;
    this.columns = columns;
    this.once = CommitGuard.withoutKey(action());
  }

  private MeshAction action() {
    return MeshAction.of(Verb.VERIFY, "rollout " + number + " of " + product);
  }

  /** Both tables at one point of the log, with the documents that refer to them. */
  private record PinnedMajors(
      TransitionContext context,
      Table older,
      Table newer,
      VersionedDocument olderPointer,
      VersionedDocument newerPointer) {}

  @Override
  public MajorRollout.Verification commit() {
    session.checkOpen(action());
    return once.run(this::run);
  }

  private MajorRollout.Verification run() {
    for (int tries = 0; tries < MAX_TRIES; tries++) {
      PinnedMajors pinned = pin();
      RowComparison comparison =
          columns.of(pinned.context(), pinned.older(), pinned.newer(), action());
      VerifiedRows verified =
          new VerifiedRows(
              pinned.context().rollout(),
              VerifiedRows.State.of(pinned.older()),
              VerifiedRows.State.of(pinned.newer()),
              comparison.isBack(),
              comparison.run(session));
      if (!verified.isEqual()
          || isRecorded(pinned.context().rollout(), verified)
          || session.ledger().commit(new Record(pinned, verified), session.deadline())) {
        return verified;
      }
    }
    throw published();
  }

  /** True if the rollout has just the differences that were found. */
  private static boolean isRecorded(RolloutEntry rollout, VerifiedRows verified) {
    return rollout.verified(verified.rejected()).equals(rollout)
        && (rollout.differences().haveSameChanges() || !isEqual(rollout, verified));
  }

  /** True if each version has all rows of the other, from now on too. */
  private static boolean isEqual(RolloutEntry rollout, VerifiedRows verified) {
    return verified.isIdentical() && !rollout.retirement().isBehind();
  }

  private RuntimeException published() {
    return Failure.of(action())
        .because("rows were published during each of " + MAX_TRIES + " comparisons")
        .state("Nothing was recorded.")
        .fix("Try again while fewer jobs publish.")
        .conflict(ErrorCode.CONFLICT);
  }

  private PinnedMajors pin() {
    for (int tries = 0; tries < MAX_TRIES; tries++) {
      TransitionContext context =
          TransitionContext.of(session, product, number, POSSIBLE, action());
      if (context.rollout().dates().cutOver().isEmpty()) {
        throw Failure.of(action())
            .because("the history is not in major version " + context.to().major() + " yet")
            .fix("Commit backFill(..) first.")
            .lastingConflict(ErrorCode.STATE_CONFLICT);
      }
      VersionedDocument older = pointer(context.from().major());
      VersionedDocument newer = pointer(context.to().major());
      PinnedMajors pinned =
          new PinnedMajors(
              context,
              session.tables().loadForReads(TableName.of(product, context.from().major())),
              session.tables().loadForReads(TableName.of(product, context.to().major())),
              older,
              newer);
      if (isCurrent(older, context.from().major()) && isCurrent(newer, context.to().major())) {
        return pinned;
      }
    }
    throw published();
  }

  private boolean isCurrent(VersionedDocument pointer, int major) {
    return pointer(major).version().equals(pointer.version());
  }

  private VersionedDocument pointer(int major) {
    return session
        .ledger()
        .read(TableName.of(product, major).key())
        .orElseThrow(
            () ->
                Failure.of(action())
                    .because("major version " + major + " has no table")
                    .fix("Run doctor() on the mesh.")
                    .lasting(ErrorCode.REGISTRY_CORRUPT));
  }

  /**
   * Records that both major versions have the same rows; false if rows were published meanwhile.
   */
  private final class Record implements Ledger.Change<Boolean> {
    private final PinnedMajors pinned;
    private final VerifiedRows verified;

    Record(PinnedMajors pinned, VerifiedRows verified) {
      this.pinned = pinned;
      this.verified = verified;
    }

    @Override
    public MeshAction action() {
      return RolloutVerification.this.action();
    }

    @Override
    public String partition() {
      return RegistryKeys.partition(product);
    }

    @Override
    public CommitDraft<Boolean> draft(Ledger.Attempt attempt) {
      TransitionContext context =
          TransitionContext.of(session, product, number, POSSIBLE, action());
      if (!isCurrent(pinned.olderPointer(), context.from().major())
          || !isCurrent(pinned.newerPointer(), context.to().major())) {
        return CommitDraft.unchanged(false);
      }
      if (isRecorded(context.rollout(), verified)) {
        return CommitDraft.unchanged(true);
      }
      RolloutEntry next = context.rollout().verified(verified.rejected());
      if (isEqual(next, verified)) {
        next =
            next.synchronizedAt(
                new CutOverSnapshots(session, context, pinned.older())
                    .newest(pinned.newer(), attempt));
      }
      return LoggedRollout.<Boolean>draft(Event.VERIFIED, next, session.principal())
          .check(context.domain().stored())
          .check(pinned.olderPointer())
          .check(pinned.newerPointer())
          .replace(context.stored(), next.toDocument(Optional.of(context.stored())))
          .result(true);
    }
  }
}
