package io.meshwork.internal.rows;

import io.meshwork.internal.columnar.Vector;
import java.lang.reflect.Type;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Adds values of whatever class to the vector of one column, or refuses them. */
abstract class ValueAppender {
  /** Why a null is refused. */
  static final String NULL_AND_REQUIRED = "a null, and it is required";

  final ContractColumn column;

  ValueAppender(ContractColumn column) {
    this.column = column;
  }

  /**
   * The appender of a column.
   *
   * @param raw the Avro type (without null) whose raw values may come, such as an int for a date;
   *     null where values do not come out of an Avro record
   */
  static ValueAppender of(ContractColumn column, @Nullable Schema raw) {
    ValueAppender appender = plain(column, raw);
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

  /** Adds one slot: the value, or a null with a violation of the row. */
  abstract void append(Object value, Vector vector, int row, Violations violations);

  /**
   * Adds a null. Whether a column takes it is judged later with all that come as they are; inside
   * of a column nothing else looks.
   */
  final void appendNull(Vector vector, int row, Violations violations) {
    if (column.inner() && column.required()) {
      refuse(vector, row, violations, Violations.REQUIRED_NULL, NULL_AND_REQUIRED);
    } else {
      vector.appendNull();
    }
  }

  /**
   * Adds a gap for each reason why no value of a declared Java type can fit.
   *
   * @param what has the type, for the message
   */
  void fitJava(Type type, String what, Gaps gaps) {
    if (!column.kind().mayTake(JavaTypes.raw(type))) {
      gaps.add(
          "TYPE_MISMATCH",
          column.path(),
          what
              + " is of type "
              + JavaTypes.raw(type).getTypeName()
              + ", and column '"
              + column.path()
              + "' is of type "
              + column.typeName(),
          "declare it as one of " + column.kind().taken());
    }
  }

  /**
   * Adds a gap for each reason why values of an Avro type cannot fit.
   *
   * @param type the type without null; null if it is a union of several
   * @param what has the type, for the message
   */
  void fitAvro(@Nullable Schema type, String what, Gaps gaps) {
    ColumnKind kind = type == null ? null : ColumnKind.of(type);
    if (kind == null || !column.kind().takesAvro(kind)) {
      gaps.add(
          "TYPE_MISMATCH",
          column.path(),
          what
              + " has the Avro type "
              + describe(type)
              + ", and the column has the type "
              + column.typeName(),
          "give the field the contract's type");
    }
  }

  private static String describe(@Nullable Schema type) {
    if (type == null) {
      return "union of several types, or null";
    }
    return type.getLogicalType() == null
        ? type.getType().getName()
        : type.getLogicalType().getName();
  }

  final void refuse(Vector vector, int row, Violations violations, String code, String reason) {
    vector.appendNull();
    violations.add(row, column.path(), code, reason);
  }

  final void mismatch(Object value, Vector vector, int row, Violations violations) {
    refuse(
        vector,
        row,
        violations,
        Violations.TYPE_MISMATCH,
        "a value of class " + value.getClass().getName() + misfit());
  }

  /** What follows the class of a value that cannot be one of the column's. */
  final String misfit() {
    return " cannot go into a column of type "
        + column.typeName()
        + ", which takes "
        + column.kind().taken();
  }
}
