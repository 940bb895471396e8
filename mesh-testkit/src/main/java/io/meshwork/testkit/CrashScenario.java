package io.meshwork.testkit;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Partition;
import io.meshwork.contract.Rule;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.maintenance.Upkeep;
import io.meshwork.product.Principal;
import io.meshwork.publish.Publish;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What {@link CrashConformance} lets die. Each begins where two publishes left a product of sales
 * in two shops, unless it defines one itself.
 */
enum CrashScenario {
  APPEND(mesh -> publish(mesh).records(Sale.range(20, 26)).commit()),
  APPEND_WITH_ROWS_SET_ASIDE(mesh -> publish(mesh).records(Sale.withBadRow(20, 26)).commit()),
  REPLACE_ALL(mesh -> publish(mesh).records(Sale.range(20, 26)).replacingAll().commit()),
  REPLACE_PARTITIONS(
      mesh -> publish(mesh).records(Sale.inShop("a", 20, 23)).replacingPartitions().commit()),
  REPLACE_WHERE(
      mesh ->
          publish(mesh).records(Sale.range(4, 6)).replacingWhere("id >= 3 and id < 8").commit()),
  ERASE(mesh -> publish(mesh).erasingWhere("id = 3 or id = 8", "was asked to").commit()),
  ROLL_BACK(
      mesh ->
          shop(mesh)
              .rollBack(CrashScenario.SALES)
              .to(snapshotOf(mesh, "first"))
              .because("the second was wrong")
              .idempotencyKey("run")
              .commit()),
  SUBSCRIBE(
      mesh ->
          finance(mesh)
              .subscribe(CrashScenario.SALES)
              .named("revenue")
              .forPurpose("Monthly revenue")
              .commit()),
  POLL_AND_ACK(
      mesh -> {
        Subscription<?> revenue =
            finance(mesh)
                .subscribe(CrashScenario.SALES)
                .named("revenue")
                .forPurpose("Monthly revenue")
                .commit();
        while (ackNext(revenue)) {
          // until there is nothing new
        }
      }),
  MAINTAIN(CrashScenario::maintain, CrashScenario::publishFourTimes),
  REGISTER_AND_DEFINE(CrashScenario::define, mesh -> {});

  static final String SALES = "commerce/sales";

  private final Consumer<Mesh> act;
  private final Consumer<Mesh> setUp;

  CrashScenario(Consumer<Mesh> act) {
    this(act, CrashScenario::publishTwice);
  }

  CrashScenario(Consumer<Mesh> act, Consumer<Mesh> setUp) {
    this.act = act;
    this.setUp = setUp;
  }

  /** A harness that lets it die in memory unless told otherwise. */
  CrashHarness harness() {
    CrashHarness harness =
        CrashHarness.of(name(), act).after(setUp).maintainedBy(mesh -> mesh.maintain().commit());
    return switch (this) {
      case POLL_AND_ACK, MAINTAIN, REGISTER_AND_DEFINE -> harness.inSeveralSteps();
      default -> harness;
    };
  }

  /** One row. */
  record Sale(long id, String shop, double amount) {
    static List<Sale> range(long from, long to) {
      List<Sale> sales = new ArrayList<>();
      for (long id = from; id < to; id++) {
        sales.add(new Sale(id, id % 2 == 0 ? "a" : "b", id * 1.25));
      }
      return sales;
    }

    static List<Sale> inShop(String shop, long from, long to) {
      return range(from, to).stream().map(sale -> new Sale(sale.id, shop, sale.amount)).toList();
    }

    static List<Sale> withBadRow(long from, long to) {
      List<Sale> sales = new ArrayList<>(range(from, to));
      sales.add(new Sale(to, "a", -1));
      return sales;
    }
  }

  /** Fails where maintenance goes on and says what it left. */
  private static void maintain(Mesh mesh) {
    Upkeep upkeep = mesh.maintain().compactingFrom(2).commit();
    if (!upkeep.left().isEmpty()) {
      throw BackendException.passing(
          ErrorCode.BACKEND_FAILED, "Could not do all: " + upkeep.left() + ". Run it again.", null);
    }
  }

  private static boolean ackNext(Subscription<?> subscription) {
    try (Batch<?> batch = subscription.poll()) {
      if (batch.isEmpty()) {
        return false;
      }
      batch.ack();
      return true;
    }
  }

  static MeshClient shop(Mesh mesh) {
    return mesh.actingAs(Principal.of("commerce", "etl"));
  }

  private static String snapshotOf(Mesh mesh, String key) {
    return shop(mesh).findReceipt(SALES, key).orElseThrow().snapshotId().orElseThrow();
  }

  private static MeshClient finance(Mesh mesh) {
    return mesh.actingAs(Principal.of("finance", "analyst"));
  }

  private static Publish<?> publish(Mesh mesh) {
    return shop(mesh).publish(SALES).idempotencyKey("run");
  }

  static void define(Mesh mesh) {
    shop(mesh).registerDomain("commerce").ownedBy("shop@example.org").commit();
    shop(mesh)
        .defineProduct(SALES)
        .contract(
            Contract.of(Sale.class)
                .require(Rule.atLeast("amount", 0))
                .onViolation(OnViolation.QUARANTINE)
                .maxQuarantineShare(50))
        .partitionedBy(Partition.by("shop"))
        .openToMesh()
        .commit();
  }

  private static void publishTwice(Mesh mesh) {
    define(mesh);
    finance(mesh).registerDomain("finance").ownedBy("finance@example.org").commit();
    shop(mesh).publish(SALES).records(Sale.range(0, 6)).idempotencyKey("first").commit();
    shop(mesh).publish(SALES).records(Sale.range(6, 10)).idempotencyKey("second").commit();
  }

  /** Files that are worth to be made one. */
  private static void publishFourTimes(Mesh mesh) {
    publishTwice(mesh);
    shop(mesh).publish(SALES).records(Sale.range(10, 14)).idempotencyKey("third").commit();
    shop(mesh).publish(SALES).records(Sale.range(14, 18)).idempotencyKey("fourth").commit();
  }
}
