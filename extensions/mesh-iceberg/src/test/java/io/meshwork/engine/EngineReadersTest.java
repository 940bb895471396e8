package io.meshwork.engine;

import static io.meshwork.engine.EngineFixture.PRODUCT;
import static io.meshwork.engine.EngineFixture.TABLE;
import static io.meshwork.engine.EngineFixture.row;
import static io.meshwork.engine.EngineFixture.trip;
import static io.meshwork.engine.EngineFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.contract.Rule;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.HistoryEntry;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What other domains see of a table that an engine opened for them, and for how long. */
class EngineReadersTest {
  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // opened before each test
  private EngineFixture fixture;

  @SuppressWarnings("NullAway.Init") // opened before each test
  private MeshCatalog own;

  @SuppressWarnings("NullAway.Init") // opened before each test
  private MeshCatalog finance;

  @BeforeEach
  void open() {
    fixture = new EngineFixture(folder, Rule.atLeast("fare", 0));
    fixture
        .mesh
        .clientAs(Principal.of("finance", "analyst"))
        .registerDomain("finance")
        .owner("finance@example.org")
        .commit();
    fixture.owner.publish(PRODUCT).records(List.of(trip(1, 1.0, "a"))).commit();
    fixture.owner.grant(PRODUCT).to(Principal.of("finance", "spark")).because("Revenue").commit();
    own = fixture.catalog("mobility/spark");
    finance = fixture.catalog("finance/spark");
  }

  @AfterEach
  void close() throws IOException {
    own.close();
    finance.close();
    fixture.close();
  }

  private static List<Object> firstColumn(Table metadataTable) {
    List<Object> values = new ArrayList<>();
    try (CloseableIterable<FileScanTask> tasks = metadataTable.newScan().planFiles()) {
      for (FileScanTask task : tasks) {
        try (CloseableIterable<StructLike> rows = task.asDataTask().rows()) {
          rows.forEach(row -> values.add(row.get(0, Object.class)));
        }
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return values;
  }

  private static TableIdentifier of(String metadataTable) {
    return TableIdentifier.of(Namespace.of("mobility", "green_trips_v1"), metadataTable);
  }

  @Test
  void branchesTagsAndWhatIsStagedAreSeenByTheOwnerAlone() {
    Table table = own.loadTable(TABLE);
    long first = table.currentSnapshot().snapshotId();
    table.manageSnapshots().createBranch("audit").createTag("monthly", first).commit();
    DataFile bad = write(table, row(2L, -1.0));
    table.newAppend().appendFile(bad).toBranch("audit").commit();
    table.newFastAppend().appendFile(write(table, row(3L, -1.0))).stageOnly().commit();
    fixture.owner.publish(PRODUCT).records(List.of(trip(4, 1.0, "a"))).commit();
    table.refresh();
    long onBranch = table.snapshot("audit").snapshotId();

    Table theirs = finance.loadTable(TABLE);

    assertThat(table.refs()).containsKeys("audit", "monthly");
    assertThat(theirs.refs()).containsOnlyKeys("main");
    assertThat(theirs.snapshots()).hasSize(2);
    assertThat(theirs.snapshot(onBranch)).isNull();
    assertThat(theirs.currentSnapshot().snapshotId())
        .isNotEqualTo(first)
        .isEqualTo(table.currentSnapshot().snapshotId());
    assertThat(theirs.history()).extracting(HistoryEntry::snapshotId).contains(first).hasSize(2);
    assertThatThrownBy(() -> theirs.newScan().useRef("audit"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> theirs.newScan().useSnapshot(onBranch))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(firstColumn(finance.loadTable(of("refs")))).containsExactly("main");
    assertThat(firstColumn(own.loadTable(of("refs"))))
        .containsExactlyInAnyOrder("main", "audit", "monthly");
    assertThat(firstColumn(finance.loadTable(of("snapshots")))).hasSize(2);
    assertThat(firstColumn(finance.loadTable(of("history")))).hasSize(2);
    assertThat(firstColumn(own.loadTable(of("snapshots")))).hasSize(4);
    assertThat(theirs.location()).isEqualTo(table.location());
    assertThatThrownBy(() -> theirs.manageSnapshots().createTag("mine", first).commit())
        .isInstanceOf(ForbiddenException.class);
  }

  @Test
  void aReaderWhoseGrantWasRevokedSeesNothingNewInAnOpenTable() {
    Table table = finance.loadTable(TABLE);
    table.refresh();
    long before = table.currentSnapshot().snapshotId();
    fixture.owner.revoke(fixture.owner.access().grants().get(0).id()).commit();
    fixture.owner.publish(PRODUCT).records(List.of(trip(2, 1.0, "a"))).commit();

    assertThatThrownBy(table::refresh)
        .isInstanceOf(ForbiddenException.class)
        .hasMessageContaining("finance/spark");

    assertThat(table.currentSnapshot().snapshotId()).isEqualTo(before);
    assertThatThrownBy(() -> finance.loadTable(TABLE)).isInstanceOf(ForbiddenException.class);
  }
}
