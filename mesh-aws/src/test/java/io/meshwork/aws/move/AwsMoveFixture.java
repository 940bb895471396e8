package io.meshwork.aws.move;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.access.ExplainedAccess;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsLocal;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.error.MeshException;
import io.meshwork.event.MeshEvent;
import io.meshwork.governance.Audit;
import io.meshwork.local.LocalMesh;
import io.meshwork.local.LocalMesh.MoveMesh;
import io.meshwork.product.Principal;
import io.meshwork.registry.Warehouse;
import io.meshwork.testkit.aws.AwsEmulator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.io.TempDir;

/** An embedded mesh that moves to AWS. */
public abstract class AwsMoveFixture {
  static final String ORDERS = "commerce/orders";
  static final String COMMERCE = "111111111111";
  static final String FINANCE = "222222222222";

  record CountryOrder(String id, String country, double total) {}

  static final Contract CONTRACT =
      Contract.of(CountryOrder.class)
          .require(Rule.unique("id"), Rule.atLeast("total", 0))
          .onViolation(OnViolation.QUARANTINE);
  @TempDir Path temporary;
  int meshes;

  static List<CountryOrder> orders(int from, int to) {
    List<CountryOrder> orders = new ArrayList<>();
    for (int n = from; n < to; n++) {
      orders.add(new CountryOrder("o-" + n, n % 2 == 0 ? "DE" : "FR", n));
    }
    return orders;
  }

  /** A mesh with snapshots, a quarantine, erased rows, a subscription, grants, and a request. */
  Path embedded() {
    Path folder = temporary.resolve("embedded" + meshes++);
    try (Mesh mesh = LocalMesh.open(folder)) {
      MeshClient etl = mesh.clientAs(Principal.of("commerce", "etl"));
      MeshClient analyst = mesh.clientAs(Principal.of("finance", "analyst"));
      etl.registerDomain("commerce").owner("commerce@example.org").commit();
      analyst.registerDomain("finance").owner("finance@example.org").commit();
      etl.defineProduct(ORDERS).contract(CONTRACT).commit();
      etl.publish(ORDERS).records(orders(0, 20)).idempotencyKey("run-1").commit();
      List<CountryOrder> mixed = new ArrayList<>(orders(20, 40));
      mixed.add(new CountryOrder("bad", "DE", -1));
      etl.publish(ORDERS).records(mixed).idempotencyKey("run-2").commit();
      etl.erase(ORDERS).where("id = 'o-3'").because("Customer left").commit();
      etl.grant(ORDERS)
          .to(Principal.of("finance", "analyst"))
          .rows("country = 'DE'")
          .because("Month end")
          .commit();
      try (Batch<CountryOrder> batch =
          analyst
              .subscribe(ORDERS)
              .as(CountryOrder.class)
              .name("copy")
              .purpose("A copy")
              .fromStart()
              .commit()
              .poll()) {
        batch.forEach(row -> {});
        batch.ack();
      }
    }
    return folder;
  }

  /** Creates bucket and table; moto applies the bucket's denial without its condition. */
  static AwsConfig emptyStores() {
    return emptyStores(AwsLocal.emulator());
  }

  static AwsConfig emptyStores(AwsEmulator aws) {
    AwsConfig config = AwsLocal.newMesh(aws);
    makeStores(config);
    return config;
  }

  public static void makeStores(AwsConfig config) {
    try (MoveMesh.Target target = AwsLocal.moveTarget(config, AwsLocal.role("admin"))) {
      target.makeStores();
    }
  }

  static MoveMesh move(Path folder, AwsConfig config) {
    return AwsLocal.move(folder, config, AwsLocal.role("admin"))
        .account("commerce", COMMERCE)
        .account("finance", FINANCE);
  }

