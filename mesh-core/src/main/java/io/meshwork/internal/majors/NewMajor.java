package io.meshwork.internal.majors;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.MajorEntry.Status;
import io.meshwork.internal.catalog.MajorState;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.schema.LegalSchema;
import io.meshwork.internal.table.FilteredColumns;
import io.meshwork.internal.table.MeshTables;
import io.meshwork.internal.table.QuarantineTable;
import io.meshwork.internal.table.TableColumns;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;

/**
 * A major version that does not exist yet: a valid contract, with the table and the quarantine that
 * a commit creates for it. Immutable.
 */
public final class NewMajor {
  private static final int FIRST = 1;
  private static final String PRODUCT = "meshwork.product";

  private final ProductName product;
  private final int major;
  private final Contract contract;
  private final List<Partition> partitioning;
  private final TableColumns columns;
  private final PartitionSpec spec;

  private NewMajor(
      ProductName product,
      int major,
      Contract contract,
      List<Partition> partitioning,
      TableColumns columns) {
    this.product = product;
    this.major = major;
    this.contract = contract;
    this.partitioning = List.copyOf(partitioning);
    this.columns = columns;
    this.spec = spec(partitioning, columns.schema());
  }

  /**
   * The first major version of a product.
   *
   * @param tableFormat Iceberg's format: 2 or 3
   * @throws io.meshwork.error.InvalidRequestException if the contract or the partitioning is
   *     invalid
   */
  public static NewMajor first(
      ProductName product,
      Contract contract,
      List<Partition> partitioning,
      int tableFormat,
      MeshAction action) {
    Schema schema = validate(contract, partitioning, tableFormat, action);
    return new NewMajor(
        product, FIRST, contract, partitioning, TableColumns.ofNew(schema, tableFormat));
  }

  /**
   * The same contract as a later major version. Columns that continue a column have its ID, by
   * which rights identify them; new columns get IDs that no other major version uses.
   *
   * @param number the number of the major version
   * @param before the columns of the major version that it continues
   * @param renamings the new paths of renamed columns by their old paths
   */
  public NewMajor following(int number, TableColumns before, Map<String, String> renamings) {
    return new NewMajor(
        product,
        number,
        contract,
        partitioning,
        ColumnIdAssignment.of(columns, number, before, renamings));
  }

  private static Schema validate(
      Contract contract, List<Partition> partitioning, int tableFormat, MeshAction action) {
    LegalSchema.check(contract.schema(), tableFormat);
    ContractChecks.checkSize(contract, action);
    ContractChecks.checkTexts(contract, action);
    Schema schema = IcebergSchemas.fromAvro(contract.schema());
    PartitionCheck.check(partitioning, schema, action);
    return schema;
  }

  public int number() {
    return major;
  }

  /** Its contract version: {@code N.0.0}. */
  public ContractVersion version() {
    return new ContractVersion(major, 0, 0);
  }

  public Contract contract() {
    return contract;
  }

  /** The partitioning of its table. */
  public List<Partition> partitioning() {
    return partitioning;
  }

  /** The columns of its table. */
  public Schema schema() {
    return columns.schema();
  }

  /** The partitions of its table. */
  public PartitionSpec spec() {
    return spec;
  }

  /** Iceberg's format of its tables. */
  public int tableFormat() {
    return columns.format();
  }

  /** The table of its rows. */
  public TableName table() {
    return TableName.of(product, major);
  }

  /** The tables that it creates: the one of its rows, and the quarantine. */
  public List<TableName> tables() {
    return List.of(table(), table().quarantined());
  }

  /**
   * Adds the documents and tables to a commit. If any of them exists, the attempt ends in a
   * conflict.
   *
   * @param root the root of the tables, one of the roots of the domain
   */
  public void addTo(
      CommitDraft<?> draft,
      MeshTables meshTables,
      String root,
      MajorState state,
      Ledger.Attempt attempt) {
    Status status = new Status(major, state, version(), Optional.empty());
    draft
        .insert(RegistryKeys.major(product, major), DocumentCodec.document(status))
        .insert(
            RegistryKeys.contract(product, version()),
            VersionEntry.document(version(), contract, partitioning, schema()));
    createTables(draft, meshTables, root, attempt);
  }

  private void createTables(
      CommitDraft<?> draft, MeshTables meshTables, String root, Ledger.Attempt attempt) {
    Map<String, String> properties = FilteredColumns.properties(contract);
    properties.put(PRODUCT, product.toString());
    meshTables.create(table(), root, columns, spec, properties, attempt).stage(draft);
    meshTables
        .create(
            table().quarantined(),
            root,
            TableColumns.ofNew(QuarantineTable.SCHEMA, tableFormat()),
            QuarantineTable.SPEC,
            Map.of(PRODUCT, product.toString()),
            attempt)
        .stage(draft);
  }

  private static PartitionSpec spec(List<Partition> partitions, Schema schema) {
    PartitionSpec.Builder builder = PartitionSpec.builderFor(schema);
    for (Partition partition : partitions) {
      switch (partition.transform()) {
        case IDENTITY -> builder.identity(partition.column());
        case YEAR -> builder.year(partition.column());
        case MONTH -> builder.month(partition.column());
        case DAY -> builder.day(partition.column());
        case HOUR -> builder.hour(partition.column());
        case BUCKET -> builder.bucket(partition.column(), partition.size());
        case TRUNCATE -> builder.truncate(partition.column(), partition.size());
      }
    }
    return builder.build();
  }
}
