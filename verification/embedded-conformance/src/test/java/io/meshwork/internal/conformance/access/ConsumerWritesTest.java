package io.meshwork.internal.conformance.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.card.Health.Availability;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.contract.ServiceLevel;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.RolloutFixture;
import io.meshwork.internal.testkit.ForwardingRegistry;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Outcome;
import io.meshwork.registry.Registry.Transaction;
import io.meshwork.registry.Registry.Transaction.Action;
import io.meshwork.registry.Registry.Transaction.Kind;
import io.meshwork.testkit.InMemoryMesh;
import io.meshwork.testkit.ManualClock;
import io.meshwork.topology.Topology;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The partitions that a consumer writes, of which a store may permit no others to its role. */
class ConsumerWritesTest {
  private static final String ORDERS = "commerce/orders";

  private final ManualClock clock = ManualClock.at(Instant.parse("2026-11-20T08:00:00Z"));
  private final Set<String> written = new ConcurrentSkipListSet<>();

  @SuppressWarnings("NullAway.Init") // each test opens the mesh
  private Mesh mesh;

  /** A registry that records the partitions of the documents that are written. */
  private final class RecordedWrites extends ForwardingRegistry {
    RecordedWrites(Registry real) {
      super(real);
    }

    @Override
    public Outcome commit(Transaction transaction) {
      transaction.actions().stream()
          .filter(action -> action.kind() != Kind.CHECK)
          .map(Action::key)
          .forEach(key -> written.add(key.partition()));
      return super.commit(transaction);
    }
  }

  private void open(Topology topology, Mesh.Builder builder) {
    mesh =
        builder
            .topology(topology)
            .clock(clock)
            .testing()
            .sleeper(clock::advance)
            .testing()
            .wrapRegistry(RecordedWrites::new)
            .open();
    shop().registerDomain("commerce").owner("shop@example.org").commit();
    shop()
        .defineProduct(ORDERS)
        .contract(Contract.of(Order.class).noticePeriod(Period.ofDays(30)))
        .openToMesh()
        .commit();
    shop().publish(ORDERS).records(Order.range(0, 3)).commit();
    analyst().registerDomain("finance").owner("finance@example.org").commit();
    shop().defineProduct("commerce/returns").contract(Contract.of(Order.class)).commit();
    shop()
        .grant("commerce/returns")
        .toAccounts("finance")
        .withGrantOption()
        .because("Month end")
        .commit();
    written.clear();
  }

  @AfterEach
  void closeTheMesh() {
    mesh.close();
  }

  private MeshClient shop() {
    return mesh.clientAs(Principal.of("commerce", "etl"));
  }

  private MeshClient analyst() {
    return mesh.clientAs(Principal.of("finance", "analyst"));
  }

  /** Does everything that a consumer does. */
  private void consume() {
    analyst().linkResource(ORDERS).database("sales").commit();
    Subscription<Order> subscription =
        analyst().subscribe(ORDERS).name("all").purpose("Books").as(Order.class).commit();
    try (Batch<Order> batch = subscription.poll()) {
      batch.ack();
    }
    subscription.seekToStart().commit();
    try (var rows = analyst().read("sales.orders").as(Order.class).rows()) {
      assertThat(rows.stream().count()).isEqualTo(3);
    }
    String request =
        analyst().requests().requestAccess("commerce/returns").purpose("Audit").commit().id();
    analyst().requests().withdraw(request).commit();
    String wish = analyst().suggestions().suggest(ORDERS).text("Add the currency").commit().id();
    analyst().suggestions().withdraw(wish).commit();
    analyst().unlinkResource("sales.orders").commit();
    analyst().unsubscribe(ORDERS, "all").commit();
  }

