package io.meshwork.internal.ingest;

import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.QualityReport;
import io.meshwork.contract.QualityReport.Outcome;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshException;
import io.meshwork.internal.ingest.write.AffectedPartitions;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.quality.PublishVerdict;
import io.meshwork.internal.quality.QualityGate;
import io.meshwork.internal.quality.QualityGate.Destination;
import io.meshwork.internal.quality.RuleContext;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.ProgressMeter;
import io.meshwork.internal.runtime.RunningPart;
import io.meshwork.internal.runtime.ThreadInterruption;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.table.FileFingerprint;
import io.meshwork.internal.table.NewestEventTime;
import io.meshwork.internal.uniqueness.ExistingKeys;
import io.meshwork.internal.uniqueness.NewKeys;
import io.meshwork.internal.vector.VectorBatch;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.mapping.MappedFields;
import org.jspecify.annotations.Nullable;

/**
 * Reads, checks, and writes the rows of one publish, in each major version that it publishes to.
 * Valid rows are written to data files of the table, invalid ones to files of the quarantine. Rows
 * that break a rule with a tolerance are decided at the end of the input. A row has the same
 * destination in all major versions. Commits nothing. Not thread-safe.
 */
public final class RowIngestion implements AutoCloseable {
  private final List<MajorIngestion> majors = new ArrayList<>();
  private final ProgressMeter progress;
  private final Deadline deadline;
  private final MeshAction action;
  private List<RowInput> inputs = List.of();
  private final @Nullable RunningPart running;
  private long first;
  private boolean keepingQuarantine;

  /**
   * A major version that receives the rows.
   *
   * @param version the contract version that the rows are checked against
   * @param contract the contract
   * @param table the table of the major version
   * @param quarantine its quarantine
   * @param scope a filter that every published row must match; null if there is none
   * @param existingKeys keys of the rows that the publish retains
   * @param touched receives the partitions of the rows, before {@code existingKeys} is used at the
   *     end of the input
   * @param late decides which rows are late; null if none is
   * @param notBefore the earliest time of quarantined rows: their retention must not end early on a
   *     slow clock
   */
  public record Target(
      String version,
      Contract contract,
      Table table,
      Table quarantine,
      @Nullable RowPredicate scope,
      ExistingKeys existingKeys,
      AffectedPartitions touched,
      @Nullable LateReference late,
      Instant notBefore) {
    /** Returns the time of the newest snapshot of tables; the start of 1970 if they have none. */
    public static Instant newest(Table... tables) {
      Instant latest = Instant.EPOCH;
      for (Table each : tables) {
        Snapshot snapshot = each.currentSnapshot();
        if (snapshot != null && snapshot.timestampMillis() > latest.toEpochMilli()) {
          latest = Instant.ofEpochMilli(snapshot.timestampMillis());
        }
      }
      return latest;
    }
  }

  /**
   * How the files of a publish are written.
   *
   * @param policy what happens to rows that break the contract, in all major versions
   * @param publishId the ID of the publish
   * @param names how the names of files start, which nothing else uses: no other ingestion, part,
   *     or attempt
   */
  public record PublishedFiles(OnViolation policy, FileIO io, String publishId, String names) {}

  /**
   * Which rows are late.
   *
   * @param column the column of the event time
   * @param newest the newest event time of earlier publishes
   */
  public record LateReference(NewestEventTime column, Instant newest) implements Serializable {}

  /**
   * Creates the ingestion of one publish.
   *
   * @param targets the major versions, in the order of their inputs; they share the memory for keys
   * @param context what rules need besides the rows; quarantined rows get its time, unless the
   *     newest snapshot is later
   * @param workers encodes and writes rows while the next ones are read, and columns in parallel
   */
  public RowIngestion(
      List<Target> targets,
      PublishedFiles files,
      RuleContext context,
      ProgressMeter progress,
      Executor workers,
      Deadline deadline,
      MeshAction action) {
    this(targets, files, null, context, progress, workers, deadline, action);
  }

  /**
   * Creates the ingestion of a part of the rows of a publish, which {@link #endPart} ends.
   *
   * @see #RowIngestion
   */
  public static RowIngestion ofPart(
      List<Target> targets,
      PublishedFiles files,
      RuleContext context,
      ProgressMeter progress,
      Executor workers,
      Deadline deadline,
      MeshAction action) {
    return new RowIngestion(
        targets,
        files,
        CrossRowRules.of(targets, files.policy(), context),
        context,
        progress,
        workers,
        deadline,
        action);
  }

