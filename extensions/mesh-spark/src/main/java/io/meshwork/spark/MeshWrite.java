package io.meshwork.spark;

import io.meshwork.engine.EnginePublish;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
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

  /**
   * Creates it.
   *
   * @param partitioning of the table
   */
  MeshWrite(
      String table,
      Transform[] partitioning,
      LogicalWriteInfo info,
      Function<Map<String, String>, EnginePublish> publish) {
    this.table = table;
    this.partitioning = partitioning;
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
    options.put(EnginePublish.REPLACE_WHERE, SparkFilter.of(conditions, table));
    return this;
  }

  @Override
  public WriteBuilder truncate() {
    options.put(EnginePublish.REPLACE, "all");
    return this;
  }

  @Override
  public WriteBuilder overwriteDynamicPartitions() {
    options.put(EnginePublish.REPLACE, "partitions");
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
    return new MeshBatchWrite(publish.apply(options), info.schema(), options);
  }
}
