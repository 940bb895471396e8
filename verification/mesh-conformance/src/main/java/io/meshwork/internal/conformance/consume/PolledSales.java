package io.meshwork.internal.conformance.consume;

import static io.meshwork.contract.Partition.by;
import static io.meshwork.contract.Partition.truncate;
import static io.meshwork.contract.Rule.atLeast;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.MeshClient;
import io.meshwork.access.GrantOperation;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Partition;
import io.meshwork.internal.conformance.TestSample;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.ModelOfSales;
import io.meshwork.internal.conformance.fixture.ModelOfSales.Filter;
import io.meshwork.internal.conformance.fixture.SalesFixture;
import io.meshwork.internal.conformance.fixture.SalesFixture.Sale;
import io.meshwork.product.Principal;
import io.meshwork.publish.Publish;
import io.meshwork.publish.PublishReceipt;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.avro.generic.GenericRecord;

/**
 * Random publishes in all modes, rollbacks, and compactions, while consumers maintain copies by
 * polling, each in several processes. Processes are redeployed, and the row rights of one reader
 * change. At the end, every copy holds exactly the rows that its reader may see.
 */
final class PolledSales {
  private static final int STEPS = TestSample.SAMPLED ? 15 : 40;

  /** The partition of a row, as a batch reports it. */
  record Layout(List<Partition> partitions, Function<Sale, Map<String, Object>> toRow) {
    static final Layout NONE = new Layout(List.of(), sale -> Map.of());
    static final Layout SHOPS =
        new Layout(List.of(by("shop")), sale -> Map.of("shop", sale.shop()));
    static final Layout WIDTHS =
        new Layout(
            List.of(truncate("id", 25)),
            sale -> Map.of("id_trunc", Math.floorDiv(sale.id(), 25L) * 25L));
  }

  private static final Principal JUNIOR = Principal.of("finance", "junior");

  /** The successive row rights of a reader. */
  private static final List<Filter> RIGHTS =
      List.of(
          Filter.ALL,
          new Filter("shop <> 'c'", sale -> !sale.shop().equals("c")),
          new Filter("shop = 'a' or id < 30", sale -> sale.shop().equals("a") || sale.id() < 30),
          new Filter(
              "items is null or id >= 20", sale -> sale.items().isEmpty() || sale.id() >= 20));

  private final MeshFixture suite;
  private final long seed;
  private final Layout layout;
  private final Runnable compaction;
  private final Random random;
  private final ModelOfSales model;
  private final Map<String, Filter> filters = new HashMap<>();
  private final List<CopyOfSales> copies = new ArrayList<>();
  private Filter rights = RIGHTS.get(1);
  private String rightsGrant = "";

  PolledSales(MeshFixture suite, long seed, Layout layout, Runnable compaction) {
    this.suite = suite;
    this.seed = seed;
    this.layout = layout;
    this.compaction = compaction;
    this.random = new Random(seed);
    this.model = new ModelOfSales(random, layout.toRow()::apply);
  }

  static Layout layout(long seed) {
    return List.of(Layout.NONE, Layout.SHOPS, Layout.WIDTHS).get((int) Math.floorMod(seed, 3L));
  }

