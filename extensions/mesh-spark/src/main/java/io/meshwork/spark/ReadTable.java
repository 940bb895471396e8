package io.meshwork.spark;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import org.apache.iceberg.spark.source.SparkTable;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.RowLevelOperationBuilder;
import org.apache.spark.sql.connector.write.RowLevelOperationInfo;
import org.apache.spark.sql.connector.write.WriteBuilder;

/**
 * The table of a major version, to read. Spark also writes to it by statements that read their
 * target, and by {@code save(..)}: refused before a job, because no task would check the rows, and
 * Spark lost the options. A table of Iceberg, as its procedures need one.
 */
final class ReadTable extends SparkTable {
  private ReadTable(org.apache.iceberg.Table table) {
    super(table);
  }

  /** Returns the table to read; before Spark 4.1, the given one, to which only the commit fails. */
  static Table of(SparkTable table) {
    try {
      return new ReadTable(table.table());
    } catch (NoSuchMethodError e) {
      return table; // another constructor
    }
  }

  @Override
  public WriteBuilder newWriteBuilder(LogicalWriteInfo info) {
    throw refused();
  }

  @Override
  public RowLevelOperationBuilder newRowLevelOperationBuilder(RowLevelOperationInfo info) {
    throw MeshTable.refusedRowLevel(name());
  }

  @Override
  public boolean canDeleteWhere(Predicate[] predicates) {
    throw MeshTable.refusedRowLevel(name());
  }

  private InvalidRequestException refused() {
    return MeshTable.refused(
        MeshAction.of(Verb.CHANGE, "rows of " + name()),
        "no task checked the rows, and options such as the key are lost: the statement also reads"
            + " the table, or saves to it by its name",
        "Read the table VERSION AS OF 'main' in the statement, or write a data frame with"
            + " writeTo(..).",
        ErrorCode.INVALID_ARGUMENT);
  }
}
