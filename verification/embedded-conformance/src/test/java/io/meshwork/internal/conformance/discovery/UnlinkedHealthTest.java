package io.meshwork.internal.conformance.discovery;

import static io.meshwork.contract.Rule.between;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.card.Health;
import io.meshwork.card.Health.Status;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.testkit.InMemoryMesh;
import io.meshwork.topology.Topology;
import org.junit.jupiter.api.Test;

/** The health of a product in another catalog, which is read through links. */
class UnlinkedHealthTest extends MeshFixture {
  @Override
  protected Mesh.Builder mesh() {
    return InMemoryMesh.builder().topology(Topology.federated());
  }

  @Test
  void aDomainThatCannotReadAnOpenProductForLackOfALinkDoesNotSeeItsRows() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS)
        .contract(
            Contract.of(Order.class)
                .require(between("id", 0, 10))
                .onViolation(OnViolation.QUARANTINE))
        .openToMesh()
        .commit();
    shop.publish(ORDERS).records(Order.range(0, 12)).commit();
    MeshClient finance = registerFinance();

    assertThat(health(shop).status()).isEqualTo(Status.QUARANTINING);
    assertThat(health(finance).status()).isEqualTo(Status.NO_PROMISE);
    assertThat(health(finance).rows()).isEmpty();
    assertThat(finance.search("orders").results().hits().get(0).status())
        .isEqualTo(Status.NO_PROMISE);
    assertThat(finance.faultOf(ORDERS).origins()).isEmpty();
    assertThat(finance.describeDomain("commerce").products().get(0).rows()).isEmpty();
    assertThat(finance.health(ORDERS).rows()).as("one product").isEmpty();
  }

  private static Health health(MeshClient client) {
    return client.health().products().get(0);
  }
}
