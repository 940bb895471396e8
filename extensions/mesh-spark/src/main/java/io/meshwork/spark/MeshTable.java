package io.meshwork.spark;

import io.meshwork.engine.EnginePublish;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.SupportsRowLevelOperations;
import org.apache.spark.sql.connector.catalog.SupportsWrite;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.RowLevelOperationBuilder;
import org.apache.spark.sql.connector.write.RowLevelOperationInfo;
import org.apache.spark.sql.connector.write.WriteBuilder;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** The table of a major version, for a statement that writes to it. Immutable. */
final class MeshTable implements SupportsRead, SupportsWrite, SupportsRowLevelOperations {
  private static final String QUARANTINE = "_quarantine";

  private static final String OTHER_WAYS =
      "Replace rows by INSERT INTO .. REPLACE WHERE or INSERT OVERWRITE. Erase rows with"
          + " MeshClient.erase(..). To keep the newest row of each key, declare keepLatestBy in the"
          + " contract.";

  private final Table table;
  private final StructType columns;
  private final Function<Map<String, String>, EnginePublish> publish;

  /**
   * Creates it.
   *
   * @param table as Iceberg reads it
   * @param columns all nullable: a null in a required column is a bad row, and not the end of the
   *     job
   * @param publish starts a publish with options
   */
  MeshTable(Table table, StructType columns, Function<Map<String, String>, EnginePublish> publish) {
    this.table = table;
    this.columns = columns;
    this.publish = publish;
  }

  /** True for main of the table of a major version; false for its quarantine, and branches. */
  static boolean isWrittenByTasks(Identifier ident, Table table) {
    return ident.namespace().length == 1 && !isQuarantine(ident) && table instanceof SupportsWrite;
  }

  static boolean isQuarantine(Identifier ident) {
    return ident.namespace().length == 1 && ident.name().endsWith(QUARANTINE);
  }

  @Override
  public String name() {
    return table.name();
  }

  @Override
  @SuppressWarnings("deprecation") // columns(), which replaces it, is made of it
  public StructType schema() {
    return columns;
  }

  @Override
  public Transform[] partitioning() {
    return table.partitioning();
  }

  @Override
  public Map<String, String> properties() {
    return table.properties();
  }

  @Override
  public Set<TableCapability> capabilities() {
    return EnumSet.of(
        TableCapability.BATCH_READ,
        TableCapability.BATCH_WRITE,
        TableCapability.TRUNCATE,
        TableCapability.OVERWRITE_BY_FILTER,
        TableCapability.OVERWRITE_DYNAMIC);
  }

  @Override
  public WriteBuilder newWriteBuilder(LogicalWriteInfo info) {
    return new MeshWrite(table, info, publish);
  }

  /** Refuses a MERGE that only inserts, and a statement with a subquery of its target. */
  @Override
  public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
    throw refused(
        MeshAction.of(Verb.CHANGE, "rows of " + name()),
        "the statement also reads the table, as MERGE does",
        "Read the table VERSION AS OF 'main' in an INSERT. " + OTHER_WAYS,
        ErrorCode.INVALID_ARGUMENT);
  }

  /** Refuses UPDATE, DELETE, and MERGE before a job runs. */
  @Override
  public RowLevelOperationBuilder newRowLevelOperationBuilder(RowLevelOperationInfo info) {
    throw refusedRowLevel(name());
  }

  /** The exception for a statement that changes the rows of a quarantine. */
  static InvalidRequestException refusedQuarantine(String table) {
    return refused(
        MeshAction.of(Verb.CHANGE, "rows of " + table),
        "only a publish writes to a quarantine table",
        "Publish corrected rows to the product.",
        ErrorCode.INVALID_ARGUMENT);
  }

  /** The exception for UPDATE, DELETE, and MERGE. */
  static InvalidRequestException refusedRowLevel(String table) {
    return refused(
        MeshAction.of(Verb.CHANGE, "rows of " + table + " by UPDATE, DELETE, or MERGE"),
        "an engine adds rows to a product, or replaces partitions or the rows of a filter",
        OTHER_WAYS,
        ErrorCode.INVALID_ARGUMENT);
  }

  static InvalidRequestException refused(
      MeshAction action, String why, String fix, ErrorCode code) {
    return Failure.of(action)
        .because(why)
        .state("Nothing was published.")
        .fix(fix)
        .invalidRequest(code);
  }
}
