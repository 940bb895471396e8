package io.meshwork.internal.rollout.backfill;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.materializers.RowMaterializers;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.RolloutEntry.ExcludedRows;
import io.meshwork.internal.rollout.backfill.RolloutActivation.RejectedCopies;
import io.meshwork.internal.rollout.retirement.WithdrawalView;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Operation;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.MajorRollout.BackFill;
import io.meshwork.rollout.MajorRollout.RowDifference;
import io.meshwork.rollout.MajorRollout.RowDifference.Reason;
import io.meshwork.rollout.MajorRollout.Verification;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;

/** The rollout of a new major version, as read. Immutable. */
public final class MajorRolloutView extends WithdrawalView<MajorRollout> implements MajorRollout {
  /** Creates it for the caller of the session. */
  public MajorRolloutView(ClientSession session, RolloutEntry entry) {
    super(session, entry);
  }

  @Override
  protected MajorRollout after(RolloutEntry next) {
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
  public boolean isWithoutHistory() {
    return entry.withoutHistory().isPresent();
  }

  @Override
  public Optional<Instant> cutOver() {
    return entry.dates().cutOver();
  }

  @Override
  public boolean mayDiffer() {
    return entry.mayDiffer();
  }

  @Override
  public Map<String, String> renamedColumns() {
    Schema newer = columns(to());
    Map<String, String> renamed = new TreeMap<>();
    for (Types.NestedField old : columns(from()).columns()) {
      Types.NestedField now = newer.asStruct().field(old.fieldId());
      if (now != null && !now.name().equals(old.name())) {
        renamed.put(old.name(), now.name());
      }
    }
    return Collections.unmodifiableMap(renamed);
  }

  private Schema columns(int major) {
    return session
        .catalog()
        .requireFor(Use.DESCRIBE, product(), major, MeshAction.of(Verb.DESCRIBE, product()))
        .schemaWithIds();
  }

  @Override
  public List<RowDifference> differences() {
    boolean owner =
        session
            .catalog()
            .findDomain(product().domain())
            .filter(domain -> domain.domain().accounts().contains(session.principal().account()))
            .isPresent();
    return owner
        ? entry.allDifferences()
        : entry.allDifferences().stream().map(RowDifference::withoutDetails).toList();
  }

  @Override
  public Optional<Instant> newOnlySince() {
    return entry.retirement().newOnlySince();
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
    return transition(activating(RejectedCopies.NONE));
  }

  private RolloutActivation activating(RejectedCopies accepted) {
    return new RolloutActivation(session, product(), number(), accepted);
  }

  @Override
  public PlannedOperation.WithReason<MajorRollout> activateWithout(long rejectedRows) {
    if (rejectedRows < 1) {
      throw ArgumentChecks.refused(
          "rejectedRows", "is " + rejectedRows, "Use the number of rows, or call activate().");
    }
    return reasoned(because -> activating(new RejectedCopies(rejectedRows, Optional.of(because))));
  }

  @Override
  public PlannedOperation<Plan<MajorRollout>, MajorRollout> makeCurrent() {
    return promotion();
  }

  @Override
  public PlannedOperation.WithReason<MajorRollout> abort() {
    return withdrawal();
  }

  @Override
  protected String change() {
    return Integer.toString(to());
  }

  @Override
  protected void addFacts(List<String> lines) {
    cutOver().ifPresent(at -> lines.add("since   " + at + " both have the same rows"));
    differences().stream()
        .filter(each -> each.reason() == Reason.UNFIT || each.reason() == Reason.CHANGED_ALONE)
        .forEach(each -> lines.add("differs " + each));
    shownExclusion()
        .ifPresent(
            rows ->
                lines.add(
                    "only    version "
                        + to()
                        + " has the rows where "
                        + rows.filter()
                        + ": "
                        + rows.because()));
    super.addFacts(lines);
    entry.withoutHistory().ifPresent(reason -> lines.add("history starts without rows: " + reason));
  }

  private Optional<ExcludedRows> shownExclusion() {
    return entry
        .excludedRows()
        .map(
            rows ->
                new ExcludedRows(
                    session.authorizer().shown(product(), to(), rows.filter()), rows.because()));
  }
}
