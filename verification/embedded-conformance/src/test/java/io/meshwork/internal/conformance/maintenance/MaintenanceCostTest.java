package io.meshwork.internal.conformance.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.internal.conformance.fixture.CountedFiles;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.maintenance.Maintain;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.product.Principal;
import io.meshwork.testkit.Faults;
import io.meshwork.testkit.Faults.Death;
import io.meshwork.testkit.Faults.Phase;
import io.meshwork.testkit.Faults.Port;
import io.meshwork.testkit.InMemoryMesh;
import io.meshwork.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How often maintenance opens the manifests of a table. */
class MaintenanceCostTest {
  private static final String ORDERS = "commerce/orders";
  private static final int PUBLISHES = 10;

  private final ConcurrentHashMap<String, Integer> opened = new ConcurrentHashMap<>();
  private final ManualClock clock = ManualClock.at(Instant.parse("2026-11-20T08:00:00Z"));
  private final Faults faults = Faults.seeded(1);

  @SuppressWarnings("NullAway.Init") // JUnit fills the mesh before each test
  private Mesh mesh;

  @BeforeEach
  void fillAMesh() {
    mesh =
        InMemoryMesh.builder(faults)
            .clock(clock)
            .testing()
            .wrapFiles(real -> new CountedFiles(real, opened))
            .open();
    shop().registerDomain("commerce").owner("shop@example.org").commit();
    shop().defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
    for (int id = 0; id < PUBLISHES; id++) {
      publish(id);
    }
  }

  @AfterEach
  void closeTheMesh() {
    mesh.close();
  }

  private MeshClient shop() {
    return mesh.clientAs(Principal.of("commerce", "etl"));
  }

  private void publish(long id) {
    shop().publish(ORDERS).records(Order.range(id, id + 1)).commit();
  }

  /** Leaves the files of a publish that ends before its commit. */
  private void interruptAPublish() {
    faults.on(Port.REGISTRY_COMMIT).path(ORDERS).nth(1).crash(Phase.BEFORE, Death.THROW);
    assertThat(catchThrowable(() -> publish(PUBLISHES))).isInstanceOf(Error.class);
    faults.clear();
  }

  /** Runs maintenance that compacts nothing, and returns how often it opened each manifest. */
  private Map<String, Integer> maintain(Work done, long times) {
    opened.clear();
    Maintain.Report report = mesh.maintain().compactAtLeast(1000).commit();
    assertThat(report.remaining()).isEmpty();
    assertThat(report.total(done)).isEqualTo(times);
    return CountedFiles.manifests(opened);
  }

  @Test
  void anExpirationReadsManifestsOnceForBothVersionsOfTheTable() {
    clock.advance(Duration.ofDays(90));

    Map<String, Integer> manifests = maintain(Work.SNAPSHOTS_EXPIRED, PUBLISHES - 1);

    assertThat(manifests).hasSize(2 * PUBLISHES);
    assertThat(manifests.values())
        .as("once to find leftovers, once to expire, once to find small files")
        .allMatch(times -> times <= 3);
  }

  @Test
  void aRemovalOfLeftoversReadsAnUnchangedTableOnce() {
    interruptAPublish();
    clock.advance(Duration.ofDays(90));
    maintain(Work.SNAPSHOTS_EXPIRED, PUBLISHES - 1);
    interruptAPublish();
    clock.advance(Duration.ofDays(90));

    // data, manifest, manifest list, and metadata of the interrupted publish
    Map<String, Integer> manifests = maintain(Work.FILES_REMOVED, 4);

    assertThat(manifests).isNotEmpty();
    assertThat(manifests.values())
        .as("once to find leftovers, once to find small files")
        .allMatch(times -> times <= 2);
  }

  @Test
  void whatIsCommittedWhileLeftoversAreRemovedStays() {
    interruptAPublish();
    clock.advance(Duration.ofDays(90));
    faults.on(Port.REGISTRY_COMMIT).path(ORDERS).nth(1).meanwhile(() -> publish(PUBLISHES));

    mesh.maintain().compactAtLeast(1000).commit();

    assertThat(mesh.doctor().findings()).isEmpty();
    try (var rows = shop().read(ORDERS).rows()) {
      assertThat(rows.stream().count()).isEqualTo(PUBLISHES + 1);
    }
  }
}
