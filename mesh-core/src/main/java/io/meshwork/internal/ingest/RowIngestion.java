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
 * Reads, checks, and writes the rows of one publish. Valid rows are written to data files of the
 * table, invalid ones to files of the quarantine. Rows that break a rule with a tolerance are
 * decided at the end of the input. Commits nothing. Not thread-safe.
 */
public final class RowIngestion implements AutoCloseable {
  private final QualityGate gate;
  private final DataFileWriter accepted;
  private final QuarantineWriter quarantined;
  private final DeferredRows deferred;
  private final ReplaceScopeCheck scope;
  private final AffectedPartitions touched;
  private final ProgressMeter progress;
  private final Deadline deadline;
  private final MeshAction action;
  private boolean finished;

  /**
   * Creates the ingestion of one publish.
   *
   * @param table the table of the product's major version
   * @param quarantine its quarantine
   * @param publishId the ID of the publish, which file names contain
   * @param scope a filter that every published row must match; null if there is none
   * @param existingKeys keys of the rows that the publish retains
   * @param touched receives the partitions of the rows, before {@code existingKeys} is used at the
   *     end of the input
   * @param context what rules need besides the rows; its time is that of quarantined rows, unless
   *     the newest snapshot is later
   * @param workers encodes columns in parallel
   */
  public RowIngestion(
      Contract contract,
      OnViolation policy,
      Table table,
      Table quarantine,
      FileIO io,
      String publishId,
      @Nullable RowPredicate scope,
      ExistingKeys existingKeys,
      AffectedPartitions touched,
      RuleContext context,
      ProgressMeter progress,
      Executor workers,
      Deadline deadline,
      MeshAction action) {
    this.gate =
        QualityGate.open(
                contract, table.schema(), policy, context, existingKeys, QualityGate.KEY_MEMORY)
            .partitionedBy(table.spec(), table.schema());
    this.accepted =
        new DataFileWriter(table, io, publishId, action)
            .encodeOn(workers)
            .filtering(FilteredColumns.of(contract, table.schema()));
    this.quarantined =
        new QuarantineWriter(
            new DataFileWriter(quarantine, io, publishId + "-q", action),
            publishId,
            notBefore(context.now(), table, quarantine));
    this.deferred = new DeferredRows(table.schema(), action);
    this.scope = new ReplaceScopeCheck(scope);
    this.touched = touched;
    this.progress = progress;
    this.deadline = deadline;
    this.action = action;
  }

  /** The time of quarantined rows. Their retention must not end early on a slow clock. */
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
   * The result of an ingestion.
   *
   * @param verdict the evaluation of the rows, and whether the publish is rejected
   * @param outsideScope a finding if rows do not match the scope, so that the publish is rejected
   * @param files data files of the table
   * @param quarantineFiles data files of the quarantine
   * @param keys the keys of the rows in the data files; the caller closes them
   */
  public record Result(
      PublishVerdict verdict,
      Optional<Finding> outsideScope,
      List<DataFileEntry> files,
      List<DataFileEntry> quarantineFiles,
      NewKeys keys) {
    /** The result of a publish without rows. */
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
   * @throws io.meshwork.error.MeshException if the source or a file fails, or the deadline passes;
   *     then {@link #close} deletes the files
   */
  public Result run(RowInput input) {
    for (VectorBatch batch = input.next(); batch != null; batch = input.next()) {
      deadline.check(action);
      ingest(input, batch);
      progress.at("rows", input.rowsRead(), input.total());
    }
    progress.end("rows", input.rowsRead(), input.total());
    touched.add(accepted.partitions());
    gate.endOfInput();
    deferred.drain(this::ingestDeferred);
    touched.replaceWith(accepted.partitions());
    PublishVerdict verdict = gate.finish(input.failureFindings());
    Optional<Finding> outside = scope.finding();
    if (verdict.refused() || outside.isPresent()) {
      return new Result(verdict, outside, List.of(), List.of(), NewKeys.NONE);
    }
    deadline.check(action);
    Result result =
        new Result(verdict, outside, accepted.finish(), quarantined.finish(), gate.keys());
    finished = true;
    return result;
  }

  /** Closes open files; deletes all files unless {@link #run} returned them. */
  @Override
  public void close() {
    deferred.close();
    gate.close();
    if (!finished) {
      accepted.abandon();
      quarantined.abandon();
    }
  }

  private void ingest(RowInput input, VectorBatch batch) {
    long first = input.rowsRead() - batch.rows();
    RowMask failures = input.failures();
    for (int row = failures.next(0); row >= 0; row = failures.next(row + 1)) {
      gate.addMisfit(first + row, input.failuresOf(row));
    }
    QualityGate.Verdict verdict = gate.evaluate(batch, failures, first);
    RowMask invalid = verdict.quarantined();
    for (int row = invalid.next(0); row >= 0; row = invalid.next(row + 1)) {
      List<Violation> violations = failures.get(row) ? input.failuresOf(row) : gate.violations(row);
      quarantined.add(first + row, gate.reasons(row), violations, input.json(row));
    }
    RowMask held = verdict.held();
    if (!held.isEmpty()) {
      int[] rows = numbers(held);
      long[] rowNumbers = new long[rows.length];
      for (int i = 0; i < rows.length; i++) {
        rowNumbers[i] = first + rows[i];
      }
      VectorBatch gathered = batch.gather(rows).flat();
      touched.add(gathered);
      deferred.add(gathered, rowNumbers);
    }
    scope.check(batch, verdict.published(), row -> first + row);
    write(batch, verdict.published());
  }

  private void ingestDeferred(VectorBatch rows, long[] rowNumbers) {
    QualityGate.Verdict verdict = gate.judgeHeld(rows, rowNumbers);
    RowMask invalid = verdict.quarantined();
    for (int row = invalid.next(0); row >= 0; row = invalid.next(row + 1)) {
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
