package io.meshwork.internal.ingest;

import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.QualityReport;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.VectorBatch;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.quality.ExistingKeys;
import io.meshwork.internal.quality.NewKeys;
import io.meshwork.internal.quality.PublishVerdict;
import io.meshwork.internal.quality.QualityGate;
import io.meshwork.internal.quality.RuleContext;
import io.meshwork.internal.rows.TypeViolations.Violation;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.ProgressMeter;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.table.FilteredColumns;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Executor;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;

/**
 * The way of rows into files, for one publish: read, check by columns, encode, gate. Rows that keep
 * the contract go to data files of the table, bad ones to files of the quarantine, and rows whose
 * fate hangs on a tolerance wait for the end. Files are written and nothing is committed. One
 * thread.
 */
public final class RowIngestion implements AutoCloseable {
  private final QualityGate gate;
  private final DataFileWriter accepted;
  private final QuarantineWriter quarantined;
  private final DeferredRows held;
  private final ReplaceScopeCheck scope;
  private final AffectedPartitions touched;
  private final ProgressMeter progress;
  private final Deadline deadline;
  private final MeshAction action;
  private boolean kept;

  /**
   * Begins.
   *
   * @param table the table of the major that is published to
   * @param quarantine the quarantine beside it
   * @param publishId the publish's id, which goes into file names
   * @param scope a filter that has to be true for every row that is published; null if there is
   *     none
   * @param workers where columns are encoded side by side
   * @param standing keys of the rows that stay beside those of this publish
   * @param touched is told where the rows lie, before the end of input is asked for keys
   * @param surroundings what rules need besides the rows; quarantined rows carry its moment, or
   *     that of the newest snapshot if this host's clock is behind it
   */
  public RowIngestion(
      Contract contract,
      OnViolation policy,
      Table table,
      Table quarantine,
      FileIO io,
      String publishId,
      @Nullable RowPredicate scope,
      ExistingKeys standing,
      AffectedPartitions touched,
      RuleContext surroundings,
      ProgressMeter progress,
      Executor workers,
      Deadline deadline,
      MeshAction action) {
    this.gate =
        QualityGate.open(
                contract, table.schema(), policy, surroundings, standing, QualityGate.KEY_MEMORY)
            .partitionedBy(table.spec(), table.schema());
    this.accepted =
        new DataFileWriter(table, io, publishId, action)
            .encodeOn(workers)
            .filtering(FilteredColumns.of(contract, table.schema()));
    this.quarantined =
        new QuarantineWriter(
            new DataFileWriter(quarantine, io, publishId + "-q", action),
            publishId,
            notBefore(surroundings.now(), table, quarantine));
    this.held = new DeferredRows(table.schema());
    this.scope = new ReplaceScopeCheck(scope);
    this.touched = touched;
    this.progress = progress;
    this.deadline = deadline;
    this.action = action;
  }

  /** Their term is over by the clock of whoever maintains the mesh, and not by one behind that. */
  private static Instant notBefore(Instant now, Table... tables) {
    Instant latest = now;
    for (Table each : tables) {
      Snapshot newest = each.currentSnapshot();
      if (newest != null && newest.timestampMillis() > latest.toEpochMilli()) {
        latest = Instant.ofEpochMilli(newest.timestampMillis());
      }
    }
    return latest;
  }

  /**
   * What came of the rows.
   *
   * @param judgement how they met the contract, and whether anything may be published
   * @param outsideScope that rows were to be published which the scope's filter is not true for;
   *     then nothing may be either
   * @param files data files of the table
   * @param quarantineFiles data files of the quarantine
   * @param keys of the rows in the data files, which the caller closes
   */
  public record Result(
      PublishVerdict judgement,
      Optional<Finding> outsideScope,
      List<DataFileEntry> files,
      List<DataFileEntry> quarantineFiles,
      NewKeys keys) {
    /** Of a publish that has no rows of its own. */
    public static Result ofNoRows() {
      QualityReport report =
          new QualityReport(
              0, 0, 0, 0, OptionalDouble.empty(), OptionalDouble.empty(), List.of(), List.of());
      return new Result(
          new PublishVerdict(report, false, "", List.of()),
          Optional.empty(),
          List.of(),
          List.of(),
          NewKeys.NONE);
    }
  }

