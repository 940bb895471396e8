package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.discovery.Lineage.Impact;
import io.meshwork.error.BackendException;
import io.meshwork.error.FindingCode;
import io.meshwork.error.NotFoundException;
import io.meshwork.notice.Notifier.DeliveryReport;
import io.meshwork.operation.Plan;
import io.meshwork.product.ProductName;
import io.meshwork.testkit.RecordingNotifier;
import io.meshwork.topology.Topology;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Where a catalog is unavailable, everything that does not need it continues. */
abstract class CatalogOutagesSuite extends TopologyFixture {
  @Test
  void aCentralMeshFailsWithoutItsCatalog() {
    try (VirtualWorld world = world(Topology.central())) {
      define(world, SALES);
      define(world, "finance/ledger");
      world.takeAway(Topology.CENTRAL);

      assertGone(() -> publish(world, SALES, 4, 5));
      assertGone(() -> publish(world, "finance/ledger", 4, 5));
      assertGone(() -> world.as("commerce", "analyst").describe(SALES));
      assertGone(() -> world.as("commerce", "analyst").products());

      world.bringBack(Topology.CENTRAL);
      publish(world, SALES, 4, 5);
    }
  }

  @Test
  void aLineOfBusinessContinuesWithoutAnother() {
    try (VirtualWorld world = world(VirtualWorld.lines())) {
      define(world, SALES);
      define(world, "finance/ledger");
      share(world, SALES, "logistics");
      share(world, SALES, "finance");
      share(world, "finance/ledger", "commerce");
      share(world, "finance/ledger", "risk");
      world.takeAway("banking");

      assertOthersWork(world);
      assertThat(all(world.as("logistics", "analyst").read(SALES))).hasSize(5);
      assertGone(() -> publish(world, "finance/ledger", 4, 5), "'banking'");
      assertGone(() -> all(world.as("risk", "analyst").read("finance/ledger")), "'banking'");
      assertGone(() -> all(world.as("commerce", "analyst").read("finance/ledger")), "'banking'");
      assertGone(() -> all(world.as("finance", "analyst").read(SALES)), "'banking'");
      assertWholeMeshIsAsked(world, "'banking'");

      world.bringBack("banking");
      assertThat(all(world.as("finance", "analyst").read(SALES))).hasSize(5);
      assertThat(world.mesh().doctor().findings()).isEmpty();
    }
  }

  @Test
  void allOtherDomainsContinueWithoutOneCatalog() {
    try (VirtualWorld world = world(Topology.federated())) {
      define(world, SALES);
      define(world, "finance/ledger");
      define(world, "risk/limits");
      share(world, SALES, "logistics");
      share(world, SALES, "finance");
      share(world, "risk/limits", "logistics");
      world.takeAway("finance");

      assertOthersWork(world);
      assertThat(all(world.as("logistics", "analyst").read(SALES))).hasSize(5);
      assertThat(all(world.as("logistics", "analyst").read("risk/limits"))).hasSize(4);
      publish(world, "risk/limits", 4, 5);
      assertGone(() -> publish(world, "finance/ledger", 4, 5), "'finance'");
      assertGone(() -> all(world.as("finance", "analyst").read(SALES)), "'finance'");
      assertWholeMeshIsAsked(world, "'finance'");
      assertDiscoveryNames(world, "finance");

      world.bringBack("finance");
      publish(world, "finance/ledger", 4, 5);
      assertThat(world.mesh().doctor().findings()).isEmpty();
    }
  }

  @Test
  void knownCatalogsContinueWithoutTheMeshCatalog() {
    try (VirtualWorld world = world(Topology.federated())) {
      define(world, SALES);
      share(world, SALES, "finance");
      world.takeAway(Topology.CENTRAL);

      publish(world, SALES, 4, 5);
      assertThat(all(world.as("finance", "analyst").read(SALES))).hasSize(5);
      assertGone(() -> world.as("finance", "analyst").products(), "lists the mesh's catalogs");
    }
  }

