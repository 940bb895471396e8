package io.meshwork.internal.ingest.file;

import io.meshwork.contract.Contract;
import io.meshwork.error.MeshAction;
import org.apache.iceberg.Schema;

/**
 * What the columns of a source are matched with.
 *
 * @param contract the contract of the rows
 * @param schema the columns of its table
 * @param ignoringUnknownColumns true if the source may have undeclared columns
 * @param action the action, for messages
 * @param declared the contract's Avro record, with the names that hold for the source
 * @param givenColumns what the publish states of the columns of its files
 */
public record ColumnTarget(
    Contract contract,
    Schema schema,
    boolean ignoringUnknownColumns,
    MeshAction action,
    org.apache.avro.Schema declared,
    GivenColumns givenColumns) {

  public ColumnTarget(
      Contract contract, Schema schema, boolean ignoringUnknownColumns, MeshAction action) {
    this(contract, schema, ignoringUnknownColumns, action, contract.schema(), GivenColumns.NONE);
  }
}
