package io.meshwork.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.types.Types;

/**
 * A table of orders that is written without Meshwork: a file by parquet-avro, and an append by
 * Iceberg's catalog in SQLite. All files are synced, so that a commit survives a loss of power.
 */
final class IcebergOrders implements AutoCloseable {
  private static final Schema COLUMNS =
      new Schema(
          Types.NestedField.required(1, "orderId", Types.StringType.get()),
          Types.NestedField.required(2, "customerId", Types.LongType.get()),
          Types.NestedField.required(3, "status", Types.StringType.get()),
          Types.NestedField.required(4, "amount", Types.DoubleType.get()),
          Types.NestedField.required(5, "currency", Types.StringType.get()),
          Types.NestedField.required(6, "createdAt", Types.TimestampType.withZone()),
          Types.NestedField.required(7, "country", Types.StringType.get()),
          Types.NestedField.optional(8, "note", Types.StringType.get()));

  private final JdbcCatalog catalog = new JdbcCatalog();
  private final Table table;
  private int files;

  /** Creates a catalog and its table in a folder. */
  IcebergOrders(Path folder) throws IOException {
    Files.createDirectories(folder);
    catalog.initialize(
        "orders",
        Map.of(
            CatalogProperties.URI,
            "jdbc:sqlite:" + folder.resolve("catalog.db") + "?journal_mode=WAL&synchronous=FULL",
            CatalogProperties.WAREHOUSE_LOCATION,
            folder.toString(),
            CatalogProperties.FILE_IO_IMPL,
            SyncedFiles.class.getName()));
    Namespace namespace = Namespace.of("commerce");
    catalog.createNamespace(namespace);
    table =
        catalog.createTable(
            TableIdentifier.of(namespace, "orders"), COLUMNS, PartitionSpec.unpartitioned());
  }

  /**
   * Appends orders in one file, which it returns, with the rules of their contract record by
   * record.
   */
  Path append(List<BenchmarkOrder> orders) throws IOException {
    Path folder = Files.createDirectories(Path.of(table.location(), "data"));
    Path file = folder.resolve(files++ + ".parquet");
    AvroOrders.write(orders, file, true);
    SyncedFiles.sync(file);
    SyncedFiles.sync(folder);
    table
        .newAppend()
        .appendFile(
            DataFiles.builder(table.spec())
                .withPath(file.toString())
                .withFileSizeInBytes(Files.size(file))
                .withRecordCount(orders.size())
                .build())
        .commit();
    return file;
  }

  @Override
  public void close() {
    catalog.close();
  }
}
