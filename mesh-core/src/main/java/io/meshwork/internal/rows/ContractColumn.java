package io.meshwork.internal.rows;

import io.meshwork.internal.schema.TimeTruncation;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/**
 * A column, or a part of one, with its type by contract and its type in the table.
 *
 * @param position position of its vector in a batch, or among the fields of its struct
 * @param name its name in the enclosing row or record
 * @param path its path for messages: dotted, {@code []} for elements, {@code {}} for values of
 *     maps, {@code {key}} for their keys
 * @param inner whether it is part of a column
 * @param stored its type in the table
 * @param required whether the contract forbids null
 * @param contractType its Avro type, without null
 * @param field its Avro field, for the default; null for elements, keys, and values
 * @param children the fields of a record; the element of a list; key and value of a map
 */
public record ContractColumn(
    int position,
    String name,
    String path,
    boolean inner,
    Type stored,
    boolean required,
    ColumnKind kind,
    Schema contractType,
    Schema.@Nullable Field field,
    List<ContractColumn> children) {

  /** Returns the fields of a record. */
  public ColumnGroup fields() {
    return new ColumnGroup(path + ".", children);
  }

  /** Returns the elements of a list, or the keys of a map. */
  public ContractColumn first() {
    return children.get(0);
  }

  /** Returns the values of a map. */
  public ContractColumn second() {
    return children.get(1);
  }

  /** Returns the type in the contract's terms, for a message. */
  public String typeName() {
    return AvroTypeName.of(contractType);
  }

  /** Returns the unit by contract in nanoseconds; 0 if there is none. */
  public long unitNanos() {
    return ColumnKind.unitNanos(contractType);
  }

  /** Returns true if finer values are truncated to the contract's unit. */
  boolean truncates() {
    return TimeTruncation.isDeclared(contractType);
  }

  /** Returns the unit of the stored number in nanoseconds. */
  public long tickNanos() {
    return stored.typeId() == Type.TypeID.TIMESTAMP_NANO ? 1 : 1_000;
  }
}
