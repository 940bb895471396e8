package io.meshwork.internal.ingest;

import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.ingest.DeferredRows.NumberedRows;
import io.meshwork.internal.ingest.RowIngestion.PublishedFiles;
import io.meshwork.internal.ingest.write.DataFileWriter;
import io.meshwork.internal.ingest.write.QuarantineWriter;
import io.meshwork.internal.ingest.write.RowGroupCopies;
import io.meshwork.internal.ingest.write.RowGroupSource;
import io.meshwork.internal.ingest.write.RowNumbers;
import io.meshwork.internal.quality.PublishVerdict;
import io.meshwork.internal.quality.QualityGate;
import io.meshwork.internal.quality.QualityGate.Destination;
import io.meshwork.internal.quality.RuleContext;
import io.meshwork.internal.rows.TypeViolations.Violation;
import io.meshwork.internal.runtime.WorkAhead;
import io.meshwork.internal.table.FilteredColumns;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one publish in one major version: its rules, data files, and quarantine. Each batch
 * is begun, its rows are settled in order, and its end writes them. Valid rows are encoded and
 * written on an executor, one batch at a time: between two batches, the last one may still be
 * written. Not thread-safe.
 */
final class MajorIngestion implements DecidedRows, AutoCloseable {
  private final RowIngestion.Target target;
  private final QualityGate gate;
  private final DataFileWriter accepted;

  /** Uses {@link #accepted}, which no other code may use before this has ended. */
  private final WorkAhead<@Nullable Void> writes;

  private final RowGroupCopies copies;
  private final QuarantineWriter quarantined;
  private final DeferredRows deferred;
  private final @Nullable Schema numbered;
  private final @Nullable UndecidedRows undecided;
  private final ReplaceScopeCheck scope;
  private final @Nullable LateRowCount late;
  private @Nullable RowInput input;
  private VectorBatch batch;
  private long first;
  private long[] heldNumbers = new long[0];
  private RowMask excluded = new RowMask(0);
  private int heldRow;

  /** The rules that quarantined rows of the batch break, of all versions, by row. */
  private final Map<Integer, List<String>> reasons = new HashMap<>();

  private boolean finished;

  MajorIngestion(
      RowIngestion.Target target,
      PublishedFiles files,
      @Nullable CrossRowRules ofPart,
      RuleContext context,
      int majors,
      Executor workers,
      MeshAction action) {
    Table table = target.table();
    this.target = target;
    this.batch = VectorBatch.empty(table.schema());
    this.gate =
        (ofPart == null
                ? QualityGate.open(
                    target.contract(),
                    table.schema(),
                    files.policy(),
                    context,
                    target.existingKeys(),
                    QualityGate.KEY_MEMORY / majors)
                : QualityGate.ofPart(target.contract(), table.schema(), files.policy(), context))
            .partitionedBy(table.spec(), table.schema())
            .inFolders(table.spec(), table.schema());
    this.writes = new WorkAhead<>(workers);
    this.numbered =
        ofPart != null && ofPart.removingRows() ? RowNumbers.numbered(table.schema()) : null;
    this.accepted =
        (numbered == null
                ? new DataFileWriter(table, files.io(), files.names(), action)
                : DataFileWriter.numbered(table, numbered, files.io(), files.names(), action))
            .encodeOn(writes)
            .sharedInParts(2 * majors)
            .readBy(target.contract().readers())
            .filtering(FilteredColumns.of(target.contract(), table.schema()));
    this.copies = new RowGroupCopies(accepted, workers);
    this.quarantined =
        new QuarantineWriter(
            new DataFileWriter(target.quarantine(), files.io(), files.names() + "-q", action)
                .sharedInParts(2 * majors),
            files.publishId(),
            context.now().isAfter(target.notBefore()) ? context.now() : target.notBefore());
    this.deferred = new DeferredRows(table.schema(), action);
    this.undecided =
        ofPart == null || !ofPart.any()
            ? null
            : new UndecidedRows(ofPart, table, files.io(), files.names(), action);
    this.scope = new ReplaceScopeCheck(target.scope());
    this.late = target.late() == null ? null : LateRowCount.of(table.schema(), target.late());
  }

