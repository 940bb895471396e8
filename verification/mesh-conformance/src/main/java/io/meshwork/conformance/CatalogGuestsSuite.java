package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.MeshClient;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.NotFoundException;
import io.meshwork.event.MeshEvent;
import io.meshwork.governance.GovernanceClient;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.registry.Registry;
import io.meshwork.topology.Topology;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
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
