package io.meshwork.internal.conformance.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.AuthorizationSummary;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.contract.Contract;
import io.meshwork.error.ConflictException;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.testkit.ForwardingRegistry;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Transaction;
import io.meshwork.testkit.InMemoryMesh;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The preconditions of a change of rights are verified at its commit, not only when it is planned.
 */
final class ConcurrentRightsChangesTest {
  private static final String ORDERS = "commerce/orders";
  private static final Principal ETL = Principal.of("finance", "etl");
  private static final Principal STEWARD = Principal.of("central", "steward");
  private static final Contract CONTRACT = Contract.of(Order.class);

  private final AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
  private final Mesh mesh = InMemoryMesh.builder().testing().wrapRegistry(this::interrupted).open();
  private final MeshClient shop = mesh.clientAs(Principal.of("commerce", "etl"));
  private final MeshClient web = mesh.clientAs(Principal.of("web", "etl"));

  /** Runs an action before the next transaction only. */
  private Registry interrupted(Registry real) {
    return new ForwardingRegistry(real) {
      @Override
      public Outcome commit(Transaction transaction) {
        meanwhile.getAndSet(() -> {}).run();
        return super.commit(transaction);
      }
    };
  }

  @BeforeEach
  void twoAccountsActForTheShop() {
    shop.registerDomain("commerce").owner("shop@example.org").accounts("commerce", "web").commit();
    shop.defineProduct(ORDERS).contract(CONTRACT).commit();
    mesh.clientAs(ETL).registerDomain("finance").owner("finance@example.org").commit();
  }

  @AfterEach
  void close() {
    mesh.close();
  }

  /** Sends a request and returns its ID. */
  private String requested() {
    return mesh.clientAs(ETL)
        .requests()
        .requestAccess(ORDERS)
        .columns("id")
        .purpose("Revenue")
        .commit()
        .id();
  }

  private void authorizeSteward(String request) {
    shop.access().authorize(ORDERS).executors(STEWARD).request(request).because("By mail").commit();
  }

  private void grantAsSteward(String request) {
    mesh.clientAs(STEWARD)
        .grant(ORDERS)
        .columns("id")
        .to(ETL)
        .request(request)
        .because("Revenue")
        .commit();
  }

  private void assertStaysApproved(String request) {
    assertThatThrownBy(() -> shop.requests().deny(request).because("No").commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("APPROVED");

    assertThat(shop.access().grants()).hasSize(1);
  }

  private void removeWeb() {
    shop.registerDomain("commerce").accounts("commerce").commit();
  }

  @Test
  void aConcurrentlyRemovedAccountRevokesNothing() {
    GrantSummary grant = shop.grant(ORDERS).to(ETL).because("Revenue").commit().get(0);
    meanwhile.set(this::removeWeb);

    assertThatThrownBy(() -> web.revoke(grant.id()).commit()).isInstanceOf(MeshException.class);

    assertThat(shop.access().grants()).containsExactly(grant);
  }

  @Test
  void aConcurrentlyRemovedAccountWithdrawsNothing() {
    AuthorizationSummary given =
        shop.access()
            .authorize(ORDERS)
            .executors(STEWARD)
            .forAnyConsumer()
            .because("Stewards")
            .commit();
    meanwhile.set(this::removeWeb);

    assertThatThrownBy(() -> web.access().withdrawAuthorization(given.id()).commit())
        .isInstanceOf(MeshException.class);

    assertThat(shop.access().authorizations()).containsExactly(given);
  }

  @Test
  void aGrantOfADomainUsesTheContractsAtItsCommit() {
    meanwhile.set(
        () ->
            shop.amendContract(
                    ORDERS, CONTRACT.classification(Classification.RESTRICTED, "customer"))
                .because("Cards")
                .commit());

    assertThatThrownBy(() -> shop.grantDomain("commerce").to(ETL).because("All").commit())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("SENSITIVE_DATA");

    assertThat(shop.access().grants()).isEmpty();
  }

  @Test
  void aRequestDeniedDuringAnExecutionStaysDenied() {
    String request = requested();
    authorizeSteward(request);
    meanwhile.set(() -> shop.requests().deny(request).because("No").commit());

    assertThatThrownBy(() -> grantAsSteward(request))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("DENIED");

    assertThat(shop.access().grants()).isEmpty();
  }

  @Test
  void aRequestThatAnExecutorGrantsDuringADenialStaysApproved() {
    String request = requested();
    authorizeSteward(request);
    meanwhile.set(() -> grantAsSteward(request));

    assertStaysApproved(request);
  }

  @Test
  void aRequestThatAnExecutorOfTheMeantimeGrantsStaysApproved() {
    String request = requested();
    meanwhile.set(
        () -> {
          authorizeSteward(request);
          grantAsSteward(request);
        });

    assertStaysApproved(request);
  }
}
