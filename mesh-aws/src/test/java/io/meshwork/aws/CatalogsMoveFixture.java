package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.PrincipalCredentials.Ports;
import io.meshwork.aws.move.AwsMoveFixture;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscribe;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.error.MeshException;
import io.meshwork.internal.conformance.TestSample;
import io.meshwork.internal.conformance.fixture.SmallOrder;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.local.LocalMesh;
import io.meshwork.local.LocalMesh.MoveMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.testkit.aws.AwsEmulator;
import io.meshwork.topology.Topology;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;

/** An embedded mesh of several catalogs that moves to the tables of several accounts. */
abstract class CatalogsMoveFixture {
  static final String ORDERS = "commerce/orders";
  static final String REFUNDS = "commerce/refunds";
  static final String RISKS = "finance/risks";
  static final String COMMERCE = "222222222222";
  static final String FINANCE = "333333333333";

  @TempDir Path temporary;
  int meshes;

  static List<SmallOrder> orders(int from, int to) {
    List<SmallOrder> orders = new ArrayList<>();
    for (int n = from; n < to; n++) {
      orders.add(new SmallOrder("o-" + n, n));
    }
    return orders;
  }

  /** A mesh with products, grants, requests, and subscriptions in and across two catalogs. */
  Path embedded(Topology topology) {
    Path folder = temporary.resolve("embedded" + meshes++);
    try (Mesh mesh =
        LocalMesh.builder(folder).topology(topology).notifier("list", notice -> {}).open()) {
      MeshClient etl = mesh.clientAs(Principal.of("commerce", "etl"));
      MeshClient analyst = mesh.clientAs(Principal.of("finance", "analyst"));
      etl.registerDomain("commerce").owner("commerce@example.org").commit();
      analyst.registerDomain("finance").owner("finance@example.org").commit();
      etl.defineProduct(ORDERS).contract(Contract.of(SmallOrder.class)).commit();
      etl.defineProduct(REFUNDS).contract(Contract.of(SmallOrder.class)).commit();
      analyst.defineProduct(RISKS).contract(Contract.of(SmallOrder.class)).commit();
      etl.publish(ORDERS).records(orders(0, 20)).idempotencyKey("run-1").commit();
      etl.publish(ORDERS).records(orders(20, 40)).commit();
      analyst.publish(RISKS).records(orders(0, 5)).commit();
      etl.grant(ORDERS)
          .to(Principal.of("finance", "analyst"))
          .rows("amount >= 10")
          .because("Month end")
          .commit();
      analyst.linkResource(ORDERS).database("sales").name("orders").commit();
      assertThat(poll(copy(analyst, ORDERS))).isEqualTo(30);
      assertThat(poll(copy(analyst, RISKS))).isEqualTo(5);
      assertThat(poll(copy(etl, ORDERS))).isEqualTo(40);
      analyst.requests().requestAccess(REFUNDS).purpose("Refunds a week").commit();
      String wish = analyst.suggestions().suggest(REFUNDS).text("Add the reason").commit().id();
      etl.suggestions().accept(wish).because("Agreed").commit();
      mesh.deliverNotices();
    }
    return folder;
  }

  Path federated() {
    return embedded(Topology.federated());
  }

  static Subscribe<SmallOrder> copy(MeshClient client, String product) {
    return client
        .subscribe(product)
        .as(SmallOrder.class)
        .name("copy")
        .purpose("A copy")
        .fromStart();
  }

  /** Polls until a batch is empty, and returns the number of rows. */
  static int poll(Subscribe<SmallOrder> subscribe) {
    Subscription<SmallOrder> subscription = subscribe.commit();
    int rows = 0;
    int before;
    do {
      before = rows;
      try (Batch<SmallOrder> batch = subscription.poll()) {
        for (SmallOrder order : batch) {
          rows += order.amount() < 0 ? 0 : 1;
        }
        batch.ack();
      }
    } while (rows > before);
    return rows;
  }