  @Test
  void aNotifierIsForgottenInTheAvailableCatalogsAndLaterInTheOthers() {
    Topology shape = Topology.federated();
    supported(List.of(shape));
    Mesh.Builder door = mesh().notifier("old", new RecordingNotifier());
    try (VirtualWorld world = VirtualWorld.in(door, shape, registry -> registry)) {
      define(world, SALES);
      define(world, "finance/ledger");
      world.mesh().deliverNotices();
      world.clock().advance(Duration.ofHours(1));
      publish(world, SALES, 4, 5);
      assertThat(world.mesh().forgetNotifier("old").plan().steps())
          .extracting(Plan.Step::subject)
          .containsExactly("notifier old", SALES);
      world.clock().advance(Duration.ofHours(1));
      world.takeAway("finance");

      assertThat(world.mesh().forgetNotifier("old").commit())
          .extracting(finding -> finding.code())
          .containsExactly(FindingCode.CATALOG_UNAVAILABLE);

      world.bringBack("finance");
      assertThat(world.mesh().forgetNotifier("old").commit()).isEmpty();
      assertThatThrownBy(() -> world.mesh().forgetNotifier("old").plan())
          .isInstanceOf(NotFoundException.class);
      assertThat(world.mesh().deliverNotices()).isEqualTo(DeliveryReport.NOTHING);
    }
  }

  /**
   * The operations of commerce while the catalog of finance, one of its readers, is unavailable.
   */
  private static void assertOthersWork(VirtualWorld world) {
    MeshClient steward = world.as("commerce", "steward");
    publish(world, SALES, 4, 5);
    assertThat(all(steward.read(SALES))).hasSize(5);
    assertThat(steward.describe(SALES).name()).isEqualTo(ProductName.of(SALES));
    assertThat(steward.access().whoCanRead(SALES)).hasSizeGreaterThanOrEqualTo(3);
    String id =
        steward
            .grant(SALES)
            .to(world.account("logistics").role("producer"))
            .because("Routes")
            .commit()
            .get(0)
            .id();
    assertThat(steward.revoke(id).commit()).hasSize(1);
    assertThatThrownBy(() -> steward.describe("commerce/sale"))
        .hasMessageContaining("Did you mean 'commerce/sales'?");
    steward.subscribe(SALES).name("own").purpose("Own use").commit();
    assertThat(world.mesh().maintain().commit().remaining())
        .extracting(finding -> finding.code())
        .containsExactly(FindingCode.CATALOG_UNAVAILABLE);
  }

  /** Asserts that operations on the whole mesh fail and omit no catalog silently. */
  private static void assertWholeMeshIsAsked(VirtualWorld world, String gone) {
    MeshClient analyst = world.as("logistics", "analyst");
    assertGone(analyst::products, gone);
    assertGone(analyst.requests()::sent, gone);
    assertGone(analyst.suggestions()::sent, gone);
    assertGone(analyst.access()::grants, gone);
    assertGone(() -> analyst.governance().topology(), gone);
    assertThat(world.mesh().doctor().findings())
        .extracting(finding -> finding.code())
        .containsExactly(FindingCode.CATALOG_UNAVAILABLE);
  }

  /** Asserts that answers about many products name a catalog that is unavailable. */
  private static void assertDiscoveryNames(VirtualWorld world, String gone) {
    MeshClient steward = world.as("commerce", "steward");
    assertThat(steward.health().unreachable()).containsExactly(gone);
    assertThat(steward.lineage(SALES).upstream(1).downstream(1).graph().unreachable())
        .containsExactly(gone);
    assertThat(steward.faultOf(SALES).unreachable()).containsExactly(gone);
    assertThat(steward.avoidedCopies().unreachable()).containsExactly(gone);
    assertThat(steward.avoidedCopies().products()).hasSize(1);
    Impact impact = steward.impactOf(SALES);
    assertThat(impact.unreachable()).containsExactly(gone);
    assertThat(impact.affected()).extracting(Impact.AffectedItem::name).contains("logistics");
    assertThat(world.as("logistics", "analyst").uses("logistics")).isNotEmpty();
    assertThat(world.as("logistics", "analyst").consumers(SALES)).isNotEmpty();
    assertGone(() -> steward.consumers(SALES), gone);
    assertGone(() -> steward.endProduct(SALES).because("It is not used").plan(), gone);
  }

  private static void assertGone(ThrowingCallable call, String... facts) {
    assertThatThrownBy(call)
        .isInstanceOf(BackendException.class)
        .satisfies(
            gone -> {
              assertThat(gone).hasMessageContaining("its catalog is unavailable");
              for (String fact : facts) {
                assertThat(gone).hasMessageContaining(fact);
              }
            });
  }
}
