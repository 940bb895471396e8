package io.meshwork.internal.rows;

import io.meshwork.error.FindingCode;
import io.meshwork.internal.vector.Vector;
import java.lang.reflect.Type;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Appends values of any class to the vector of one column, or records violations. */
abstract class ValueAppender {
  /** The reason for a null in a required field. */
  static final String NULL_AND_REQUIRED = "a null in a required field";

  /** How many runs are appended one by one after one that had to be. */
  private static final int RUNS_TO_SKIP = 32;

  final ContractColumn column;
  private int skipped;

  ValueAppender(ContractColumn column) {
    this.column = column;
  }

  /**
   * Returns the appender of a column.
   *
   * @param raw the Avro type (without null) whose raw values are accepted, such as an int for a
   *     date; null if values are not from an Avro record
   */
  static ValueAppender of(ContractColumn column, @Nullable Schema raw) {
    ValueAppender appender = plain(column, hasNoValues(raw) ? null : raw);
    return column.kind().nested() && !column.inner()
        ? new NestedAppenders.Whole(appender)
        : appender;
  }

  private static ValueAppender plain(ContractColumn column, @Nullable Schema raw) {
    return switch (column.kind()) {
      case BOOLEAN -> new NumberAppenders.Booleans(column);
      case INT -> new NumberAppenders.Ints(column);
      case LONG -> new NumberAppenders.Longs(column);
      case FLOAT -> new NumberAppenders.Floats(column);
      case DOUBLE -> new NumberAppenders.Doubles(column);
      case STRING -> new TextAppenders.Texts(column);
      case ENUM -> new TextAppenders.Symbols(column);
      case UUID -> new TextAppenders.Uuids(column, raw);
      case BYTES, FIXED -> new BinaryAppenders.Binaries(column);
      case DECIMAL -> new BinaryAppenders.Decimals(column, raw);
      case DATE -> new TimeAppenders.Dates(column, raw);
      case TIME -> new TimeAppenders.Times(column, raw);
      case INSTANT, LOCAL_TIMESTAMP -> new TimeAppenders.Timestamps(column, raw);
      case RECORD -> new NestedAppenders.Records(column);
      case LIST -> new NestedAppenders.Lists(column, raw);
      case MAP -> new NestedAppenders.Maps(column, raw);
    };
  }

  /** Appends one slot: the value, or a null with a violation of the row. */
  abstract void append(Object value, Vector vector, int row, TypeViolations violations);

  /**
   * Appends values of successive rows, as {@link FieldWriter#appendAny} does one by one.
   *
   * @param row the row of the first
   */
  final void appendAll(ObjectRun run, Vector vector, int row, TypeViolations violations) {
    if (skipped > 0) {
      skipped--;
    } else {
      int size = vector.size();
      if (appendRun(run, vector)) {
        return;
      }
      skipped = RUNS_TO_SKIP;
      vector.truncate(size);
    }
    int next = 0;
    for (int i = 0; i < run.rows(); i++) {
      Object value = run.isNull(i) ? null : run.values()[next++];
      FieldWriter.appendAny(this, value, vector, row + i, violations);
    }
  }

  /**
   * Appends values at once, of any rows. If one does not fit, or cannot be appended with others,
   * what this method added is unusable: the caller removes it, and appends the values one by one.
   *
   * @return false if the values have to be appended one by one
   */
  abstract boolean appendRun(ObjectRun run, Vector vector);

  /** Returns true if a null is a violation here. */
  final boolean refusesNulls() {
    return column.inner() && column.required();
  }

  /** Appends a null. Top-level columns are checked for required values later, nested ones here. */
  final void appendNull(Vector vector, int row, TypeViolations violations) {
    if (refusesNulls()) {
      refuse(vector, row, violations, FindingCode.REQUIRED_NULL, NULL_AND_REQUIRED);
    } else {
      vector.appendNull();
    }
  }

  /**
   * Adds a mismatch for each reason why no value of a declared Java type fits.
   *
   * @param what the field of this type, for the message
   */
  void fitJava(Type type, String what, SchemaMismatches mismatches) {
    if (!column.kind().mayAccept(JavaTypes.raw(type))) {
      mismatches.add(
          FindingCode.TYPE_MISMATCH,
          column.path(),
          what
              + " is of type "
              + JavaTypes.raw(type).getTypeName()
              + ", but column '"
              + column.path()
              + "' is of type "
              + column.typeName(),
          "declare it as one of " + column.kind().acceptedClasses());
    }
  }

  /**
   * Adds a mismatch for each reason why values of an Avro type do not fit.
   *
   * @param type the type without null; null if it is a union of several
   * @param what the field of this type, for the message
   */
  void fitAvro(@Nullable Schema type, String what, SchemaMismatches mismatches) {
    if (hasNoValues(type)) {
      return;
    }
    ColumnKind kind = type == null ? null : ColumnKind.of(type);
    if (kind == null || !column.kind().acceptsAvro(kind)) {
      mismatches.add(
          FindingCode.TYPE_MISMATCH,
          column.path(),
          what
              + " has the Avro type "
              + describe(type)
              + ", but the column has the type "
              + column.typeName(),
          "use the contract's type for the field");
    }
  }

  /** True for the type null, which writers give a column without a value: it fits each column. */
  private static boolean hasNoValues(@Nullable Schema type) {
    return type != null && type.getType() == Schema.Type.NULL;
  }

  private static String describe(@Nullable Schema type) {
    if (type == null) {
      return "union of several types";
    }
    return type.getLogicalType() == null
        ? type.getType().getName()
        : type.getLogicalType().getName();
  }

  final void refuse(
      Vector vector, int row, TypeViolations violations, FindingCode code, String reason) {
    vector.appendNull();
    violations.add(row, column.path(), code, reason);
  }

  final void mismatch(Object value, Vector vector, int row, TypeViolations violations) {
    refuse(
        vector,
        row,
        violations,
        FindingCode.TYPE_MISMATCH,
        "a value of class " + value.getClass().getName() + mismatch());
  }

  /** Returns the text that follows the class of an incompatible value. */
  final String mismatch() {
    return " is not valid for a column of type "
        + column.typeName()
        + ", which accepts "
        + column.kind().acceptedClasses();
  }
}
