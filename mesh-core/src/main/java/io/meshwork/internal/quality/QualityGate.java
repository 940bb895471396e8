package io.meshwork.internal.quality;

import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.QualityReport;
import io.meshwork.contract.Rule;
import io.meshwork.error.Finding;
import io.meshwork.internal.quality.AssignedKeys.KeyState;
import io.meshwork.internal.rows.TypeViolations.Violation;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToLongFunction;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
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
  private final ConversionErrorCount conversionErrors = new ConversionErrorCount();
  private final RecordChecks checks;
  private final List<RuleCount> ruleCounts = new ArrayList<>();
  private final List<RowRule> rowRules = new ArrayList<>();
  private final List<DecidingRule> decidingRules = new ArrayList<>();
  private final List<CountingRule> countingRules = new ArrayList<>();
  private final List<WholeRule> wholeRules = new ArrayList<>();
  private final RowFilters filters;
  private final Contract contract;
  private final Instant now;
  private final RowSet erroneousRows = new RowSet();

  private long offered;
  private long violating;
  private long withoutError;
  private long published;
  private long quarantined;
  private long held;
  private boolean ended;
  private boolean heldEvaluatedLast;
  private boolean finished;
  private boolean keysHandedOver;

  private VectorBatch batch = VectorBatch.empty(new Schema());
  private long[] heldNumbers = new long[0];
  private long firstRow;
  private RowMask violated = new RowMask(0);
  private RowMask strict = new RowMask(0);
  private RowMask tolerated = new RowMask(0);
  private RowMask erroneous = new RowMask(0);
  private Verdict verdict = verdict(0);

  private QualityGate(
      Contract contract,
      Schema schema,
      OnViolation policy,
      RuleContext surroundings,
      ExistingKeys table,
      long keyMemory,
      KeyHash hash) {
    this.contract = contract;
    this.now = surroundings.now();
    this.policy = policy;
    List<Types.NestedField> columns = schema.columns();
    RowSamples samples = new RowSamples(contract, columns);
    checks = new RecordChecks(contract, columns, samples, conversionErrors);
    List<Rule> rules = contract.enforced();
    filters = new RowFilters(rules, schema);
    RowRuleEvaluators evaluators = new RowRuleEvaluators(contract, schema, surroundings);
    long uniqueOnes = rules.stream().filter(rule -> rule.kind() == Rule.Kind.UNIQUE).count();
    for (Rule rule : rules) {
      RuleCount ruleCount = new RuleCount(rule, samples);
      ruleCounts.add(ruleCount);
      if (DatasetMeasures.isOwnReference(rule, surroundings)) {
        wholeRules.add(
            new WholeRule(ruleCount, new PublishMeasure.PendingMeasure(rule, schema, now)));
      } else if (rule.kind().judgesRows()) {
        RowRuleEvaluator evaluator = evaluators.of(rule);
        rowRules.add(new RowRule(ruleCount.comparedWith(evaluator.basis()), evaluator));
      } else if (rule.kind() == Rule.Kind.UNIQUE) {
        UniqueKeys.Settings settings =
            new UniqueKeys.Settings(
                schema, existingKeys(rule, table), keyMemory / uniqueOnes, hash);
        if (ruleCount.gates() && policy != OnViolation.REJECT) {
          decidingRules.add(new DecidingRule(ruleCount, new AssignedKeys(rule, settings)));
        } else {
          countingRules.add(new CountingRule(ruleCount, new CountedKeys(rule, settings)));
        }
      } else if (rule.kind().measuresWhole()) {
        wholeRules.add(new WholeRule(ruleCount, DatasetMeasures.of(rule, schema, surroundings)));
      }
    }
  }

  private static @Nullable ExistingKeys existingKeys(Rule rule, ExistingKeys table) {
    return switch (rule.scope()) {
      case BATCH -> null;
      case TABLE -> table;
      case PARTITION -> table.inTouchedPartitions();
    };
  }

  /** A row rule and its evaluator. */
  private record RowRule(RuleCount ruleCount, RowRuleEvaluator evaluator) {}

  /** A dataset rule and its measure. */
  private record WholeRule(RuleCount ruleCount, DatasetMeasure measure) {}

  /** A uniqueness rule that decides on rows, and its keys. */
  private record DecidingRule(RuleCount ruleCount, AssignedKeys keys) {
    /** Looks up the row's key; skips rows that the rule does not apply to. */
    void look(RowFilters filters, int row, long rowNumber) {
      RowMask rows = filters.of(ruleCount.rule());
      if (rows == null || rows.get(row)) {
        keys.lookUp(row, rowNumber);
      } else {
        keys.withoutRow();
      }
    }

    void judged(RowFilters filters, int row, long rows) {
      RowMask applicable = filters.of(ruleCount.rule());
      if (applicable == null || applicable.get(row)) {
        ruleCount.evaluatedRows(rows);
      }
    }

    /** Counts the row that was looked up last, whose key is taken. */
    void countTaken(VectorBatch batch, int row, long rowNumber) {
      ruleCount.add(batch, row, rowNumber, keys.earlierRow());
    }

    void begin(VectorBatch batch) {
      ruleCount.failing().clear();
      keys.begin(batch);
    }
  }

  /** A uniqueness rule that only counts rows, and its keys. */
  private record CountingRule(RuleCount ruleCount, CountedKeys keys) {}

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

  /** The destination of one row, the least favorable last. */
  public enum Destination {
    /** The table. */
    PUBLISHED,
    /** Known after the end of the input. */
    HELD,
    /** The quarantine. */
    QUARANTINED;

    /** Returns the less favorable of two destinations. */
    public Destination or(Destination other) {
      return compareTo(other) >= 0 ? this : other;
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
  static long keyMemory(long maxHeap) {
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
  static QualityGate open(
      Contract contract,
      Schema schema,
      OnViolation policy,
      RuleContext surroundings,
      ExistingKeys table,
      long keyMemory,
      KeyHash hash) {
    return new QualityGate(contract, schema, policy, surroundings, table, keyMemory, hash);
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
    filters.next(batch);
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
    checks.evaluate(batch, ignored, violated, firstRow);
    violating += violated.count() - missing;
    erroneous = new RowMask(rows);
    erroneous.or(violated);
    strict = new RowMask(rows);
    tolerated = new RowMask(rows);
    for (RowRule rule : rowRules) {
      evaluate(rule, rows);
    }
    verdict = verdict(rows);
    decidingRules.forEach(rule -> rule.begin(batch));
  }

  private void evaluate(RowRule rule, int rows) {
    RuleCount ruleCount = rule.ruleCount;
    ruleCount.failing().clear();
    rule.evaluator.evaluate(batch, notApplicable(ruleCount, violated, rows), ruleCount.failing());
    ruleCount.failing().andNot(violated);
    ruleCount.evaluatedRows(retainApplicable(ruleCount, violated, rows));
    ruleCount.addAll(batch, firstRow);
    if (ruleCount.gates()) {
      erroneous.or(ruleCount.failing());
      (ruleCount.rule().isTolerant() ? tolerated : strict).or(ruleCount.failing());
    }
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
    if (violated.get(row) || strict.get(row)) {
      return Destination.QUARANTINED;
    }
    lookUpKeys(row, firstRow + row);
    if (isOpen(row)) {
      return Destination.HELD;
    }
    return isAccepted(KeyState.TAKEN) ? Destination.QUARANTINED : Destination.PUBLISHED;
  }

  /** True if the outcome of the row that was looked up is known only after the end of the input. */
  private boolean isOpen(int row) {
    return tolerated.get(row) || isAccepted(KeyState.TAKEN_BY_HELD) || isAccepted(KeyState.OPEN);
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
    if (violated.get(row)) {
      verdict.quarantined.set(row);
    } else if (strict.get(row)) {
      verdict.quarantined.set(row);
      quarantined++;
    } else {
      settleByKeys(row, destination);
    }
  }

  private void settleByKeys(int row, Destination destination) {
    long rowNumber = firstRow + row;
    boolean taken = isAccepted(KeyState.TAKEN);
    boolean quarantinedForKey = taken && !isOpen(row);
    if (destination != Destination.QUARANTINED || quarantinedForKey) {
      countForUniqueRules(row, 1);
    }
    switch (destination) {
      case PUBLISHED -> {
        publish(row);
      }
      case HELD -> {
        verdict.held.set(row);
        hold(batch, tolerated.get(row), taken);
      }
      case QUARANTINED -> {
        verdict.quarantined.set(row);
        quarantined++;
        if (quarantinedForKey) {
          erroneous.set(row);
          countTaken(batch, row, rowNumber);
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
    long first = firstRow;
    countKeys(verdict.published, row -> first + row);
    withoutError += batch.rows() - erroneous.count();
    measure(batch, verdict.published);
    return verdict;
  }

  /** Returns the rows that a rule does not apply to. */
  private RowMask notApplicable(RuleCount ruleCount, RowMask violated, int rows) {
    RowMask applicable = filters.of(ruleCount.rule());
    if (applicable == null) {
      return violated;
    }
    RowMask skip = new RowMask(rows);
    skip.or(applicable);
    skip.flip(rows);
    skip.or(violated);
    return skip;
  }

  /**
   * Retains the failing rows that the rule applies to; returns the number of rows that it applies
   * to.
   */
  private int retainApplicable(RuleCount ruleCount, RowMask violated, int rows) {
    RowMask applicable = filters.of(ruleCount.rule());
    if (applicable == null) {
      return rows - violated.count();
    }
    ruleCount.failing().and(applicable);
    RowMask counted = new RowMask(rows);
    counted.or(applicable);
    counted.andNot(violated);
    return counted.count();
  }

  /** Passes published rows to the dataset rules. */
  private void measure(VectorBatch batch, RowMask rows) {
    for (WholeRule rule : wholeRules) {
      RowMask counted = applicable(rule.ruleCount, rows);
      rule.ruleCount.evaluatedRows(counted.count());
      rule.measure.accept(batch, counted);
    }
  }

  /** Adds the keys of published rows to the uniqueness rules that only count. */
  private void countKeys(RowMask rows, IntToLongFunction numbers) {
    for (CountingRule rule : countingRules) {
      RuleCount ruleCount = rule.ruleCount;
      ruleCount.failing().clear();
      RowMask counted = applicable(ruleCount, rows);
      ruleCount.evaluatedRows(counted.count());
      rule.keys.add(
          batch,
          counted,
          numbers,
          (row, number, earlier) -> {
            ruleCount.add(batch, row, number, earlier);
            if (ruleCount.gates()) {
              erroneous.set(row);
            }
          });
    }
    if (policy == OnViolation.REJECT && !countingRules.isEmpty()) {
      for (int row = erroneous.next(0); row >= 0; row = erroneous.next(row + 1)) {
        erroneousRows.add(numbers.applyAsLong(row));
      }
    }
  }

  /** Returns the rows among these that a rule applies to. */
  private RowMask applicable(RuleCount ruleCount, RowMask rows) {
    RowMask applicable = filters.of(ruleCount.rule());
    if (applicable == null) {
      return rows;
    }
    RowMask both = new RowMask(batch.rows());
    both.or(rows);
    both.and(applicable);
    return both;
  }

  /** Looks up the keys of a row in all uniqueness rules that decide on rows. */
  private void lookUpKeys(int row, long rowNumber) {
    for (DecidingRule rule : decidingRules) {
      rule.look(filters, row, rowNumber);
    }
  }

  /** Counts a row for the uniqueness rules that decide on rows and apply to it. */
  private void countForUniqueRules(int row, long rows) {
    for (DecidingRule rule : decidingRules) {
      rule.judged(filters, row, rows);
    }
  }

  /** Returns true if a key of the row that was looked up has this state. */
  private boolean isAccepted(KeyState state) {
    for (DecidingRule rule : decidingRules) {
      if (rule.keys.stateOfKey() == state) {
        return true;
      }
    }
    return false;
  }

  private void countTaken(VectorBatch batch, int row, long rowNumber) {
    for (DecidingRule rule : decidingRules) {
      if (rule.keys.stateOfKey() == KeyState.TAKEN) {
        rule.countTaken(batch, row, rowNumber);
      }
    }
  }

  private void publish(int row) {
    published++;
    verdict.published.set(row);
    for (DecidingRule rule : decidingRules) {
      rule.keys.assign();
    }
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
    decidingRules.forEach(rule -> rule.keys.settle(rule.ruleCount::addUnavailable));
    if (policy == OnViolation.REJECT) {
      countingRules.forEach(this::settleUnderReject);
    }
  }

  /** Counts the rows whose key turns out to be taken, each once among the erroneous rows. */
  private void settleUnderReject(CountingRule rule) {
    rule.keys.settle(
        (row, earlier) -> {
          rule.ruleCount.addUnavailable(row, earlier);
          if (rule.ruleCount.gates() && erroneousRows.add(row)) {
            withoutError--;
          }
        });
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
    require(ended && !finished, "held rows are evaluated between endOfInput() and finish(..)");
    require(batch.rows() <= held, "more rows are passed in than were held");
    heldEvaluatedLast = true;
    this.batch = batch;
    this.heldNumbers = rowNumbers;
    filters.next(batch);
    held -= batch.rows();
    tolerated = new RowMask(batch.rows());
    strict = new RowMask(batch.rows());
    for (RowRule rule : rowRules) {
      reevaluate(rule, batch, tolerated, strict);
    }
    decidingRules.forEach(rule -> rule.begin(batch));
    verdict = verdict(batch.rows());
  }

  /** Returns the destination that this version's contract requires for a held row. */
  public Destination heldStanding(int row) {
    lookUpKeys(row, heldNumbers[row]);
    return strict.get(row) || isAccepted(KeyState.TAKEN)
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
    release();
    if (!strict.get(row) && isAccepted(KeyState.TAKEN)) {
      withoutError -= tolerated.get(row) ? 0 : 1;
      countTaken(batch, row, heldNumbers[row]);
    } else {
      countForUniqueRules(row, -1);
    }
  }

  /** Ends a batch of held rows that are settled, and returns their destinations. */
  public Verdict endHeld() {
    long[] numbers = heldNumbers;
    countKeys(verdict.published, row -> numbers[row]);
    measure(batch, verdict.published);
    return verdict;
  }

  /** Evaluates a rule again on held rows; its failing rows are already counted. */
  private void reevaluate(RowRule rule, VectorBatch batch, RowMask tolerated, RowMask failing) {
    RowMask rows = rule.ruleCount.failing();
    rows.clear();
    if (!rule.ruleCount.gates() || !rule.ruleCount.rule().isTolerant()) {
      return;
    }
    rule.evaluator.evaluate(
        batch, notApplicable(rule.ruleCount, new RowMask(0), batch.rows()), rows);
    RowMask applicable = filters.of(rule.ruleCount.rule());
    if (applicable != null) {
      rows.and(applicable);
    }
    tolerated.or(rows);
    if (rule.ruleCount.rule().tolerates(rule.ruleCount.count(), rule.ruleCount.evaluatedRows())) {
      rows.clear();
    } else {
      failing.or(rows);
    }
  }

  /**
   * Holds a row: it takes its keys until its outcome is known, unless a published row has one of
   * them. Keys that are looked up at the end are recorded in any case.
   */
  private void hold(VectorBatch batch, boolean tolerated, boolean taken) {
    held++;
    for (DecidingRule rule : decidingRules) {
      if (!taken || rule.keys.stateOfKey() == KeyState.OPEN) {
        rule.keys.assignTemporarily(batch, tolerated, taken);
      }
    }
  }

  private void release() {
    decidingRules.forEach(rule -> rule.keys.release());
  }

  /**
   * Returns the rules that a row breaks which the last call quarantined; empty for a row that does
   * not fit its columns.
   */
  public List<String> reasons(int row) {
    List<String> reasons = new ArrayList<>();
    for (RuleCount ruleCount : ruleCounts) {
      boolean decided = heldEvaluatedLast || !ruleCount.rule().isTolerant();
      if (ruleCount.gates() && decided && ruleCount.failing().get(row)) {
        reasons.add(ruleCount.rule().id());
      }
    }
    return reasons;
  }

  /**
   * Returns the missing required values and invalid enum symbols of a row that the last call
   * quarantined; empty for a row that was passed in as a conversion failure.
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
    require(!finished, "the publish is already finished");
    require(held == 0, held + " held rows were not passed in again");
    ended = true;
    finished = true;
    if (policy != OnViolation.REJECT) {
      countingRules.forEach(rule -> rule.keys.settle(rule.ruleCount::addUnavailable));
    }
    List<QualityReport.RuleResult> results =
        new ArrayList<>(ruleCounts.stream().map(this::result).toList());
    results.addAll(conversionErrors.results(offered));
    List<Finding> violations = new ArrayList<>(conversionFindings);
    violations.addAll(checks.findings());
    PublishVerdict outcome =
        new PolicyDecision(
                contract, policy, offered, violating, published, quarantined, withoutError)
            .verdict(results, violations)
            .with(pending(), measures());
    for (WholeRule rule : wholeRules) {
      if (!(rule.measure instanceof PublishMeasure.PendingMeasure)) {
        rule.measure.close();
      }
    }
    return outcome;
  }

  /** Returns the rules that cannot be evaluated on the rows of the publish alone. */
  private List<PendingRule> pending() {
    List<PendingRule> pending = new ArrayList<>();
    for (WholeRule rule : wholeRules) {
      if (rule.measure instanceof PublishMeasure.PendingMeasure waiting) {
        pending.add(
            new PendingRule(
                rule.ruleCount.rule(), waiting.schema, waiting.rows, now, rule.ruleCount::result));
      }
    }
    return pending;
  }

  /** Returns the measured values of the publish's rows, by name. */
  private Map<String, Double> measures() {
    Map<String, Double> measures = new LinkedHashMap<>();
    measures.put(Rule.Kind.ROW_COUNT.text(), (double) published);
    for (WholeRule rule : wholeRules) {
      if (rule.ruleCount.rule().scope() == Rule.Scope.BATCH) {
        rule.measure
            .figure()
            .ifPresent(figure -> measures.put(RuleMeasures.name(rule.ruleCount.rule()), figure));
      }
    }
    return measures;
  }

  private QualityReport.RuleResult result(RuleCount ruleCount) {
    for (WholeRule rule : wholeRules) {
      if (rule.ruleCount == ruleCount) {
        return ruleCount.result(rule.measure.result());
      }
    }
    for (RowRule rule : rowRules) {
      String absent = rule.ruleCount == ruleCount ? rule.evaluator.absent() : null;
      if (absent != null) {
        return ruleCount.result(RuleMeasurement.notEvaluated(absent));
      }
    }
    return ruleCount.rule().kind() == Rule.Kind.TEXT
        ? ruleCount.result(RuleMeasurement.skipped("it is documentation only"))
        : ruleCount.result();
  }

  /**
   * Returns the keys of the published rows after {@link #finish}. The caller closes them instead of
   * the gate.
   */
  public NewKeys keys() {
    require(finished, "the publish is not finished yet");
    keysHandedOver = true;
    List<NewKeys.OfRule> keys = new ArrayList<>();
    decidingRules.forEach(rule -> handOver(rule.ruleCount, rule.keys, keys));
    countingRules.forEach(rule -> handOver(rule.ruleCount, rule.keys, keys));
    return NewKeys.of(keys, policy);
  }

  private static void handOver(RuleCount ruleCount, UniqueKeys keys, List<NewKeys.OfRule> to) {
    if (ruleCount.gates() && ruleCount.rule().scope() != Rule.Scope.BATCH) {
      to.add(new NewKeys.OfRule(ruleCount.rule(), keys, ruleCount.evaluatedRows()));
    } else {
      keys.close();
    }
  }

  /**
   * Releases resources outside of memory, except those handed over: the keys, and the measures of a
   * finished publish.
   */
  @Override
  public void close() {
    if (!finished) {
      wholeRules.forEach(rule -> rule.measure.close());
    }
    if (!keysHandedOver) {
      decidingRules.forEach(rule -> rule.keys.close());
      countingRules.forEach(rule -> rule.keys.close());
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
