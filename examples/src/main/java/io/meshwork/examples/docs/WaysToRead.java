package io.meshwork.examples.docs;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Read;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.product.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/** Reads of some columns, of some rows, and of earlier snapshots. */
public final class WaysToRead {
  private static final Schema SCHEMA =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "Order", "fields": [
                {"name": "id", "type": "long"},
                {"name": "customer", "type": {"type": "record", "name": "Customer", "fields": [
                  {"name": "name", "type": "string"},
                  {"name": "city", "type": ["null", "string"]}]}},
                {"name": "lines", "type": {"type": "array", "items":
                  {"type": "record", "name": "Line", "fields": [
                    {"name": "article", "type": "string"},
                    {"name": "quantity", "type": "int"}]}}}]}
              """);

  private WaysToRead() {}

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) {
    try (Mesh mesh = LocalMesh.open(Folder.of(arguments))) {
      MeshClient commerce = mesh.clientAs(Principal.of("commerce", "etl"));
      commerce.registerDomain("commerce").owner("orders@example.org").commit();
      commerce.defineProduct("commerce/orders").contract(Contract.of(SCHEMA)).commit();
      commerce
          .publish("commerce/orders")
          .records(List.of(order(1, "Oslo", 2), order(2, "Rome", 5)))
          .commit();
      commerce.publish("commerce/orders").records(List.of(order(3, "Oslo", 7))).commit();
      parts(commerce);
      some(commerce);
      subscribed(commerce);
      earlier(commerce);
    }
  }

  private static Map<String, Object> order(long id, String city, int quantity) {
    return Map.of(
        "id",
        id,
        "customer",
        Map.of("name", "Customer " + id, "city", city),
        "lines",
        List.of(Map.of("article", "A-" + id, "quantity", quantity)));
  }

  private static void parts(MeshClient commerce) {
    // tag::paths[]
    try (Rows<Map<String, Object>> rows =
        commerce
            .read("commerce/orders")
            .columns("customer.city", "lines[].quantity")
            .asMaps()
            .rows()) {
      rows.forEach(System.out::println);
    }
    // end::paths[]
  }

  private static void some(MeshClient commerce) {
    // tag::where[]
    record City(String city) {}
    record Where(long id, City customer) {}

    try (Rows<Where> rows =
        commerce
            .read("commerce/orders")
            .as(Where.class)
            .where("customer.city = 'Oslo' AND customer.name LIKE '%3'")
            .rows()) {
      rows.forEach(System.out::println);
    }
    // end::where[]
  }

  private static void subscribed(MeshClient commerce) {
    // tag::subscribed[]
    Subscription<Map<String, Object>> oslo =
        commerce
            .subscribe("commerce/orders")
            .name("oslo")
            .purpose("Deliveries in Oslo")
            .columns("id")
            .where("customer.city = 'Oslo'")
            .asMaps()
            .commit();
    try (Rows<Map<String, Object>> rows = oslo.read().rows()) {
      rows.forEach(System.out::println);
    }
    // end::subscribed[]
  }

  private static void earlier(MeshClient commerce) {
    // tag::earlier[]
    List<Snapshot> snapshots = commerce.read("commerce/orders").snapshots(); // newest first
    Snapshot first = snapshots.get(snapshots.size() - 1);
    Instant then = first.committedAt();

    Read<Map<String, Object>> byId =
        commerce.read("commerce/orders").columns("id").asMaps().snapshot(first.id());
    Read<Map<String, Object>> byTime =
        commerce.read("commerce/orders").columns("id").asMaps().asOf(then);
    for (Read<Map<String, Object>> read : List.of(byId, byTime)) {
      try (Rows<Map<String, Object>> rows = read.rows()) {
        rows.forEach(System.out::println);
      }
    }
    // end::earlier[]
  }
}