  private RowIngestion(
      List<Target> targets,
      PublishedFiles files,
      @Nullable List<CrossRowRules> ofPart,
      RuleContext context,
      ProgressMeter progress,
      Executor workers,
      Deadline deadline,
      MeshAction action) {
    int count = targets.size();
    for (int i = 0; i < count; i++) {
      CrossRowRules rules = ofPart == null ? null : ofPart.get(i);
      majors.add(new MajorIngestion(targets.get(i), files, rules, context, count, workers, action));
    }
    this.progress = progress;
    this.deadline = deadline;
    this.action = action;
    this.running = ofPart == null ? null : RunningPart.start();
  }

  /**
   * Keeps the files if too many rows are quarantined, or all of them. Without this, such a publish
   * is rejected and has no files.
   */
  public RowIngestion keepingQuarantine() {
    keepingQuarantine = true;
    return this;
  }

  /**
   * Files of another program that become data files where they are.
   *
   * @param io reads them
   * @param files the files
   * @param names the name mapping by which their columns are found
   * @param folders the values of columns in the names of folders, by location and column
   * @param ignoringUnknownColumns true if they may have undeclared columns
   */
  public record ExistingSource(
      FileIO io,
      List<FileInfo> files,
      MappedFields names,
      Map<String, Map<String, String>> folders,
      boolean ignoringUnknownColumns) {
    public ExistingSource {
      files = List.copyOf(files);
      folders = Map.copyOf(folders);
    }

    /** Returns a finding for each file whose footer does not fit a table. Reads no rows. */
    public List<Finding> refused(
        Contract contract,
        Schema schema,
        PartitionSpec spec,
        ProgressMeter progress,
        Deadline deadline,
        MeshAction action) {
      return new ExistingFiles(this, contract, schema, spec, action).refused(progress, deadline);
    }

    /**
     * Reads all rows of files that fit, and evaluates the rules. Writes nothing: the result has the
     * files themselves, with counts and bounds of the rows that were read.
     *
     * @param touched receives the partitions of the files
     * @param marks receives by what later changes of the files are found, by location; null if the
     *     result has no files, as for a plan
     * @throws io.meshwork.error.MeshException if a file cannot be read or does not fit, or its rows
     *     belong to several partitions
     */
    public Result check(
        Contract contract,
        Schema schema,
        PartitionSpec spec,
        RuleContext context,
        ExistingKeys existing,
        AffectedPartitions touched,
        @Nullable Map<String, FileFingerprint> marks,
        ProgressMeter progress,
        Executor workers,
        Deadline deadline,
        MeshAction action) {
      return new ExistingFiles(this, contract, schema, spec, action)
          .check(context, existing, touched, marks, progress, workers, deadline);
    }

    /** The exception for a file that the store does not return: it is missing, or a read failed. */
    public static MeshException notRead(FileInfo file, MeshAction action, RuntimeException e) {
      if (ThreadInterruption.isCauseOf(e)) {
        return ThreadInterruption.ofChange(action, e);
      }
      return Failure.of(action.on("from " + file.location()))
          .because(
              e instanceof NotFoundException
                  ? "the file does not exist, and did when it was listed"
                  : "the file cannot be read")
          .state("Nothing was registered.")
          .fix("Check the file and its permissions, and run it again.")
          .cause(e)
          .invalidRequest(ErrorCode.SOURCE_UNREADABLE);
    }
  }

  /**
   * The result of an ingestion.
   *
   * @param verdict the evaluation of the rows, and whether the publish is rejected
   * @param outsideScope a finding if rows do not match the scope, so that the publish is rejected
   * @param files data files of the table
   * @param quarantineFiles data files of the quarantine
   * @param keys the keys of the rows in the data files
   * @param late the late rows in the data files
   */
  public record Result(
      PublishVerdict verdict,
      Optional<Finding> outsideScope,
      List<DataFileEntry> files,
      List<DataFileEntry> quarantineFiles,
      NewKeys keys,
      LateRows late)
      implements AutoCloseable {
    /** Creates a result without late rows. */
    public Result(
        PublishVerdict verdict,
        Optional<Finding> outsideScope,
        List<DataFileEntry> files,
        List<DataFileEntry> quarantineFiles,
        NewKeys keys) {
      this(verdict, outsideScope, files, quarantineFiles, keys, LateRows.NONE);
    }

    /** The result of a publish without rows. */
    public static Result ofNoRows() {
      QualityReport report = new QualityReport(0, 0, 0, 0, List.of(), List.of());
      return new Result(
          new PublishVerdict(report, false, "", List.of()),
          Optional.empty(),
          List.of(),
          List.of(),
          NewKeys.NONE);
    }

    /** The same with another verdict. */
    public Result with(PublishVerdict other) {
      return new Result(other, outsideScope, files, quarantineFiles, keys, late);
    }

    /** Releases keys and measures outside of memory. */
    @Override
    public void close() {
      keys.close();
      verdict.pending().forEach(rule -> rule.rows().close());
    }
  }

