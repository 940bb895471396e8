package io.meshwork.internal.rows;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * A column as the contract promises it and as the table stores it.
 *
 * @param position where its vector is in a batch
 * @param stored its type in the table
 * @param required whether the contract refuses null
 * @param promised its Avro type, without null
 * @param field its Avro field, for the default
 */
record ContractColumn(
    int position,
    String name,
    Type stored,
    boolean required,
    ColumnKind kind,
    Schema promised,
    Schema.Field field) {

  /**
   * The columns of a table in its order, each with its meaning by the contract.
   *
   * @throws InvalidRequestException naming each column whose type is nested
   */
  static List<ContractColumn> all(Schema contract, org.apache.iceberg.Schema table) {
    List<ContractColumn> columns = new ArrayList<>();
    List<Finding> gaps = new ArrayList<>();
    for (Types.NestedField stored : table.columns()) {
      Schema.Field field = contract.getField(stored.name());
      if (field == null) {
        throw new IllegalArgumentException(
            "the table's column " + stored.name() + " is not in the contract's schema");
      }
      Schema promised = ColumnKind.withoutNull(field.schema());
      ColumnKind kind = promised == null ? null : ColumnKind.of(promised);
      if (promised == null || kind == null || stored.type().isNestedType()) {
        gaps.add(
            Finding.error(
                "TYPE_NESTED",
                stored.name(),
                "the type " + stored.type() + " is not a flat one",
                "split it into columns of flat types"));
      } else {
        columns.add(
            new ContractColumn(
                columns.size(),
                stored.name(),
                stored.type(),
                !field.schema().isNullable(),
                kind,
                promised,
                field));
      }
    }
    if (!gaps.isEmpty()) {
      throw new InvalidRequestException(
          ErrorCode.SCHEMA_UNSUPPORTED,
          "Cannot move rows of this contract: column '"
              + gaps.get(0).where()
              + "' is nested ("
              + gaps.get(0).what()
              + ")"
              + Gaps.andMore(gaps)
              + ". Rows of nested columns are not supported yet; "
              + gaps.get(0).mend()
              + ". Nothing was read or written.",
          gaps);
    }
    return columns;
  }

  /** The same column in batches where its vector is elsewhere. */
  ContractColumn at(int otherPosition) {
    return new ContractColumn(otherPosition, name, stored, required, kind, promised, field);
  }

  /** The type in the contract's words, for a message. */
  String typeName() {
    if (promised.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
      return "decimal(" + decimal.getPrecision() + "," + decimal.getScale() + ")";
    }
    if (promised.getLogicalType() != null) {
      return promised.getLogicalType().getName();
    }
    return kind == ColumnKind.FIXED
        ? "fixed(" + promised.getFixedSize() + ")"
        : promised.getType().getName();
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
