package io.meshwork.internal.conformance.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.access.GrantOperation;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscribe;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.error.ConflictException;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.SalesFixture;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * An issued batch stays the same when a deployment reads other columns or uses another filter.
 * Readers with rights to other rows receive a different batch.
 */
public abstract class DeploymentsSuite extends SalesFixture {
  private static final Principal JUNIOR = Principal.of("finance", "junior");
  private static final Principal SENIOR = Principal.of("finance", "senior");
  private static final String TOTALS = "finance/totals";

  private static Subscribe<Sale> subscribe(MeshClient client) {
    return client.subscribe(SALES).name("copy").purpose("A copy of the sales").as(Sale.class);
  }

  /** Defines sales that are not open to the mesh, and a product that is derived from them. */
  private void defineGranted() {
    MeshClient shop = registerShop();
    shop.defineProduct(SALES)
        .contract(Contract.of(Sale.class))
        .partitionBy(Partition.by("shop"))
        .commit();
    registerFinance().defineProduct(TOTALS).contract(Contract.of(Order.class)).commit();
  }

  private String grant(Principal to, String rows, String... columns) {
    GrantOperation.ByName grant = shop().grant(SALES).rows(rows).to(to).because("test");
    return (columns.length == 0 ? grant : grant.columns(columns)).commit().get(0).id();
  }

  private void revoke(String... grants) {
    shop().revoke(grants).because("test").commit();
  }

  /**
   * Publishes one row for each row of a batch, with the batch ID as key, and does not acknowledge
   * the batch.
   */
  private PublishReceipt receiptOf(Batch<?> batch) {
    long rows = 0;
    for (Object any : batch) {
      assertThat(any).isNotNull();
      rows++;
    }
    return as("finance")
        .publish(TOTALS)
        .records(Order.range(0, rows))
        .idempotencyKey(batch.id())
        .commit();
  }

  @Test
  void aDeploymentThatReadsAnotherColumnProcessesEachBatchOnce() {
    defineGranted();
    grant(SENIOR, "id >= 0");
    MeshClient senior = mesh.clientAs(SENIOR);
    publish(0, 3, "a");
    Subscribe<?> slim =
        senior.subscribe(SALES).name("copy").purpose("A copy").columns("id").asMaps();
    String id;
    try (Batch<?> batch = slim.commit().poll()) {
      id = batch.id();
      assertThat(receiptOf(batch).replayed()).isFalse();
    }
    publish(3, 5, "a");

    Subscription<Map<String, Object>> next =
        senior.subscribe(SALES).name("copy").columns("shop", "id").asMaps().commit();
    try (Batch<Map<String, Object>> batch = next.poll()) {
      assertThat(batch.id()).isEqualTo(id);
      assertThat(batch.columns()).containsExactly("shop", "id");
      assertThat(receiptOf(batch).replayed()).isTrue();
      batch.ack();
    }
    try (Batch<Sale> batch = subscribe(senior).commit().poll()) {
      assertThat(rows(batch)).isEqualTo(Sale.range(3, 5, "a"));
    }
  }

  @Test
  void anIssuedBatchKeepsItsFilterUntilItIsAcknowledged() {
    subscription();
    publish(0, 3, "a");
    publish(3, 5, "b");
    Subscription<Sale> before = subscribe().where("shop = 'a'").commit();
    String id;
    try (Batch<Sale> batch = before.poll()) {
      id = batch.id();
    }
    Subscription<Sale> after = subscribe().where("shop = 'b'").commit();
    publish(5, 6, "b");
    publish(6, 7, "a");

    try (Batch<Sale> late = before.poll();
        Batch<Sale> same = after.poll()) {
      assertThat(same.id()).isEqualTo(late.id()).isEqualTo(id);
      assertThat(rows(same)).isEqualTo(rows(late)).isEqualTo(Sale.range(0, 3, "a"));
      late.ack();
      same.ack();
    }
    assertThat(take(after)).isEqualTo(Sale.range(5, 6, "b"));
    assertNoNews(after);
    assertThat(mesh.doctor().findings()).isEmpty();
  }

  @Test
  void removalsByAnUnreadColumnAreReportedUntilAcknowledged() {
    Subscription<Sale> before = subscription();
    publish(0, 3, "a");
    take(before);
    shop().erase(SALES).where("shop = 'a' AND id < 2").because("test").commit();
    String id;
    try (Batch<Sale> batch = before.poll()) {
      assertThat(batch.kind()).isEqualTo(Batch.Kind.ERASED);
      id = batch.id();
    }

    Subscription<?> after = as("finance").subscribe(SALES).name("copy").columns("id").commit();
    try (Batch<?> batch = after.poll()) {
      assertThat(batch.id()).isEqualTo(id);
      assertThat(batch.predicate()).contains("shop = 'a' AND id < 2");
      batch.ack();
    }
  }

