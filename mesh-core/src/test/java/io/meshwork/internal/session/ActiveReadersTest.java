package io.meshwork.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.HoldEntry;
import io.meshwork.internal.change.ChangeOperations;
import io.meshwork.internal.consume.ConsumerOperations;
import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.internal.ledger.TestMesh;
import io.meshwork.internal.ledger.TestMesh.Order;
import io.meshwork.internal.publish.ProductPublish;
import io.meshwork.internal.table.DataPlaces;
import io.meshwork.internal.table.MeshTables;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ActiveReadersTest {
  private static final ProductName ORDERS = ProductName.of("commerce/orders");

  @TempDir private Path folder;
  private final TestMesh mesh = new TestMesh();

  @BeforeEach
  void publish() {
    for (String domain : List.of("commerce", "finance", "growth-team")) {
      ChangeOperations.registerDomain(as(domain), domain).owner(domain + "@example.org").commit();
    }
    ChangeOperations.defineProduct(as("commerce"), ORDERS)
        .contract(Contract.of(Order.class))
        .openToMesh()
        .commit();
    publish(1);
  }

  private void publish(long id) {
    ProductPublish.to(as("commerce"), ORDERS).records(List.of(new Order(id))).commit();
  }

  private ClientSession as(String account) {
    LocalFileIO files = new LocalFileIO();
    return new ClientSession(
        Principal.of(account, "etl"),
        mesh.ledger,
        new Catalog(mesh.ledger),
        new MeshTables(
            mesh.ledger, files, new DataPlaces(new Catalog(mesh.ledger), folder.toString())),
        files,
        UnaryOperator.identity(),
        mesh.runtime,
        Optional::empty);
  }

  private Subscription<GenericRecord> subscribed(String account, String name) {
    return ConsumerOperations.subscribe(as(account), ORDERS).name(name).purpose("test").commit();
  }

  private static void pollOnce(Subscription<GenericRecord> subscription) {
    try (Batch<GenericRecord> batch = subscription.poll()) {
      batch.ack();
    }
  }

  private ActiveReaders readers() {
    return ActiveReaders.of(as("commerce"), ORDERS, 1);
  }

  @Test
  void theOldestPositionOfAllDomainsIsFound() {
    assertThat(readers().oldestPosition(mesh.now())).isEmpty();
    pollOnce(subscribed("finance", "revenue"));
    publish(2);
    pollOnce(subscribed("growth-team", "audience"));
    pollOnce(subscribed("finance", "audit"));

    ActiveReaders readers = readers();
    assertThat(readers.positions())
        .extracting(position -> position.name() + " " + position.place().sequence())
        .containsExactly("audit 2", "revenue 1", "audience 2");
    assertThat(readers.oldestPosition(mesh.now()))
        .as("an acknowledged batch may still be read")
        .hasValue(0);
    assertThat(readers.oldestPosition(mesh.now().plus(Duration.ofHours(25)))).hasValue(1);
    assertThat(ActiveReaders.of(as("commerce"), ORDERS, 2).positions()).isEmpty();
  }

  @Test
  void aHoldCountsUntilItsEnd() {
    try (Rows<GenericRecord> rows = ConsumerOperations.read(as("finance"), ORDERS).rows()) {
      mesh.pass(Duration.ofHours(13));
      assertThat(rows.iterator().hasNext()).isTrue();

      ActiveReaders readers = readers();
      assertThat(readers.holds())
          .extracting(HoldEntry::until)
          .containsExactly(mesh.now().plus(ActiveReaders.GRACE));
      String id = rows.snapshot().orElseThrow().id();
      assertThat(readers.heldSnapshots(mesh.now())).containsExactly(id);
      assertThat(readers.heldSnapshots(mesh.now().plus(ActiveReaders.GRACE))).isEmpty();
    }
    assertThat(readers().holds()).isEmpty();
  }
}
