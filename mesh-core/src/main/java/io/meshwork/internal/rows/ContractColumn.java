package io.meshwork.internal.rows;

import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/**
 * A column, or a place inside of one, as the contract promises it and as the table stores it.
 *
 * @param position where its vector is in a batch or among the fields of its struct
 * @param name its name in the row or record that has it
 * @param path its place for messages: dotted, {@code []} for elements, {@code {}} for values of
 *     maps, {@code {key}} for their keys
 * @param inner whether it lies inside of a column
 * @param stored its type in the table
 * @param required whether the contract refuses null
 * @param promised its Avro type, without null
 * @param field its Avro field, for the default; null for elements, keys and values
 * @param below the fields of a record; the element of a list; key and value of a map
 */
record ContractColumn(
    int position,
    String name,
    String path,
    boolean inner,
    Type stored,
    boolean required,
    ColumnKind kind,
    Schema promised,
    Schema.@Nullable Field field,
    List<ContractColumn> below) {

  /** The fields of a record. */
  ColumnGroup fields() {
    return new ColumnGroup(path + ".", below);
  }

  /** Where a record of the promised schema has it. */
  int fieldPosition() {
    if (field == null) {
      throw new IllegalStateException(path + " is no field of a record");
    }
    return field.pos();
  }

  /** The elements of a list, or the keys of a map. */
  ContractColumn first() {
    return below.get(0);
  }

  /** The values of a map. */
  ContractColumn second() {
    return below.get(1);
  }

  /** The type in the contract's words, for a message. */
  String typeName() {
    if (promised.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
      return "decimal(" + decimal.getPrecision() + "," + decimal.getScale() + ")";
    }
    if (promised.getLogicalType() != null) {
      return promised.getLogicalType().getName();
    }
    return switch (kind) {
      case FIXED -> "fixed(" + promised.getFixedSize() + ")";
      case LIST -> "array of " + first().typeName();
      case MAP -> "map of " + second().typeName();
      default -> promised.getType().getName();
    };
  }

  /** Nanoseconds in the promised unit; 0 where there is none. */
  long unitNanos() {
    return ColumnKind.unitNanos(promised);
  }

  /** Nanoseconds in one step of the stored number. */
  long tickNanos() {
    return stored.typeId() == Type.TypeID.TIMESTAMP_NANO ? 1 : 1_000;
  }
}
