package io.meshwork.internal.rows;

import io.meshwork.internal.columnar.Misfits;
import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.Vector;
import java.util.function.IntUnaryOperator;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Tells of the values of one place that a file has and the column cannot hold. */
final class MisfitCheck {
  private final ContractColumn column;
  private final String code;
  private final String reason;

  private MisfitCheck(ContractColumn column, String code, String reason) {
    this.column = column;
    this.code = code;
    this.reason = reason;
  }

  /** The check of a column; null if it holds all values of the types it is widened from. */
  static @Nullable MisfitCheck of(ContractColumn column) {
    return switch (column.kind()) {
      case INT, LONG ->
          new MisfitCheck(
              column,
              Violations.TYPE_MISMATCH,
              "an unsigned number that is too large for a column of type " + column.typeName());
      case DECIMAL -> {
        Types.DecimalType type = (Types.DecimalType) column.stored();
        yield new MisfitCheck(
            column,
            Violations.DECIMAL_PRECISION,
            BinaryAppenders.tooManyDigits(type.precision(), type.scale()));
      }
      case TIME ->
          new MisfitCheck(column, Violations.TIMESTAMP_RANGE, TimeAppenders.OUTSIDE_OF_A_DAY);
      case INSTANT, LOCAL_TIMESTAMP ->
          new MisfitCheck(
              column, Violations.TIMESTAMP_RANGE, TimeAppenders.beyond(column.tickNanos()));
      default -> null;
    };
  }

  void look(Vector vector, IntUnaryOperator rowOf, Violations violations) {
    Misfits misfits = vector.misfits();
    if (misfits == null) {
      return;
    }
    add(misfits.outOfRange(), code, reason, rowOf, violations);
    if (!misfits.tooFine().isEmpty()) {
      String tooFine = TimeAppenders.tooFine(column.unitNanos());
      add(misfits.tooFine(), Violations.TIME_PRECISION, tooFine, rowOf, violations);
    }
  }

  private void add(
      RowMask unfit, String as, String why, IntUnaryOperator rowOf, Violations violations) {
    for (int i = unfit.next(0); i >= 0; i = unfit.next(i + 1)) {
      violations.add(rowOf.applyAsInt(i), column.path(), as, why);
    }
  }
}
