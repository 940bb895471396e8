package io.meshwork.internal.conformance.growth;

import static io.meshwork.internal.testkit.SampleMesh.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.card.Health;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.testkit.SampleMesh;
import io.meshwork.testkit.Faults;
import io.meshwork.testkit.Faults.Port;
import io.meshwork.testkit.InMemoryMesh;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * How many documents the daily operations read from the registry. On DynamoDB each is a request, so
 * a higher number here is a cost that the change that causes it must be worth.
 */
class RegistryReadsTest {
  private final Faults faults = Faults.seeded(1);
  private final AtomicInteger reads = new AtomicInteger();

  @SuppressWarnings("NullAway.Init") // JUnit fills the mesh before each test
  private SampleMesh mesh;

  @BeforeEach
  void fillAMesh() {
    mesh = SampleMesh.open(InMemoryMesh.builder(faults));
    mesh.commerce().defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
    mesh.commerce().grant(ORDERS).to(SampleMesh.ANALYST).because("Revenue").commit();
    publish(0);
    publish(1);
  }

  @AfterEach
  void closeTheMesh() {
    mesh.close();
  }

  private void publish(long id) {
    mesh.commerce().publish(ORDERS).records(Order.range(id, id + 1)).commit();
  }

  private void poll(Subscription<Order> revenue) {
    try (Batch<Order> batch = revenue.poll()) {
      batch.forEach(order -> {});
      batch.ack();
    }
  }

  private int readsOf(Runnable operation) {
    reads.set(0);
    faults.on(Port.REGISTRY_READ).meanwhile(reads::incrementAndGet);
    operation.run();
    faults.clear();
    return reads.get();
  }

  @Test
  void aPublish() {
    assertThat(readsOf(() -> publish(2))).isEqualTo(23);
  }

  @Test
  void aPollWithRows() {
    Subscription<Order> revenue =
        mesh.finance()
            .subscribe(ORDERS)
            .name("revenue")
            .purpose("Revenue")
            .as(Order.class)
            .commit();
    poll(revenue);
    publish(2);

    assertThat(readsOf(() -> poll(revenue))).isEqualTo(26);
  }

  @Test
  void aPollWithoutRows() {
    Subscription<Order> revenue =
        mesh.finance()
            .subscribe(ORDERS)
            .name("revenue")
            .purpose("Revenue")
            .as(Order.class)
            .commit();
    poll(revenue);

    assertThat(readsOf(() -> poll(revenue))).isEqualTo(20);
  }

  @Test
  void theHealthOfAProductWithSubscriptionsOfOneContact() {
    Runnable health =
        () -> assertThat(mesh.commerce().health(ORDERS).notified()).contains("finance@example.org");
    mesh.finance().subscribe(ORDERS).name("first").purpose("Revenue").as(Order.class).commit();
    int ofOne = readsOf(health);
    mesh.finance().subscribe(ORDERS).name("second").purpose("Revenue").as(Order.class).commit();
    mesh.finance().subscribe(ORDERS).name("third").purpose("Revenue").as(Order.class).commit();

    assertThat(readsOf(health)).isEqualTo(ofOne);
  }

  @Test
  void aHealthThatIsPrinted() {
    Health health = mesh.commerce().health(ORDERS);

    assertThat(readsOf(() -> assertThat(health.toString()).contains(ORDERS))).isZero();
  }

  @Test
  void aRead() {
    Runnable read =
        () -> {
          try (Rows<Order> rows = mesh.finance().read(ORDERS).as(Order.class).rows()) {
            assertThat(rows.stream()).hasSize(2);
          }
        };
    read.run();

    assertThat(readsOf(read)).isEqualTo(12);
  }
}
