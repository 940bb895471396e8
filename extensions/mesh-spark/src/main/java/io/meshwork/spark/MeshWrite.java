package io.meshwork.spark;

import io.meshwork.engine.EnginePublish;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.spark.SparkSQLProperties;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.distributions.Distribution;
import org.apache.spark.sql.connector.distributions.Distributions;
import org.apache.spark.sql.connector.expressions.SortOrder;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.RequiresDistributionAndOrdering;
import org.apache.spark.sql.connector.write.SupportsDynamicOverwrite;
import org.apache.spark.sql.connector.write.SupportsOverwriteV2;
import org.apache.spark.sql.connector.write.Write;
import org.apache.spark.sql.connector.write.WriteBuilder;
import org.apache.spark.sql.internal.SQLConf;

/** A write of rows to a product, which are added or replace others. */
final class MeshWrite
    implements SupportsOverwriteV2, SupportsDynamicOverwrite, RequiresDistributionAndOrdering {
  private static final String BY_PARTITION = "partitions";

  /** Spark divides the rows of a partition that has more. */
  private static final long ADVISED_BYTES = 512L << 20;

  private final String table;
  private final LogicalWriteInfo info;
  private final Function<Map<String, String>, EnginePublish> publish;
  private final Map<String, String> options;
  private final Transform[] partitioning;
  private final boolean byPartition;
  private final boolean stages;

  MeshWrite(
      Table table, LogicalWriteInfo info, Function<Map<String, String>, EnginePublish> publish) {
    this.table = table.name();
    this.partitioning = table.partitioning();
    this.stages =
        Boolean.parseBoolean(table.properties().get(TableProperties.WRITE_AUDIT_PUBLISH_ENABLED));
    this.info = info;
    this.publish = publish;
    this.options = new HashMap<>(info.options()); // names in lower case
    this.byPartition = BY_PARTITION.equals(options.get(EnginePublish.DISTRIBUTION));
  }

  @Override
  public WriteBuilder overwrite(Predicate[] conditions) {
    if (SparkFilter.isAll(conditions)) {
      return truncate();
    }
    return replace(EnginePublish.REPLACE_WHERE, SparkFilter.of(conditions, table));
  }

  @Override
  public WriteBuilder truncate() {
    return replace(EnginePublish.REPLACE, "all");
  }

  @Override
  public WriteBuilder overwriteDynamicPartitions() {
    return replace(EnginePublish.REPLACE, "partitions");
  }

  /** Sets what the statement replaces, which an option may not contradict. */
  private MeshWrite replace(String option, String value) {
    String given = options.put(option, value);
    if (given != null && !given.equals(value)) {
      throw refused(
          "option " + option + " is '" + given + "', but the statement sets '" + value + "'",
          "Leave out the option, or set it in INSERT INTO or append().");
    }
    return this;
  }

  @Override
  public Distribution requiredDistribution() {
    return byPartition && partitioning.length > 0
        ? Distributions.clustered(partitioning)
        : Distributions.unspecified();
  }

  @Override
  public boolean distributionStrictlyRequired() {
    return false;
  }

  @Override
  public long advisoryPartitionSizeInBytes() {
    return byPartition ? ADVISED_BYTES : 0;
  }

  @Override
  public SortOrder[] requiredOrdering() {
    return new SortOrder[0];
  }

  @Override
  public Write build() {
    return this;
  }

  @Override
  public String description() {
    return "checked write to " + table;
  }

  @Override
  public BatchWrite toBatch() {
    SparkRows.requireSupported(info.schema(), table);
    requireMain();
    return new MeshBatchWrite(publish.apply(options), info.schema(), options);
  }

  /** Iceberg would write to the branch or snapshot of a session, and a publish goes to main. */
  private void requireMain() {
    for (String setting : List.of(SparkSQLProperties.WAP_BRANCH, SparkSQLProperties.WAP_ID)) {
      String value = SQLConf.get().getConfString(setting, "");
      if (stages && !value.isEmpty()) {
        throw refused(
            "the session sets "
                + setting
                + " to '"
                + value
                + "', the table has "
                + TableProperties.WRITE_AUDIT_PUBLISH_ENABLED
                + ", and a publish goes to main",
            "RESET "
                + setting
                + " to publish, or insert into the table of a branch, such as "
                + table
                + ".branch_audit.");
      }
    }
  }

  private InvalidRequestException refused(String why, String fix) {
    return MeshTable.refused(
        MeshAction.of(Verb.PUBLISH, table), why, fix, ErrorCode.INVALID_ARGUMENT);
  }
}
