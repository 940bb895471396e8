package io.meshwork.internal.conformance.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.discovery.Lineage.Impact.AffectedItem;
import io.meshwork.discovery.Lineage.Impact.Evidence;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.RolloutFixture;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import io.meshwork.product.Snapshot;
import io.meshwork.testkit.InMemoryMesh;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What others may know of a product whose major versions differ. */
class HiddenMajorsTest extends RolloutFixture {
  private static final String REVENUE = "finance/revenue";

  @Override
  protected Mesh.Builder mesh() {
    return InMemoryMesh.builder();
  }

  private MeshClient visitor() {
    return as("visitor");
  }

  /** Finance reads the first major version and derives revenue from it. */
  private MeshClient deriveFrom(Contract contract) {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS).contract(contract).commit();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    MeshClient finance = registerFinance();
    shop.grant(ORDERS)
        .to(Principal.of("finance", "etl"))
        .includeSensitive()
        .because("A report")
        .commit();
    finance.defineProduct(REVENUE).contract(Contract.of(Order.class)).openToMesh().commit();
    Snapshot read;
    try (Rows<?> rows = finance.read(ORDERS).columns("id").asMaps().rows()) {
      rows.forEach(row -> {});
      read = rows.snapshot().orElseThrow();
    }
    finance.publish(REVENUE).records(Order.range(0, 2)).derivedFrom(read, "id=id").commit();
    return finance;
  }

  @Test
  void usesAndLineageAreHiddenWhileAnInternalMajorIsCurrentAndAConfidentialOneIsActive() {
    deriveFrom(OLD);
    inParallel(shop());
    shop()
        .amendContract(ORDERS)
        .majorVersion(2)
        .change(old -> old.classification(Classification.CONFIDENTIAL))
        .because("Names")
        .commit();

    assertThat(visitor().health(ORDERS).version().major()).as("the current major").isEqualTo(1);
    assertNothingIsKnown();
    assertThat(shop().consumers(ORDERS)).as("for the owner").isNotEmpty();
    assertThat(shop().lineage(ORDERS).downstream(1).graph().edges()).as("for the owner").hasSize(1);
  }

  private void assertNothingIsKnown() {
    assertThat(visitor().uses("finance")).isEmpty();
    assertThat(visitor().overview().uses()).isEmpty();
    assertThat(visitor().lineage(REVENUE).upstream(1).graph().edges()).isEmpty();
    assertThat(visitor().impactOf(ORDERS).affected()).isEmpty();
  }

  @Test
  void usesAndLineageOfInternalMajorsAreKnown() {
    deriveFrom(OLD);
    inParallel(shop());

    assertThat(visitor().uses("finance")).hasSize(1);
    assertThat(visitor().lineage(REVENUE).upstream(1).graph().edges()).hasSize(1);
  }

  @Test
  void theImpactOnAReaderOfTwoMajorsHasTheColumnsAndTheStrongerEvidenceOfBoth() {
    MeshClient finance = deriveFrom(OLD);
    inParallel(shop());
    clock.advance(Duration.ofDays(95));
    try (Rows<?> rows = finance.read(ORDERS).majorVersion(2).columns("cents").asMaps().rows()) {
      rows.forEach(row -> {});
    }

    assertThat(shop().impactOf(ORDERS).affected())
        .filteredOn(affected -> affected.name().equals("finance"))
        .singleElement()
        .satisfies(
            affected -> {
              assertThat(affected.evidence()).isEqualTo(Evidence.READ);
              assertThat(affected.columns()).containsExactly("cents", "id");
            });
    assertThat(shop().impactOf(ORDERS, "id").affected())
        .extracting(AffectedItem::name)
        .containsAll(List.of("finance", REVENUE));
  }
}
