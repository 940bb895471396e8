package io.meshwork.spark;

import io.meshwork.engine.MeshCatalog;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.spark.SparkCatalog;
import org.apache.iceberg.spark.SparkSchemaUtil;
import org.apache.iceberg.spark.source.SparkTable;
import org.apache.iceberg.types.Types;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableWritePrivilege;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.jspecify.annotations.Nullable;

/**
 * A mesh as a catalog of Spark. Set it as {@code spark.sql.catalog.NAME}, with the properties of
 * {@link MeshCatalog}. Reads are as in Iceberg's catalog. {@code INSERT INTO}, {@code INSERT
 * OVERWRITE}, {@code append()}, {@code overwritePartitions()}, and {@code overwrite(..)} check each
 * row by the contract in the tasks, quarantine or reject, and leave a receipt, as a publish by
 * {@code MeshClient} does; options of {@code writeTo(..)} are the options of {@link
 * io.meshwork.engine.EnginePublish}. {@code SELECT * FROM NAME.mobility.green_trips_v1.receipts}
 * lists the receipts to the owner; {@link MeshSpark} returns them.
 *
 * <p>Rows for main that would skip the tasks are refused, such as rows of {@code save(..)}, and
 * rows for a quarantine. Rows reach branches of a table only as Iceberg's catalog lets them. Spark
 * calls it from several threads.
 */
public final class MeshSparkCatalog extends SparkCatalog {
  /**
   * Set in a thread that loads an earlier state of a table: before Spark 4.1 by the current one.
   */
  private static final ThreadLocal<@Nullable Boolean> EARLIER = new ThreadLocal<>();

  /** How Iceberg names main of a table, as any branch. */
  private static final String MAIN = "branch_main";

  private volatile @Nullable MeshCatalog mesh;

  /** For Spark, which creates it by its class name. */
  public MeshSparkCatalog() {}

  @Override
  protected Catalog buildIcebergCatalog(String name, CaseInsensitiveStringMap options) {
    Map<String, String> properties = new HashMap<>(options.asCaseSensitiveMap());
    properties.put(CatalogProperties.CACHE_ENABLED, "false");
    properties.put(MeshCatalog.ROWS_BY_TASKS, "true");
    MeshCatalog opened = new MeshCatalog();
    opened.initialize(name, properties);
    mesh = opened;
    return opened;
  }

  // Iceberg's catalog for Spark caches tables unless cache-enabled is false, so a session
  // would not see what was published since.

  @Override
  public Table loadTable(Identifier ident) throws NoSuchTableException {
    if (ReceiptsTable.isNamed(ident)) {
      return receipts(ident);
    }
    Identifier tableIdent = withoutMain(ident);
    forget(tableIdent);
    Table loaded = super.loadTable(tableIdent);
    Table table = EARLIER.get() == null ? readable(loaded) : loaded;
    return tableIdent.namespace().length == 1 && table instanceof SparkTable iceberg
        ? new ReadTable(iceberg.table(), MeshTable.isQuarantine(tableIdent))
        : table;
  }

  @Override
  public Table loadTable(Identifier ident, String version) throws NoSuchTableException {
    forget(ident);
    EARLIER.set(true);
    try {
      return readable(super.loadTable(ident, version));
    } finally {
      EARLIER.remove();
    }
  }

  @Override
  public Table loadTable(Identifier ident, long timestamp) throws NoSuchTableException {
    forget(ident);
    EARLIER.set(true);
    try {
      return readable(super.loadTable(ident, timestamp));
    } finally {
      EARLIER.remove();
    }
  }

  /** Refuses a snapshot with a column that Spark does not read, such as a time of day. */
  @SuppressWarnings("deprecation") // columns(), which replaces schema(), is made of it
  private static Table readable(Table table) {
    try {
      table.schema();
      return table;
    } catch (UnsupportedOperationException e) {
      throw Failure.of(MeshAction.of(Verb.OPEN, "table " + table.name()))
          .because(unreadableColumn(table) + " cannot be read: " + e.getMessage())
          .fix("Read the table with MeshClient, or with another engine.")
          .cause(e)
          .invalidRequest(ErrorCode.SCHEMA_UNSUPPORTED);
    }
  }

  private static String unreadableColumn(Table table) {
    if (table instanceof SparkTable iceberg) {
      for (Types.NestedField column : iceberg.table().schema().columns()) {
        try {
          SparkSchemaUtil.convert(column.type());
        } catch (UnsupportedOperationException e) {
          return "column " + column.name();
        }
      }
    }
    return "a column";
  }

  /** Also forgets the table of a metadata table, such as {@code orders_v1.files}. */
  private void forget(Identifier ident) {
    invalidateTable(ident);
    String[] names = ident.namespace();
    if (names.length > 1) {
      invalidateTable(
          Identifier.of(Arrays.copyOf(names, names.length - 1), names[names.length - 1]));
    }
  }

  /**
   * Returns the name of the table for {@code orders_v1.branch_main}, and other names as they are.
   */
  private static Identifier withoutMain(Identifier ident) {
    String[] names = ident.namespace();
    return names.length == 2 && ident.name().equals(MAIN)
        ? Identifier.of(new String[] {names[0]}, names[1])
        : ident;
  }

  private Table receipts(Identifier ident) throws NoSuchTableException {
    MeshCatalog catalog = mesh();
    TableIdentifier table = TableIdentifier.of(ident.namespace());
    try {
      catalog.publishHistory(table);
    } catch (org.apache.iceberg.exceptions.NoSuchTableException e) {
      throw new NoSuchTableException(ident);
    }
    return new ReceiptsTable(name() + "." + table, () -> catalog.receipts(table));
  }

  /**
   * Returns a table to write to: for the table of a major version, one that checks each row.
   *
   * @throws io.meshwork.error.InvalidRequestException for UPDATE and DELETE of its rows, and for
   *     rows of a quarantine
   */
  @Override
  @SuppressWarnings("deprecation") // columns(), which replaces schema(), is made of it
  public Table loadTable(Identifier ident, Set<TableWritePrivilege> privileges)
      throws NoSuchTableException {
    Identifier tableIdent = withoutMain(ident);
    Table table = loadTable(tableIdent);
    if (MeshTable.isQuarantine(tableIdent)) {
      throw MeshTable.refusedQuarantine(table.name());
    }
    if (!MeshTable.isWrittenByTasks(tableIdent, table)) {
      return table;
    }
    if (!privileges.contains(TableWritePrivilege.INSERT)) {
      throw MeshTable.refusedRowLevel(table.name());
    }
    TableIdentifier identifier = TableIdentifier.of(tableIdent.namespace()[0], tableIdent.name());
    MeshCatalog catalog = mesh();
    return new MeshTable(
        table,
        SparkDefaults.in(table.schema().asNullable(), catalog.defaults(identifier)),
        options -> MeshSpark.publish(catalog, identifier, options));
  }

  /**
   * Returns the mesh.
   *
   * @throws IllegalStateException if Spark has not initialized the catalog
   */
  MeshCatalog mesh() {
    MeshCatalog opened = mesh;
    if (opened == null) {
      throw new IllegalStateException("the catalog is not initialized");
    }
    return opened;
  }
}
