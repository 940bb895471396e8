package io.meshwork.internal.quality;

import io.meshwork.contract.Contract;
import io.meshwork.contract.QualityReport;
import io.meshwork.contract.QualityReport.Outcome;
import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.contract.Rule;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.condition.DatasetCondition.RowCountCondition;
import io.meshwork.internal.condition.RowCondition.Between;
import io.meshwork.internal.condition.RowCondition.InSet;
import io.meshwork.internal.condition.RowCondition.NotInSet;
import io.meshwork.internal.condition.RowCondition.NotMissing;
import io.meshwork.internal.condition.RowCondition.NotNull;
import io.meshwork.internal.condition.RuleCondition;
import io.meshwork.internal.contract.RuleConditions;
import io.meshwork.internal.quality.StatisticsGate.StatisticsVerdict.Gap;
import io.meshwork.internal.quality.StatisticsProof.Answer;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.apache.avro.Schema.Field;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * Evaluates files that an engine wrote by the counts and bounds in their manifest entries, because
 * Meshwork does not read their rows. Whatever these do not prove is a gap, never a pass: rules on
 * text, on several columns, and on datasets need the SDK, which reads rows. Statistics are trusted
 * as written.
 *
 * <p>One instance per commit. Not thread-safe.
 */
public final class StatisticsGate {
  private static final BigInteger LAST_MICRO_OF_DAY = BigInteger.valueOf(86_399_999_999L);
  private static final String CANNOT = "file statistics cannot prove it";

  private final Contract contract;
  private final List<Types.NestedField> columns;
  private final List<DataFile> files;
  private final long rows;
  private final boolean[] concerned;
  private final List<Gap> gaps = new ArrayList<>();
  private final List<Finding> violations = new ArrayList<>();
  private final Map<Integer, FileStatistics[]> statistics = new HashMap<>();

  /**
   * The result of evaluating file statistics. Immutable.
   *
   * @param report the counts; no row is accepted if there is a gap
   * @param gaps the conditions that are not proven: schema first, then rules of severity ERROR in
   *     the contract's order; empty if every row conforms
   * @param filesConcerned number of files with a gap
   */
  public record StatisticsVerdict(QualityReport report, List<Gap> gaps, long filesConcerned) {
    /**
     * A condition that is not proven.
     *
     * @param id a rule's ID, or a code with its column such as {@code REQUIRED_NULL:fare}
     * @param why the reason, without field values
     * @param files number of files concerned; 0 for the commit as a whole
     */
    public record Gap(String id, String why, long files) {}

    public StatisticsVerdict {
      gaps = List.copyOf(gaps);
    }

    /** Returns true if a condition is not proven. */
    public boolean refused() {
      return !gaps.isEmpty();
    }
  }

  private StatisticsGate(Contract contract, Schema schema, List<DataFile> files) {
    this.contract = contract;
    this.columns = schema.columns();
    this.files = files;
    this.rows = files.stream().mapToLong(DataFile::recordCount).sum();
    this.concerned = new boolean[files.size()];
  }

  /**
   * Evaluates the files that a commit adds.
   *
   * @param contract its rules fit the schema
   * @param schema the table's columns, named as in the contract
   * @param files data files with all statistics
   */
  public static StatisticsVerdict evaluate(Contract contract, Schema schema, List<DataFile> files) {
    return new StatisticsGate(contract, schema, List.copyOf(files)).verdict();
  }

  private StatisticsVerdict verdict() {
    columns.forEach(this::checkColumn);
    List<RuleResult> results = contract.enforcedRules().stream().map(this::evaluateRule).toList();
    long files = 0;
    for (boolean one : concerned) {
      files += one ? 1 : 0;
    }
    boolean refused = !gaps.isEmpty();
    QualityReport report =
        new QualityReport(rows, refused ? 0 : rows, 0, refused ? rows : 0, results, violations);
    return new StatisticsVerdict(report, gaps, files);
  }

