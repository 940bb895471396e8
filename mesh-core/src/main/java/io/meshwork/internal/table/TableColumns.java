package io.meshwork.internal.table;

import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;

/**
 * The state on which a change of a table's columns is based. Immutable.
 *
 * @param schema the current columns
 * @param lastColumnId the highest ID that a column ever had
 * @param format the table's format version
 * @param empty true if the table has no snapshot, so that no file has old rows
 */
public record TableColumns(Schema schema, int lastColumnId, int format, boolean empty) {
  public static TableColumns ofNew(Schema schema, int format) {
    return new TableColumns(schema, schema.highestFieldId(), format, true);
  }

  /** The columns of a table or of a draft. */
  public static TableColumns of(Table table) {
    TableMetadata metadata = ((HasTableOperations) table).operations().current();
    return new TableColumns(
        metadata.schema(),
        metadata.lastColumnId(),
        metadata.formatVersion(),
        metadata.currentSnapshot() == null && metadata.snapshots().isEmpty());
  }
}
