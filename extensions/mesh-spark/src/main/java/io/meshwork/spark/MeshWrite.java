package io.meshwork.spark;

import io.meshwork.engine.EnginePublish;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.SupportsDynamicOverwrite;
import org.apache.spark.sql.connector.write.SupportsOverwriteV2;
import org.apache.spark.sql.connector.write.Write;
import org.apache.spark.sql.connector.write.WriteBuilder;

/** A write of rows to a product, which are added or replace others. */
final class MeshWrite implements SupportsOverwriteV2, SupportsDynamicOverwrite, Write {
  private final String table;
  private final LogicalWriteInfo info;
  private final Function<Map<String, String>, EnginePublish> publish;
  private final Map<String, String> options;

  MeshWrite(
      String table, LogicalWriteInfo info, Function<Map<String, String>, EnginePublish> publish) {
    this.table = table;
    this.info = info;
    this.publish = publish;
    this.options = new HashMap<>(info.options().asCaseSensitiveMap());
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
  public Write build() {
    return this;
  }

  @Override
  public String description() {
    return "checked write to " + table;
  }

  @Override
  public BatchWrite toBatch() {
    return new MeshBatchWrite(publish.apply(options), info.schema());
  }
}
