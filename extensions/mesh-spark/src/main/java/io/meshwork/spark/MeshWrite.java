package io.meshwork.spark;

import io.meshwork.engine.EnginePublish;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.SupportsDynamicOverwrite;
import org.apache.spark.sql.connector.write.SupportsOverwriteV2;
import org.apache.spark.sql.connector.write.Write;
import org.apache.spark.sql.connector.write.WriteBuilder;

/** An append to a product. Overwrites are refused before a job runs. */
final class MeshWrite implements SupportsOverwriteV2, SupportsDynamicOverwrite, Write {
  private final String table;
  private final LogicalWriteInfo info;
  private final Function<Map<String, String>, EnginePublish> publish;

  MeshWrite(
      String table, LogicalWriteInfo info, Function<Map<String, String>, EnginePublish> publish) {
    this.table = table;
    this.info = info;
    this.publish = publish;
  }

  @Override
  public WriteBuilder overwrite(Predicate[] predicates) {
    throw overwrite();
  }

  @Override
  public WriteBuilder truncate() {
    throw overwrite();
  }

  @Override
  public WriteBuilder overwriteDynamicPartitions() {
    throw overwrite();
  }

  private RuntimeException overwrite() {
    return MeshTable.refused(
        "overwrite rows of " + table,
        "tasks append rows and replace none",
        "Publish with MeshClient and replacePartitions(), replaceWhere(..), or replaceAll().");
  }

  @Override
  public Write build() {
    return this;
  }

  @Override
  public String description() {
    return "checked append to " + table;
  }

  @Override
  public BatchWrite toBatch() {
    return new MeshBatchWrite(publish.apply(info.options().asCaseSensitiveMap()), info.schema());
  }
}
