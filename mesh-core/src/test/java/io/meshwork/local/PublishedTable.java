package io.meshwork.local;

import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.internal.runtime.Sleeper;
import io.meshwork.internal.table.DataPlaces;
import io.meshwork.internal.table.MeshTables;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Warehouse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.apache.iceberg.Table;

/** The table of a product in a folder, loaded for Iceberg's own readers. */
final class PublishedTable implements AutoCloseable {
  private final Warehouse.Ports ports;
  private final Table table;

  /** Loads the table of the first major version. */
  PublishedTable(Path folder, String product) {
    InstantSource clock = InstantSource.system();
    MeshRuntime runtime =
        new MeshRuntime(
            clock, IdGenerator.secure(clock), Sleeper.real(), Runnable::run, Duration.ofHours(1));
    this.ports =
        new LocalWarehouse().open(folder.toString(), Principal.of("mesh", "test"), Map.of());
    Ledger ledger = new Ledger(ports.registry(), runtime);
    this.table =
        new MeshTables(ledger, ports.files(), new DataPlaces(new Catalog(ledger), ports.root()))
            .load(TableName.of(ProductName.of(product), 1));
  }

  Table table() {
    return table;
  }

  @Override
  public void close() {
    ports.files().close();
    ports.registry().close();
  }
}
