package io.meshwork.conformance;

import static io.meshwork.contract.Partition.by;
import static io.meshwork.contract.Rule.atLeast;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscribe;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.publish.PublishReceipt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Sales that are partitioned by shop, and a consumer that maintains a copy. */
abstract class SalesFixture extends MeshFixture {
  static final String SALES = "commerce/sales";

  record Sale(long id, String shop, Optional<Integer> items) {
    static Sale of(long id, String shop) {
      return new Sale(id, shop, id % 5 == 0 ? Optional.empty() : Optional.of((int) id % 10));
    }

    static List<Sale> range(long from, long to, String shop) {
      return Stream.iterate(from, id -> id < to, id -> id + 1).map(id -> of(id, shop)).toList();
    }
  }

  /** Defines sales that are partitioned by shop. Rows with negative items are quarantined. */
  final MeshClient defineSales() {
    MeshClient shop = registerShop();
    shop.defineProduct(SALES)
        .contract(
            Contract.of(Sale.class)
                .require(atLeast("items", 0).id("items"))
                .onViolation(OnViolation.QUARANTINE)
                .maxQuarantineShare(60))
        .partitionedBy(by("shop"))
        .openToMesh()
        .commit();
    return shop;
  }

  final List<Sale> sales() {
    return all(shop().read(SALES).as(Sale.class));
  }

  record NamedShop(String shop) {}

  final Subscribe<Sale> subscribe() {
    return as("finance")
        .subscribe(SALES)
        .named("copy")
        .purpose("A copy of the sales")
        .as(Sale.class);
  }

  final Subscription<Sale> subscription() {
    defineSales();
    registerFinance();
    return subscribe().commit();
  }

  final PublishReceipt publish(long from, long to, String at) {
    return shop().publish(SALES).records(Sale.range(from, to, at)).commit();
  }

  static List<Sale> rows(Batch<Sale> batch) {
    List<Sale> rows = new ArrayList<>();
    batch.forEach(rows::add);
    return rows;
  }

  /** Polls, acknowledges, and returns the rows. */
  static List<Sale> take(Subscription<Sale> subscription) {
    try (Batch<Sale> batch = subscription.poll()) {
      List<Sale> rows = rows(batch);
      batch.ack();
      return rows;
    }
  }

  static void assertNoNews(Subscription<?> subscription) {
    try (Batch<?> batch = subscription.poll()) {
      assertThat(batch.isEmpty()).isTrue();
      assertThat(batch).isEmpty();
    }
  }
}
