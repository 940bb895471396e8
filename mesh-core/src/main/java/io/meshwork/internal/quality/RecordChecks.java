package io.meshwork.internal.quality;

import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.rows.RowNumber;
import io.meshwork.internal.rows.TypeViolations.Violation;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Checks required values, enum symbols, and partitions of each row before any rule is evaluated. A
 * row that fails is never published. Conversion errors and the contents of nested columns are
 * checked where the rows are converted; the other columns of such a row are checked here.
 */
public final class RecordChecks {
  /** Why a row fails that has a null, or no value at all, in a required column. */
  static final String NULL_BUT_REQUIRED = "is null or missing, but required";

  private static final int MAX_SYMBOLS = 20;

  private final List<Check> checks = new ArrayList<>();
  private final RowSamples samples;
  private final ConversionErrorCount conversionErrors;

  /**
   * Creates the checks.
   *
   * @param conversionErrors receives the rows that fail
   */
  RecordChecks(
      Contract contract,
      List<Types.NestedField> columns,
      RowSamples samples,
      ConversionErrorCount conversionErrors) {
    this.samples = samples;
    this.conversionErrors = conversionErrors;
    for (int i = 0; i < columns.size(); i++) {
      if (isRequired(contract, columns.get(i))) {
        int column = i;
        add(FindingCode.REQUIRED_NULL, columns.get(i), NULL_BUT_REQUIRED, nullsOf(column));
      }
    }
    for (int i = 0; i < columns.size(); i++) {
      values(contract, columns.get(i), i);
    }
  }

  /** Creates the checks of rows that are not evaluated now. */
  public static RecordChecks of(
      Contract contract, org.apache.iceberg.Schema schema, PartitionSpec spec) {
    List<Types.NestedField> columns = schema.columns();
    RecordChecks checks =
        new RecordChecks(
            contract, columns, new RowSamples(contract, columns), new ConversionErrorCount());
    checks.partitionedBy(spec, columns);
    checks.inFolders(spec, columns);
    return checks;
  }

  /** Also checks that the partition spec supports each row. */
  void partitionedBy(PartitionSpec spec, List<Types.NestedField> columns) {
    for (PartitionField field : spec.fields()) {
      for (int i = 0; i < columns.size(); i++) {
        Types.NestedField column = columns.get(i);
        RangeEvaluator range =
            column.fieldId() == field.sourceId() ? PartitionRange.of(field, column.type()) : null;
        if (range != null) {
          add(
              FindingCode.PARTITION_RANGE,
              column,
              "is out of range for its partition " + field.transform(),
              ColumnEvaluator.of(LeafColumn.at(i, column.type()), range));
        }
      }
    }
  }

  /**
   * Returns the maximum length of the name of a partition's folder, in bytes: 255, as on common
   * file systems, or less if more than three partitions have values of any length.
   */
  public static int maxFolderBytes(PartitionSpec spec) {
    return PartitionFolder.maxBytes(spec);
  }

  /** Also checks that each row's partition can have a folder. */
  void inFolders(PartitionSpec spec, List<Types.NestedField> columns) {
    for (PartitionField field : spec.fields()) {
      for (int i = 0; i < columns.size(); i++) {
        Types.NestedField column = columns.get(i);
        PartitionFolder folder =
            column.fieldId() == field.sourceId() ? PartitionFolder.of(spec, field) : null;
        if (folder != null) {
          add(
              FindingCode.PARTITION_RANGE,
              column,
              "is too long for the name of the folder of its partition, which has at most "
                  + PartitionFolder.maxBytes(spec)
                  + " bytes when it is encoded,",
              ColumnEvaluator.of(LeafColumn.at(i, column.type()), folder));
        }
      }
    }
  }

  /**
   * The table has the contract's required columns; an added list or map is optional in the table.
   */
  private static boolean isRequired(Contract contract, Types.NestedField column) {
    Schema.Field promised = contract.schema().getField(column.name());
    return column.isRequired() || (promised != null && !promised.schema().isNullable());
  }

  private void values(Contract contract, Types.NestedField column, int i) {
    Schema.Field field = contract.schema().getField(column.name());
    Schema symbols = field == null ? null : enumOf(field.schema());
    if (symbols != null) {
      RowRuleEvaluator evaluator =
          ColumnEvaluator.of(
              LeafColumn.at(i, column.type()), MembershipEvaluator.texts(symbols.getEnumSymbols()));
      add(FindingCode.ENUM_MEMBER, column, noSymbol(symbols), evaluator);
    }
  }

  /** Returns why a value of an enum column fails, with the symbols. */
  static String noSymbol(Schema symbols) {
    List<String> allowed = symbols.getEnumSymbols();
    return "is not a symbol of the enum ("
        + String.join(", ", allowed.subList(0, Math.min(allowed.size(), MAX_SYMBOLS)))
        + (allowed.size() > MAX_SYMBOLS
            ? " and " + (allowed.size() - MAX_SYMBOLS) + " more)"
            : ")");
  }