  /**
   * Reads all rows and writes files. The same as {@link #begin}, {@link #next} until the end, and
   * {@link #end}.
   *
   * @return a result for each target
   * @throws io.meshwork.error.MeshException if the source or a file fails, or the deadline passes;
   *     then {@link #close} deletes the files
   */
  public List<Result> run(List<RowInput> rows) {
    begin(rows);
    boolean more = true;
    while (more) {
      more = next();
    }
    return end();
  }

  /**
   * Sets where the rows are from, before any is read.
   *
   * @param rows the rows as each target has them. The first is the source; each of the others
   *     returns, row by row, the batch that the first one returned last.
   */
  public void begin(List<RowInput> rows) {
    begin(rows, 0);
  }

  /**
   * The same for a part of the rows.
   *
   * @param firstRow the number of its first row in the input of the publish
   */
  public void begin(List<RowInput> rows, long firstRow) {
    inputs = List.copyOf(rows);
    first = firstRow;
  }

  /**
   * Reads and checks the next batch, and starts to write it. A caller who gets batches one by one
   * calls this for each.
   *
   * @return false if the source has no more rows
   * @throws io.meshwork.error.MeshException as {@link #run}
   */
  public boolean next() {
    return reading(
        source -> {
          boolean more = ingestNext(source);
          if (more) {
            progress.at("rows", source.rowsRead(), source.total());
          }
          return more;
        });
  }

  /**
   * Reads the rows that the source has now, without checking them.
   *
   * @return true if {@link #next} is due, which checks them: they fill a batch
   * @throws io.meshwork.error.MeshException as {@link #run}
   */
  public boolean fill() {
    return reading(RowInput::fill);
  }

  private boolean reading(Predicate<RowInput> step) {
    RowInput source = inputs.get(0);
    try {
      return step.test(source);
    } catch (RuntimeException e) {
      throw firstFailure(e);
    } catch (OutOfMemoryError e) {
      throw fullHeap(action, "Nothing was published.", source.rowsRead(), e);
    }
  }

  /**
   * Decides on the rows that depend on all others, and completes the files.
   *
   * @return a result for each target
   * @throws io.meshwork.error.MeshException as {@link #run}
   */
  public List<Result> end() {
    RowInput source = inputs.get(0);
    try {
      progress.end("rows", source.rowsRead(), source.total());
      majors.forEach(MajorIngestion::endOfInput);
      DecidedRows.decide(majors);
      return finish();
    } catch (OutOfMemoryError e) {
      throw fullHeap(action, "Nothing was published.", source.rowsRead(), e);
    }
  }

  /**
   * Completes the files of a part of the rows of a publish, which is decided by all parts together.
   *
   * @return a part for each target
   * @throws io.meshwork.error.MeshException as {@link #run}
   */
  public List<IngestedPart> endPart() {
    List<IngestedPart> parts = new ArrayList<>();
    for (int i = 0; i < majors.size(); i++) {
      majors.get(i).endOfInput();
      parts.add(
          majors
              .get(i)
              .part(
                  inputs.get(i).violationCounts().stream()
                      .map(each -> each.after(first))
                      .toList()));
    }
    majors.forEach(MajorIngestion::handOver);
    endRunning();
    return parts;
  }

  private void endRunning() {
    if (running != null) {
      running.close();
    }
  }

  /** A batch ends by the size of its rows, but one row, or other work, may fill the heap. */
  static BackendException fullHeap(
      MeshAction action, String state, long rows, OutOfMemoryError cause) {
    return Failure.of(action)
        .because(
            "the heap of "
                + Runtime.getRuntime().maxMemory()
                + " bytes is full after row "
                + rows
                + " was read")
        .state(state)
        .fix(
            "Increase the heap (-Xmx), or do less beside this. It takes about twelve times the size"
                + " of the largest row.")
        .cause(cause)
        .lasting(ErrorCode.BACKEND_FAILED);
  }

