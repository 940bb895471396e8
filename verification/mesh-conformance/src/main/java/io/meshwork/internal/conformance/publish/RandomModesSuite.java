package io.meshwork.internal.conformance.publish;

import static io.meshwork.contract.Partition.bucket;
import static io.meshwork.contract.Partition.by;
import static io.meshwork.contract.Partition.truncate;
import static io.meshwork.contract.Rule.atLeast;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Partition;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.conformance.fixture.ModelOfSales;
import io.meshwork.internal.conformance.fixture.SalesFixture;
import io.meshwork.publish.Publish;
import io.meshwork.publish.PublishHistory.RowChange;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.publish.RollBack;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

/** Random sequences of publishes in all modes have the same effect on a table and on a model. */
public abstract class RandomModesSuite extends SalesFixture {
  private static final int STEPS = 30;
  private static final Comparator<Sale> ORDER =
      Comparator.comparingLong(Sale::id)
          .thenComparing(Sale::shop)
          .thenComparing(sale -> sale.items().orElse(-1));

  /**
   * Runs a sequence. The function returns the partition of a row; it is null for an unpartitioned
   * table.
   */
  private void run(long seed, int format, List<Partition> layout, Function<Sale, Object> lies) {
    MeshClient shop = registerShop();
    shop.defineProduct(SALES)
        .contract(
            Contract.of(Sale.class)
                .require(atLeast("items", 0).id("items"))
                .onViolation(OnViolation.QUARANTINE)
                .maxQuarantineShare(60))
        .partitionBy(layout.toArray(Partition[]::new))
        .tableFormat(format)
        .commit();
    Random random = new Random(seed);
    ModelOfSales model = new ModelOfSales(random, lies);
    List<Integer> sizes = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      String at = "seed " + seed + ", step " + step;
      PublishReceipt receipt = step(random.nextInt(layout.isEmpty() ? 5 : 6), random, model, at);
      receipt.snapshotId().ifPresent(model::remember);
      receipt.snapshotId().ifPresent(id -> sizes.add(model.rows().size()));
      assertThat(sales().stream().sorted(ORDER).toList())
          .as(at)
          .isEqualTo(model.rows().stream().sorted(ORDER).toList());
    }
    assertThat(all(shop.quarantine(SALES).asMaps()))
        .as("seed %s", seed)
        .extracting(row -> idOf(String.valueOf(row.get("row"))))
        .containsExactlyInAnyOrderElementsOf(
            model.quarantined().stream().map(sale -> sale.id()).toList());
    List<RowChange> history = new ArrayList<>(shop.publishHistory(SALES).changes());
    java.util.Collections.reverse(history);
    assertThat(history)
        .as("seed %s", seed)
        .extracting(RowChange::snapshotId)
        .containsExactlyElementsOf(model.snapshots());
    assertThat(history)
        .as("seed %s", seed)
        .extracting(entry -> (int) entry.rowsTotal())
        .containsExactlyElementsOf(sizes);
    assertWhole();
  }

  private static long idOf(String json) {
    return Long.parseLong(json.replaceAll("^\\{\"id\":([0-9]+),.*", "$1"));
  }

  private PublishReceipt step(int kind, Random random, ModelOfSales model, String at) {
    ModelOfSales.Filter filter = model.filter();
    Publish<GenericRecord> publish = shop().publish(SALES).allowEmpty();
    List<Sale> offered;
    PublishReceipt receipt;
    int removed;
    switch (kind) {
      case 0 -> {
        offered = model.offered(sale -> true);
        receipt = publish.records(offered).commit();
        removed = model.replace(sale -> false, offered);
      }
      case 1 -> {
        offered = model.offered(filter.matches());
        receipt = publish.records(offered).replaceWhere(filter.text()).commit();
        removed = model.replace(filter.matches(), offered);
      }
      case 2 -> {
        receipt = shop().erase(SALES).where(filter.text()).because("test").commit();
        removed = model.replace(filter.matches(), List.of());
        receipt.snapshotId().ifPresent(id -> model.erased(filter.matches()));
      }
      case 3 -> {
        if (model.snapshots().isEmpty()) {
          return step(0, random, model, at);
        }
        String target = model.snapshots().get(random.nextInt(model.snapshots().size()));
        boolean restores = model.restoresErased(target);
        if (restores) {
          assertRefused(
              ErrorCode.INVALID_ARGUMENT,
              () -> shop().rollBack(SALES).to(target).because(at).commit(),
              "restoreErased()");
        }
        RollBack back = shop().rollBack(SALES).to(target).because(at);
        receipt = (restores ? back.restoreErased() : back).commit();
        int before = model.rows().size();
        model.rollBackTo(target, receipt.snapshotId().isPresent());
        assertThat(receipt.rowsRestored() - receipt.rowsRemoved())
            .as(at)
            .isEqualTo(model.rows().size() - before);
        return receipt;
      }
      case 4 -> {
        boolean all = random.nextInt(4) == 0;
        offered = model.offered(sale -> true);
        Publish<?> to = publish.records(offered);
        receipt = (all ? to.replaceAll() : to).commit();
        removed = model.replace(sale -> all, offered);
      }
      default -> {
        offered = model.offered(sale -> true);
        receipt = publish.records(offered).replacePartitions().commit();
        removed = model.replace(model.partitionsOf(offered), offered);
      }
    }
    assertThat(receipt.rowsRemoved()).as(at).isEqualTo(removed);
    return receipt;
  }

  @Test
  void modesOfAnUnpartitionedTableMatchTheModel() {
    run(7, 2, List.of(), sale -> 0);
  }

  @Test
  void modesOfATablePartitionedByValueMatchTheModel() {
    run(11, 2, List.of(by("shop")), Sale::shop);
  }

  @Test
  void modesOfATablePartitionedByBucketsMatchTheModel() {
    run(
        13,
        3,
        List.of(truncate("id", 25), bucket("shop", 1)),
        sale -> Math.floorDiv(sale.id(), 25));
  }

  @Test
  void modesOfATablePartitionedByANullableColumnMatchTheModel() {
    run(17, 2, List.of(by("items")), Sale::items);
  }
}
