package io.meshwork.internal.quality;

import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.QualityReport;
import io.meshwork.contract.Rule;
import io.meshwork.error.Finding;
import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.VectorBatch;
import io.meshwork.internal.quality.UniqueKeys.Standing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Judges the rows of one publish, batch by batch, and says what goes where. Which tolerated rows
 * pass is known only at the end, so some rows are held until then:
 *
 * <pre>
 * judge(batch, ...)*  endOfInput()  judgeHeld(batch, rowNumbers)*  finish(...)
 * </pre>
 *
 * <p>Under REJECT nothing is held or quarantined: rows that fit the schema go to files that are
 * thrown away if {@link Judgement#refused()}, while every rule goes on counting. One object a
 * publish, one thread.
 */
public final class QualityGate implements AutoCloseable {
  /**
   * Bytes of memory that keys of rules on uniqueness may take in one publish, all rules together;
   * further keys go to temporary files.
   */
  public static final long KEY_MEMORY = 64L << 20;

  private final OnViolation policy;
  private final RecordChecks checks;
  private final List<RuleTally> tallies = new ArrayList<>();
  private final List<RowRule> rowRules = new ArrayList<>();
  private final List<UniqueRule> uniqueRules = new ArrayList<>();
  private final List<WholeRule> wholeRules = new ArrayList<>();
  private final RowFilters filters;
  private final Contract contract;
  private final Instant now;

  private long offered;
  private long violating;
  private long withoutError;
  private long published;
  private long quarantined;
  private long held;
  private boolean ended;
  private boolean heldJudgedLast;
  private boolean finished;
  private boolean keysGiven;

  private QualityGate(
      Contract contract,
      Schema schema,
      OnViolation policy,
      RuleSurroundings surroundings,
      StandingKeys table,
      long keyMemory) {
    this.contract = contract;
    this.now = surroundings.now();
    this.policy = policy;
    List<Types.NestedField> columns = schema.columns();
    RowSamples samples = new RowSamples(contract, columns);
    checks = new RecordChecks(contract, columns, samples);
    List<Rule> rules = contract.enforced();
    filters = new RowFilters(rules, schema);
    RowJudges judges = new RowJudges(contract, schema, surroundings);
    long uniqueOnes = rules.stream().filter(rule -> rule.kind() == Rule.Kind.UNIQUE).count();
    for (Rule rule : rules) {
      RuleTally tally = new RuleTally(rule, samples);
      tallies.add(tally);
      if (DatasetMeasures.isOwnReference(rule, surroundings)) {
        wholeRules.add(new WholeRule(tally, new WholeMeasure.Pending(rule, schema, now)));
      } else if (rule.kind().judgesRows()) {
        RowJudge judge = judges.of(rule);
        rowRules.add(new RowRule(tally.comparedWith(judge.basis()), judge));
      } else if (rule.kind() == Rule.Kind.UNIQUE) {
        UniqueKeys keys =
            new UniqueKeys(
                schema,
                rule,
                tally.gates() && policy != OnViolation.REJECT,
                standing(rule, table),
                keyMemory / uniqueOnes);
        uniqueRules.add(new UniqueRule(tally, keys));
      } else if (rule.kind().measuresWhole()) {
        wholeRules.add(new WholeRule(tally, DatasetMeasures.of(rule, schema, surroundings)));
      }
    }
  }

  private static @Nullable StandingKeys standing(Rule rule, StandingKeys table) {
    return switch (rule.scope()) {
      case BATCH -> null;
      case TABLE -> table;
      case PARTITION -> table.inTouchedPartitions();
    };
  }

  /** A rule on rows and its judge. */
  private record RowRule(RuleTally tally, RowJudge judge) {}

  /** A rule on the whole of what is published and its measure. */
  private record WholeRule(RuleTally tally, DatasetMeasure measure) {}

  /** A uniqueness rule and the keys it has seen. */
  private record UniqueRule(RuleTally tally, UniqueKeys keys) {
    /** How the row's key stands; one that the rule does not look at is left out. */
    Standing look(RowFilters filters, VectorBatch batch, int row, long rowNumber) {
      RowMask rows = filters.of(tally.rule());
      return rows == null || rows.get(row) ? keys.look(batch, row, rowNumber) : keys.leaveOut();
    }

    void judged(RowFilters filters, int row, long rows) {
      RowMask looked = filters.of(tally.rule());
      if (looked == null || looked.get(row)) {
        tally.judged(rows);
      }
    }

    /** Counts the row that was looked at last, whose key is taken. */
    void countTaken(VectorBatch batch, int row, long rowNumber) {
      tally.add(batch, row, rowNumber, keys.earlierRow());
    }

    void begin(VectorBatch batch) {
      tally.failing().clear();
      keys.begin(batch);
    }
  }

  /**
   * Where the rows of a batch go; each row is in at most one of the three. Under REJECT a row that
   * breaks the schema is in none, since it refuses the publish. Made anew for each batch.
   *
   * @param published rows that go to the table now
   * @param quarantined rows that go beside it, with {@link QualityGate#reasons}; none under REJECT
   * @param held rows the caller keeps and gives back after the end of input; none under REJECT
   */
  public record Verdict(RowMask published, RowMask quarantined, RowMask held) {}

  /**
   * A gate for one publish.
   *
   * @param contract rules that fit the schema
   * @param schema the table's columns, named as the contract's
   * @param policy the contract's, or a stricter one of the publish
   * @param surroundings what rules need besides the rows
   */
  public static QualityGate open(
      Contract contract, Schema schema, OnViolation policy, RuleSurroundings surroundings) {
    return open(contract, schema, policy, surroundings, StandingKeys.NONE, KEY_MEMORY);
  }

  /**
   * A gate for one publish to a table with rows.
   *
   * @param table keys that stand beside the publish, for rules that hold over the table
   * @param keyMemory as {@link #KEY_MEMORY}
   */
  public static QualityGate open(
      Contract contract,
      Schema schema,
      OnViolation policy,
      RuleSurroundings surroundings,
      StandingKeys table,
      long keyMemory) {
    return new QualityGate(contract, schema, policy, surroundings, table, keyMemory);
  }

  /**
   * Judges the next rows of the input.
   *
   * @param conversionFailures rows of the batch that already break the schema; their values are not
   *     looked at
   * @param firstRow number of the batch's first row in the input, from 0; rising
   */
  public Verdict judge(VectorBatch batch, RowMask conversionFailures, long firstRow) {
    require(!ended, "the input has ended");
    heldJudgedLast = false;
    filters.next(batch);
    int rows = batch.rows();
    offered += rows;
    RowMask violated = new RowMask(rows);
    violated.or(conversionFailures);
    checks.judge(batch, conversionFailures, violated, firstRow);
    violating += violated.count();
    RowMask erring = new RowMask(rows);
    erring.or(violated);
    RowMask strict = new RowMask(rows);
    RowMask tolerated = new RowMask(rows);
    for (RowRule rule : rowRules) {
      RuleTally tally = rule.tally;
      tally.failing().clear();
      rule.judge.judge(batch, passedOver(tally, violated, rows), tally.failing());
      tally.failing().andNot(violated);
      tally.judged(keepLookedAt(tally, violated, rows));
      tally.addAll(batch, firstRow);
      if (tally.gates()) {
        erring.or(tally.failing());
        (tally.rule().isTolerant() ? tolerated : strict).or(tally.failing());
      }
    }
    Verdict verdict =
        policy == OnViolation.REJECT
            ? countOnly(batch, violated, erring, firstRow)
            : sort(batch, violated, strict, tolerated, erring, firstRow);
    withoutError += rows - erring.count();
    measure(batch, verdict.published);
    return verdict;
  }

  /** The rows that a rule need not judge. */
  private RowMask passedOver(RuleTally tally, RowMask violated, int rows) {
    RowMask looked = filters.of(tally.rule());
    if (looked == null) {
      return violated;
    }
    RowMask skip = new RowMask(rows);
    skip.or(looked);
    skip.flip(rows);
    skip.or(violated);
    return skip;
  }

  /** Leaves of the failing rows those the rule looks at, and says how many that are in all. */
  private int keepLookedAt(RuleTally tally, RowMask violated, int rows) {
    RowMask looked = filters.of(tally.rule());
    if (looked == null) {
      return rows - violated.count();
    }
    tally.failing().and(looked);
    RowMask counted = new RowMask(rows);
    counted.or(looked);
    counted.andNot(violated);
    return counted.count();
  }

  /** Shows rows that are published to the rules on the whole. */
  private void measure(VectorBatch batch, RowMask rows) {
    for (WholeRule rule : wholeRules) {
      RowMask looked = filters.of(rule.tally.rule());
      RowMask counted = rows;
      if (looked != null) {
        counted = new RowMask(batch.rows());
        counted.or(rows);
        counted.and(looked);
      }
      rule.tally.judged(counted.count());
      rule.measure.accept(batch, counted);
    }
  }

  private Verdict countOnly(VectorBatch batch, RowMask violated, RowMask erring, long firstRow) {
    Verdict verdict = verdict(batch.rows());
    uniqueRules.forEach(rule -> rule.begin(batch));
    for (int row = 0; row < batch.rows(); row++) {
      if (!violated.get(row)) {
        verdict.published.set(row);
        for (UniqueRule rule : uniqueRules) {
          rule.judged(filters, row, 1);
          if (rule.look(filters, batch, row, firstRow + row) == Standing.TAKEN) {
            rule.countTaken(batch, row, firstRow + row);
            if (rule.tally.gates()) {
              erring.set(row);
            }
          }
        }
        for (UniqueRule rule : uniqueRules) {
          rule.keys.takeForGood(erring.get(row));
        }
      }
    }
    published += batch.rows() - violated.count();
    return verdict;
  }

  private Verdict sort(
      VectorBatch batch,
      RowMask violated,
      RowMask strict,
      RowMask tolerated,
      RowMask erring,
      long firstRow) {
    Verdict verdict = verdict(batch.rows());
    uniqueRules.forEach(rule -> rule.begin(batch));
    for (int row = 0; row < batch.rows(); row++) {
      long rowNumber = firstRow + row;
      if (violated.get(row)) {
        verdict.quarantined.set(row);
      } else if (strict.get(row)) {
        verdict.quarantined.set(row);
        quarantined++;
      } else {
        look(batch, row, rowNumber);
        judgedByUnique(row, 1);
        boolean taken = stands(Standing.TAKEN);
        if (tolerated.get(row) || stands(Standing.TAKEN_BY_HELD) || stands(Standing.OPEN)) {
          verdict.held.set(row);
          hold(batch, tolerated.get(row), taken);
        } else if (taken) {
          verdict.quarantined.set(row);
          erring.set(row);
          quarantined++;
          countTaken(batch, row, rowNumber);
        } else {
          publish(batch, row, rowNumber);
          verdict.published.set(row);
        }
      }
    }
    return verdict;
  }

  /** Looks at the keys of a row in all gating uniqueness rules. */
  private void look(VectorBatch batch, int row, long rowNumber) {
    for (UniqueRule rule : uniqueRules) {
      if (rule.tally.gates()) {
        rule.look(filters, batch, row, rowNumber);
      }
    }
  }

  /** Counts a row for the gating uniqueness rules that look at it. */
  private void judgedByUnique(int row, long rows) {
    for (UniqueRule rule : uniqueRules) {
      if (rule.tally.gates()) {
        rule.judged(filters, row, rows);
      }
    }
  }

  /** True if a key of the row that was looked at stands so. */
  private boolean stands(Standing standing) {
    for (UniqueRule rule : uniqueRules) {
      if (rule.tally.gates() && rule.keys.standing() == standing) {
        return true;
      }
    }
    return false;
  }

  private void countTaken(VectorBatch batch, int row, long rowNumber) {
    for (UniqueRule rule : uniqueRules) {
      if (rule.tally.gates() && rule.keys.standing() == Standing.TAKEN) {
        rule.countTaken(batch, row, rowNumber);
      }
    }
  }

  private void publish(VectorBatch batch, int row, long rowNumber) {
    published++;
    for (UniqueRule rule : uniqueRules) {
      if (rule.tally.gates()) {
        rule.keys.takeForGood(false);
        continue;
      }
      rule.judged(filters, row, 1);
      if (rule.look(filters, batch, row, rowNumber) == Standing.TAKEN) {
        rule.countTaken(batch, row, rowNumber);
      } else {
        rule.keys.takeForGood(false);
      }
    }
  }

  /**
   * Ends the input; which tolerated rows pass is fixed now, and which keys are taken.
   *
   * @throws io.meshwork.error.BackendException if a file of the table or a temporary one fails
   */
  public void endOfInput() {
    require(!ended, "the input has ended already");
    ended = true;
    RowSet found = new RowSet();
    for (UniqueRule rule : uniqueRules) {
      if (policy == OnViolation.REJECT || rule.tally.gates()) {
        rule.keys.settle(
            (row, marked, earlier) -> {
              rule.tally.addGone(row, earlier);
              if (rule.tally.gates() && !marked && found.add(row)) {
                withoutError--;
              }
            });
      }
    }
  }

  /**
   * Judges rows that were held, given back in input order, all of them once. None is held again.
   *
   * @param rowNumbers the number in the input of each row of the batch
   */
  public Verdict judgeHeld(VectorBatch batch, long[] rowNumbers) {
    require(ended && !finished, "rows that were held are judged between end of input and finish");
    require(batch.rows() <= held, "more rows are given back than were held");
    heldJudgedLast = true;
    filters.next(batch);
    held -= batch.rows();
    RowMask tolerated = new RowMask(batch.rows());
    RowMask failing = new RowMask(batch.rows());
    for (RowRule rule : rowRules) {
      rejudge(rule, batch, tolerated, failing);
    }
    uniqueRules.forEach(rule -> rule.begin(batch));
    Verdict verdict = verdict(batch.rows());
    for (int row = 0; row < batch.rows(); row++) {
      long rowNumber = rowNumbers[row];
      look(batch, row, rowNumber);
      boolean fails = failing.get(row);
      if (fails || stands(Standing.TAKEN)) {
        verdict.quarantined.set(row);
        quarantined++;
        release();
        if (fails) {
          judgedByUnique(row, -1);
        } else {
          withoutError -= tolerated.get(row) ? 0 : 1;
          countTaken(batch, row, rowNumber);
        }
      } else {
        publish(batch, row, rowNumber);
        verdict.published.set(row);
      }
    }
    measure(batch, verdict.published);
    return verdict;
  }

  /** Finds again which held rows a tolerant rule failed; its rows were counted the first time. */
  private void rejudge(RowRule rule, VectorBatch batch, RowMask tolerated, RowMask failing) {
    RowMask rows = rule.tally.failing();
    rows.clear();
    if (!rule.tally.gates() || !rule.tally.rule().isTolerant()) {
      return;
    }
    rule.judge.judge(batch, passedOver(rule.tally, new RowMask(0), batch.rows()), rows);
    RowMask looked = filters.of(rule.tally.rule());
    if (looked != null) {
      rows.and(looked);
    }
    tolerated.or(rows);
    if (rule.tally.rule().tolerates(rule.tally.count(), rule.tally.judged())) {
      rows.clear();
    } else {
      failing.or(rows);
    }
  }

  /**
   * A held row takes its keys until its fate is known, unless a published row has one of them; a
   * key that is looked up at the end has to be noted all the same.
   */
  private void hold(VectorBatch batch, boolean tolerated, boolean taken) {
    held++;
    for (UniqueRule rule : uniqueRules) {
      if (rule.tally.gates() && (!taken || rule.keys.standing() == Standing.OPEN)) {
        rule.keys.takeForNow(batch, tolerated, taken);
      }
    }
  }

  private void release() {
    for (UniqueRule rule : uniqueRules) {
      if (rule.tally.gates()) {
        rule.keys.release();
      }
    }
  }

  /**
   * Why a row that the last call quarantined is not published: rule ids, and codes with their
   * column such as {@code REQUIRED_NULL:fare}. Empty for a row that came as a conversion failure.
   */
  public List<String> reasons(int row) {
    List<String> reasons = new ArrayList<>(heldJudgedLast ? List.of() : checks.reasons(row));
    for (RuleTally tally : tallies) {
      boolean decided = heldJudgedLast || !tally.rule().isTolerant();
      if (tally.gates() && decided && tally.failing().get(row)) {
        reasons.add(tally.rule().id());
      }
    }
    return reasons;
  }

  /**
   * Ends the publish: rules on the whole of what is left, the outcome, the scores.
   *
   * @param conversionFindings how rows broke the schema before they came here; told in the report
   * @throws IllegalStateException if held rows were not given back
   */
  public Judgement finish(List<Finding> conversionFindings) {
    require(!finished, "the publish was judged already");
    require(held == 0, held + " held rows were not given back");
    ended = true;
    finished = true;
    for (UniqueRule rule : uniqueRules) {
      if (policy != OnViolation.REJECT && !rule.tally.gates()) {
        rule.keys.settle((row, marked, earlier) -> rule.tally.addGone(row, earlier));
      }
    }
    List<QualityReport.RuleResult> results = tallies.stream().map(this::result).toList();
    List<Finding> violations = new ArrayList<>(conversionFindings);
    violations.addAll(checks.findings());
    Judgement judgement =
        new Outcome(contract, policy, offered, violating, published, quarantined, withoutError)
            .judgement(results, violations)
            .with(pending(), measures());
    for (WholeRule rule : wholeRules) {
      if (!(rule.measure instanceof WholeMeasure.Pending)) {
        rule.measure.close();
      }
    }
    return judgement;
  }

  /** Rules that the rows of the publish do not answer by themselves. */
  private List<PendingRule> pending() {
    List<PendingRule> pending = new ArrayList<>();
    for (WholeRule rule : wholeRules) {
      if (rule.measure instanceof WholeMeasure.Pending waiting) {
        pending.add(
            new PendingRule(
                rule.tally.rule(), waiting.schema, waiting.rows, now, rule.tally::result));
      }
    }
    return pending;
  }

  /** What was measured of the rows of the publish, by name. */
  private Map<String, Double> measures() {
    Map<String, Double> measures = new LinkedHashMap<>();
    measures.put(Rule.Kind.ROW_COUNT.text(), (double) published);
    for (WholeRule rule : wholeRules) {
      if (rule.tally.rule().scope() == Rule.Scope.BATCH) {
        rule.measure
            .figure()
            .ifPresent(figure -> measures.put(Measures.name(rule.tally.rule()), figure));
      }
    }
    return measures;
  }

  private QualityReport.RuleResult result(RuleTally tally) {
    for (WholeRule rule : wholeRules) {
      if (rule.tally == tally) {
        return tally.result(rule.measure.result());
      }
    }
    for (RowRule rule : rowRules) {
      String absent = rule.tally == tally ? rule.judge.absent() : null;
      if (absent != null) {
        return tally.result(Measured.notEvaluated(absent));
      }
    }
    return tally.rule().kind() == Rule.Kind.TEXT
        ? tally.result(Measured.skipped("it is said in words"))
        : tally.result();
  }

  /**
   * The keys of the published rows, once the publish is judged. Whoever has them closes them in the
   * place of the gate.
   */
  public PublishedKeys keys() {
    require(finished, "the publish is not judged yet");
    keysGiven = true;
    List<KeysInForce.Keys> keys = new ArrayList<>();
    for (UniqueRule rule : uniqueRules) {
      if (rule.tally.gates() && rule.tally.rule().scope() != Rule.Scope.BATCH) {
        keys.add(new KeysInForce.Keys(rule.tally.rule(), rule.keys, rule.tally.judged()));
      } else {
        rule.keys.close();
      }
    }
    return keys.isEmpty() ? PublishedKeys.NONE : new KeysInForce(keys, policy);
  }

  /**
   * Frees what measures and keys keep outside of memory, but for what somebody else has by now: the
   * keys, and the measures of a publish that was judged.
   */
  @Override
  public void close() {
    if (!finished) {
      wholeRules.forEach(rule -> rule.measure.close());
    }
    if (!keysGiven) {
      uniqueRules.forEach(rule -> rule.keys.close());
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