  /** Checks required values and enum symbols, as {@link QualityGate} does. */
  private void checkColumn(Types.NestedField column) {
    if (column.isRequired()) {
      check(
          FindingCode.REQUIRED_NULL,
          column,
          RecordChecks.NULL_BUT_REQUIRED,
          StatisticsProof.noNull());
    }
    Type type = column.type();
    if (!type.isPrimitiveType()) {
      check(
          FindingCode.NESTED_VALUES_UNVERIFIED,
          column,
          "violates its nested types",
          file -> Answer.OPEN);
      return;
    }
    Field field = contract.schema().getField(column.name());
    org.apache.avro.Schema symbols = field == null ? null : RecordChecks.enumOf(field.schema());
    if (symbols != null) {
      check(
          FindingCode.ENUM_MEMBER,
          column,
          RecordChecks.noSymbol(symbols),
          StatisticsProof.memberOf(List.copyOf(symbols.getEnumSymbols()), type));
    } else if (type instanceof Types.DecimalType decimal) {
      BigInteger most = BigInteger.TEN.pow(decimal.precision()).subtract(BigInteger.ONE);
      check(
          FindingCode.DECIMAL_PRECISION,
          column,
          "has more than " + decimal.precision() + " digits",
          StatisticsProof.inside(RangeEvaluator.whole(most.negate(), most)));
    } else if (type.typeId() == Type.TypeID.TIME) {
      check(
          FindingCode.TIMESTAMP_RANGE,
          column,
          "is not a time of day",
          StatisticsProof.inside(RangeEvaluator.whole(BigInteger.ZERO, LAST_MICRO_OF_DAY)));
    }
    if (isInMillis(contract, column)) {
      // Bounds do not prove the precision of the values between them.
      check(FindingCode.TIME_PRECISION, column, "is finer than milliseconds", file -> Answer.OPEN);
    }
  }

  /**
   * Returns true for a time or timestamp of millisecond precision; all are stored in microseconds.
   */
  private static boolean isInMillis(Contract contract, Types.NestedField column) {
    Field field = contract.schema().getField(column.name());
    if (field == null) {
      return false;
    }
    List<org.apache.avro.Schema> branches =
        field.schema().isUnion() ? field.schema().getTypes() : List.of(field.schema());
    return branches.stream()
        .anyMatch(
            branch ->
                branch.getLogicalType() != null
                    && branch.getLogicalType().getName().endsWith("-millis"));
  }

  private void check(
      FindingCode code, Types.NestedField column, String what, StatisticsProof proof) {
    UnprovedFiles count = count(List.of(column), proof);
    if (count.files > 0) {
      mark(count);
      String id = code + ":" + column.name();
      gaps.add(new Gap(id, count.why(), count.files));
      violations.add(
          new Finding(
              code,
              Finding.Severity.ERROR,
              column.name(),
              "Column "
                  + column.name()
                  + (count.failureReason ? " " : " may contain a value that ")
                  + what
                  + " in "
                  + count.files
                  + (count.files == 1 ? " file." : " files."),
              count.files,
              List.of(),
              "Publish these rows through the SDK, which evaluates each of them."));
    }
  }

  private RuleResult evaluateRule(Rule rule) {
    if (rule.kind() == Rule.Kind.TEXT) {
      return result(rule, Outcome.SKIPPED, new UnprovedFiles(), OptionalDouble.empty());
    }
    if (!isProvable(rule)) {
      return unproven(rule);
    }
    if (RuleConditions.of(rule) instanceof RowCountCondition range) {
      return rowCount(rule, range);
    }
    if (RuleConditions.of(rule) instanceof NotNull) {
      return notNull(rule);
    }
    UnprovedFiles count = count(columnsOf(rule), proof(rule));
    return result(rule, count, tolerates(rule, count), OptionalDouble.empty());
  }

  /**
   * Returns true if statistics can prove the rule: it applies to whole columns, in these files
   * alone.
   */
  private boolean isProvable(Rule rule) {
    boolean flat =
        rule.columns().stream()
            .allMatch(name -> columns.stream().anyMatch(column -> column.name().equals(name)));
    return switch (rule.kind()) {
      case ROW_COUNT -> rule.scope() == Rule.Scope.BATCH && rule.where().isEmpty();
      case UNIQUE, CUSTOM -> false;
      default -> flat && rule.kind().judgesRows();
    };
  }

  /**
   * Returns true if the rule tolerates the failing rows. The share of rows that match a filter is
   * unknown, so any failing row may exceed a share.
   */
  private boolean tolerates(Rule rule, UnprovedFiles count) {
    return count.rows == 0 || (rule.where().isEmpty() && rule.tolerates(count.rows, rows));
  }

  private StatisticsProof proof(Rule rule) {
    Type type = column(rule.columns().get(0)).type();
    StatisticsProof proof = proof(RuleConditions.of(rule), type);
    // A row that breaks the rule may not match the rule's filter.
    return rule.where().isEmpty()
        ? proof
        : file -> proof.of(file) == Answer.PROVEN ? Answer.PROVEN : Answer.OPEN;
  }

  private static StatisticsProof proof(RuleCondition condition, Type type) {
    if (condition instanceof Between range) {
      return StatisticsProof.inside(
          RangeEvaluator.of(type, range.low(), range.high(), range.exclusive()));
    }
    if (condition instanceof InSet set) {
      return StatisticsProof.memberOf(set.values(), type);
    }
    if (condition instanceof NotMissing) {
      return file ->
          StatisticsProof.noNull().of(file) == Answer.BROKEN ? Answer.BROKEN : Answer.OPEN;
    }
    return condition instanceof NotInSet set && set.values().contains(null)
        ? file -> Answer.OPEN
        : StatisticsProof.onlyWithoutValues();
  }

