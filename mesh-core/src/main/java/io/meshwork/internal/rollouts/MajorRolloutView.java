package io.meshwork.internal.rollouts;

import io.meshwork.internal.materializers.RowMaterializers;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.RolloutEntry.ExcludedRows;
import io.meshwork.internal.rollouts.RolloutActivation.UnfitRows;
import io.meshwork.internal.rollouts.RolloutView.WithdrawalView;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Operation;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.MajorRollout.BackFill;
import io.meshwork.rollout.MajorRollout.RowDifference;
import io.meshwork.rollout.MajorRollout.Verification;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.avro.generic.GenericRecord;

/** The rollout of a new major version as it was read. Immutable. */
final class MajorRolloutView extends WithdrawalView<MajorRollout> implements MajorRollout {
  MajorRolloutView(ClientSession session, RolloutEntry entry) {
    super(session, entry);
  }

  @Override
  MajorRollout after(RolloutEntry next) {
    return new MajorRolloutView(session, next);
  }

  @Override
  public int to() {
    return entry.to();
  }

  @Override
  public Optional<String> excludedRows() {
    return shownExclusion().map(ExcludedRows::filter);
  }

  @Override
  public boolean withoutHistory() {
    return entry.withoutHistory().isPresent();
  }

  @Override
  public Optional<Instant> cutOver() {
    return entry.dates().cutOver();
  }

  @Override
  public boolean mayDiffer() {
    return entry.apart();
  }

  @Override
  public List<RowDifference> differences() {
    return shownDifferences();
  }

  @Override
  public Optional<Instant> newOnlySince() {
    return entry.retirement().behindSince();
  }

  @Override
  public BackFill backFill() {
    return new RolloutBackFill(session, product(), number(), CopiedRecords.converted());
  }

  @Override
  public <R> BackFill backFill(Class<R> type, Function<? super R, ?> mapping) {
    ArgumentChecks.required("type", type);
    return new RolloutBackFill(
        session,
        product(),
        number(),
        CopiedRecords.mapped(
            (columns, contract) -> RowMaterializers.asRecord(type, columns, contract),
            ArgumentChecks.required("mapping", mapping)));
  }

  @Override
  public BackFill backFill(Function<? super GenericRecord, ?> mapping) {
    return new RolloutBackFill(
        session,
        product(),
        number(),
        CopiedRecords.mapped(
            RowMaterializers::asAvro, ArgumentChecks.required("mapping", mapping)));
  }

  @Override
  public Operation<Verification> verify() {
    return new RolloutVerification(session, product(), number(), ComparedColumns.columns());
  }

  @Override
  public <R> Operation<Verification> verify(
      int major, Class<R> type, Function<? super R, ?> mapping) {
    ArgumentChecks.required("type", type);
    return new RolloutVerification(
        session,
        product(),
        number(),
        ComparedColumns.mapping(
            checked(major),
            CopiedRecords.mapped(
                (columns, contract) -> RowMaterializers.asRecord(type, columns, contract),
                ArgumentChecks.required("mapping", mapping))));
  }

  @Override
  public Operation<Verification> verify(int major, Function<? super GenericRecord, ?> mapping) {
    return new RolloutVerification(
        session,
        product(),
        number(),
        ComparedColumns.mapping(
            checked(major),
            CopiedRecords.mapped(
                RowMaterializers::asAvro, ArgumentChecks.required("mapping", mapping))));
  }

  private int checked(int major) {
    if (major != from() && major != to()) {
      throw ArgumentChecks.refused(
          "major",
          "is " + major,
          "Use " + from() + " or " + to() + ", the versions of the rollout.");
    }
    return major;
  }

  @Override
  public PlannedOperation<Plan<MajorRollout>, MajorRollout> activate() {
    return transition(activating(UnfitRows.NONE));
  }

  private RolloutActivation activating(UnfitRows accepted) {
    return new RolloutActivation(session, product(), number(), accepted);
  }

  @Override
  public PlannedOperation.WithReason<MajorRollout> activateWithout(long unfitRows) {
    if (unfitRows < 1) {
      throw ArgumentChecks.refused(
          "unfitRows", "is " + unfitRows, "Use the number of rows, or call activate().");
    }
    return reasoned(
        activating(UnfitRows.NONE).action(),
        because -> transition(activating(new UnfitRows(unfitRows, Optional.of(because)))));
  }

  @Override
  public PlannedOperation<Plan<MajorRollout>, MajorRollout> makeCurrent() {
    return transition(new RolloutPromotion(session, product(), number()));
  }

  @Override
  public PlannedOperation.WithReason<MajorRollout> abort() {
    return reasoned(aborting("").action(), because -> fenced(aborting(because)));
  }

  private RolloutAbort aborting(String because) {
    return new RolloutAbort(session, product(), number(), because);
  }
}
