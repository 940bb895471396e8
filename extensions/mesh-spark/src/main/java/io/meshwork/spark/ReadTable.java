package io.meshwork.spark;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.distributed.DistributedPublish;
import java.lang.reflect.Proxy;
import java.util.function.Supplier;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.spark.source.StagedSparkTable;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.RowLevelOperationBuilder;
import org.apache.spark.sql.connector.write.RowLevelOperationInfo;
import org.apache.spark.sql.connector.write.WriteBuilder;

/**
 * The table of a major version or its quarantine, to read. Spark also writes to it by statements
 * that read their target, by {@code save(..)}, and before 3.5.3 by each statement: refused before a
 * job, because no task would check the rows, and Spark lost the options. A table of Iceberg, as its
 * procedures need one.
 */
final class ReadTable extends StagedSparkTable {
  private final boolean quarantine;

  ReadTable(Table table, boolean quarantine) {
    super(holding(table));
    this.quarantine = quarantine;
  }

  /**
   * Returns what the constructor of a staged table takes its table from. It is the same before
   * Spark 4.1 and since, unlike for other tables; nothing is staged.
   */
  private static Transaction holding(Table table) {
    return (Transaction)
        Proxy.newProxyInstance(
            ReadTable.class.getClassLoader(),
            new Class<?>[] {Transaction.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("table")) {
                return table;
              }
              throw new UnsupportedOperationException(method.getName());
            });
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
        DistributedPublish.SKIPPED_TASKS,
        DistributedPublish.USE_TASKS,
        ErrorCode.INVALID_ARGUMENT);
  }
}
