package io.meshwork.internal.rows;

import io.meshwork.internal.columnar.Vector;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Adds values of whatever class to the vector of one column, or refuses them. */
abstract class ValueAppender {
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
    };
  }

  /** Adds one slot: the value, or a null with a violation of the row. */
  abstract void append(Object value, Vector vector, int row, Violations violations);

  final void refuse(Vector vector, int row, Violations violations, String code, String reason) {
    vector.appendNull();
    violations.add(row, column.name(), code, reason);
  }

  final void mismatch(Object value, Vector vector, int row, Violations violations) {
    refuse(
        vector,
        row,
        violations,
        Violations.TYPE_MISMATCH,
        "a value of class "
            + value.getClass().getName()
            + " cannot go into a column of type "
            + column.typeName()
            + ", which takes "
            + column.kind().taken());
  }
}
