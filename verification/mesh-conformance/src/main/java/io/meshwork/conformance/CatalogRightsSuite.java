package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.consume.Subscription;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.NotFoundException;
import io.meshwork.governance.Audit;
import io.meshwork.topology.Topology;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Domains, subscriptions, and grants of several catalogs. */
abstract class CatalogRightsSuite extends TopologyFixture {
  @Test
  void aDomainOutsideAllLinesOfBusinessIsRejected() {
    try (VirtualWorld world = world(VirtualWorld.lines())) {
      MeshClient visitor = world.mesh().clientAs(world.accounts().get(4).role("producer"));

      assertThatThrownBy(
              () ->
                  visitor
                      .registerDomain("marketing")
                      .accounts("999999999999")
                      .owner("m@example.org")
                      .commit())
          .isInstanceOfSatisfying(
              InvalidRequestException.class,
              refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.CONFIG_INVALID))
          .hasMessageContainingAll("'marketing'", "banking [finance, risk]");
      assertThatThrownBy(() -> visitor.describe("marketing/leads"))
          .hasMessageContaining("there is no product marketing/leads");
    }
  }

  @Test
  void anAccountActsForOneDomainAcrossCatalogs() {
    try (VirtualWorld world = world(Topology.federated())) {
      assertThatThrownBy(
              () ->
                  world
                      .as("finance", "producer")
                      .registerDomain("treasury")
                      .accounts("333333333333")
                      .owner("t@example.org")
                      .commit())
          .hasMessageContainingAll("'333333333333'", "acts for domain 'finance' already");
    }
  }

  @Test
  void subscriptionsAreListedAndEndedAcrossCatalogs() {
    for (Topology shape : supported(VirtualWorld.shapes())) {
      try (VirtualWorld world = world(shape)) {
        define(world, SALES);
        share(world, SALES, "finance");
        MeshClient analyst = world.as("finance", "analyst");
        MeshClient owner = world.as("commerce", "steward");
        Subscription<?> totals = analyst.subscribe(SALES).name("totals").purpose("Totals").commit();
        analyst.subscribe(SALES).name("others").purpose("Others").commit();

        assertThat(analyst.subscriptions())
            .extracting(Subscription.Summary::name)
            .containsExactly("others", "totals");
        assertThat(owner.subscriptions(SALES))
            .extracting(Subscription.Summary::domain, Subscription.Summary::name)
            .containsExactly(tuple("finance", "others"), tuple("finance", "totals"));
        assertThat(world.as("risk", "analyst").subscriptions(SALES)).isEmpty();

        assertThat(analyst.unsubscribe(SALES, "totals").commit()).isPresent();
        assertThatThrownBy(totals::poll)
            .isInstanceOfSatisfying(
                NotFoundException.class,
                ended -> assertThat(ended.errorCode()).isEqualTo(ErrorCode.SUBSCRIPTION_ENDED));
        owner
            .revoke(owner.access().grants().stream().map(GrantSummary::id).toArray(String[]::new))
            .because("The year is closed")
            .commit();
        if (conformance().confinesRolesToDomains()) {
          assertThatThrownBy(
                  () -> owner.unsubscribe(SALES, "finance/others").because("No right").commit())
              .isInstanceOfSatisfying(
                  BackendException.class,
                  denied -> assertThat(denied.errorCode()).isEqualTo(ErrorCode.PERMISSION_MISSING));
          assertThat(analyst.unsubscribe(SALES, "others").commit()).isPresent();
        } else {
          assertThat(owner.unsubscribe(SALES, "finance/others").because("No right").commit())
              .hasValueSatisfying(
                  subscription ->
                      assertThat(subscription.state())
                          .isEqualTo(Subscription.State.WITHOUT_ACCESS));
        }
        assertThat(analyst.subscriptions()).isEmpty();
      }
    }
  }

  @Test
  void passedOnGrantsAreStoredWithTheProductAndRevokedThere() {
    try (VirtualWorld world = world(Topology.federated())) {
      define(world, SALES);
      world
          .as("commerce", "steward")
          .grant(SALES)
          .toAccounts(world.account("finance").id())
          .withGrantOption()
          .because("Group reporting")
          .commit();
      admit(world, SALES, "finance");
      MeshClient steward = world.as("finance", "steward");
      MeshClient analyst = world.as("finance", "analyst");
      steward.linkResource(SALES).database("finance_db").commit();

      String id =
          steward.grant(SALES).to(analyst.principal()).because("Month end").commit().get(0).id();
      assertThat(all(analyst.read(SALES))).hasSize(4);
      assertThat(steward.access().grants()).hasSize(1);
      assertThat(steward.revoke(id).commit()).hasSize(1);
      assertThatThrownBy(() -> all(analyst.read(SALES))).isInstanceOf(AccessDeniedException.class);
    }
  }

  @Test
  void whatExecutorsGrantLiesInTheCatalogOfTheProduct() {
    for (Topology shape : supported(VirtualWorld.shapes())) {
      try (VirtualWorld world = world(shape)) {
        define(world, SALES);
        MeshClient owner = world.as("commerce", "steward");
        MeshClient executor = world.as("risk", "steward");
        MeshClient analyst = world.as("finance", "analyst");
        String authorizationId =
            owner
                .access()
                .authorize(SALES)
                .executors(executor.principal())
                .forAnyConsumer()
                .because("Risk shares for us")
                .commit()
                .id();
        executor.grant(SALES).to(analyst.principal()).because("Month end").commit();
        if (shape.shape() != Topology.Shape.CENTRAL) {
          analyst.linkResource(SALES).database("finance_db").commit();
        }

        String log = "commerce/@by/" + executor.principal().account();
        assertThat(all(analyst.read(SALES))).hasSize(4);
        assertThat(owner.events(log).list()).hasSize(1);
        assertThat(owner.governance().audit().subject(SALES).kinds("grant").list())
            .extracting(Audit.Entry::log)
            .containsExactly(log);
        assertThat(owner.access().withdrawAuthorization(authorizationId).commit()).hasSize(1);
        assertThat(all(analyst.read(SALES))).as("the grant stays").hasSize(4);
        assertThat(world.mesh().doctor().problems()).isEmpty();
      }
    }
  }

  @Test
  void whatAnExecutorGrantsIsReadWithoutTheCatalogsOfOthers() {
    for (Topology shape : supported(List.of(VirtualWorld.lines(), Topology.federated()))) {
      try (VirtualWorld world = world(shape)) {
        define(world, SALES);
        world
            .as("commerce", "steward")
            .access()
            .authorize(SALES)
            .executors(world.account("risk").role("steward"))
            .forAnyConsumer()
            .because("Risk shares for us")
            .commit();
        MeshClient reader = world.as("logistics", "analyst");
        world
            .as("risk", "steward")
            .grant(SALES)
            .to(reader.principal(), world.account("finance").role("analyst"))
            .because("Month end")
            .commit();
        if (!world.topology().sees("logistics", "commerce")) {
          reader.linkResource(SALES).database("logistics_db").commit();
        }
        world.takeAway(world.topology().catalogOf("finance"));

        publish(world, SALES, 4, 5);
        assertThat(all(reader.read(SALES))).hasSize(5);
      }
    }
  }

  @Test
  void aReaderWithoutADomainIsAudited() {
    try (VirtualWorld world = world(Topology.federated())) {
      define(world, SALES);
      MeshClient visitor = world.mesh().clientAs(world.accounts().get(4).role("analyst"));

      assertThatThrownBy(() -> all(visitor.read(SALES)))
          .isInstanceOf(InvalidRequestException.class);
      assertThat(
              world
                  .as("commerce", "steward")
                  .governance()
                  .audit()
                  .subject(SALES)
                  .kinds("read")
                  .list())
          .extracting(Audit.Entry::outcome)
          .containsExactlyElementsOf(
              conformance().auditsUnassignedAccounts() ? List.of(Audit.Outcome.DENIED) : List.of());
      assertThat(visitor.access().explain(visitor.principal(), SALES).shortestChange())
          .anySatisfy(step -> assertThat(step).contains("registerDomain"))
          .last()
          .asString()
          .contains("linkResource(\"commerce/sales\")");
    }
  }
}