  @Test
  void rolesWithDifferentRowsNeverShareABatchId() {
    defineGranted();
    grant(JUNIOR, "shop = 'a'");
    grant(SENIOR, "id >= 0");
    Subscription<Sale> junior = subscribe(mesh.clientAs(JUNIOR)).commit();
    Subscription<Sale> senior = subscribe(mesh.clientAs(SENIOR)).commit();
    shop().publish(SALES).records(List.of(Sale.of(1, "a"), Sale.of(2, "b"))).commit();

    Batch<Sale> first = junior.poll();
    assertThat(receiptOf(first).rowsAccepted()).isEqualTo(1);
    try (Batch<Sale> batch = senior.poll()) {
      assertThat(batch.id()).isNotEqualTo(first.id());
      assertThat(batch.kind()).isEqualTo(Batch.Kind.RESET);
      assertThat(batch.because().orElseThrow()).contains("other rows");
      PublishReceipt receipt = receiptOf(batch);
      assertThat(receipt.replayed()).isFalse();
      assertThat(receipt.rowsAccepted()).isEqualTo(2);
      assertThatThrownBy(first::ack)
          .isInstanceOf(ConflictException.class)
          .hasMessageContainingAll("sees other rows", first.id(), batch.id());
      batch.ack();
    }
    first.close();
    assertThat(senior.poll().isEmpty()).isTrue();
    try (Batch<Sale> batch = junior.poll()) {
      assertThat(batch.kind()).isEqualTo(Batch.Kind.RESET);
      assertThat(rows(batch)).containsExactly(Sale.of(1, "a"));
      batch.ack();
    }
    assertNoNews(junior);
    assertThat(mesh.doctor().findings()).isEmpty();
  }

  @Test
  void changedRowRightsResetTheSubscription() {
    defineGranted();
    String first = grant(JUNIOR, "shop = 'a'");
    Subscription<Sale> junior = subscribe(mesh.clientAs(JUNIOR)).commit();
    publish(0, 3, "a");
    publish(3, 5, "b");
    assertThat(take(junior)).isEqualTo(Sale.range(0, 3, "a"));
    assertThat(take(junior)).isEmpty();
    assertNoNews(junior);
    grant(JUNIOR, "shop = 'b'");

    String wide;
    try (Batch<Sale> batch = junior.poll()) {
      wide = batch.id();
      assertThat(batch.kind()).isEqualTo(Batch.Kind.RESET);
      assertThat(rows(batch)).hasSize(5);
    }
    try (Batch<Sale> batch = junior.poll()) {
      assertThat(batch.id()).isEqualTo(wide);
      assertThat(rows(batch)).hasSize(5);
      batch.ack();
    }
    assertNoNews(junior);

    revoke(first);
    String narrow;
    try (Batch<Sale> batch = junior.poll()) {
      narrow = batch.id();
      assertThat(batch.kind()).isEqualTo(Batch.Kind.RESET);
      assertThat(rows(batch)).isEqualTo(Sale.range(3, 5, "b"));
      batch.ack();
    }
    grant(JUNIOR, "shop = 'a'");
    try (Batch<Sale> batch = junior.poll()) {
      assertThat(batch.kind()).isEqualTo(Batch.Kind.RESET);
      assertThat(batch.id()).as("not the earlier batch of the same rows").isNotEqualTo(wide);
      assertThat(batch.id()).isNotEqualTo(narrow);
      assertThat(rows(batch)).hasSize(5);
      batch.ack();
    }
    publish(5, 6, "a");
    assertThat(take(junior)).isEqualTo(Sale.range(5, 6, "a"));
    assertThat(mesh.doctor().findings()).isEmpty();
  }

  @Test
  void newlyHiddenCellsResetTheSubscription() {
    defineGranted();
    grant(JUNIOR, "id >= 0", "id", "shop");
    String cells = grant(JUNIOR, "shop = 'a'");
    Subscription<Sale> junior = subscribe(mesh.clientAs(JUNIOR)).commit();
    publish(1, 3, "a");
    assertThat(take(junior)).isEqualTo(Sale.range(1, 3, "a"));
    revoke(cells);
    grant(JUNIOR, "shop = 'b'");

    try (Batch<Sale> batch = junior.poll()) {
      assertThat(batch.kind()).isEqualTo(Batch.Kind.RESET);
      assertThat(rows(batch)).allMatch(sale -> sale.items().isEmpty());
    }
  }

  @Test
  void anotherGrantOfTheSameRowsChangesNothing() {
    defineGranted();
    String first = grant(JUNIOR, "shop = 'a'");
    Subscription<Sale> junior = subscribe(mesh.clientAs(JUNIOR)).commit();
    publish(0, 3, "a");
    assertThat(take(junior)).hasSize(3);

    grant(SENIOR, "shop = 'a'");
    revoke(first);
    grant(JUNIOR, "shop  =  'a'");

    assertNoNews(junior);
    assertNoNews(subscribe(mesh.clientAs(SENIOR)).commit());
  }

  @Test
  void aReissuedBatchSurvivesMaintenance() {
    defineGranted();
    grant(JUNIOR, "shop = 'a'");
    Subscription<Sale> junior = subscribe(mesh.clientAs(JUNIOR)).commit();
    publish(0, 3, "a");
    take(junior);
    grant(JUNIOR, "shop = 'b'");
    String id;
    try (Batch<Sale> batch = junior.poll()) {
      id = batch.id();
    }
    publish(3, 5, "b");
    shop().erase(SALES).where("id = 1").because("test").commit();
    clock.advance(Duration.ofDays(5));
    mesh.maintain().commit();

    try (Batch<Sale> batch = junior.poll()) {
      assertThat(batch.id()).isEqualTo(id);
      assertThat(rows(batch)).containsExactly(Sale.of(0, "a"), Sale.of(2, "a"));
      batch.ack();
    }
  }
}
