package io.meshwork.conformance;

import io.meshwork.engine.MeshCatalog;
import io.meshwork.internal.scan.SnapshotFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;

/** Rewrites a table of a mesh in a folder through an engine's catalog. */
final class EngineCompaction {
  private EngineCompaction() {}

  /**
   * Replaces every data file with a copy in one snapshot. Does nothing if there are no data files.
   */
  static void of(Path folder, String principal, TableIdentifier name) {
    try (MeshCatalog catalog = new MeshCatalog()) {
      catalog.initialize(
          "mesh",
          Map.of(
              "warehouse",
              folder.toString(),
              MeshCatalog.PRINCIPAL,
              principal,
              "cache-enabled",
              "false"));
      Table table = catalog.loadTable(name);
      if (table.currentSnapshot() != null) {
        rewrite(table);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void rewrite(Table table) throws IOException {
    // Without it, Iceberg asks for the history from the first snapshot, which may be expired.
    RewriteFiles rewrite =
        table.newRewrite().validateFromSnapshot(table.currentSnapshot().snapshotId());
    boolean any = false;
    for (DataFile file : SnapshotFiles.of(table, table.currentSnapshot())) {
      PartitionSpec spec = table.specs().get(file.specId());
      String name = UUID.randomUUID() + ".parquet";
      String location =
          spec.isPartitioned()
              ? table.locationProvider().newDataLocation(spec, file.partition(), name)
              : table.locationProvider().newDataLocation(name);
      try (InputStream in = table.io().newInputFile(file.location()).newStream();
          OutputStream out = table.io().newOutputFile(location).create()) {
        in.transferTo(out);
      }
      rewrite.deleteFile(file);
      rewrite.addFile(DataFiles.builder(spec).copy(file).withPath(location).build());
      any = true;
    }
    if (any) {
      rewrite.commit();
    }
  }
}
