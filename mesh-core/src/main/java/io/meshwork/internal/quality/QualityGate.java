package io.meshwork.internal.quality;

import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.Finding;
import io.meshwork.internal.quality.RowRules.FailingRows;
import io.meshwork.internal.quality.RuleGroups.KeySource;
import io.meshwork.internal.rows.TypeViolations.Violation;
import io.meshwork.internal.uniqueness.AssignedKeys.KeyState;
import io.meshwork.internal.uniqueness.ExistingKeys;
import io.meshwork.internal.uniqueness.KeyHash;
import io.meshwork.internal.uniqueness.NewKeys;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates the rows of one publish, batch by batch, and decides the destination of each. Which
 * tolerated rows pass is known only at the end, so some rows are held until then:
 *
 * <pre>
 * evaluate(batch, ...)*  endOfInput()  judgeHeld(batch, rowNumbers)*  finish(...)
 * </pre>
 *
 * <p>If several gates decide on the same rows, each for one major version, they proceed row by row,
 * so that a row has the same destination in all of them:
 *
 * <pre>
 * begin(batch, ...)  { standing(row)  settle(row, destination) }*  end()
 * </pre>
 *
 * <p>The gate of a part of the rows leaves what depends on the other parts to a gate that judges
 * all of them.
 *
 * <p>Under REJECT no row is held or quarantined: rows that fit the schema are written to files that
 * the caller deletes if {@link PublishVerdict#refused()}, while every rule continues to count. One
 * instance per publish. Not thread-safe.
 */
public final class QualityGate implements AutoCloseable {
  /**
   * The memory limit in bytes for the keys of all uniqueness rules of a publish: an eighth of the
   * maximum heap, between 4 MiB and 256 MiB. Further keys are stored in temporary files.
   */
  public static final long KEY_MEMORY = keyMemory(Runtime.getRuntime().maxMemory());

  private final OnViolation policy;
  private final boolean part;
  private final ConversionErrorCount conversionErrors = new ConversionErrorCount();
  private final RecordChecks checks;
  private final RuleGroups rules;
  private final DecidingKeyRules decidingKeys;
  private final CountingKeyRules countingKeys;
  private final Contract contract;

  private long offered;
  private long violating;
  private long published;
  private long quarantined;
  private long held;
  private boolean ended;
  private boolean heldEvaluatedLast;
  private boolean finished;
  private boolean keysHandedOver;
  private boolean judgedBefore;

  private VectorBatch batch = VectorBatch.empty(new Schema());
  private long[] numbers = new long[0];
  private long firstRow;
  private final RowSamples samples;
  private final ConversionFailures malformedRows = new ConversionFailures();
  private RowMask violated = new RowMask(0);
  private FailingRows failing = FailingRows.none(0);
  private Verdict verdict = verdict(0);

  private QualityGate(
      Contract contract,
      Schema schema,
      OnViolation policy,
      RuleContext surroundings,
      @Nullable KeySource source) {
    this.part = source == null;
    this.contract = contract;
    this.policy = policy;
    samples = new RowSamples(contract, schema.columns());
    checks = new RecordChecks(contract, schema.columns(), samples, conversionErrors);
    rules = new RuleGroups(contract, schema, policy, surroundings, samples, source);
    decidingKeys = rules.decidingKeys();
    countingKeys = rules.countingKeys();
  }

  /**
   * The destination of a batch's rows; each row is in at most one of the masks. Under REJECT a row
   * that violates the schema is in none, because it rejects the publish. Created for each batch.
   *
   * @param published rows for the table
   * @param quarantined rows for the quarantine, with {@link QualityGate#reasons}; none under REJECT
   * @param held rows that the caller retains and passes in again after the end of input; none under
   *     REJECT
   */
  public record Verdict(RowMask published, RowMask quarantined, RowMask held) {}

  /** The destination of one row. */
  public enum Destination {
    PUBLISHED,
    /** Known after the end of the input. */
    HELD,
    /** The quarantine; by which keys is known after the end of the input. */
    LOST,
    QUARANTINED;

    /** Returns the destination of a row that has these in two major versions. */
    public Destination or(Destination other) {
      if (this == PUBLISHED || this == other) {
        return other;
      }
      return other == PUBLISHED ? this : LOST;
    }
  }

  /**
   * Creates a gate for one publish.
   *
   * @param contract its rules fit the schema
   * @param schema the table's columns, named as in the contract
   * @param policy the contract's policy, or a stricter one of the publish
   * @param surroundings what rules need besides the rows
   */
  public static QualityGate open(
      Contract contract, Schema schema, OnViolation policy, RuleContext surroundings) {
    return open(contract, schema, policy, surroundings, ExistingKeys.NONE, KEY_MEMORY);
  }

  /** Returns the memory limit for keys in a heap of this size, in bytes. */
  public static long keyMemory(long maxHeap) {
    return Math.max(4L << 20, Math.min(256L << 20, maxHeap / 8));
  }

  /**
   * Creates a gate for a publish to a table with rows.
   *
   * @param table existing keys, for rules of scope table
   * @param keyMemory memory limit, see {@link #KEY_MEMORY}
   */
  public static QualityGate open(
      Contract contract,
      Schema schema,
      OnViolation policy,
      RuleContext surroundings,
      ExistingKeys table,
      long keyMemory) {
    return open(contract, schema, policy, surroundings, table, keyMemory, KeyHash.FULL);
  }

  /** Creates a gate with another hash of keys, which never changes a result. */
  public static QualityGate open(
      Contract contract,
      Schema schema,
      OnViolation policy,
      RuleContext surroundings,
      ExistingKeys table,
      long keyMemory,
      KeyHash hash) {
    return new QualityGate(
        contract, schema, policy, surroundings, new KeySource(table, keyMemory, hash));
  }

  /**
   * Creates a gate for a part of the rows, which counts them. It evaluates no cross-row rule, and
   * publishes each row that may be published, also if it breaks a rule that tolerates some rows.
   *
   * @see #add
   */
  public static QualityGate ofPart(
      Contract contract, Schema schema, OnViolation policy, RuleContext surroundings) {
    return new QualityGate(contract, schema, policy, surroundings, null);
  }

  /**
   * Adds what the gate of a part counted, except measures.
   *
   * @param later of rows with higher numbers than before
   */
  public void add(GateCounts later) {
    offered += later.offered();
    violating += later.violating();
    published += later.published();
    quarantined += later.quarantined();
    rules.add(later.rules());
    conversionErrors.add(later.columns());
    checks.add(later.checks());
  }

  /** Adds what the gate of a part measured. */
  public void addMeasures(GateCounts other) {
    rules.datasetRules().add(other.measures());
  }

  /** Returns the IDs of the rules that tolerate some rows, and fewer than were counted. */
  public Set<String> exceeded() {
    return rules.exceeded();
  }

  /**
   * Measures rows of a part again, because others of it are not published.
   *
   * @param rows the rows of the batch that are published
   */
  public void measure(VectorBatch batch, RowMask rows) {
    rules.filters().next(batch);
    rules.datasetRules().add(batch, rows);
  }

  /**
   * Counts a row of the input that violated the schema before it reached the gate.
   *
   * @param row its number in the input, from 0
   */
  public void addMisfit(long row, List<Violation> violations) {
    conversionErrors.add(row, violations, () -> RowSamples.json(row));
  }

  /**
   * Has the columns of a row checked in which it has no violation.
   *
   * @param row its number in the batch that begins next
   * @param violations as passed to {@link #addMisfit}
   */
  public void checkOthers(int row, List<Violation> violations) {
    malformedRows.add(row, violations);
  }

  /**
   * Also rejects rows that the partition spec does not support. Call this before any row is
   * evaluated.
   *
   * @param schema the schema passed to {@link #open}
   */
  public QualityGate partitionedBy(PartitionSpec spec, Schema schema) {
    checks.partitionedBy(spec, schema.columns());
    return this;
  }

  /**
   * Also rejects rows whose partition cannot have a folder. Call this before any row is evaluated.
   *
   * @param schema the schema passed to {@link #open}
   */
  public QualityGate inFolders(PartitionSpec spec, Schema schema) {
    checks.inFolders(spec, schema.columns());
    return this;
  }

  /**
   * Evaluates the next rows of the input, and decides on each.
   *
   * @param conversionFailures rows of the batch that already violate the schema; their values are
   *     ignored
   * @param firstRow number of the batch's first row in the input, from 0; ascending
   */
  public Verdict evaluate(VectorBatch batch, RowMask conversionFailures, long firstRow) {
    begin(batch, conversionFailures, new RowMask(0), firstRow);
    for (int row = 0; row < batch.rows(); row++) {
      settle(row, standing(row));
    }
    return end();
  }

  /**
   * Sets where the rows of the next batches are in their files, for messages; empty for rows that
   * are not of a file with lines.
   */
  public void placedBy(IntFunction<String> places) {
    samples.placedBy(places);
  }

  /** Sets the columns that samples of the next batches show; the batches lack the others. */
  public void showInSamples(Set<String> columns) {
    samples.show(columns);
  }

  /**
   * Evaluates the row rules on the next rows of the input. The caller then calls {@link #standing}
   * and {@link #settle} for each row in turn, and {@link #end}.
   *
   * @param conversionFailures rows of the batch that already violate the schema; their values are
   *     ignored
   * @param absent rows of the batch that the version does not have; they are not counted, and the
   *     caller must not ask for their standing
   * @param firstRow number of the batch's first row in the input, from 0; ascending
   */
  public void begin(VectorBatch batch, RowMask conversionFailures, RowMask absent, long firstRow) {
    require(!ended, "the input has ended");
    heldEvaluatedLast = false;
    this.batch = batch;
    this.firstRow = firstRow;
    numbers = new long[0];
    rules.filters().next(batch);
    int rows = batch.rows();
    int missing = absent.count();
    offered += rows - missing;
    RowMask ignored = conversionFailures;
    if (missing > 0) {
      ignored = new RowMask(rows);
      ignored.or(conversionFailures);
      ignored.or(absent);
    }
    violated = new RowMask(rows);
    violated.or(ignored);
    checks.evaluate(batch, malformedRows, ignored, violated, firstRow);
    malformedRows.clear();
    violating += violated.count() - missing;
    failing = rules.rowRules().evaluate(batch, violated, firstRow);
    verdict = verdict(rows);
    decidingKeys.begin(batch);
  }

  /**
   * Evaluates the cross-row rules on rows that parts published. The caller then calls {@link
   * #standing} and {@link #settle} for each row in turn, and {@link #end}.
   *
   * @param batch has values in the columns of these rules
   * @param rowNumbers number in the input of each row of the batch, ascending
   * @param tolerated rows that break a rule which tolerates some
   */
  public void beginJudged(VectorBatch batch, long[] rowNumbers, RowMask tolerated) {
    require(!ended, "the input has ended");
    judgedBefore = true;
    heldEvaluatedLast = true;
    this.batch = batch;
    numbers = rowNumbers;
    published -= batch.rows();
    rules.filters().next(batch);
    violated = new RowMask(batch.rows());
    failing = new FailingRows(new RowMask(batch.rows()), tolerated);
    verdict = verdict(batch.rows());
    decidingKeys.begin(batch);
  }

  /**
   * Publishes the rows of the parts whose keys no other row has, as the intervals of the keys show.
   *
   * @param parts what is known of all parts, in the order of their rows
   * @return whether the rows of a part are published, so that {@link #beginJudged} is not needed
   */
  public boolean[] publishApart(List<PartKeys> parts) {
    return rules.publishApart(parts);
  }

  private long number(int row) {
    return numbers.length == 0 ? firstRow + row : numbers[row];
  }

  /**
   * Returns the rows that the part published in the last batch although they break a rule that
   * tolerates some rows.
   */
  public RowMask tolerated() {
    RowMask rows = new RowMask(batch.rows());
    if (policy != OnViolation.REJECT) {
      rows.or(failing.tolerated());
      rows.and(verdict.published());
    }
    return rows;
  }

  /**
   * Returns true if rows may have different destinations, so that the caller settles each of them.
   */
  public boolean decidesRows() {
    return policy != OnViolation.REJECT;
  }

  /**
   * Returns the destination that this version's contract requires for a row, and looks up its keys.
   * Under REJECT no row is held or quarantined.
   */
  public Destination standing(int row) {
    if (policy == OnViolation.REJECT) {
      return Destination.PUBLISHED;
    }
    if (breaksAlone(row)) {
      return Destination.QUARANTINED;
    }
    decidingKeys.lookUp(row, number(row));
    boolean isTaken = decidingKeys.has(KeyState.TAKEN);
    if (isOpen(row)) {
      return isTaken ? Destination.LOST : Destination.HELD;
    }
    return isTaken ? Destination.QUARANTINED : Destination.PUBLISHED;
  }

  /** True if the outcome of the row that was looked up is known only after the end of the input. */
  private boolean isOpen(int row) {
    return (!part && failing.tolerated().get(row))
        || decidingKeys.has(KeyState.TAKEN_BY_HELD)
        || decidingKeys.has(KeyState.OPEN);
  }

  /**
   * Sends the row whose standing was determined last to its destination, and lets it take its keys.
   *
   * @param destination its standing, or a less favorable one
   */
  public void settle(int row, Destination destination) {
    if (policy == OnViolation.REJECT) {
      return;
    }
    if (breaksAlone(row)) {
      quarantine(row);
    } else {
      settleByKeys(row, destination);
    }
  }

  /** True if the row breaks a rule that no other row decides, so that it is quarantined. */
  public boolean breaksAlone(int row) {
    return policy != OnViolation.REJECT && (violated.get(row) || failing.strict().get(row));
  }

  /** Quarantines a row that breaks such a rule, maybe in another version. Looks up no keys. */
  public void quarantine(int row) {
    verdict.quarantined.set(row);
    if (!violated.get(row)) {
      quarantined++;
    }
  }

  private void settleByKeys(int row, Destination destination) {
    boolean isTaken = decidingKeys.has(KeyState.TAKEN);
    if (destination != Destination.QUARANTINED || isTaken) {
      decidingKeys.evaluatedRows(row, 1);
    }
    switch (destination) {
      case PUBLISHED -> publish(row);
      case HELD, LOST -> {
        verdict.held.set(row);
        held++;
        decidingKeys.hold(batch, failing.tolerated().get(row), destination == Destination.LOST);
      }
      case QUARANTINED -> {
        verdict.quarantined.set(row);
        quarantined++;
        if (isTaken) {
          decidingKeys.countTaken(batch, row, number(row));
        }
      }
    }
  }

  /** Ends a batch whose rows are settled, and returns their destinations. */
  public Verdict end() {
    if (policy == OnViolation.REJECT) {
      verdict.published.or(violated);
      verdict.published.flip(batch.rows());
      published += verdict.published.count();
    }
    return counted();
  }

  private Verdict counted() {
    countingKeys.add(batch, verdict.published, this::number);
    if (judgedBefore) {
      rules.datasetRules().addToCrossRow(batch, verdict.published);
    } else {
      rules.datasetRules().add(batch, verdict.published);
    }
    return verdict;
  }

  private void publish(int row) {
    published++;
    verdict.published.set(row);
    decidingKeys.assign();
  }

  /**
   * Ends the input and determines which tolerated rows pass and which keys are taken.
   *
   * @throws io.meshwork.error.BackendException if reading a file of the table or a temporary file
   *     fails
   */
  public void endOfInput() {
    require(!ended, "the input has already ended");
    ended = true;
    decidingKeys.settle();
    if (policy == OnViolation.REJECT) {
      countingKeys.settle();
    }
  }

  /**
   * Evaluates the held rows, which are passed in once and in input order, and decides on each. None
   * is held again.
   *
   * @param rowNumbers number in the input of each row of the batch
   */
  public Verdict judgeHeld(VectorBatch batch, long[] rowNumbers) {
    beginHeld(batch, rowNumbers);
    for (int row = 0; row < batch.rows(); row++) {
      settleHeld(row, heldStanding(row));
    }
    return endHeld();
  }

  /**
   * Evaluates the row rules again on held rows, which are passed in once and in input order. The
   * caller then calls {@link #heldStanding} and {@link #settleHeld} for each row in turn, and
   * {@link #endHeld}.
   *
   * @param rowNumbers number in the input of each row of the batch
   */
  public void beginHeld(VectorBatch batch, long[] rowNumbers) {
    rules.filters().next(batch);
    beginHeld(batch, rowNumbers, rules.rowRules().reevaluate(batch));
  }

  /**
   * The same for rows that {@link #beginJudged} began.
   *
   * @param excess rows that break a rule which tolerates fewer
   */
  public void beginHeldJudged(VectorBatch batch, long[] rowNumbers, RowMask excess) {
    rules.filters().next(batch);
    beginHeld(batch, rowNumbers, new FailingRows(excess, new RowMask(batch.rows())));
  }

  private void beginHeld(VectorBatch batch, long[] rowNumbers, FailingRows again) {
    require(ended && !finished, "held rows are evaluated between endOfInput() and finish(..)");
    require(batch.rows() <= held, "more rows are passed in than were held");
    heldEvaluatedLast = true;
    this.batch = batch;
    numbers = rowNumbers;
    held -= batch.rows();
    failing = again;
    decidingKeys.begin(batch);
    verdict = verdict(batch.rows());
  }

  /** Returns the destination that this version's contract requires for a held row. */
  public Destination heldStanding(int row) {
    decidingKeys.lookUp(row, number(row));
    return failing.strict().get(row) || decidingKeys.has(KeyState.TAKEN)
        ? Destination.QUARANTINED
        : Destination.PUBLISHED;
  }

  /**
   * Sends the held row whose standing was determined last to its destination.
   *
   * @param destination its standing, or a less favorable one
   */
  public void settleHeld(int row, Destination destination) {
    if (destination == Destination.PUBLISHED) {
      publish(row);
      return;
    }
    verdict.quarantined.set(row);
    quarantined++;
    decidingKeys.release();
    if (!failing.strict().get(row) && decidingKeys.has(KeyState.TAKEN)) {
      decidingKeys.countTaken(batch, row, number(row));
    } else {
      decidingKeys.evaluatedRows(row, -1);
    }
  }

  /** Ends a batch of held rows that are settled, and returns their destinations. */
  public Verdict endHeld() {
    return counted();
  }

  /**
   * Returns the rules that a row breaks which the last call quarantined; empty for a row that does
   * not fit its columns.
   */
  public List<String> reasons(int row) {
    return rules.reasons(row);
  }

  /**
   * Returns the missing required values, invalid enum symbols, and partitions out of range of a row
   * that the last call quarantined; of a row that was passed in as a conversion failure, only
   * faults in its other columns.
   */
  public List<Violation> violations(int row) {
    return heldEvaluatedLast ? List.of() : checks.violations(row);
  }

  /**
   * Ends the publish: evaluates dataset rules on the remaining rows, the outcome, and the scores.
   *
   * @param conversionFindings how rows violated the schema before they reached the gate; included
   *     in the report
   * @throws IllegalStateException if held rows were not passed in again
   */
  public PublishVerdict finish(List<Finding> conversionFindings) {
    return tally().verdict(conversionFindings);
  }

  /**
   * Returns what the gate counted, instead of {@link #finish}: the gate of a publish adds what the
   * gates of its parts counted.
   */
  public GateTally tally() {
    require(!finished, "the publish is already finished");
    require(held == 0, held + " held rows were not passed in again");
    ended = true;
    finished = true;
    if (policy != OnViolation.REJECT) {
      countingKeys.settle();
    }
    return new GateTally(decision(), rules, conversionErrors, checks);
  }

  private PolicyDecision decision() {
    return new PolicyDecision(
        contract, policy, offered, violating, published, quarantined, !rules.judgesAcrossRows());
  }

  /**
   * Leaves rules across rows without a result, in all major versions, if code of a rule in one of
   * them threw: which later rows are quarantined is not known.
   *
   * @param gates of all major versions
   * @return true if so; the publish is rejected
   */
  public static boolean interruptTogether(List<QualityGate> gates) {
    boolean interrupted = gates.stream().anyMatch(gate -> gate.rules.isInterrupted());
    if (interrupted) {
      gates.forEach(gate -> gate.rules.skipRulesAcrossRows());
    }
    return interrupted;
  }

  /** True if too many rows are quarantined, or no row is left to publish. */
  public boolean exceedsLimits() {
    return policy != OnViolation.REJECT && decision().exceedsLimits();
  }

  /** True if a row is left to publish. */
  public boolean publishesAny() {
    return published > 0;
  }

  /**
   * True if a rule is evaluated by the parts without the rows that are quarantined: by what they
   * measured, or by the partitions that they have rows in.
   */
  public boolean needsCorrectedParts() {
    return rules.datasetRules().anyNeedsParts();
  }

  /**
   * Returns the keys of the published rows after {@link #finish}. The caller closes them instead of
   * the gate.
   */
  public NewKeys keys() {
    require(finished, "the publish is not finished yet");
    keysHandedOver = true;
    return rules.handOver();
  }

  /**
   * Releases resources outside of memory, except what was handed over: the keys, and the measures
   * of a finished publish.
   */
  @Override
  public void close() {
    if (!finished) {
      rules.datasetRules().close();
    }
    if (!keysHandedOver) {
      rules.closeKeys();
    }
  }

  private static Verdict verdict(int rows) {
    return new Verdict(new RowMask(rows), new RowMask(rows), new RowMask(rows));
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalStateException(otherwise);
    }
  }
}
