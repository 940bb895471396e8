package io.meshwork.internal.table;

import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;

/**
 * What a change of a table's columns rests on. Immutable.
 *
 * @param schema the present columns
 * @param lastColumnId the highest id that a column ever had
 * @param format the table's format version
 * @param empty true if no snapshot was ever made, so that no file holds old rows
 */
public record TableColumns(Schema schema, int lastColumnId, int format, boolean empty) {
  /** Those of a table, pinned or being updated. */
  public static TableColumns of(Table table) {
    TableMetadata metadata = ((HasTableOperations) table).operations().current();
    return new TableColumns(
        metadata.schema(),
        metadata.lastColumnId(),
        metadata.formatVersion(),
        metadata.snapshots().isEmpty());
  }
}
