package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.MeshClient;
import io.meshwork.access.ExplainedAccess;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.NotFoundException;
import io.meshwork.governance.Audit;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.link.ResourceLink;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Transaction;
import io.meshwork.testkit.ManualClock;
import io.meshwork.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Links between catalogs. */
abstract class CatalogLinksSuite extends TopologyFixture {
  @Test
  void aMissingLinkIsReportedWithAndWithoutAccess() {
    try (VirtualWorld world = world(Topology.federated())) {
      define(world, SALES);
      MeshClient analyst = world.as("finance", "analyst");
      MeshClient steward = world.as("commerce", "steward");

      assertThatThrownBy(() -> all(analyst.read(SALES)))
          .isInstanceOfSatisfying(
              AccessDeniedException.class,
              denied -> {
                assertThat(denied.errorCode()).isEqualTo(ErrorCode.ACCESS_DENIED);
                assertThat(denied.missing())
                    .endsWith("; and a link to " + SALES + " in the caller's catalog");
              })
          .hasMessageContainingAll("catalog 'commerce'", "linkResource(\"commerce/sales\")");
      ExplainedAccess neither = analyst.access().explain(analyst.principal(), SALES);
      assertThat(neither.missing()).hasSize(2).last().asString().startsWith("LINK_MISSING: ");
      assertThat(neither.shortestChange())
          .hasSize(2)
          .last()
          .asString()
          .contains("linkResource(\"commerce/sales\")");

      steward.grant(SALES).to(analyst.principal()).because("Month end").commit();
      for (MeshClient asking : List.of(analyst, steward)) {
        ExplainedAccess unlinked = asking.access().explain(analyst.principal(), SALES);
        assertThat(unlinked.isAllowed()).isFalse();
        assertThat(unlinked.columns()).as("the granted columns").hasSize(3);
        assertThat(unlinked.missing())
            .singleElement()
            .asString()
            .startsWith("LINK_MISSING: ")
            .contains("catalog 'commerce'");
        assertThat(unlinked.shortestChange())
            .singleElement()
            .asString()
            .contains("domain finance", "linkResource(\"commerce/sales\")");
        assertThat(unlinked.whoCanGrant()).containsExactly("finance@example.org");
        assertThat(unlinked.toString()).contains("does not read", "missing LINK_MISSING");
      }
      assertThatThrownBy(() -> all(analyst.read(SALES)))
          .isInstanceOfSatisfying(
              AccessDeniedException.class,
              denied -> assertThat(denied.errorCode()).isEqualTo(ErrorCode.LINK_MISSING));
      assertThat(steward.governance().audit().subject(SALES).kinds("read").list())
          .as("both denials are listed")
          .hasSize(2)
          .allMatch(entry -> entry.outcome() == Audit.Outcome.DENIED);

      analyst.linkResource(SALES).database("finance_db").commit();
      assertThat(analyst.access().explain(analyst.principal(), SALES).isAllowed()).isTrue();
      MeshClient producer = world.as("commerce", "producer");
      assertThat(producer.access().explain(producer.principal(), SALES).isAllowed()).isTrue();
    }
  }

  @Test
  void aFollowingLinkMovesAcrossCatalogsAndFailuresAreReported() {
    List<Registry> registries = new ArrayList<>();
    AtomicBoolean refusing = new AtomicBoolean();
    UnaryOperator<Registry> between =
        real -> {
          registries.add(real);
          return logs.watching(new DeniedDocuments(real, RegistryKeys.LINKS, refusing));
        };
    try (VirtualWorld world = world(Topology.federated(), between)) {
      define(world, SALES);
      share(world, SALES, "finance");
      MeshClient analyst = world.as("finance", "analyst");
      analyst.linkResource(SALES).database("finance_db").name("newest").followRollouts().commit();
      openSecondMajor(registries, world.clock());
      if (!conformance().maintainsAllDomains()) {
        assertThat(world.mesh().doctor().findings())
            .extracting(Finding::code)
            .doesNotContain(FindingCode.LINK_BEHIND);
        return;
      }
      assertThat(world.mesh().doctor().findings())
          .extracting(Finding::code)
          .contains(FindingCode.LINK_BEHIND);

      refusing.set(true);
      assertThat(world.mesh().repair().commit().findings())
          .extracting(Finding::code, Finding::where)
          .contains(tuple(FindingCode.MAINTENANCE_FAILED, "finance_db.newest"));
      refusing.set(false);
      assertThat(world.mesh().repair().commit().findings())
          .extracting(Finding::code)
          .doesNotContain(FindingCode.MAINTENANCE_FAILED, FindingCode.LINK_BEHIND);
      assertThat(analyst.links())
          .filteredOn(link -> link.name().equals("finance_db.newest"))
          .singleElement()
          .satisfies(link -> assertThat(link.major()).hasValue(2));
    }
  }