  static @Nullable Schema enumOf(Schema schema) {
    if (schema.getType() == Schema.Type.ENUM) {
      return schema;
    }
    if (schema.isUnion()) {
      for (Schema branch : schema.getTypes()) {
        if (branch.getType() == Schema.Type.ENUM) {
          return branch;
        }
      }
    }
    return null;
  }

  private static RowRuleEvaluator nullsOf(int column) {
    return (batch, skip, failing) -> {
      Vector vector = batch.vector(column);
      RowMask nulls = vector.nulls();
      if (nulls != null) {
        failing.or(nulls);
      }
    };
  }

  private void add(
      FindingCode code, Types.NestedField column, String what, RowRuleEvaluator evaluator) {
    checks.add(new Check(code, column.name(), what, evaluator));
  }

  /**
   * Checks the rows of a batch, except columns of rows with a violation there.
   *
   * @return the rows that fail a check
   */
  public RowMask evaluate(VectorBatch batch, ConversionFailures malformedRows) {
    RowMask failing = new RowMask(batch.rows());
    evaluate(batch, malformedRows, malformedRows.rows(), failing, 0);
    return failing;
  }

  /**
   * Adds the failing rows.
   *
   * @param before rows that are not checked, except the failures among them
   */
  void evaluate(
      VectorBatch batch,
      ConversionFailures malformedRows,
      RowMask before,
      RowMask violated,
      long firstRow) {
    RowMask rejected = new RowMask(batch.rows());
    for (Check check : checks) {
      RowMask skipped = malformedRows.skipped(check.column, before);
      check.failing.clear();
      check.evaluator.evaluate(batch, skipped, check.failing);
      check.failing.andNot(skipped);
      if (check.count == 0 && check.failing.next(0) >= 0) {
        check.firstRow = firstRow + check.failing.next(0);
        check.firstPlace = samples.place(check.failing.next(0));
      }
      check.count += check.failing.count();
      for (int row = check.failing.next(0);
          row >= 0 && check.shown.size() < RowSamples.MAX_SAMPLES;
          row = check.failing.next(row + 1)) {
        check.shown.add(sample(batch, before, row, firstRow));
      }
      rejected.or(check.failing);
    }
    for (int row = rejected.next(0); row >= 0; row = rejected.next(row + 1)) {
      int invalidRow = row;
      conversionErrors.add(
          firstRow + row, violations(row), () -> sample(batch, before, invalidRow, firstRow));
    }
    violated.or(rejected);
  }

  /** The values of such a row are not the offered values, so that only its number is shown. */
  private String sample(VectorBatch batch, RowMask malformedRows, int row, long firstRow) {
    return malformedRows.get(row)
        ? RowSamples.json(firstRow + row)
        : samples.json(batch, row, firstRow + row);
  }

  /** Returns the violations of a row of the last batch. */
  public List<Violation> violations(int row) {
    return checks.stream()
        .filter(check -> check.failing.get(row))
        .map(check -> new Violation(check.column, check.code, check.what))
        .toList();
  }

  /** Returns what each check found, in their order. */
  List<GateCounts.OfCheck> counts() {
    return new ArrayList<>(checks.stream().map(Check::counts).toList());
  }

  /** Adds what the same checks found in later rows. */
  void add(List<GateCounts.OfCheck> later) {
    for (int i = 0; i < checks.size(); i++) {
      checks.get(i).add(later.get(i));
    }
  }

  /** Returns one finding per failed check. */
  List<Finding> findings() {
    return checks.stream().filter(check -> check.count > 0).map(Check::finding).toList();
  }

  /** One check of one column, with its results. */
  private static final class Check {
    private final FindingCode code;
    private final String column;
    private final String what;
    private final RowRuleEvaluator evaluator;
    private final RowMask failing = new RowMask(VectorBatch.ROWS);
    private final List<String> shown = new ArrayList<>();
    private long count;
    private long firstRow;
    private String firstPlace = "";

    Check(FindingCode code, String column, String what, RowRuleEvaluator evaluator) {
      this.code = code;
      this.column = column;
      this.what = what;
      this.evaluator = evaluator;
    }

    private GateCounts.OfCheck counts() {
      return new GateCounts.OfCheck(count, firstRow, firstPlace, new ArrayList<>(shown));
    }

    private void add(GateCounts.OfCheck later) {
      if (count == 0) {
        firstRow = later.first();
        firstPlace = later.place();
      }
      count += later.rows();
      later.samples().stream()
          .limit(RowSamples.MAX_SAMPLES - (long) shown.size())
          .forEach(shown::add);
    }

    Finding finding() {
      return new Finding(
          code,
          Finding.Severity.ERROR,
          column,
          "Column "
              + column
              + " "
              + what
              + " in "
              + count
              + (count == 1 ? " row" : " rows")
              + ", first in row "
              + RowNumber.text(firstRow)
              + firstPlace
              + ".",
          count,
          shown,
          "Correct or remove these rows.");
    }
  }
}
