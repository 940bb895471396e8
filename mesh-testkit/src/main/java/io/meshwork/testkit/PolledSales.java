package io.meshwork.testkit;

import static io.meshwork.contract.Partition.by;
import static io.meshwork.contract.Partition.truncate;
import static io.meshwork.contract.Rule.atLeast;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Partition;
import io.meshwork.publish.Publish;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.testkit.MeshModes.Sale;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Random publishes in all modes, rollbacks and compactions, and consumers that keep a copy by what
 * they poll, each in several processes: in the end every copy holds exactly the rows of the table.
 */
final class PolledSales {
  private static final int STEPS = 40;

  /** Which partition of a table a row lies in, as a batch tells of it. */
  record Layout(List<Partition> partitions, Function<Sale, Map<String, Object>> of) {
    static final Layout NONE = new Layout(List.of(), sale -> Map.of());
    static final Layout SHOPS =
        new Layout(List.of(by("shop")), sale -> Map.of("shop", sale.shop()));
    static final Layout WIDTHS =
        new Layout(
            List.of(truncate("id", 25)),
            sale -> Map.of("id_trunc", Math.floorDiv(sale.id(), 25L) * 25L));
  }

  private final MeshSuite suite;
  private final long seed;
  private final Layout layout;
  private final Runnable compaction;
  private final Random random;
  private final ModelOfSales model;
  private final Map<String, ModelOfSales.Filter> filters = new HashMap<>();
  private final List<CopyOfSales> copies = new ArrayList<>();

  PolledSales(MeshSuite suite, long seed, Layout layout, Runnable compaction) {
    this.suite = suite;
    this.seed = seed;
    this.layout = layout;
    this.compaction = compaction;
    this.random = new Random(seed);
    this.model = new ModelOfSales(random, layout.of()::apply);
  }

  /** The layout of a seed. */
  static Layout layout(long seed) {
    return List.of(Layout.NONE, Layout.SHOPS, Layout.WIDTHS).get((int) Math.floorMod(seed, 3L));
  }

  void run() {
    MeshClient shop = suite.registerShop();
    suite.registerFinance();
    shop.defineProduct(MeshModes.SALES)
        .contract(
            Contract.of(Sale.class)
                .require(atLeast("items", 0).id("items"))
                .onViolation(OnViolation.QUARANTINE)
                .maxQuarantineShare(60))
        .partitionedBy(layout.partitions().toArray(Partition[]::new))
        .openToMesh()
        .commit();
    copies.add(copy("all", null));
    copies.add(
        copy("some", new ModelOfSales.Filter("shop <> 'c'", sale -> !sale.shop().equals("c"))));
    for (int step = 0; step < STEPS; step++) {
      String at = "seed " + seed + ", step " + step;
      for (CopyOfSales copy : copies) {
        copy.mayAct(at);
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

  private CopyOfSales copy(String name, ModelOfSales.@Nullable Filter where) {
    return new CopyOfSales(suite.as("finance"), name, layout.of(), filters, model, where, random);
  }

  /** Most are appends, since what replaces all hides what came before. */
  private void publish(int kind) {
    Publish<GenericRecord> publish = suite.shop().publish(MeshModes.SALES).allowingEmpty();
    ModelOfSales.Filter filter = model.filter();
    PublishReceipt receipt;
    switch (kind) {
      case 4 -> {
        List<Sale> offered = model.offered(filter.matches());
        receipt = publish.records(offered).replacingWhere(filter.text()).commit();
        model.replace(filter.matches(), offered);
      }
      case 5 -> {
        receipt = publish.erasingWhere(filter.text(), "test").commit();
        model.replace(filter.matches(), List.of());
        copies.forEach(copy -> copy.erased(filter.matches()));
      }
      case 6 -> {
        if (random.nextInt(3) == 0 && !model.snapshots().isEmpty()) {
          String target = model.snapshots().get(random.nextInt(model.snapshots().size()));
          receipt =
              suite
                  .shop()
                  .rollBack(MeshModes.SALES)
                  .to(target)
                  .because("test")
                  .restoringErased()
                  .commit();
          model.rollBackTo(target, true);
        } else {
          boolean all = random.nextInt(3) == 0;
          List<Sale> offered = model.offered(sale -> true);
          Publish<?> to = publish.records(offered);
          receipt = (all ? to.replacingAll() : to).commit();
          model.replace(sale -> all, offered);
        }
      }
      case 7 -> {
        List<Sale> offered = model.offered(sale -> true);
        receipt = publish.records(offered).replacingPartitions().commit();
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
