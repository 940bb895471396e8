package io.meshwork.spark;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import java.util.function.Supplier;
import org.apache.iceberg.spark.source.SparkTable;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.RowLevelOperationBuilder;
import org.apache.spark.sql.connector.write.RowLevelOperationInfo;
import org.apache.spark.sql.connector.write.WriteBuilder;

/**
 * The table of a major version or its quarantine, to read. Spark also writes to it by statements
 * that read their target, and by {@code save(..)}: refused before a job, because no task would
 * check the rows, and Spark lost the options. A table of Iceberg, as its procedures need one.
 */
final class ReadTable extends SparkTable {
  private final boolean quarantine;

  private ReadTable(org.apache.iceberg.Table table, boolean quarantine) {
    super(table);
    this.quarantine = quarantine;
  }

  /** Returns the table to read; before Spark 4.1, the given one, to which only the commit fails. */
  static Table of(SparkTable table, boolean quarantine) {
    try {
      return new ReadTable(table.table(), quarantine);
    } catch (NoSuchMethodError e) {
      return table; // another constructor
    }
  }

  @Override
  public WriteBuilder newWriteBuilder(LogicalWriteInfo info) {
    throw refused(this::refusedRows);
  }

  @Override
  public RowLevelOperationBuilder newRowLevelOperationBuilder(RowLevelOperationInfo info) {
    throw refusedRowLevel();
  }

  @Override
  public boolean canDeleteWhere(Predicate[] predicates) {
    throw refusedRowLevel();
  }

  private InvalidRequestException refusedRowLevel() {
    return refused(() -> MeshTable.refusedRowLevel(name()));
  }

  /** Refuses TRUNCATE, for which Spark loads the table as it does to read. */
  @Override
  public boolean truncateTable() {
    throw refused(
        () ->
            MeshTable.refused(
                MeshAction.of(Verb.CHANGE, "rows of " + name() + " by TRUNCATE"),
                "an engine adds rows to a product, or replaces them",
                "Delete all rows with MeshClient.publish(..).replaceAll().allowEmpty().",
                ErrorCode.INVALID_ARGUMENT));
  }

  private InvalidRequestException refused(Supplier<InvalidRequestException> ofRows) {
    return quarantine ? MeshTable.refusedQuarantine(name()) : ofRows.get();
  }

  private InvalidRequestException refusedRows() {
    return MeshTable.refused(
        MeshAction.of(Verb.CHANGE, "rows of " + name()),
        "no task checked the rows, and options such as the key are lost: the statement also reads"
            + " the table, or saves to it by its name",
        "Read the table VERSION AS OF 'main' in the statement, or write a data frame with"
            + " writeTo(..).",
        ErrorCode.INVALID_ARGUMENT);
  }
}