  @Test
  void aLinkIntoAnUnavailableCatalogIsListedReplacedAndRemoved() {
    try (VirtualWorld world = world(Topology.federated())) {
      define(world, SALES);
      define(world, "finance/ledger");
      MeshClient analyst = world.as("finance", "analyst");
      analyst.linkResource(SALES).database("finance_db").name("sales").commit();
      analyst.linkDomain("commerce", "shop").commit();
      world.takeAway("commerce");

      assertThat(analyst.links())
          .extracting(ResourceLink::name, ResourceLink::state)
          .containsExactly(
              tuple("finance_db.sales", ResourceLink.State.UNREACHABLE),
              tuple("shop", ResourceLink.State.UNREACHABLE));
      assertThat(analyst.links().get(0).missing()).contains("'commerce'", "unlink");
      assertThat(analyst.unlinkResource("shop").commit().orElseThrow().target())
          .isEqualTo("commerce");
      assertThat(
              analyst
                  .linkResource("finance/ledger")
                  .database("finance_db")
                  .name("sales")
                  .commit()
                  .state())
          .isEqualTo(ResourceLink.State.VALID);
      assertThat(analyst.links())
          .extracting(ResourceLink::target)
          .containsExactly("finance/ledger");
    }
  }

  @Test
  void linkingAMissingProductNamesWhomToAsk() {
    try (VirtualWorld world = world(Topology.federated())) {
      assertThatThrownBy(
              () ->
                  world
                      .as("finance", "analyst")
                      .linkResource("commerce/wages")
                      .database("x")
                      .commit())
          .isInstanceOf(NotFoundException.class)
          .hasMessageContainingAll(
              "no product commerce/wages",
              "If you act for domain 'commerce'",
              "ask commerce@example.org");
    }
  }

  /** Adds a second major version of the sales directly in the registry, and makes it current. */
  private static void openSecondMajor(List<Registry> registries, ManualClock clock) {
    ProductName name = ProductName.of(SALES);
    List<Registry> home =
        registries.stream()
            .filter(registry -> registry.read(RegistryKeys.product(name)).isPresent())
            .toList();
    copy(home, clock, new Key(SALES, "contract/1.0.0"), new Key(SALES, "contract/2.0.0"));
    copy(home, clock, new Key(SALES, "table/sales_v1"), new Key(SALES, "table/sales_v2"));
    copy(home, clock, RegistryKeys.major(name, 1), RegistryKeys.major(name, 2));
    copy(home, clock, RegistryKeys.product(name), RegistryKeys.product(name));
  }

  /** Of the registries of all roles, uses the first one that may write it. */
  private static void copy(List<Registry> home, ManualClock clock, Key from, Key to) {
    Document before = home.get(0).read(from).orElseThrow();
    String json =
        before
            .json()
            .replace("1.0.0", "2.0.0")
            .replace("\"major\":1", "\"major\":2")
            .replace("\"currentMajor\":1", "\"currentMajor\":2");
    Transaction.Builder change = Transaction.attempt(IdGenerator.secure(clock).next());
    Transaction copying =
        (from.equals(to) ? change.replace(to, json, before.version()) : change.insert(to, json))
            .build();
    assertThat(home).anyMatch(registry -> commits(registry, copying));
  }

  private static boolean commits(Registry registry, Transaction change) {
    try {
      return Registry.Outcome.COMMITTED.equals(registry.commit(change));
    } catch (BackendException e) {
      if (e.errorCode() == ErrorCode.PERMISSION_MISSING) {
        return false;
      }
      throw e;
    }
  }
}