  private RuleResult rowCount(Rule rule, RowCountCondition range) {
    boolean inside = rows >= range.min() && rows <= range.max();
    UnprovedFiles count = new UnprovedFiles();
    count.failureReason = true;
    count.whole = "the commit has " + rows + " rows";
    return result(rule, count, inside, OptionalDouble.of(rows));
  }

  /**
   * Returns the result of a rule that needs the rows. A publish of at most one row has no
   * duplicates.
   */
  private RuleResult unproven(Rule rule) {
    UnprovedFiles count = new UnprovedFiles();
    boolean alone =
        rule.kind() == Rule.Kind.UNIQUE && rule.scope() == Rule.Scope.BATCH && rows <= 1;
    boolean vacuous = rows == 0 && (rule.kind().judgesRows() || rule.kind() == Rule.Kind.UNIQUE);
    if (!alone && !vacuous) {
      for (int file = 0; file < files.size(); file++) {
        count.add(file, files.get(file).recordCount(), Answer.OPEN);
      }
    }
    return result(rule, count, alone || vacuous, OptionalDouble.empty());
  }

  /**
   * Evaluates a not-null rule. A row with several nulls counts once, so the sum of nulls is the
   * maximum that can fail.
   */
  private RuleResult notNull(Rule rule) {
    UnprovedFiles count = new UnprovedFiles();
    for (int file = 0; file < files.size(); file++) {
      long most = 0;
      Answer answer = Answer.PROVEN;
      for (Types.NestedField column : columnsOf(rule)) {
        FileStatistics one = statistics(column)[file];
        Answer next = StatisticsProof.noNull().of(one);
        answer = next.compareTo(answer) > 0 ? next : answer;
        most += one.nulls() == null ? one.records() : one.nulls();
      }
      if (answer != Answer.PROVEN) {
        count.add(file, Math.min(most, files.get(file).recordCount()), answer);
      }
    }
    count.failureReason &= rule.where().isEmpty();
    return result(rule, count, tolerates(rule, count), OptionalDouble.empty());
  }

  /** Counts the files in which none of these columns has the proof. */
  private UnprovedFiles count(List<Types.NestedField> columns, StatisticsProof proof) {
    UnprovedFiles count = new UnprovedFiles();
    for (int file = 0; file < files.size(); file++) {
      Answer best = Answer.BROKEN;
      for (Types.NestedField column : columns) {
        Answer answer = proof.of(statistics(column)[file]);
        best = answer.compareTo(best) < 0 ? answer : best;
      }
      if (best != Answer.PROVEN) {
        count.add(file, files.get(file).recordCount(), best);
      }
    }
    return count;
  }

  private RuleResult result(
      Rule rule, UnprovedFiles count, boolean passes, OptionalDouble measure) {
    if (!passes && rule.severity() == Rule.Severity.ERROR) {
      mark(count);
      gaps.add(new Gap(rule.id(), count.why(), count.files));
    }
    Outcome outcome =
        passes ? Outcome.PASS : count.failureReason ? Outcome.FAIL : Outcome.NOT_EVALUATED;
    return result(rule, outcome, count, measure);
  }

  private RuleResult result(
      Rule rule, Outcome outcome, UnprovedFiles count, OptionalDouble measure) {
    boolean text = outcome == Outcome.PASS || outcome == Outcome.SKIPPED;
    return new RuleResult(
        rule.id(),
        rule.inWords(),
        rule.severity(),
        outcome,
        count.rows,
        rows,
        measure,
        text ? "" : count.why(),
        List.of());
  }

  private void mark(UnprovedFiles count) {
    count.places.forEach(file -> concerned[file] = true);
  }

  private List<Types.NestedField> columnsOf(Rule rule) {
    return rule.columns().stream().map(this::column).toList();
  }

  private Types.NestedField column(String name) {
    return columns.stream()
        .filter(column -> column.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("no column " + name + " in the table's schema"));
  }

  private FileStatistics[] statistics(Types.NestedField column) {
    return statistics.computeIfAbsent(
        column.fieldId(),
        id ->
            files.stream()
                .map(file -> FileStatistics.of(file, column))
                .toArray(FileStatistics[]::new));
  }

  /** The files without a proof, and the maximum number of rows that may fail. */
  private static final class UnprovedFiles {
    private final List<Integer> places = new ArrayList<>();
    private long files;
    private long rows;
    private boolean failureReason;
    private String whole = "";

    void add(int file, long maxFailing, Answer answer) {
      places.add(file);
      files++;
      rows += maxFailing;
      failureReason |= answer == Answer.BROKEN;
    }

    String why() {
      if (!whole.isEmpty()) {
        return whole;
      }
      return failureReason ? "file statistics disprove it" : CANNOT;
    }
  }
}
