package io.meshwork.internal.conformance.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.contract.Contract;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.maintenance.Maintain;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.product.Principal;
import io.meshwork.testkit.ManualClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.StaticTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.SupportsPrefixOperations;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A mirror that lags names older metadata, which stays readable. */
class MirrorRetentionTest {
  private static final String ORDERS = "commerce/orders";
  private static final String TABLE = "commerce/orders_v1";

  private final GuardedStore store = new GuardedStore();
  private final ManualClock clock = ManualClock.at(Instant.parse("2026-11-20T08:00:00Z"));
  private final InMemoryService service = new InMemoryService();
  private final List<Mesh> meshes = new ArrayList<>();

  @SuppressWarnings("NullAway.Init") // JUnit opens both before each test
  private Mesh commerce;

  @SuppressWarnings("NullAway.Init")
  private Mesh governance;

  @BeforeEach
  void open() {
    service.showsTables = true;
    governance =
        opened(
            Mesh.builder(
                store.registry(), store.files(), GuardedStore.ROOT, service.credentials(store)));
    Mesh whole = opened(Mesh.builder(store.registry(), store.files(), GuardedStore.ROOT));
    var owner = whole.clientAs(Principal.of("commerce", "etl"));
    owner.registerDomain("commerce").owner("commerce@example.org").commit();
    owner.defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
    var ports = store.ports("commerce");
    commerce =
        opened(
            Mesh.builder(
                ports.registry(),
                ports.files(),
                GuardedStore.ROOT,
                store.credentials(Principal.of("commerce", "etl"))));
  }

  private Mesh opened(Mesh.Builder builder) {
    Mesh mesh = builder.clock(clock).testing().sleeper(clock::advance).open();
    meshes.add(mesh);
    return mesh;
  }

  @AfterEach
  void close() {
    meshes.forEach(Mesh::close);
    assertThat(store.violations()).isEmpty();
  }

  private void publish(int times) {
    for (int i = 0; i < times; i++) {
      commerce.client().publish(ORDERS).records(Order.range(0, 2)).commit();
      clock.advance(Duration.ofMinutes(1));
    }
  }

  private void mirror() {
    Mirrors.Report report = governance.mirrors().commit();
    assertThat(report.remaining()).isEmpty();
  }

  private Maintain.Report maintain() {
    Maintain.Report report = commerce.maintain().trustClock().commit();
    assertThat(report.remaining()).isEmpty();
    return report;
  }

  /** Returns the metadata file that the mirror names. */
  private String mirrored() {
    String content = service.objects.get(TABLE);
    return content.substring(content.indexOf("memory:"), content.length() - 2);
  }

  private Table table(String metadata) {
    return new BaseTable(new StaticTableOperations(metadata, store.files()), "mirrored");
  }

  private List<String> missingFiles(String metadata) {
    List<String> missing = new ArrayList<>();
    try (CloseableIterable<FileScanTask> files = table(metadata).newScan().planFiles()) {
      for (FileScanTask task : files) {
        if (!store.files().newInputFile(task.file().location()).exists()) {
          missing.add(task.file().location());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return missing;
  }

  private List<String> metadataFiles() {
    List<String> names = new ArrayList<>();
    for (FileInfo file :
        ((SupportsPrefixOperations) store.files()).listPrefix(GuardedStore.ROOT + "/data/")) {
      if (file.location().endsWith(".metadata.json") && !file.location().contains("quarantine")) {
        names.add(file.location());
      }
    }
    return names;
  }

  @Test
  void theFilesOfALaggingMirrorStayUntilItMovesOn() {
    publish(1);
    mirror();
    String mirrored = mirrored();
    publish(30);
    clock.advance(Duration.ofDays(3));

    maintain();

    assertThat(missingFiles(mirrored)).isEmpty();
    assertThat(table(mirrored).currentSnapshot()).isNotNull();
    mirror();
    assertThat(mirrored()).isNotEqualTo(mirrored);
    clock.advance(Duration.ofDays(3));
    maintain();
    assertThat(store.files().newInputFile(mirrored).exists()).isFalse();
    assertThat(missingFiles(mirrored())).isEmpty();
  }

  @Test
  void commitsLeaveReplacedMetadataToMaintenance() {
    publish(40);

    assertThat(metadataFiles()).hasSizeGreaterThan(40);
    assertThat(commerce.doctor().findings()).isEmpty();
    clock.advance(Duration.ofDays(2));
    maintain();
    assertThat(metadataFiles()).hasSizeLessThan(25);
  }

  @Test
  void aMirrorThatLagsForMoreThanAWeekNoLongerHoldsSnapshots() {
    publish(1);
    mirror();
    String mirrored = mirrored();
    long snapshot = table(mirrored).currentSnapshot().snapshotId();
    commerce.client().publish(ORDERS).records(Order.range(0, 2)).replaceAll().commit();
    clock.advance(Duration.ofDays(6));
    maintain();
    assertThat(missingFiles(mirrored)).isEmpty();

    clock.advance(Duration.ofDays(2));
    maintain();

    assertThat(commerce.client().publishHistory(ORDERS).toString())
        .doesNotContain(Long.toString(snapshot));
    assertThat(store.files().newInputFile(mirrored).exists()).isTrue();
  }

  /** Runs something once, after the next run of the mirrors read the mesh. */
  private void afterTheMeshWasRead(Runnable change) {
    service.beforeRead =
        () -> {
          service.beforeRead = () -> {};
          change.run();
        };
  }

  private void eraseNewest() {
    commerce
        .client()
        .erase(ORDERS)
        .where("id = 7")
        .because("asked")
        .idempotencyKey("asked")
        .withProof()
        .commit();
  }

  @Test
  void aMirrorThatReadTheMeshBeforeAnErasureNeverShowsWhatItDeleted() {
    publish(1);
    mirror();
    String mirrored = mirrored();
    commerce.client().publish(ORDERS).records(Order.range(7, 8)).commit();
    afterTheMeshWasRead(this::eraseNewest);

    Mirrors.Report report = governance.mirrors().commit();

    assertThat(mirrored()).isEqualTo(mirrored);
    assertThat(missingFiles(mirrored)).isEmpty();
    assertThat(report.remaining())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo(FindingCode.MIRROR_FAILED);
              assertThat(finding.toString())
                  .contains("an erasure deletes this state of it", "Run the mirrors again");
            });
    mirror();
    assertThat(missingFiles(mirrored())).isEmpty();
    assertThat(table(mirrored()).currentSnapshot()).isNotNull();
  }

  @Test
  void aMirrorThatReadTheMeshBeforeATableWasMadeAndErasedMakesItLater() {
    publish(1);
    commerce.client().publish(ORDERS).records(Order.range(7, 8)).commit();
    afterTheMeshWasRead(this::eraseNewest);

    assertThat(governance.mirrors().commit().remaining()).hasSize(1);

    assertThat(service.objects).doesNotContainKey(TABLE);
    mirror();
    assertThat(missingFiles(mirrored())).isEmpty();
  }

  @Test
  void aPublishMeanwhileLeavesTheEarlierStateToTheMirror() {
    publish(1);
    mirror();
    publish(1);
    String read = metadataFiles().get(metadataFiles().size() - 1);
    afterTheMeshWasRead(() -> publish(1));

    mirror();

    assertThat(mirrored()).isEqualTo(read);
    mirror();
    assertThat(mirrored()).isNotEqualTo(read);
  }
}
