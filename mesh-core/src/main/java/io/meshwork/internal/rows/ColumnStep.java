package io.meshwork.internal.rows;

import io.meshwork.internal.columnar.Vector;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.jspecify.annotations.Nullable;

/** Moves one column's value out of a record into its vector. */
abstract class ColumnStep {
  /** Adds exactly one slot. Throws only what the record's own accessor throws. */
  abstract void append(Object record, Vector vector, int row, Violations violations)
      throws Throwable;

  /** Adds any value: a null as a null, the content of an Optional, or what the appender takes. */
  static void appendAny(
      ValueAppender appender,
      @Nullable Object value,
      Vector vector,
      int row,
      Violations violations) {
    Object content = value instanceof Optional<?> optional ? optional.orElse(null) : value;
    if (content == null) {
      appender.appendNull(vector, row, violations);
    } else {
      appender.append(content, vector, row, violations);
    }
  }

  /**
   * The step of a column that a shape of records lacks: null if the contract allows it, else its
   * default; null if there is neither.
   */
  static @Nullable ColumnStep ofMissing(ContractColumn column) {
    if (!column.required()) {
      return new Constant(null, ValueAppender.of(column, null));
    }
    Schema.Field field = column.field();
    if (field == null || !field.hasDefaultValue()) {
      return null;
    }
    return new Constant(
        GenericData.get().getDefaultValue(field), ValueAppender.of(column, column.promised()));
  }

  /** The same value for every row. */
  private static final class Constant extends ColumnStep {
    private final @Nullable Object value;
    private final ValueAppender appender;

    Constant(@Nullable Object value, ValueAppender appender) {
      this.value = value;
      this.appender = appender;
    }

    @Override
    void append(Object record, Vector vector, int row, Violations violations) {
      appendAny(appender, value, vector, row, violations);
    }
  }
}