  @Override
  public String version() {
    return target.version();
  }

  /**
   * Starts the next rows: counts rows that do not fit their columns, and evaluates the row rules.
   *
   * @param rows the batch that the input returned last
   * @param first the number of its first row
   */
  void begin(RowInput from, VectorBatch rows, long first) {
    input = from;
    batch = rows;
    excluded = from.excluded();
    reasons.clear();
    this.first = first;
    RowMask failures = from.failures();
    for (int row = failures.next(0); row >= 0; row = failures.next(row + 1)) {
      List<Violation> violations = from.failuresOf(row);
      gate.addMisfit(first + row, violations);
      if (from.hasOtherValues(row)) {
        gate.checkOthers(row, violations);
      }
    }
    gate.placedBy(from::place);
    gate.begin(rows, failures, excluded, first);
  }

  /** True if this version has a row of the batch. */
  boolean has(int row) {
    return !excluded.get(row);
  }

  /** False if all rows have the same destination, under a policy that all versions share. */
  boolean decidesRows() {
    return gate.decidesRows();
  }

  /** True if this version has a row of the batch that breaks a rule which no other row decides. */
  boolean quarantinesAlone(int row) {
    return has(row) && gate.breaksAlone(row);
  }

  /** Quarantines a row that breaks such a rule in one of the versions. */
  void quarantine(int row) {
    gate.quarantine(row);
  }

  /** The destination that the contract of this version requires for a row. */
  Destination standing(int row) {
    return gate.standing(row);
  }

  /** Sends the row whose standing was determined last to its destination. */
  void settle(int row, Destination destination) {
    gate.settle(row, destination);
  }

  /** The rules that a quarantined row breaks in this version; empty if it breaks none. */
  List<String> reasons(int row) {
    return Stream.concat(
            violations(row).stream().map(Violation::ruleId).distinct().sorted(),
            gate.reasons(row).stream())
        .toList();
  }

  /** Adds the rules that a quarantined row breaks in other versions. */
  void addReasons(int row, List<String> ofOthers) {
    reasons.put(row, ofOthers);
  }

  private List<Violation> violations(int row) {
    List<Violation> violations = gate.violations(row);
    if (input == null || !input.failures().get(row)) {
      return violations;
    }
    List<Violation> all = new ArrayList<>(input.failuresOf(row));
    all.addAll(violations);
    return all;
  }

  /** Ends the batch, and writes its rows to their destinations. */
  void end() {
    write(gate.end());
  }

  private void write(QualityGate.Verdict verdict) {
    RowMask invalid = verdict.quarantined();
    for (int row = invalid.next(0); row >= 0; row = invalid.next(row + 1)) {
      List<String> broken = new ArrayList<>(gate.reasons(row));
      broken.addAll(reasons.getOrDefault(row, List.of()));
      quarantined.add(
          number(row),
          broken,
          violations(row),
          input == null ? "" : input.place(row),
          input == null ? quarantined.json(batch, row) : input.json(row));
    }
    if (!verdict.held().isEmpty()) {
      defer(verdict.held().numbers());
    }
    if (undecided != null) {
      undecided.add(batch, verdict.published(), this::number, gate.tolerated(), gate::reasons);
    }
    scope.check(batch, verdict.published(), this::number);
    if (late != null) {
      late.add(batch, verdict.published());
    }
    publish(verdict.published());
  }

  /** The number of a row of the batch in the input. */
  private long number(int row) {
    return heldNumbers.length > 0 ? heldNumbers[row] : first + row;
  }

  private void defer(int[] rows) {
    long[] rowNumbers = new long[rows.length];
    for (int i = 0; i < rows.length; i++) {
      rowNumbers[i] = first + rows[i];
    }
    VectorBatch gathered = batch.gather(rows).flat();
    target.touched().add(gathered);
    deferred.add(gathered, rowNumbers);
  }

