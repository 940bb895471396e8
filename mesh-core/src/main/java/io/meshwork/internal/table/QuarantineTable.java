package io.meshwork.internal.table;

import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;

/**
 * The shape of every table of bad rows. It is the same for all products, since a bad row may not
 * fit the product's own.
 */
public final class QuarantineTable {
  /** The id of the publish that offered the row. */
  public static final String PUBLISH = "publish";

  /** The row's number in what was offered, from 1. */
  public static final String ROW_NUMBER = "row_number";

  /** The ids of the rules it broke. */
  public static final String RULES = "rules";

  /** Why, without the row's values. */
  public static final String REASON = "reason";

  /** The row as a JSON object. */
  public static final String ROW = "row";

  /** When it was put here, by the mesh's clock. */
  public static final String QUARANTINED_AT = "quarantined_at";

  /** What the reason of a row begins with that does not fit its columns; then they are named. */
  public static final String UNFIT = "does not fit its columns: ";

  /** Its columns; the ids never change. Rule ids are joined by a comma, in the rules' order. */
  public static final Schema SCHEMA =
      new Schema(
          Types.NestedField.required(1, PUBLISH, Types.StringType.get()),
          Types.NestedField.required(2, ROW_NUMBER, Types.LongType.get()),
          Types.NestedField.required(3, RULES, Types.StringType.get()),
          Types.NestedField.required(4, REASON, Types.StringType.get()),
          Types.NestedField.required(5, ROW, Types.StringType.get()),
          Types.NestedField.required(6, QUARANTINED_AT, Types.TimestampType.withZone()));

  /** It has no partitions. */
  public static final PartitionSpec SPEC = PartitionSpec.unpartitioned();

  private QuarantineTable() {}
}
