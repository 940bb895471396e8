package io.meshwork.internal.rows;

import io.meshwork.error.FindingCode;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.Vector;
import java.util.function.IntUnaryOperator;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Reports the values of one column or nested field in a file that the column's type cannot
 * represent.
 */
final class ConversionCheck {
  private final ContractColumn column;
  private final FindingCode code;
  private final String reason;

  private ConversionCheck(ContractColumn column, FindingCode code, String reason) {
    this.column = column;
    this.code = code;
    this.reason = reason;
  }

  /**
   * Returns the check of a column; null if its type represents all values of the types it is
   * widened from.
   */
  static @Nullable ConversionCheck of(ContractColumn column) {
    return switch (column.kind()) {
      case INT, LONG ->
          new ConversionCheck(
              column,
              FindingCode.TYPE_MISMATCH,
              "a number is out of the range of its type in the file, or of type "
                  + column.typeName());
      case DECIMAL -> {
        Types.DecimalType type = (Types.DecimalType) column.stored();
        yield new ConversionCheck(
            column,
            FindingCode.DECIMAL_PRECISION,
            BinaryAppenders.tooManyDigits(type.precision(), type.scale()));
      }
      case TIME ->
          new ConversionCheck(column, FindingCode.TIMESTAMP_RANGE, TimeAppenders.OUTSIDE_OF_A_DAY);
      case INSTANT, LOCAL_TIMESTAMP ->
          new ConversionCheck(
              column, FindingCode.TIMESTAMP_RANGE, TimeAppenders.beyond(column.tickNanos()));
      default -> null;
    };
  }

  void check(Vector vector, IntUnaryOperator rowOf, TypeViolations violations) {
    RowMask outOfRange = vector.outOfRange();
    if (outOfRange != null) {
      add(outOfRange, code, reason, rowOf, violations);
    }
    RowMask tooFine = vector.tooFine();
    if (tooFine != null && !tooFine.isEmpty()) {
      String why = TimeAppenders.tooFine(column.unitNanos());
      add(tooFine, FindingCode.TIME_PRECISION, why, rowOf, violations);
    }
  }

  private void add(
      RowMask malformed,
      FindingCode as,
      String why,
      IntUnaryOperator rowOf,
      TypeViolations violations) {
    for (int i = malformed.next(0); i >= 0; i = malformed.next(i + 1)) {
      violations.add(rowOf.applyAsInt(i), column.path(), as, why);
    }
  }
}
