package io.meshwork.internal.rows;

import io.meshwork.internal.vector.Vector;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.jspecify.annotations.Nullable;

/** Copies one field of records to its vector. */
abstract class FieldWriter {
  /** Appends exactly one slot a record. Throws only what the record's own accessor throws. */
  abstract void append(RecordRun run, Vector vector) throws Throwable;

  /** Appends the slot of a writer that {@link #ofMissing} returned. */
  final void appendMissing(Object record, Vector vector, int row, TypeViolations violations) {
    try {
      append(RecordRun.of(record, row, violations), vector);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a default threw a checked exception", e);
    }
  }

  /**
   * Appends any value: a null as null, the content of an Optional, or what the appender accepts.
   */
  static void appendAny(
      ValueAppender appender,
      @Nullable Object value,
      Vector vector,
      int row,
      TypeViolations violations) {
    Object content = ObjectRun.content(value);
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
    void append(RecordRun run, Vector vector) {
      for (int i = run.from(); i < run.to(); i++) {
        appendAny(appender, value, vector, run.row(i), run.violations());
      }
    }
  }
}
