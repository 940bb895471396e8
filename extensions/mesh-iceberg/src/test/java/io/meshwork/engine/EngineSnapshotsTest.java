package io.meshwork.engine;

import static io.meshwork.engine.EngineFixture.PRODUCT;
import static io.meshwork.engine.EngineFixture.TABLE;
import static io.meshwork.engine.EngineFixture.row;
import static io.meshwork.engine.EngineFixture.trip;
import static io.meshwork.engine.EngineFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.consume.Rows;
import io.meshwork.error.NotFoundException;
import io.meshwork.product.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots that engines made: they can be read once main has reached them, and since then. */
class EngineSnapshotsTest {
  @TempDir private Path folder;

  @Test
  void rowsOnABranchAreReadableOnceMainReachesThem() throws IOException {
    try (EngineFixture mesh = new EngineFixture(folder);
        MeshCatalog catalog = mesh.catalog("mobility/spark")) {
      mesh.owner.publish(PRODUCT).records(List.of(trip(1, 1.0, "A"))).commit();
      Table table = catalog.loadTable(TABLE);
      table.manageSnapshots().createBranch("audit").commit();
      table.newAppend().appendFile(write(table, row(2L))).toBranch("audit").commit();
      table.newAppend().appendFile(write(table, row(3L))).toBranch("audit").commit();
      String staged = Long.toString(table.refs().get("audit").snapshotId());

      assertThat(mesh.owner.read(PRODUCT).snapshots()).hasSize(1);
      assertThatThrownBy(() -> mesh.owner.read(PRODUCT).snapshot(staged).rows())
          .isInstanceOf(NotFoundException.class)
          .hasMessageContaining(mesh.owner.read(PRODUCT).snapshots().get(0).id());

      table.manageSnapshots().fastForwardBranch("main", "audit").commit();

      List<Snapshot> snapshots = mesh.owner.read(PRODUCT).snapshots();
      Instant moved = snapshots.get(0).committedAt();
      assertThat(snapshots).hasSize(3);
      assertThat(snapshots.get(0).id()).isEqualTo(staged);
      assertThat(snapshots.get(1).committedAt())
          .as("both came to main in one commit, later than they were made")
          .isEqualTo(moved)
          .isAfterOrEqualTo(Instant.ofEpochMilli(table.snapshot("audit").timestampMillis()));
      assertThat(ids(mesh, moved)).containsExactlyInAnyOrder(1L, 2L, 3L);
      assertThat(ids(mesh, moved.minusMillis(1))).containsExactly(1L);
      assertThat(mesh.owner.describe(PRODUCT).current()).contains(snapshots.get(0));
    }
  }

  private static List<Long> ids(EngineFixture mesh, Instant time) {
    try (Rows<Map<String, Object>> rows = mesh.owner.read(PRODUCT).asMaps().asOf(time).rows()) {
      return rows.stream().map(row -> (Long) row.get("id")).toList();
    }
  }
}