  private boolean ingestNext(RowInput source) {
    if (majors.stream().anyMatch(MajorIngestion::isWriting)
        && !inputs.stream().allMatch(RowInput::retainBatch)) {
      majors.forEach(MajorIngestion::awaitWrite);
    }
    VectorBatch batch = source.next();
    if (batch == null) {
      return false;
    }
    deadline.check(action);
    long number = first + source.rowsRead() - batch.rows();
    for (int i = 0; i < majors.size(); i++) {
      VectorBatch rows = i == 0 ? batch : Objects.requireNonNull(inputs.get(i).next());
      majors.get(i).begin(inputs.get(i), rows, number);
    }
    decide(batch.rows());
    majors.forEach(MajorIngestion::end);
    return true;
  }

  /** A failure of earlier rows, if there is one, as without an executor. */
  private RuntimeException firstFailure(RuntimeException later) {
    try {
      majors.forEach(MajorIngestion::awaitWrite);
    } catch (RuntimeException earlier) {
      earlier.addSuppressed(later);
      return earlier;
    }
    return later;
  }

  private List<Result> finish() {
    boolean interrupted =
        QualityGate.interruptTogether(majors.stream().map(MajorIngestion::gate).toList());
    List<PublishVerdict> verdicts = new ArrayList<>();
    List<Optional<Finding>> outside = new ArrayList<>();
    boolean rejected = interrupted;
    for (int i = 0; i < majors.size(); i++) {
      PublishVerdict verdict = majors.get(i).verdict(inputs.get(i).failureFindings());
      verdicts.add(verdict);
      outside.add(interrupted ? Optional.empty() : majors.get(i).outsideScope());
      rejected |= isRejected(verdict) || outside.get(i).isPresent();
    }
    deadline.check(action);
    return rejected ? withoutFiles(verdicts, outside) : finishAll(verdicts);
  }

  private static List<Result> withoutFiles(
      List<PublishVerdict> verdicts, List<Optional<Finding>> outside) {
    List<Result> results = new ArrayList<>();
    for (int i = 0; i < verdicts.size(); i++) {
      results.add(new Result(verdicts.get(i), outside.get(i), List.of(), List.of(), NewKeys.NONE));
    }
    return results;
  }

  /** Completes the files of all major versions; if this fails, {@link #close} deletes all. */
  private List<Result> finishAll(List<PublishVerdict> verdicts) {
    List<Result> results = new ArrayList<>();
    try {
      for (int i = 0; i < majors.size(); i++) {
        results.add(majors.get(i).finish(verdicts.get(i)));
      }
    } catch (RuntimeException e) {
      results.forEach(result -> result.keys().close());
      throw e;
    }
    majors.forEach(MajorIngestion::handOver);
    return results;
  }

  private boolean isRejected(PublishVerdict verdict) {
    return verdict.refused()
        && !(keepingQuarantine
            && verdict.report().rules().stream()
                .noneMatch(rule -> rule.outcome() == Outcome.NOT_EVALUATED));
  }

  /** Closes open files; deletes all files unless {@link #end} returned them. */
  @Override
  public void close() {
    endRunning();
    majors.forEach(MajorIngestion::close);
  }

  private void decide(int rows) {
    if (!majors.get(0).decidesRows()) {
      return;
    }
    if (majors.size() == 1) {
      MajorIngestion only = majors.get(0);
      for (int row = 0; row < rows; row++) {
        if (only.has(row)) {
          only.settle(row, only.standing(row));
        }
      }
      return;
    }
    for (int row = 0; row < rows; row++) {
      settle(row);
    }
  }

  /** A row that is quarantined in any case takes no key in any version, and loses none. */
  private void settle(int row) {
    boolean quarantined = false;
    for (MajorIngestion major : majors) {
      quarantined |= major.quarantinesAlone(row);
    }
    Destination destination = quarantined ? Destination.QUARANTINED : Destination.PUBLISHED;
    for (MajorIngestion major : majors) {
      if (major.has(row)) {
        if (quarantined) {
          major.quarantine(row);
        } else {
          destination = destination.or(major.standing(row));
        }
      }
    }
    for (MajorIngestion major : majors) {
      if (major.has(row) && !quarantined) {
        major.settle(row, destination);
      }
    }
    if (destination == Destination.QUARANTINED) {
      addReasons(row);
    }
  }

  private void addReasons(int row) {
    List<MajorIngestion> having = majors.stream().filter(major -> major.has(row)).toList();
    for (MajorIngestion major : having) {
      major.addReasons(
          row, DecidedRows.reasonsOfOthers(having, major, other -> other.reasons(row)));
    }
  }
}
