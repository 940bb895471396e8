package io.meshwork.internal.table;

import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;

/**
 * The columns of all quarantine tables. They are the same for all products, since a rejected row
 * may not match the product's columns.
 */
public final class QuarantineTable {
  /** The ID of the publish that contained the row. */
  public static final String PUBLISH = "publish";

  /** The row's number in the publish, from 1. */
  public static final String ROW_NUMBER = "row_number";

  /** The IDs of the rules that it breaks. */
  public static final String RULES = "rules";

  /** The reason, without field values. */
  public static final String REASON = "reason";

  /** The row as a JSON object. */
  public static final String ROW = "row";

  /** When it was quarantined, by the mesh's clock. */
  public static final String QUARANTINED_AT = "quarantined_at";

  /** The start of the reason of a row that does not match its columns; their names follow. */
  public static final String MALFORMED = "does not fit its columns: ";

  /** The columns, whose IDs never change. Rule IDs are joined by a comma, in the rules' order. */
  public static final Schema SCHEMA =
      new Schema(
          Types.NestedField.required(1, PUBLISH, Types.StringType.get()),
          Types.NestedField.required(2, ROW_NUMBER, Types.LongType.get()),
          Types.NestedField.required(3, RULES, Types.StringType.get()),
          Types.NestedField.required(4, REASON, Types.StringType.get()),
          Types.NestedField.required(5, ROW, Types.StringType.get()),
          Types.NestedField.required(6, QUARANTINED_AT, Types.TimestampType.withZone()));

  /** No partitions. */
  public static final PartitionSpec SPEC = PartitionSpec.unpartitioned();

  private QuarantineTable() {}
}
