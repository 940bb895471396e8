package io.meshwork.engine;

import io.meshwork.contract.Contract;
import io.meshwork.engine.DistributedLawTest.Replacement;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.internal.ingest.RowIngestion.LateReference;
import io.meshwork.internal.ingest.RowIngestion.Result;
import io.meshwork.internal.ingest.RowIngestion.Target;
import io.meshwork.internal.ingest.write.AffectedPartitions;
import io.meshwork.internal.majors.NewMajor;
import io.meshwork.internal.parquet.read.BatchReader;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.publish.run.LatenessLimit;
import io.meshwork.internal.rows.JsonRow;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.table.FilteredColumns;
import io.meshwork.internal.table.NewestEventTime;
import io.meshwork.internal.table.QuarantineTable;
import io.meshwork.internal.table.TableColumns;
import io.meshwork.internal.uniqueness.ExistingKeys;
import io.meshwork.internal.uniqueness.UniqueKeyCheck;
import io.meshwork.internal.vector.VectorBatch;
import io.meshwork.product.ProductName;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotParser;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.StaticTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.io.SupportsPrefixOperations;
import org.apache.iceberg.types.TypeUtil;
import org.jspecify.annotations.Nullable;

/**
 * The table of a major version of a {@link RandomProduct}, which has metadata and data files, and
 * no manifest. Which files are those of the table is random for each publish. Not thread-safe.
 */
final class RowTable {
  private static final MeshAction ACTION = MeshAction.of(Verb.READ, RandomProduct.ITSELF);
  private static final Snapshot NEWEST =
      SnapshotParser.fromJson(
          """
          {"snapshot-id":1,"sequence-number":1,"timestamp-ms":1,"manifest-list":"none",
           "summary":{"operation":"append"}}""");

  private final int major;
  private final NewMajor definition;
  private final SupportsPrefixOperations io;
  private final Table table;
  private final Table quarantine;

  /** The files of all publishes. */
  private final List<DataFile> files = new ArrayList<>();

  private RowTable(int major, NewMajor definition, SupportsPrefixOperations io) {
    this.major = major;
    this.definition = definition;
    this.io = io;
    this.table =
        table(
            "rows",
            definition.schema(),
            definition.spec(),
            FilteredColumns.properties(definition.contract()));
    this.quarantine = table("quarantine", QuarantineTable.SCHEMA, QuarantineTable.SPEC, Map.of());
  }

  /** The tables of a product, by major version. */
  static List<RowTable> of(RandomProduct product, SupportsPrefixOperations io) {
    List<RowTable> tables = new ArrayList<>();
    for (int major = 1; major <= product.majors(); major++) {
      NewMajor definition =
          NewMajor.first(
              ProductName.of(RandomProduct.ITSELF),
              product.contract(major),
              product.partitions(),
              2,
              ACTION);
      if (major > 1) {
        Schema before = tables.get(major - 2).definition.schema();
        definition =
            definition.following(
                major,
                new TableColumns(before, before.highestFieldId(), 2, true),
                RandomProduct.renamed(major));
      }
      tables.add(new RowTable(major, definition, io));
    }
    return tables;
  }

  private Table table(
      String name, Schema columns, PartitionSpec spec, Map<String, String> properties) {
    TableMetadata metadata =
        TableMetadata.buildFromEmpty(2)
            .assignUUID()
            .setLocation("memory:/" + major + "/" + name)
            .setCurrentSchema(columns, columns.highestFieldId())
            .setDefaultPartitionSpec(spec)
            .setDefaultSortOrder(SortOrder.unsorted())
            .setProperties(properties)
            .discardChanges()
            .build();
    return new BaseTable(new StaticTableOperations(metadata, io), name) {
      @Override
      public Snapshot currentSnapshot() {
        return NEWEST; // whose files are those of LiveFiles
      }
    };
  }

  int major() {
    return major;
  }

  Contract contract() {
    return definition.contract();
  }

  /**
   * Where a publish writes.
   *
   * @param newest the newest event time of the rows of the table, if it has rows
   * @param choice which files are those of the table
   */
  Target target(Replacement replacement, Instant newest, Random choice) {
    List<DataFile> live = files.stream().filter(file -> choice.nextBoolean()).toList();
    LateReference late =
        live.isEmpty() || replacement.mode() != PublishMode.APPEND
            ? null
            : NewestEventTime.of(contract().serviceLevel(), table)
                .map(column -> new LateReference(column, newest))
                .orElse(null);
    AffectedPartitions touched = new AffectedPartitions(table);
    RowPredicate scope =
        replacement.filter().map(text -> RowPredicate.parse(text, table.schema())).orElse(null);
    return new Target(
        definition.version().toString(),
        LatenessLimit.added(contract(), late),
        table,
        quarantine,
        scope,
        keyCheck(live, replacement.mode(), scope, touched).existingKeys(),
        touched,
        late,
        Instant.EPOCH);
  }

