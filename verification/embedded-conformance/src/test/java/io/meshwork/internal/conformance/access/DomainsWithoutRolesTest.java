package io.meshwork.internal.conformance.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.testkit.ForwardingRegistry;
import io.meshwork.product.Domain;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.testkit.InMemoryMesh;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Domains that were registered before domains had roles. The log contains the registrant. */
class DomainsWithoutRolesTest {
  private static final Principal LEAD = Principal.of("commerce", "lead");
  private static final Principal JOB = Principal.of("commerce", "job");
  private static final Principal ANALYST = Principal.of("finance", "analyst");

  /** A registry that stores domains without roles, as earlier versions did. */
  private static final class Older extends ForwardingRegistry {
    private boolean older = true;
    private int logsRead;

    Older(Registry real) {
      super(real);
    }

    @Override
    public Optional<Document> read(Key key) {
      return real.read(key).map(this::asItWas);
    }

    @Override
    public Page list(String partition, String sortPrefix, @Nullable String cursor) {
      if (partition.equals("_mesh") && sortPrefix.startsWith("log/")) {
        logsRead++;
      }
      Page page = real.list(partition, sortPrefix, cursor);
      return new Page(page.documents().stream().map(this::asItWas).toList(), page.nextCursor());
    }

    private Document asItWas(Document document) {
      if (!older || !document.key().sort().startsWith("domain/")) {
        return document;
      }
      String json =
          document
              .json()
              .replaceAll(",\"(administrators|deciders)\":\\[[^\\]]*\\]", "")
              .replaceAll(",\"registeredBy\":\"[^\"]*\"", "");
      assertThat(json).doesNotContain("administrators", "registeredBy");
      return new Document(document.key(), json, document.version());
    }
  }

  private @Nullable Older registry;

  @Test
  void theRegistrantOfADomainAdministersItAndNamesOthers() {
    try (Mesh mesh =
        InMemoryMesh.with().testing().throughRegistry(real -> registry = new Older(real)).open()) {
      MeshClient lead = mesh.actingAs(LEAD);
      lead.registerDomain("commerce").ownedBy("shop@example.org").commit();
      mesh.actingAs(Principal.of("platform", "setup"))
          .registerDomain("finance")
          .ownedBy("finance@example.org")
          .accounts("finance")
          .commit();
      lead.defineProduct("commerce/orders").contract(Contract.of(Order.class)).commit();
      assertThatThrownBy(
              () ->
                  mesh.actingAs(JOB)
                      .grant("commerce/orders")
                      .to(ANALYST)
                      .because("Reports")
                      .commit())
          .isInstanceOf(AccessDeniedException.class)
          .hasMessageContaining("commerce/lead");
      lead.grant("commerce/orders")
          .toAccounts("finance")
          .withGrantOption()
          .because("Finance")
          .commit();
      assertThatThrownBy(
              () ->
                  mesh.actingAs(ANALYST)
                      .grant("commerce/orders")
                      .to(ANALYST)
                      .because("Me")
                      .commit())
          .isInstanceOf(AccessDeniedException.class)
          .hasMessageContaining("not named yet");

      Domain named =
          mesh.actingAs(Principal.of("platform", "setup"))
              .registerDomain("finance")
              .administrators(ANALYST)
              .commit();
      assertThat(named.deciders()).isEqualTo(List.of(ANALYST));
      lead.registerDomain("commerce").administrators(LEAD, JOB).commit();
      registry.older = false;
      assertThat(mesh.actingAs(JOB).registerDomain("commerce").commit().administrators())
          .containsExactly(LEAD, JOB);
      mesh.actingAs(ANALYST).grant("commerce/orders").to(ANALYST).because("Me").commit();
      assertThat(mesh.actingAs(ANALYST).explainAccess(ANALYST, "commerce/orders").allowed())
          .isTrue();
    }
  }

  @Test
  void theRegistrantsAreReadFromTheLogOnce() {
    try (Mesh mesh =
        InMemoryMesh.with().testing().throughRegistry(real -> registry = new Older(real)).open()) {
      MeshClient lead = mesh.actingAs(LEAD);
      lead.registerDomain("commerce").ownedBy("shop@example.org").commit();
      lead.defineProduct("commerce/orders").contract(Contract.of(Order.class)).commit();
      for (int n = 0; n < 20; n++) {
        mesh.actingAs(Principal.of("consumer" + n, "lead"))
            .registerDomain("consumer" + n)
            .ownedBy("shop@example.org")
            .commit();
      }
      registry.logsRead = 0;

      for (int n = 0; n < 20; n++) {
        Principal reader = Principal.of("consumer" + n, "reader");
        String id =
            mesh.actingAs(reader).requestAccess("commerce/orders").purpose("Reports").commit().id();
        lead.requests().approve(id).commit();
        assertThat(mesh.actingAs(reader).explainAccess(reader, "commerce/orders").allowed())
            .isTrue();
      }
      assertThat(lead.requests().received()).hasSize(20);

      assertThat(registry.logsRead).isEqualTo(1);
    }
  }
}