  void run() {
    MeshClient shop = suite.registerShop();
    suite.registerFinance();
    shop.defineProduct(SalesFixture.SALES)
        .contract(
            Contract.of(Sale.class)
                .require(atLeast("items", 0).id("items"))
                .onViolation(OnViolation.QUARANTINE)
                .maxQuarantineShare(60))
        .partitionBy(layout.partitions().toArray(Partition[]::new))
        .commit();
    grant(Principal.of("finance", "etl"), Filter.ALL);
    rightsGrant = grant(JUNIOR, rights);
    Filter some = new Filter("shop <> 'c'", sale -> !sale.shop().equals("c"));
    MeshClient finance = suite.as("finance");
    copies.add(copy(finance, "all", Filter.ALL, () -> Filter.ALL, false));
    copies.add(copy(finance, "some", some, () -> Filter.ALL, false));
    copies.add(copy(finance, "deployed", some, () -> Filter.ALL, true));
    MeshClient junior = suite.mesh.clientAs(JUNIOR);
    copies.add(copy(junior, "granted", Filter.ALL, () -> rights, false));
    copies.add(copy(junior, "both", Filter.EVERY_ID, () -> rights, true));
    for (int step = 0; step < STEPS; step++) {
      String at = "seed " + seed + ", step " + step;
      for (CopyOfSales copy : copies) {
        copy.mayAct(at);
      }
      if (random.nextInt(8) == 0) {
        changeRights();
      }
      if (random.nextInt(4) == 0) {
        compaction.run();
      } else {
        int kinds = layout.partitions().isEmpty() ? 7 : 8;
        publish(random.nextInt(kinds));
      }
    }
    for (CopyOfSales copy : copies) {
      copy.catchUp("seed " + seed + ", at the end");
    }
    suite.assertWhole();
  }

  private CopyOfSales copy(
      MeshClient client, String name, Filter where, Supplier<Filter> seen, boolean deploys) {
    return new CopyOfSales(
        client, name, layout.toRow(), filters, model, where, seen, deploys, random);
  }

  /** Grants the new rights before it revokes the old ones. */
  private void changeRights() {
    Filter next = RIGHTS.get(random.nextInt(RIGHTS.size()));
    if (next.equals(rights)) {
      return;
    }
    String before = rightsGrant;
    rightsGrant = grant(JUNIOR, next);
    suite.shop().revoke(before).because("test").commit();
    rights = next;
  }

  private String grant(Principal to, Filter where) {
    GrantOperation.ByName grant = suite.shop().grant(SalesFixture.SALES).to(to).because("test");
    return (where.equals(Filter.ALL) ? grant : grant.rows(where.text())).commit().get(0).id();
  }

  /** Mostly appends, because a replace of all rows hides earlier errors. */
  private void publish(int kind) {
    Publish<GenericRecord> publish = suite.shop().publish(SalesFixture.SALES).allowEmpty();
    Filter filter = model.filter();
    PublishReceipt receipt;
    switch (kind) {
      case 4 -> {
        List<Sale> offered = model.offered(filter.matches());
        receipt = publish.records(offered).replaceWhere(filter.text()).commit();
        model.replace(filter.matches(), offered);
      }
      case 5 -> {
        receipt =
            suite.shop().erase(SalesFixture.SALES).where(filter.text()).because("test").commit();
        model.replace(filter.matches(), List.of());
        copies.forEach(copy -> copy.erased(filter.matches()));
      }
      case 6 -> {
        if (random.nextInt(3) == 0 && !model.snapshots().isEmpty()) {
          String target = model.snapshots().get(random.nextInt(model.snapshots().size()));
          receipt =
              suite
                  .shop()
                  .rollBack(SalesFixture.SALES)
                  .to(target)
                  .because("test")
                  .restoreErased()
                  .commit();
          model.rollBackTo(target, true);
        } else {
          boolean all = random.nextInt(3) == 0;
          List<Sale> offered = model.offered(sale -> true);
          Publish<?> to = publish.records(offered);
          receipt = (all ? to.replaceAll() : to).commit();
          model.replace(sale -> all, offered);
        }
      }
      case 7 -> {
        List<Sale> offered = model.offered(sale -> true);
        receipt = publish.records(offered).replacePartitions().commit();
        model.replace(model.partitionsOf(offered), offered);
      }
      default -> {
        List<Sale> offered = model.offered(sale -> true);
        receipt = publish.records(offered).commit();
        model.replace(sale -> false, offered);
      }
    }
    receipt.snapshotId().ifPresent(model::remember);
    receipt.snapshotId().ifPresent(id -> filters.put(id, filter));
  }

  static void assertSameRows(String at, List<Sale> actual, List<Sale> expected) {
    assertThat(actual).as(at).containsExactlyInAnyOrderElementsOf(expected);
  }
}
