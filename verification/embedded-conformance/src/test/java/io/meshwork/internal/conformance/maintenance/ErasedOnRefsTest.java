package io.meshwork.internal.conformance.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.engine.CommitVetoedException;
import io.meshwork.engine.MeshCatalog;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.scan.SnapshotFiles;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.testkit.ManualClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Engines cannot restore erased rows, and branches and tags that still have such rows are reported.
 */
class ErasedOnRefsTest {
  private static final String ORDERS = "commerce/orders";
  private static final String FORMER = "1 files that the mesh wrote, or that contain erased rows";

  private final ManualClock clock = ManualClock.at(Instant.parse("2026-11-20T08:00:00Z"));

  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // JUnit fills the mesh before each test
  private Mesh mesh;

  @SuppressWarnings("NullAway.Init") // JUnit fills the mesh before each test
  private MeshCatalog catalog;

  @SuppressWarnings("NullAway.Init") // JUnit fills the mesh before each test
  private Table table;

  @SuppressWarnings("NullAway.Init") // JUnit fills the mesh before each test
  private DataFile published;

  @SuppressWarnings("NullAway.Init") // JUnit fills the mesh before each test
  private DataFile appended;

  /** Publishes orders 0 to 2 with the SDK, and appends a copy of them with an engine. */
  @BeforeEach
  void fillAMesh() {
    mesh = LocalMesh.builder(folder).clock(clock).testing().sleeper(clock::advance).open();
    shop().registerDomain("commerce").owner("shop@example.org").commit();
    shop().defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
    shop().publish(ORDERS).records(Order.range(0, 3)).commit();
    catalog = new MeshCatalog();
    catalog.initialize(
        "mesh",
        Map.of(
            "warehouse",
            folder.toString(),
            MeshCatalog.PRINCIPAL,
            "commerce/spark",
            "cache-enabled",
            "false"));
    table = catalog.loadTable(TableIdentifier.of("commerce", "orders_v1"));
    published = SnapshotFiles.of(table, table.currentSnapshot()).get(0);
    appended = copy(published);
    table.newAppend().appendFile(appended).commit();
  }

  @AfterEach
  void closeTheMesh() throws IOException {
    catalog.close();
    mesh.close();
  }

  private MeshClient shop() {
    return mesh.clientAs(Principal.of("commerce", "etl"));
  }

  private DataFile copy(DataFile file) {
    String location = table.locationProvider().newDataLocation(UUID.randomUUID() + ".parquet");
    try (var in = table.io().newInputFile(file.location()).newStream();
        var out = table.io().newOutputFile(location).create()) {
      in.transferTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return DataFiles.builder(table.spec()).copy(file).withPath(location).build();
  }

  private PublishReceipt erase() {
    PublishReceipt receipt =
        shop().erase(ORDERS).where("id = 1").because("a customer asked").commit();
    table.refresh();
    return receipt;
  }

  private static List<String> vetoed(ThrowingCallable commit) {
    CommitVetoedException veto = catchThrowableOfType(CommitVetoedException.class, commit);
    assertThat(veto).as("the veto").isNotNull();
    return veto.reasons();
  }

  private List<Long> ids() {
    try (var rows = shop().read(ORDERS).as(Order.class).rows()) {
      return rows.stream().map(Order::id).sorted().toList();
    }
  }

  @Test
  void anEraseAndTheDoctorNameBranchesAndTagsWithErasedRows() {
    table.manageSnapshots().createTag("monthly", table.currentSnapshot().snapshotId()).commit();
    table.manageSnapshots().createBranch("audit").commit();

    PublishReceipt receipt = erase();

    assertThat(receipt.rowsRemoved()).isEqualTo(2);
    assertThat(receipt.refsHoldingErased()).containsExactly("audit", "monthly");
    assertThat(receipt.toJson()).contains("\"refsHoldingErased\":[\"audit\",\"monthly\"]");
    assertThat(shop().publishHistory(ORDERS).receipts().get(2).refsHoldingErased())
        .containsExactly("audit", "monthly");
    for (int month = 0; month < 10; month++) {
      clock.advance(Duration.ofDays(30));
      mesh.maintain().trustClock().commit();
    }
    assertThat(mesh.doctor().problems())
        .extracting(Finding::code)
        .containsExactly(FindingCode.ERASED_ROWS, FindingCode.ERASED_ROWS);

    table.refresh();
    table.manageSnapshots().removeTag("monthly").removeBranch("audit").commit();
    mesh.maintain().trustClock().commit();

    assertThat(mesh.doctor().findings()).isEmpty();
    assertThat(table.io().newInputFile(appended.location()).exists()).isFalse();
  }

  @Test
  void filesRemovedByAnEraseNeverReturn() {
    long before = table.currentSnapshot().snapshotId();
    table.manageSnapshots().createBranch("audit").commit();
    erase();

    for (int times = 0; times < 2; times++) {
      assertThat(vetoed(() -> table.newAppend().appendFile(appended).commit()))
          .containsExactly(FORMER);
      assertThat(vetoed(() -> table.newAppend().appendFile(published).commit()))
          .containsExactly(FORMER);
      clock.advance(Duration.ofDays(300));
      mesh.maintain().trustClock().commit();
      table.refresh();
    }
    table.manageSnapshots().removeBranch("audit").commit();
    assertThat(vetoed(() -> table.manageSnapshots().createTag("again", before).commit()))
        .containsExactly("ref again on a snapshot with erased rows");
    assertThat(ids()).containsExactly(0L, 0L, 2L, 2L);

    table.newAppend().appendFile(copy(published)).commit();
    assertThat(ids()).as("rows that an engine wrote again are new rows").hasSize(7);
  }

  @Test
  void aFileRewrittenBeforeAnEraseNeverReturns() {
    DataFile rewritten = copy(appended);
    table.newRewrite().deleteFile(appended).addFile(rewritten).commit();
    erase();

    assertThat(vetoed(() -> table.newAppend().appendFile(appended).commit()))
        .containsExactly(FORMER);
    assertThat(ids()).containsExactly(0L, 0L, 2L, 2L);
  }
}
