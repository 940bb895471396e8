package io.meshwork.internal.table;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.Ledger.Attempt;
import io.meshwork.internal.ledger.TestMesh;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.types.Types;

/** Two tables of one product in a folder, and how tests write to them. */
final class TableFixture {
  static final Schema SCHEMA =
      new Schema(
          Types.NestedField.required(3, "id", Types.LongType.get()),
          Types.NestedField.optional(7, "amount", Types.DoubleType.get()));

  private static final Principal ETL = Principal.of("mobility", "etl");

  final TestMesh mesh = new TestMesh();
  final TableName rows = TableName.of(ProductName.of("mobility/green-trips"), 1);
  final TableName bad = rows.quarantined();

  /** The threads that opened a file to write to it. */
  final Set<Thread> writers = ConcurrentHashMap.newKeySet();

  final FileIO files = new FolderFiles(writers);
  MeshTables tables;
  private final Path folder;

  TableFixture(Path folder) {
    this.folder = folder;
    tables = open();
  }

  /** Opens the tables as another process does, which has not parsed any metadata. */
  void reopen() {
    tables = open();
  }

  private MeshTables open() {
    return new MeshTables(
        mesh.ledger, files, new DataPlaces(new Catalog(mesh.ledger), folder + "/"));
  }

  void createBoth() {
    createBoth(Duration.ofDays(30));
  }

  /** Creates both tables within this time of the mesh's clock. */
  void createBoth(Duration limit) {
    Function<Attempt, CommitDraft<Long>> both =
        attempt -> {
          CommitDraft<Long> draft = draft("product.defined");
          tables
              .create(
                  rows,
                  tables.places().meshRoot(),
                  TableColumns.ofNew(SCHEMA, 2),
                  PartitionSpec.unpartitioned(),
                  Map.of(),
                  attempt)
              .stage(draft);
          tables
              .create(
                  bad,
                  tables.places().meshRoot(),
                  TableColumns.ofNew(QuarantineTable.SCHEMA, 2),
                  QuarantineTable.SPEC,
                  Map.of(),
                  attempt)
              .stage(draft);
          return draft.result(0L);
        };
    mesh.ledger.commit(change(both), mesh.runtime.startDeadline(limit));
  }

  /** Appends one file with this number of rows to each table; returns the entry's sequence. */
  long publish(String publish, int accepted, int quarantined) {
    DataFileEntry good = dataFile(rows, publish, accepted);
    DataFileEntry notGood = dataFile(bad, publish, quarantined);
    return commit(
        attempt -> {
          CommitDraft<Long> draft = draft("product.published");
          draft.details(new PublishDetail(publish));
          Map<String, String> summary = Map.of("meshwork.publish", publish);
          tables.draft(rows, attempt).append(List.of(good), summary).stage(draft);
          tables.draft(bad, attempt).append(List.of(notGood), summary).stage(draft);
          return draft.result(attempt.sequence());
        });
  }

  private record PublishDetail(String publish) {}

  /** Returns the entry of a file with invalid content. The tests use only its name and counts. */
  DataFileEntry dataFile(TableName name, String publish, int count) {
    String location = tables.location(name) + "/data/" + publish + "-0.parquet";
    try {
      Path path = Path.of(location);
      Files.createDirectories(path.getParent());
      Files.write(path, new byte[] {1, 2, 3, 4});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Metrics metrics = new Metrics((long) count, null, null, null, null);
    return new DataFileEntry(location, 4, count, metrics, List.of(4L), null);
  }

  <R> R commit(Function<Attempt, CommitDraft<R>> draft) {
    return mesh.ledger.commit(change(draft), mesh.runtime.startDeadline(Duration.ofDays(30)));
  }

  <R> Ledger.Change<R> change(Function<Attempt, CommitDraft<R>> draft) {
    return new Ledger.Change<>() {
      @Override
      public MeshAction action() {
        return MeshAction.of(Verb.PUBLISH, "mobility/green-trips");
      }

      @Override
      public String partition() {
        return rows.partition();
      }

      @Override
      public String idempotencyKey() {
        return "january";
      }

      @Override
      public CommitDraft<R> draft(Attempt attempt) {
        return draft.apply(attempt);
      }
    };
  }

  <R> CommitDraft<R> draft(String event) {
    return CommitDraft.of(event, ETL, "mobility/green-trips");
  }

  /** The metadata files, manifest lists, and manifests of a table's current metadata. */
  Set<String> reachableMetadata(TableName name) {
    Table table = tables.load(name);
    TableMetadata metadata = ((HasTableOperations) table).operations().current();
    Set<String> reached = new TreeSet<>();
    reached.add(metadata.metadataFileLocation());
    metadata.previousFiles().forEach(file -> reached.add(file.file()));
    for (Snapshot snapshot : table.snapshots()) {
      reached.add(snapshot.manifestListLocation());
      for (ManifestFile manifest : snapshot.allManifests(table.io())) {
        reached.add(manifest.path());
      }
    }
    return reached;
  }

  /** All existing files except data files. */
  Set<String> metadataFiles(TableName name) {
    Path metadata = Path.of(tables.location(name), "metadata");
    if (!Files.exists(metadata)) {
      return Set.of();
    }
    try (Stream<Path> found = Files.list(metadata)) {
      return found.map(Path::toString).collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The data files of the current snapshot, which must exist. */
  List<DataFile> dataFiles(TableName name) {
    List<DataFile> found = new ArrayList<>();
    try (CloseableIterable<FileScanTask> tasks = tables.load(name).newScan().planFiles()) {
      tasks.forEach(task -> found.add(task.file()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    found.forEach(TableFixture::mustExist);
    return found;
  }

  /** The publishes of the current snapshot's files, one element for each file. */
  List<String> publishes(TableName name) {
    return dataFiles(name).stream()
        .map(file -> Path.of(file.location()).getFileName().toString())
        .map(file -> file.substring(0, file.indexOf("-0.parquet")))
        .sorted()
        .toList();
  }

  private static void mustExist(DataFile file) {
    if (!Files.exists(Path.of(file.location()))) {
      throw new AssertionError("A file of the table does not exist: " + file.location());
    }
  }

  /** Real files in a folder, never overwritten. */
  private static final class FolderFiles implements FileIO {
    private static final long serialVersionUID = 1L;

    private final transient Set<Thread> writers;

    private FolderFiles(Set<Thread> writers) {
      this.writers = writers;
    }

    @Override
    public InputFile newInputFile(String path) {
      return org.apache.iceberg.Files.localInput(path);
    }

    @Override
    public OutputFile newOutputFile(String path) {
      writers.add(Thread.currentThread());
      return org.apache.iceberg.Files.localOutput(path);
    }

    @Override
    public void deleteFile(String path) {
      try {
        Files.delete(Path.of(path));
      } catch (java.nio.file.NoSuchFileException e) {
        throw new NotFoundException(e, "There is no %s", path);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
