package io.meshwork.internal.rows;

import io.meshwork.internal.vector.Vector;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.jspecify.annotations.Nullable;

/** Copies one field of a record to its vector. */
abstract class FieldWriter {
  /** Appends exactly one slot. Throws only what the record's own accessor throws. */
  abstract void append(Object record, Vector vector, int row, TypeViolations violations)
      throws Throwable;

  /**
   * Appends any value: a null as null, the content of an Optional, or what the appender accepts.
   */
  static void appendAny(
      ValueAppender appender,
      @Nullable Object value,
      Vector vector,
      int row,
      TypeViolations violations) {
    Object content = value instanceof Optional<?> optional ? optional.orElse(null) : value;
    if (content == null) {
      appender.appendNull(vector, row, violations);
    } else {
      appender.append(content, vector, row, violations);
    }
  }

  /**
   * Returns the writer of a column that a shape of records lacks: appends null if the contract
   * allows it, else the default; null if there is neither.
   */
  static @Nullable FieldWriter ofMissing(ContractColumn column) {
    if (!column.required()) {
      return new Constant(null, ValueAppender.of(column, null));
    }
    Schema.Field field = column.field();
    if (field == null || !field.hasDefaultValue()) {
      return null;
    }
    return new Constant(
        GenericData.get().getDefaultValue(field), ValueAppender.of(column, column.contractType()));
  }

  /** Appends the same value for every row. */
  private static final class Constant extends FieldWriter {
    private final @Nullable Object value;
    private final ValueAppender appender;

    Constant(@Nullable Object value, ValueAppender appender) {
      this.value = value;
      this.appender = appender;
    }

    @Override
    void append(Object record, Vector vector, int row, TypeViolations violations) {
      appendAny(appender, value, vector, row, violations);
    }
  }
}