  /** Opens a mesh on AWS for principals that the emulator need not confirm. */
  static Mesh believing(AwsConfig config) {
    Warehouse.Ports ports = AwsLocal.moveTarget(config, AwsLocal.role("admin")).open();
    return Mesh.builder(ports.registry(), ports.files(), ports.root()).open();
  }

  static Map<String, Object> state(Mesh mesh, String commerce, String finance) {
    MeshClient etl = mesh.clientAs(Principal.of(commerce, "etl"));
    MeshClient analyst = mesh.clientAs(Principal.of(finance, "analyst"));
    Map<String, Object> state = new TreeMap<>();
    state.put("rows of etl", rows(etl));
    state.put("rows of analyst", rows(analyst));
    state.put(
        "receipts",
        etl.publishHistory(ORDERS).receipts().stream()
            .map(receipt -> receipt.snapshotId() + " " + receipt.rowsAccepted())
            .toList());
    try (Rows<GenericRecord> quarantined = etl.quarantine(ORDERS).rows()) {
      state.put("quarantine", quarantined.stream().map(Object::toString).sorted().toList());
    }
    state.put("rights", rights(etl, Map.of(commerce, "commerce", finance, "finance")));
    state.put("log", log(etl));
    return state;
  }

  /** Returns the grants of the orders, and who reads what, with the names of embedded accounts. */
  static List<String> rights(MeshClient owner, Map<String, String> oldNames) {
    List<String> rights = new ArrayList<>();
    for (GrantSummary grant : owner.access().grants()) {
      rights.add(
          grant
              + " rows "
              + grant.rows()
              + " by "
              + grant.authorizedBy()
              + " executed by "
              + grant.executedBy());
    }
    for (String other : oldNames.keySet()) {
      for (String role : List.of("etl", "analyst", "stranger")) {
        ExplainedAccess access = owner.access().explain(Principal.of(other, role), ORDERS);
        rights.add(access + " every cell " + access.everyCell() + access.columns());
      }
    }
    assertThat(rights).hasSizeGreaterThan(6);
    return rights.stream()
        .map(
            text -> {
              String renamed = text;
              for (Map.Entry<String, String> name : oldNames.entrySet()) {
                renamed = renamed.replace(name.getKey(), name.getValue());
              }
              return renamed.replaceAll("\\b[0-9a-f]{16,}\\b", "ID");
            })
        .sorted()
        .toList();
  }

  /** Returns what the log has of the owner's changes, but for the move itself, with the hashes. */
  static List<String> log(MeshClient owner) {
    List<String> log =
        owner.governance().audit().list().stream()
            .filter(entry -> entry.outcome() == Audit.Outcome.DONE)
            .filter(entry -> !entry.action().equals(MeshEvent.Type.MESH_PLACED.text()))
            .map(
                entry ->
                    entry.id()
                        + " "
                        + entry.at()
                        + " "
                        + entry.who()
                        + " "
                        + entry.action()
                        + " "
                        + entry.subject()
                        + " "
                        + entry.hash())
            .sorted()
            .toList();
    assertThat(log).anyMatch(entry -> entry.contains("grant.made"));
    return log;
  }

  static List<CountryOrder> rows(MeshClient client) {
    List<CountryOrder> rows = new ArrayList<>();
    try (Rows<CountryOrder> read = client.read(ORDERS).as(CountryOrder.class).rows()) {
      read.forEach(rows::add);
    }
    rows.sort(Comparator.comparing(CountryOrder::id));
    return rows;
  }

  static String read(MeshClient client, String product) {
    try {
      List<String> columns = client.access().explain(client.principal(), product).columns();
      try (Rows<Map<String, Object>> rows = client.read(product).asMaps().rows()) {
        return "rows "
            + columns
            + rows.stream().map(AwsMoveTest::text).sorted().collect(joining("\n"));
      }
    } catch (MeshException e) {
      return e.errorCode().name();
    }
  }

  static String text(Map<String, Object> row) {
    return new TreeMap<>(row).toString();
  }
}
