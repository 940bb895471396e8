package io.meshwork.internal.rows;

import io.meshwork.error.FindingCode;
import io.meshwork.internal.vector.BooleanVector;
import io.meshwork.internal.vector.DoubleVector;
import io.meshwork.internal.vector.FloatVector;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.Vector;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.function.Function;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Copies one column of a result set's current row to its vector, with the getter that was chosen
 * for the types of both.
 */
interface ResultSetCell {
  /**
   * Appends exactly one slot. Returns the value that the driver returned, for a row that does not
   * fit; null if the value is null, or a number or boolean that the slot has.
   */
  @Nullable Object append(ResultSet rows, Vector vector, int row, TypeViolations violations)
      throws SQLException;

  /**
   * Returns the cell of a column whose values all have the column's SQL type; null if values of
   * that type do not fit.
   */
  static @Nullable ResultSetCell of(ContractColumn column, ResultSetColumn found) {
    int index = found.index();
    if (found.isNull()) {
      return values(column, rows -> rows.getObject(index));
    }
    return switch (column.kind()) {
      case BOOLEAN -> found.isBoolean() ? booleans(index) : null;
      case INT ->
          found.isInt()
              ? ints(column, index)
              : found.isNumeric() ? numbers(column, index, ResultSetCell::small) : null;
      case LONG ->
          found.isInteger()
              ? longs(index)
              : found.isNumeric() ? numbers(column, index, ResultSetCell::whole) : null;
      case FLOAT -> found.isFloat() ? floats(index) : null;
      case DOUBLE -> found.isDouble() || found.isFloat() ? doubles(found) : null;
      case DECIMAL ->
          found.isNumeric() || found.isInteger()
              ? numbers(column, index, number -> scaled(number, column))
              : null;
      case STRING, ENUM -> found.isText() ? values(column, rows -> rows.getString(index)) : null;
      case UUID ->
          found.isUuid()
              ? values(column, rows -> rows.getObject(index))
              : found.isText() ? values(column, rows -> rows.getString(index)) : null;
      case BYTES, FIXED -> found.isBytes() ? values(column, rows -> rows.getBytes(index)) : null;
      case DATE ->
          found.isDate() ? values(column, rows -> rows.getObject(index, LocalDate.class)) : null;
      case TIME ->
          found.isTime() ? values(column, rows -> rows.getObject(index, LocalTime.class)) : null;
      case LOCAL_TIMESTAMP ->
          found.isLocalTimestamp()
              ? values(column, rows -> rows.getObject(index, LocalDateTime.class))
              : null;
      case INSTANT ->
          found.isInstant()
              ? values(column, rows -> instant(rows.getObject(index, OffsetDateTime.class)))
              : null;
      case RECORD, LIST, MAP -> null;
    };
  }

  /** Returns the cell of a column whose values have any type, as in SQLite. */
  static ResultSetCell ofAnyType(ContractColumn column, ResultSetColumn found) {
    int index = found.index();
    ValueAppender appender = ValueAppender.of(column, null);
    String form = DynamicSqlValue.form(column);
    return (rows, vector, row, violations) -> {
      Object value = rows.getObject(index);
      Object fitted = DynamicSqlValue.fitted(value, column);
      if (fitted instanceof String && form != null) {
        appender.refuse(
            vector, row, violations, FindingCode.TYPE_MISMATCH, "a text that is not " + form);
      } else {
        FieldWriter.appendAny(appender, fitted, vector, row, violations);
      }
      return value;
    };
  }

  /** Reads a value as an object. */
  interface Getter {
    @Nullable Object get(ResultSet rows) throws SQLException;
  }

  private static ResultSetCell values(ContractColumn column, Getter getter) {
    ValueAppender appender = ValueAppender.of(column, null);
    return (rows, vector, row, violations) -> {
      Object value = getter.get(rows);
      FieldWriter.appendAny(appender, value, vector, row, violations);
      return value;
    };
  }

  private static ResultSetCell numbers(
      ContractColumn column, int index, Function<BigDecimal, Object> fitted) {
    ValueAppender appender = ValueAppender.of(column, null);
    return (rows, vector, row, violations) -> {
      BigDecimal value = rows.getBigDecimal(index);
      FieldWriter.appendAny(
          appender, value == null ? null : fitted.apply(value), vector, row, violations);
      return value;
    };
  }

  private static ResultSetCell booleans(int index) {
    return (rows, vector, row, violations) -> {
      boolean value = rows.getBoolean(index);
      if (rows.wasNull()) {
        vector.appendNull();
      } else {
        ((BooleanVector) vector).append(value);
      }
      return null;
    };
  }

  private static ResultSetCell ints(ContractColumn column, int index) {
    ValueAppender appender = ValueAppender.of(column, null);
    return (rows, vector, row, violations) -> {
      long value = rows.getLong(index);
      if (rows.wasNull()) {
        vector.appendNull();
      } else if (value == (int) value) {
        ((IntVector) vector).append((int) value);
      } else {
        appender.refuse(
            vector, row, violations, FindingCode.TYPE_MISMATCH, "a number beyond 32 bits");
        return value;
      }
      return null;
    };
  }

  private static ResultSetCell longs(int index) {
    return (rows, vector, row, violations) -> {
      long value = rows.getLong(index);
      if (rows.wasNull()) {
        vector.appendNull();
      } else {
        ((LongVector) vector).append(value);
      }
      return null;
    };
  }

  private static ResultSetCell floats(int index) {
    return (rows, vector, row, violations) -> {
      float value = rows.getFloat(index);
      if (rows.wasNull()) {
        vector.appendNull();
      } else {
        ((FloatVector) vector).append(value);
      }
      return null;
    };
  }

  private static ResultSetCell doubles(ResultSetColumn found) {
    int index = found.index();
    boolean single = found.isFloat();
    return (rows, vector, row, violations) -> {
      double value = single ? rows.getFloat(index) : rows.getDouble(index);
      if (rows.wasNull()) {
        vector.appendNull();
      } else {
        ((DoubleVector) vector).append(value);
      }
      return null;
    };
  }

  /** The number as an int if it is one; otherwise unchanged, which is a violation. */
  static Object small(BigDecimal number) {
    try {
      return number.intValueExact();
    } catch (ArithmeticException e) {
      return number;
    }
  }

  /** The number as a long if it is one; otherwise unchanged, which is a violation. */
  static Object whole(BigDecimal number) {
    try {
      return number.longValueExact();
    } catch (ArithmeticException e) {
      return number;
    }
  }

  /** The number without the zeros at its end that exceed the column's scale. */
  static BigDecimal scaled(BigDecimal number, ContractColumn column) {
    int scale = ((Types.DecimalType) column.stored()).scale();
    return number.scale() <= scale ? number : number.stripTrailingZeros();
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }
}