  private UniqueKeyCheck keyCheck(
      List<DataFile> live,
      PublishMode mode,
      @Nullable RowPredicate scope,
      AffectedPartitions touched) {
    return new UniqueKeyCheck(
        table,
        new LiveFiles(live),
        contract(),
        mode,
        scope,
        touched,
        Deadline.after(Clock.systemUTC(), Duration.ofHours(1)),
        ACTION);
  }

  /** The same target as a task has it, which does not see the rows of the table. */
  Target ofTask(Target target) {
    return new Target(
        target.version(),
        target.contract(),
        table,
        quarantine,
        target.scope(),
        ExistingKeys.NONE,
        new AffectedPartitions(table),
        target.late(),
        target.notBefore());
  }

  /** What the commit finds if the table has the rows of all publishes meanwhile. */
  Optional<Finding> commit(Result result, Target target, PublishMode mode) {
    UniqueKeyCheck check = keyCheck(files, mode, target.scope(), target.touched());
    check.newKeys(result.keys());
    return check.check(table);
  }

  /** Adds the files of a publish to those that the table may have. */
  void keep(List<DataFileEntry> published) {
    published.forEach(file -> files.add(file.toDataFile(table.spec())));
  }

  /** Some columns of the rows of all publishes. */
  List<VectorBatch> batches(Set<Integer> fieldIds) {
    return batches(
        files.stream().map(DataFile::location).toList(), TypeUtil.select(table.schema(), fieldIds));
  }

  private List<VectorBatch> batches(Collection<String> locations, Schema columns) {
    List<VectorBatch> all = new ArrayList<>();
    for (String location : locations) {
      try (ParquetReader reader = ParquetReader.open(io.newInputFile(location));
          BatchReader batches = reader.read(columns, ColumnMatch.BY_FIELD_ID)) {
        for (VectorBatch batch = batches.next(); batch != null; batch = batches.next()) {
          all.add(batch);
        }
      }
    }
    return all;
  }

  /** The rows of data files as JSON, sorted. */
  List<String> rows(List<DataFileEntry> written) {
    List<String> rows = new ArrayList<>();
    JsonRow json = new JsonRow();
    for (VectorBatch batch : batches(locations(written), table.schema())) {
      for (int row = 0; row < batch.rows(); row++) {
        rows.add(json.of(batch, row));
      }
    }
    return rows.stream().sorted().toList();
  }

  /**
   * The rows of files of the quarantine, sorted.
   *
   * @param number returns a row's number among all rows for that in the quarantine
   */
  List<String> quarantined(List<DataFileEntry> written, LongUnaryOperator number) {
    List<String> rows = new ArrayList<>();
    for (VectorBatch batch : batches(locations(written), QuarantineTable.SCHEMA)) {
      for (int row = 0; row < batch.rows(); row++) {
        List<Object> values = new ArrayList<>();
        for (String column : batch.columns()) {
          values.add(
              column.equals(QuarantineTable.ROW_NUMBER)
                  ? number.applyAsLong(batch.longAt(column, row))
                  : batch.valueAt(column, row));
        }
        rows.add("quarantined " + values);
      }
    }
    return rows.stream().sorted().toList();
  }

  private static List<String> locations(List<DataFileEntry> written) {
    return written.stream().map(DataFileEntry::location).toList();
  }

  /** How many values, nulls, and NaNs each column has in the statistics of files. */
  static List<String> counts(List<DataFileEntry> written) {
    TreeMap<String, Long> counts = new TreeMap<>();
    for (DataFileEntry file : written) {
      Metrics metrics = file.metrics();
      metrics.valueCounts().forEach((id, count) -> counts.merge("values " + id, count, Long::sum));
      metrics
          .nullValueCounts()
          .forEach((id, count) -> counts.merge("nulls " + id, count, Long::sum));
      metrics.nanValueCounts().forEach((id, count) -> counts.merge("NaNs " + id, count, Long::sum));
      counts.merge("rows", file.rows(), Long::sum);
    }
    return List.of(counts.toString());
  }

  /** Deletes all files except those that {@link #keep} got. */
  void clean() {
    Set<String> kept = Set.copyOf(files.stream().map(DataFile::location).toList());
    io.listPrefix(table.location())
        .forEach(
            file -> {
              if (!kept.contains(file.location())) {
                io.deleteFile(file.location());
              }
            });
    io.deletePrefix(quarantine.location());
  }

  /** Deletes all files. */
  void delete() {
    files.clear();
    clean();
  }

  /** The files that are those of the table, as the key check reads them. */
  private final class LiveFiles implements UniqueKeyCheck.TableDataFiles {
    private final List<DataFile> live;

    LiveFiles(List<DataFile> live) {
      this.live = live;
    }

    @Override
    public List<DataFile> of(Table read, Snapshot snapshot) {
      return live;
    }

    @Override
    public List<DataFile> since(Table read, Snapshot snapshot, Snapshot earlier) {
      return live;
    }

    @Override
    public ParquetReader open(DataFile file) {
      return ParquetReader.open(io.newInputFile(file.location()));
    }

    @Override
    public MeshException unreadable(DataFile file, MeshAction action, RuntimeException failure) {
      throw failure;
    }
  }
}