  @ParameterizedTest
  @CsvSource({"CENTRAL, finance/@mesh", "FEDERATED, finance/@commerce finance/@finance"})
  void aConsumerNeverWritesItsDomainsOwnPartition(Topology.Shape shape, String partitions) {
    open(
        shape == Topology.Shape.CENTRAL ? Topology.central() : Topology.federated(),
        InMemoryMesh.builder().partitionConsumers());
    analyst().linkResource(ORDERS).database("sales").commit();
    // The first write of a guest admits it, which governance does on a store with permissions.
    analyst().subscribe(ORDERS).name("first").purpose("Books").asMaps().commit();
    written.clear();

    consume();

    Set<String> expected = new ConcurrentSkipListSet<>(Set.of(partitions.split(" ")));
    expected.add("finance/@reads");
    assertThat(written).isEqualTo(expected);
    assertThat(mesh.doctor().findings()).isEmpty();
  }

  @Test
  void anEmbeddedMeshWritesTheDomainsPartitionAsBefore() {
    open(Topology.central(), InMemoryMesh.builder());

    consume();

    assertThat(written).containsExactly("finance", "finance/@reads");
  }

  @ParameterizedTest
  @EnumSource(names = {"CENTRAL", "FEDERATED"})
  void minutesInWhichATableWasOpenedAreWrittenBesideTheCountsOfReads(Topology.Shape shape) {
    open(
        shape == Topology.Shape.CENTRAL ? Topology.central() : Topology.federated(),
        InMemoryMesh.builder().partitionConsumers());
    shop()
        .amendContract(ORDERS)
        .change(now -> now.serviceLevel(ServiceLevel.NONE.availability(99)))
        .commit();
    analyst().linkResource(ORDERS).database("sales").commit();
    analyst().read(ORDERS).rows().close();
    clock.advance(Duration.ofHours(1));
    written.clear();

    analyst().read(ORDERS).rows().close();

    assertThat(written).containsExactly("finance/@reads");
    assertThat(shop().health(ORDERS).availability())
        .extracting(Availability::opened)
        .containsExactly(2);
    assertThat(analyst().health(ORDERS).isForOwner()).isFalse();
  }

  @Test
  void anAnswerInARolloutIsWrittenBesideTheDomain() {
    open(Topology.central(), InMemoryMesh.builder().partitionConsumers());
    Subscription<Order> subscription =
        analyst().subscribe(ORDERS).name("all").purpose("Books").as(Order.class).commit();
    subscription.poll().close();
    shop()
        .startRollout(ORDERS)
        .contract(RolloutFixture.NEXT)
        .renameColumn("customer", "buyer")
        .because("Amounts are in cents")
        .withoutHistory()
        .commit()
        .announce()
        .commit();
    written.clear();

    analyst().rollout(ORDERS).track("finance/all").agree().commit();

    assertThat(written).containsExactly("finance/@mesh");
    assertThat(analyst().events("finance/@mesh").list())
        .extracting(MeshEvent::type)
        .contains(MeshEvent.Type.ROLLOUT_ANSWERED);
    assertThat(shop().rollout(ORDERS).track("finance/all").dateAccepted()).isTrue();
  }

  @Test
  void whatAConsumerPassesOnIsWrittenBesideTheDomainAndApplies() {
    open(Topology.central(), InMemoryMesh.builder().partitionConsumers());
    Principal colleague = Principal.of("finance", "colleague");

    String id =
        analyst().grant("commerce/returns").to(colleague).because("Month end").commit().get(0).id();

    assertThat(written).containsExactly("finance/@mesh");
    assertThat(analyst().access().grants()).extracting(GrantSummary::id).contains(id);
    assertThat(mesh.clientAs(colleague).access().explain(colleague, "commerce/returns").columns())
        .isNotEmpty();
    analyst().revoke(id).because("Done").commit();
    assertThat(mesh.clientAs(colleague).access().explain(colleague, "commerce/returns").columns())
        .isEmpty();
  }

  @Test
  void maintenanceRemovesWhatAConsumerLeft() {
    open(Topology.central(), InMemoryMesh.builder().partitionConsumers());
    consume();
    clock.advance(Duration.ofDays(90));

    mesh.maintain().commit();

    assertThat(mesh.doctor().findings()).isEmpty();
    assertThat(written).contains("finance/@mesh");
    assertThat(mesh.maintain().plan().isEmpty()).isTrue();
  }
}
