package io.meshwork.conformance;

import io.meshwork.internal.conformance.fixture.EngineCompaction;
import io.meshwork.testkit.TestBackend;
import java.nio.file.Path;
import org.apache.iceberg.catalog.TableIdentifier;

/** A mesh over SQLite and files of a local disk. */
class LocalMeshTest extends MeshConformance {
  @Override
  protected TestBackend backend() {
    return new TestBackend.OnDisk();
  }

  @Override
  void compactSales(Path folder) {
    EngineCompaction.of(folder, "commerce/spark", TableIdentifier.of("commerce", "sales_v1"));
  }
}
