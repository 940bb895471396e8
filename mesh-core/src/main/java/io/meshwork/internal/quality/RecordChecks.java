package io.meshwork.internal.quality;

import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.Vector;
import io.meshwork.internal.columnar.VectorBatch;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * What each row must hold before any rule is asked: required values and enum symbols of columns. A
 * row that fails can never be published. That values fit their columns, and what lies inside of
 * columns, was looked at where the rows came from.
 */
final class RecordChecks {
  private final List<Check> checks = new ArrayList<>();
  private final RowSamples samples;

  RecordChecks(Contract contract, List<Types.NestedField> columns, RowSamples samples) {
    this.samples = samples;
    for (int i = 0; i < columns.size(); i++) {
      if (isRequired(contract, columns.get(i))) {
        int column = i;
        add("REQUIRED_NULL", columns.get(i), "is null and required", nullsOf(column));
      }
    }
    for (int i = 0; i < columns.size(); i++) {
      values(contract, columns.get(i), i);
    }
  }

  /** A table has what the contract requires, and an added collection as optional. */
  private static boolean isRequired(Contract contract, Types.NestedField column) {
    Schema.Field promised = contract.schema().getField(column.name());
    return column.isRequired() || (promised != null && !promised.schema().isNullable());
  }

  private void values(Contract contract, Types.NestedField column, int i) {
    Schema.Field field = contract.schema().getField(column.name());
    Schema symbols = field == null ? null : enumOf(field.schema());
    if (symbols != null) {
      RowJudge judge =
          ColumnJudge.of(
              LeafColumn.at(i, column.type()), MemberJudge.texts(symbols.getEnumSymbols()));
      add("ENUM_MEMBER", column, "is none of the enum's symbols", judge);
    }
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

  private static RowJudge nullsOf(int column) {
    return (batch, skip, failing) -> {
      Vector vector = batch.vector(column);
      RowMask nulls = vector.nulls();
      if (nulls != null) {
        failing.or(nulls);
      }
    };
  }

  private void add(String code, Types.NestedField column, String what, RowJudge judge) {
    checks.add(new Check(code, column.name(), what, judge));
  }

  /** Adds the rows that fail to those that failed before, which are not looked at. */
  void judge(VectorBatch batch, RowMask before, RowMask violated, long firstRow) {
    for (Check check : checks) {
      check.failing.clear();
      check.judge.judge(batch, before, check.failing);
      check.failing.andNot(before);
      if (check.count == 0 && check.failing.next(0) >= 0) {
        check.firstRow = firstRow + check.failing.next(0);
      }
      check.count += check.failing.count();
      for (int row = check.failing.next(0);
          row >= 0 && check.shown.size() < RowSamples.MOST;
          row = check.failing.next(row + 1)) {
        check.shown.add(samples.json(batch, row, firstRow + row));
      }
      violated.or(check.failing);
    }
  }

  /** Why a row of the batch judged last fails, such as {@code REQUIRED_NULL:fare}. */
  List<String> reasons(int row) {
    return checks.stream()
        .filter(check -> check.failing.get(row))
        .map(check -> check.code + ":" + check.column)
        .toList();
  }

  /** One finding a check that failed. */
  List<Finding> findings() {
    return checks.stream().filter(check -> check.count > 0).map(Check::finding).toList();
  }

  /** One check of one column, with what it found so far. */
  private static final class Check {
    private final String code;
    private final String column;
    private final String what;
    private final RowJudge judge;
    private final RowMask failing = new RowMask(VectorBatch.ROWS);
    private final List<String> shown = new ArrayList<>();
    private long count;
    private long firstRow;

    Check(String code, String column, String what, RowJudge judge) {
      this.code = code;
      this.column = column;
      this.what = what;
      this.judge = judge;
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
              + (firstRow + 1)
              + ".",
          count,
          shown,
          "Mend these rows, or leave them out.");
    }
  }
}
