package io.meshwork.internal.conformance.maintenance;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.internal.runtime.Sleeper;
import io.meshwork.internal.table.DataPlaces;
import io.meshwork.internal.table.MeshTables;
import io.meshwork.internal.table.TableName;
import io.meshwork.internal.table.TableVersion;
import io.meshwork.local.LocalWarehouse;
import io.meshwork.product.Principal;
import io.meshwork.registry.Warehouse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.LocationProviders;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;

/**
 * Commits to a table of a mesh in a folder without validation, as engines could do on branches in
 * earlier versions. Such meshes must remain maintainable.
 */
final class UncheckedEngine implements AutoCloseable {
  private final Warehouse.Ports ports;
  private final MeshRuntime runtime;
  private final Ledger ledger;
  private final MeshTables tables;

  UncheckedEngine(Path folder, InstantSource clock) {
    this.ports =
        new LocalWarehouse().open(folder.toString(), Principal.of("mesh", "test"), Map.of());
    this.runtime =
        new MeshRuntime(
            clock, IdGenerator.secure(clock), Sleeper.real(), Runnable::run, Duration.ofHours(1));
    this.ledger = new Ledger(ports.registry(), runtime);
    this.tables =
        new MeshTables(ledger, ports.files(), new DataPlaces(new Catalog(ledger), ports.root()));
  }

  /** Changes a table without validation. */
  static void on(Path folder, InstantSource clock, TableName name, Consumer<Table> work) {
    try (UncheckedEngine engine = new UncheckedEngine(folder, clock)) {
      work.accept(engine.table(name));
    }
  }

  Table table(TableName name) {
    return new BaseTable(new Operations(name), name.toString(), report -> {});
  }

  @Override
  public void close() {
    ports.files().close();
    ports.registry().close();
  }

  private final class Operations implements TableOperations {
    private final TableName name;
    private TableVersion seen;

    Operations(TableName name) {
      this.name = name;
      this.seen = tables.version(name, null).orElseThrow();
    }

    @Override
    public TableMetadata current() {
      return seen.metadata();
    }

    @Override
    public TableMetadata refresh() {
      seen = tables.version(name, seen).orElseThrow();
      return seen.metadata();
    }

    @Override
    public void commit(TableMetadata base, TableMetadata built) {
      ledger.commit(new Commit(seen, built), runtime.startDeadline(Duration.ofMinutes(1)));
      refresh();
    }

    @Override
    public FileIO io() {
      return ports.files();
    }

    @Override
    public String metadataFileLocation(String fileName) {
      return current().location() + "/metadata/" + fileName;
    }

    @Override
    public LocationProvider locationProvider() {
      return LocationProviders.locationsFor(current().location(), current().properties());
    }
  }

  private record Commit(TableVersion seen, TableMetadata built) implements Ledger.Change<String> {
    @Override
    public MeshAction action() {
      return MeshAction.of(Verb.COMMIT);
    }

    @Override
    public String partition() {
      return seen.name().partition();
    }

    @Override
    public CommitDraft<String> draft(Ledger.Attempt attempt) {
      CommitDraft<String> draft =
          CommitDraft.of(
              "product.engine-commit",
              Principal.of("commerce", "spark"),
              seen.name().product().toString());
      seen.draft(built, Map.of(), attempt).stage(draft);
      Optional.ofNullable(built.currentSnapshot())
          .filter(
              now ->
                  seen.metadata().currentSnapshot() == null
                      || now.snapshotId() != seen.metadata().currentSnapshot().snapshotId())
          .ifPresent(
              now ->
                  draft.details(
                      DocumentJson.parseObject(
                          "details",
                          """
                          {"publishId":"%s","table":"%s","major":%d,"contractVersion":"%d.0.0",
                          "mode":"append","snapshotId":"%d","sequence":%d,"rowsTotal":0,"snapshots":1}
                          """
                              .formatted(
                                  attempt.id(),
                                  seen.name().table(),
                                  seen.name().major(),
                                  seen.name().major(),
                                  now.snapshotId(),
                                  now.sequenceNumber()))));
      return draft.result("");
    }
  }
}