  static AwsConfig stores(AwsEmulator aws) {
    AwsConfig config = AwsLocal.newMesh(aws);
    AwsMoveFixture.makeStores(config);
    makeTables(config);
    return config;
  }

  static AwsConfig stores() {
    return stores(AwsLocal.emulator());
  }

  static void makeTables(AwsConfig config) {
    for (String account : List.of(COMMERCE, FINANCE)) {
      AwsMesh.setUp(
          config, AwsLocal.role(account, "admin"), MeshRuntime.systemClock(), AwsSetup::makeTable);
    }
  }

  static MoveMesh move(Path folder, AwsConfig config) {
    return named(AwsMesh.move(folder, config, AwsLocal.role("admin")));
  }

  static MoveMesh named(MoveMesh move) {
    return move.account("commerce", COMMERCE)
        .account("finance", FINANCE)
        .catalog("commerce", COMMERCE)
        .catalog("finance", FINANCE);
  }

  /** Opens a mesh on AWS for principals that the emulator need not confirm. */
  static Mesh believing(AwsConfig config) {
    Ports ports = ports(config);
    return Mesh.builder(ports.registry(), ports.files(), config.root())
        .catalogs(ports.catalogs())
        .open();
  }

  static Ports ports(AwsConfig config) {
    return AwsRoleCredentials.of(config, AwsLocal.role("admin")).own().ports();
  }

  static Map<String, Object> state(Mesh mesh, String commerce, String finance) {
    MeshClient etl = mesh.clientAs(Principal.of(commerce, "etl"));
    MeshClient analyst = mesh.clientAs(Principal.of(finance, "analyst"));
    Map<String, Object> state = new TreeMap<>();
    state.put("orders of etl", rows(etl, ORDERS));
    state.put("orders of analyst", rows(analyst, ORDERS));
    state.put("risks", rows(analyst, RISKS));
    state.put(
        "receipts",
        etl.publishHistory(ORDERS).receipts().stream().map(PublishReceipt::snapshotId).toList());
    state.put(
        "requests",
        etl.requests().received().stream().map(each -> each.id() + " " + each.purpose()).toList());
    state.put(
        "suggestions",
        etl.suggestions().received().stream()
            .map(each -> each.id() + " " + each.state() + " " + each.text())
            .toList());
    state.put(
        "own suggestions",
        analyst.suggestions().sent().stream().map(each -> each.state().name()).toList());
    state.put("topology", etl.governance().topology().topology());
    state.put("refunds", refusal(analyst));
    return state;
  }

  static String refusal(MeshClient analyst) {
    try (Rows<SmallOrder> rows = analyst.read(REFUNDS).as(SmallOrder.class).rows()) {
      return "rows " + rows;
    } catch (MeshException e) {
      return e.errorCode().name();
    }
  }

  static List<SmallOrder> rows(MeshClient client, String product) {
    List<SmallOrder> rows = new ArrayList<>();
    try (Rows<SmallOrder> read = client.read(product).as(SmallOrder.class).rows()) {
      read.forEach(rows::add);
    }
    rows.sort(Comparator.comparing(SmallOrder::id));
    return rows;
  }

  /** The registry of a catalog, and the directory as an empty name: a build draws one. */
  static List<String> registries() {
    return TestSample.oneOf(List.of("finance", ""));
  }

  static void permit(AwsConfig config, String account, String policy) {
    permit(config, Principal.of(AwsLocal.ACCOUNT, "admin"), account, policy);
  }

  static void permit(AwsConfig config, Principal caller, String account, String policy) {
    EmulatedClients.administrator(AwsLocal.emulator(), account)
        .iam(
            "PutRolePolicy",
            Map.of(
                "RoleName",
                AwsPolicies.of(config).registryRole(caller),
                "PolicyName",
                "registry",
                "PolicyDocument",
                policy));
  }
}
