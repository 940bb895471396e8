package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.MeshClient;
import io.meshwork.card.ProductConsumer;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.BackendException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.NotFoundException;
import io.meshwork.event.MeshEvent;
import io.meshwork.governance.GovernanceClient;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.operation.Plan;
import io.meshwork.registry.Registry;
import io.meshwork.topology.Topology;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

/** Domains that are admitted as guests of another catalog. */
abstract class CatalogGuestsSuite extends TopologyFixture {
  @Test
  void governanceAdmitsADomainBeforeItsFirstRequest() {
    for (Topology shape : supported(List.of(VirtualWorld.lines(), Topology.federated()))) {
      try (VirtualWorld world = world(shape)) {
        define(world, SALES);
        String catalog = world.topology().catalogOf("commerce");
        MeshClient governance = world.governance();

        for (int repeated = 0; repeated < 2; repeated++) {
          assertThat(governance.governance().admit("finance", catalog).commit())
              .containsExactly("finance");
        }
        assertThat(governance.governance().admit("risk", catalog).commit())
            .containsExactly("finance", "risk");
        assertThat(guests(world, catalog)).containsExactly("finance", "risk");
        assertThat(admissions(world, catalog))
            .extracting(MeshEvent::subject, MeshEvent::principal)
            .containsExactly(
                tuple("finance", governance.principal().toString()),
                tuple("risk", governance.principal().toString()));

        MeshClient analyst = world.as("finance", "analyst");
        assertThatThrownBy(() -> all(analyst.read(SALES)))
            .as("the admission gives no access")
            .isInstanceOf(AccessDeniedException.class);
        analyst.requests().requestAccess(SALES).purpose("Month end").commit();
        assertThat(world.as("commerce", "steward").requests().received()).hasSize(1);
        assertThat(admissions(world, catalog)).as("the request admits nothing again").hasSize(2);
        assertThat(world.mesh().doctor().problems()).isEmpty();
      }
    }
  }

  @Test
  void aGuestIsAdmittedAgainWhileItsHomeIsUnavailable() {
    for (Topology shape : List.of(VirtualWorld.lines(), Topology.federated())) {
      try (VirtualWorld world = world(shape)) {
        define(world, SALES);
        String catalog = world.topology().catalogOf("commerce");
        GovernanceClient governance = world.governance().governance();
        governance.admit("finance", catalog).commit();
        world.takeAway(world.topology().catalogOf("finance"));

        assertThat(governance.admit("finance", catalog).commit()).containsExactly("finance");
        world.takeAway(world.topology().catalogOf("risk"));
        assertThatThrownBy(() -> governance.admit("risk", catalog).commit())
            .as("a domain that is not a guest")
            .isInstanceOf(BackendException.class);

        world.bringBack(world.topology().catalogOf("finance"));
        world.bringBack(world.topology().catalogOf("risk"));
        assertThat(admissions(world, catalog)).hasSize(1);
      }
    }
  }

  @Test
  void theFirstWriteOfADomainInAnotherCatalogAdmitsIt() {
    try (VirtualWorld world = world(Topology.federated())) {
      define(world, SALES);
      MeshClient analyst = world.as("finance", "analyst");
      if (conformance().confinesRolesToDomains()) {
        assertThatThrownBy(
                () -> analyst.requests().requestAccess(SALES).purpose("Month end").commit())
            .isInstanceOfSatisfying(
                BackendException.class,
                denied -> assertThat(denied.errorCode()).isEqualTo(ErrorCode.PERMISSION_MISSING));
        assertThat(guests(world, "commerce")).isEmpty();
        return;
      }
      analyst.requests().requestAccess(SALES).purpose("Month end").commit();

      assertThat(admissions(world, "commerce"))
          .extracting(MeshEvent::subject, MeshEvent::principal)
          .containsExactly(tuple("finance", "mesh/sdk"));
      assertThat(world.governance().governance().admit("finance", "commerce").commit())
          .containsExactly("finance");
      assertThat(admissions(world, "commerce")).hasSize(1);
    }
  }

  @Test
  void anAdmissionThatNoCatalogNeedsIsRejected() {
    try (VirtualWorld world = world(VirtualWorld.lines())) {
      GovernanceClient governance = world.governance().governance();

      assertThatThrownBy(() -> governance.admit("logistics", "retail").commit())
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContainingAll("logistics", "retail", "home of the domain");
      assertThatThrownBy(() -> governance.admit("finanse", "retail").commit())
          .isInstanceOf(NotFoundException.class)
          .hasMessageContainingAll("no domain 'finanse'", "Did you mean 'finance'?");
      assertThatThrownBy(() -> governance.admit("finance", "retial").commit())
          .isInstanceOf(NotFoundException.class)
          .hasMessageContainingAll("no catalog 'retial'", "'retail'", "[banking, retail]");
      assertThatThrownBy(() -> governance.admit("Not a name", "retail"))
          .isInstanceOf(InvalidRequestException.class);
      assertThatThrownBy(() -> governance.admit("finance", "Not a name"))
          .isInstanceOf(InvalidRequestException.class);
      assertThat(guests(world, "retail")).isEmpty();
    }
  }