  private void publish(RowMask published) {
    int count = published.count();
    RowGroupSource group = input == null ? null : input.rowGroup();
    if (group != null || count == 0) {
      awaitWrite(); // Copies use the same writer, and only the last batch may still be read.
    }
    if (copies.take(batch, group, count == batch.rows()) || count == 0) {
      return;
    }
    VectorBatch publishedRows = count == batch.rows() ? batch : batch.gather(published.numbers());
    VectorBatch rows =
        numbered == null
            ? publishedRows
            : RowNumbers.numbered(
                publishedRows,
                Arrays.stream(published.numbers()).mapToLong(this::number).toArray(),
                numbered);
    awaitWrite();
    writes.start(
        () -> {
          accepted.write(rows);
          return null;
        });
    if (!writes.isRunning()) {
      awaitWrite();
    }
  }

  /** True if the rows of the last batch may still be written, and must not change. */
  boolean isWriting() {
    return writes.isRunning();
  }

  /**
   * Waits until the rows of the last batch are written.
   *
   * @throws io.meshwork.error.MeshException if that failed
   */
  void awaitWrite() {
    if (writes.isPending()) {
      writes.take(() -> {});
    }
  }

  /** Ends the input, and determines which tolerated rows pass and which keys are taken. */
  void endOfInput() {
    awaitWrite();
    input = null;
    gate.placedBy(row -> "");
    batch = VectorBatch.empty(target.table().schema());
    heldNumbers = new long[0];
    excluded = new RowMask(0);
    target.touched().add(accepted.partitions());
    gate.endOfInput();
  }

  @Override
  public OptionalLong nextHeld() {
    if (heldRow == heldNumbers.length && !beginHeld()) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(heldNumbers[heldRow]);
  }

  private boolean beginHeld() {
    endHeld();
    NumberedRows next = deferred.next();
    if (next == null) {
      return false;
    }
    batch = next.batch();
    heldNumbers = next.numbers();
    heldRow = 0;
    gate.beginHeld(batch, heldNumbers);
    return true;
  }

  private void endHeld() {
    if (heldNumbers.length > 0) {
      write(gate.endHeld());
      awaitWrite();
    }
    batch = VectorBatch.empty(target.table().schema());
    heldNumbers = new long[0];
    heldRow = 0;
    reasons.clear();
  }

  @Override
  public Destination heldStanding() {
    return gate.heldStanding(heldRow);
  }

  @Override
  public void settleHeld(Destination destination) {
    gate.settleHeld(heldRow, destination);
  }

  @Override
  public List<String> heldReasons() {
    return gate.reasons(heldRow);
  }

  @Override
  public void passHeld(List<String> reasonsOfOthers) {
    if (!reasonsOfOthers.isEmpty()) {
      reasons.put(heldRow, reasonsOfOthers);
    }
    heldRow++;
  }

  QualityGate gate() {
    return gate;
  }

  /** Evaluates all rows, whose keys belong to the result. */
  PublishVerdict verdict(List<Finding> conversionFindings) {
    target.touched().replaceWith(accepted.partitions());
    return gate.finish(conversionFindings);
  }

  /** Rows outside the filter of the rows that they replace; empty if there are none. */
  Optional<Finding> outsideScope() {
    return scope.finding();
  }

  RowIngestion.Result finish(PublishVerdict verdict) {
    return new RowIngestion.Result(
        verdict,
        scope.finding(),
        accepted.finish(),
        quarantined.finish(),
        gate.keys(),
        late == null ? LateRows.NONE : late.result());
  }

  /** Completes the files of a part of the rows. */
  IngestedPart part(List<ViolationCount> violationCounts) {
    target.touched().replaceWith(accepted.partitions());
    return new IngestedPart(
        gate.tally().counts(),
        new ArrayList<>(violationCounts),
        accepted.finish(),
        quarantined.finish(),
        undecided == null ? UndecidedRows.OfPart.NONE : undecided.finish(),
        accepted.numbers(),
        late == null ? LateRows.NONE : late.result(),
        scope.outside());
  }

  /** Hands the completed files over to the caller. */
  void handOver() {
    finished = true;
  }

  /** Closes open files; deletes all files unless they were handed over. */
  @Override
  public void close() {
    writes.discard();
    deferred.close();
    gate.close();
    if (!finished) {
      accepted.abandon();
      quarantined.abandon();
      if (undecided != null) {
        undecided.abandon();
      }
    }
  }
}