  /**
   * Reads all rows and writes files.
   *
   * @throws io.meshwork.error.MeshException if the source, a file or the time fails; then {@link
   *     #close} deletes what was written
   */
  public Result run(RowInput input) {
    for (VectorBatch batch = input.next(); batch != null; batch = input.next()) {
      deadline.check(action);
      take(input, batch);
      progress.at("rows", input.rowsRead(), input.total());
    }
    progress.end("rows", input.rowsRead(), input.total());
    touched.note(accepted.partitions());
    gate.endOfInput();
    held.handOver(this::decideHeld);
    touched.settle(accepted.partitions());
    PublishVerdict judgement = gate.finish(input.failureFindings());
    Optional<Finding> outside = scope.finding();
    if (judgement.refused() || outside.isPresent()) {
      return new Result(judgement, outside, List.of(), List.of(), NewKeys.NONE);
    }
    deadline.check(action);
    Result result =
        new Result(judgement, outside, accepted.finish(), quarantined.finish(), gate.keys());
    kept = true;
    return result;
  }

  /** Frees what is open; deletes all files unless {@link #run} handed them over. */
  @Override
  public void close() {
    held.close();
    gate.close();
    if (!kept) {
      accepted.abandon();
      quarantined.abandon();
    }
  }

  private void take(RowInput input, VectorBatch batch) {
    long first = input.rowsRead() - batch.rows();
    RowMask unfit = input.failures();
    for (int row = unfit.next(0); row >= 0; row = unfit.next(row + 1)) {
      gate.addMisfit(first + row, input.failuresOf(row));
    }
    QualityGate.Verdict verdict = gate.evaluate(batch, unfit, first);
    RowMask bad = verdict.quarantined();
    for (int row = bad.next(0); row >= 0; row = bad.next(row + 1)) {
      List<Violation> violations = unfit.get(row) ? input.failuresOf(row) : gate.violations(row);
      quarantined.add(first + row, gate.reasons(row), violations, input.json(row));
    }
    RowMask waiting = verdict.held();
    if (!waiting.isEmpty()) {
      int[] rows = numbers(waiting);
      long[] rowNumbers = new long[rows.length];
      for (int i = 0; i < rows.length; i++) {
        rowNumbers[i] = first + rows[i];
      }
      VectorBatch some = batch.gather(rows).flat();
      touched.note(some);
      held.hold(some, rowNumbers);
    }
    scope.check(batch, verdict.published(), row -> first + row);
    write(batch, verdict.published());
  }

  private void decideHeld(VectorBatch rows, long[] rowNumbers) {
    QualityGate.Verdict verdict = gate.judgeHeld(rows, rowNumbers);
    RowMask bad = verdict.quarantined();
    for (int row = bad.next(0); row >= 0; row = bad.next(row + 1)) {
      quarantined.add(
          rowNumbers[row], gate.reasons(row), List.of(), QuarantineWriter.json(rows, row));
    }
    scope.check(rows, verdict.published(), row -> rowNumbers[row]);
    write(rows, verdict.published());
  }

  private void write(VectorBatch batch, RowMask published) {
    int count = published.count();
    if (count == batch.rows()) {
      accepted.write(batch);
    } else if (count > 0) {
      accepted.write(batch.gather(numbers(published)));
    }
  }

  private static int[] numbers(RowMask mask) {
    int[] rows = new int[mask.count()];
    int n = 0;
    for (int row = mask.next(0); row >= 0; row = mask.next(row + 1)) {
      rows[n++] = row;
    }
    return rows;
  }
}