  @Test
  void aCentralMeshHasNoGuests() {
    try (VirtualWorld world = world(Topology.central())) {
      GovernanceClient governance = world.governance().governance();
      assertThatThrownBy(() -> governance.admit("finance", "mesh").commit())
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContainingAll("finance", "one catalog");
    }
  }

  @Test
  void aGuestThatTheStoreDoesNotAdmitNamesTheCallOfGovernance() {
    AtomicBoolean denying = new AtomicBoolean();
    UnaryOperator<Registry> between =
        real -> logs.watching(new DeniedDocuments(real, RegistryKeys.GUESTS, denying));
    try (VirtualWorld world = world(Topology.federated(), between)) {
      define(world, SALES);
      MeshClient analyst = world.as("finance", "analyst");
      denying.set(true);

      assertThatThrownBy(
              () -> analyst.requests().requestAccess(SALES).purpose("Month end").commit())
          .isInstanceOfSatisfying(
              BackendException.class,
              denied -> {
                assertThat(denied.errorCode()).isEqualTo(ErrorCode.PERMISSION_MISSING);
                assertThat(denied.retryable()).isFalse();
              })
          .hasMessageContainingAll(
              "finance/@commerce",
              "not a guest of the catalog 'commerce'",
              "governance().admit(\"finance\", \"commerce\").commit()")
          .hasCauseInstanceOf(BackendException.class);
      assertThat(analyst.requests().sent()).isEmpty();

      denying.set(false);
      world.governance().governance().admit("finance", "commerce").commit();
      denying.set(true);
      analyst.requests().requestAccess(SALES).purpose("Month end").commit();
      assertThat(analyst.requests().sent()).hasSize(1);
    }
  }

  /** A sale with a column that only a new major version has. */
  private record BilledSale(long id, String country, long cents, long bill) {
    static BilledSale of(GenericRecord sale) {
      long id = (Long) sale.get("id");
      return new BilledSale(id, sale.get("country").toString(), (Long) sale.get("cents"), id);
    }
  }

  @Test
  void linksAndRulesOfADomainAreListedBeforeItIsAGuest() {
    for (Topology shape : supported(VirtualWorld.shapes())) {
      try (VirtualWorld world = world(shape)) {
        define(world, SALES);
        MeshClient owner = world.as("commerce", "steward");
        world.as("finance", "analyst").linkResource(SALES).database("finance_db").commit();
        refer(world, Rule.references("id", SALES, "id"));

        assertThat(owner.consumers(SALES))
            .as(shape.toString())
            .extracting(ProductConsumer::kind, ProductConsumer::name)
            .containsExactly(
                tuple(ProductConsumer.Kind.REFERRING_RULE, "risk/limits"),
                tuple(ProductConsumer.Kind.LINK, "finance"));
        assertThat(owner.endProduct(SALES).because("It is not used").plan().consumers())
            .as(shape.toString())
            .extracting(ProductConsumer::name)
            .containsExactly("risk/limits");
        assertThat(world.as("logistics", "analyst").consumers(SALES))
            .extracting(ProductConsumer::kind)
            .doesNotContain(ProductConsumer.Kind.LINK);
      }
    }
  }

  @Test
  void aPlanOfARolloutKnowsTheLinksAndRulesOfADomainBeforeItIsAGuest() {
    for (Topology shape : supported(VirtualWorld.shapes())) {
      try (VirtualWorld world = world(shape)) {
        define(world, SALES);
        MeshClient owner = world.as("commerce", "steward");
        world.as("finance", "analyst").linkResource(SALES).database("finance_db").commit();
        owner
            .startRollout(SALES)
            .contract(Contract.of(BilledSale.class))
            .because("Sales have bills")
            .commit();
        owner.rollout(SALES).backFill(BilledSale::of).commit();
        owner.rollout(SALES).activate().commit();

        assertThat(owner.rollout(SALES).makeCurrent().plan().steps())
            .as(shape.toString())
            .extracting(Plan.Step::subject)
            .contains("link finance/finance_db.sales");
        owner.rollout(SALES).makeCurrent().commit();
        refer(world, Rule.references("id", SALES, "bill"));
        assertThatThrownBy(
                () -> owner.rollout(SALES).abort().because("No bills").commit(), shape.toString())
            .isInstanceOf(ConflictException.class)
            .hasMessageContaining("risk/limits");
      }
    }
  }

  private static void refer(VirtualWorld world, Rule rule) {
    world
        .as("risk", "steward")
        .defineProduct("risk/limits")
        .contract(Contract.of(Sale.class).require(rule))
        .commit();
  }

  private static List<String> guests(VirtualWorld world, String catalog) {
    return world
        .as("risk", "analyst")
        .governance()
        .topology()
        .guests()
        .getOrDefault(catalog, List.of());
  }

  private static List<MeshEvent> admissions(VirtualWorld world, String catalog) {
    return world.governance().events("_mesh/@" + catalog).list().stream()
        .filter(event -> event.type() == MeshEvent.Type.GUEST_ADMITTED)
        .toList();
  }
}
