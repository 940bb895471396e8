package io.meshwork.cli.program;

import static io.meshwork.contract.Rule.atLeast;
import static io.meshwork.contract.Rule.between;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.internal.testkit.SampleMesh.Order;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.request.AccessRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The mesh that the lines of {@code exit-codes.txt} start from: the sample with something to
 * promote, to answer, to poll, to approve, and to republish. It is made once, and each line works
 * on a copy.
 */
final class VerbShop {
  private static final String ORDERS = CommandMesh.ORDERS;
  private static final String PAYMENTS = "commerce/payments";

  private static final Map<String, String> FILES =
      Map.of(
          "good.csv",
          "orderId,amount,country\no-7,5.0,DE\n",
          "bad.csv",
          "orderId,amount,country\no-8,1000.0,DE\n",
          "items.csv",
          "item,price\na,1.5\nb,2.5\n");

  private final Path template;
  private final Map<String, String> ids = new HashMap<>();

  private VerbShop(Path template) {
    this.template = template;
  }

  static VerbShop in(Path folder) throws IOException {
    VerbShop shop = new VerbShop(Files.createDirectories(folder));
    CommandMesh.in(folder.resolve("mesh"));
    VerbRollouts.longAgo(folder, Instant.parse("2026-01-01T09:00:00Z"));
    try (Mesh mesh = LocalMesh.openExisting(folder.resolve("mesh"))) {
      shop.publish(mesh);
      shop.share(mesh);
      shop.consume(mesh);
      VerbRollouts.now(folder, mesh);
    }
    for (Map.Entry<String, String> file : FILES.entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
    shop.writeContracts();
    Files.createDirectories(folder.resolve("raw/files"));
    Files.copy(
        first(folder.resolve("mesh"), ".parquet"), folder.resolve("raw/files/part-1.parquet"));
    return shop;
  }

  private static MeshClient as(Mesh mesh, String domain, String role) {
    return mesh.clientAs(Principal.of(domain, role));
  }

  record CouponInCents(String orderId, long cents) {}

  private void publish(Mesh mesh) {
    MeshClient commerce = as(mesh, "commerce", "etl");
    commerce
        .defineProduct(PAYMENTS)
        .contract(
            Contract.of(Order.class)
                .require(between("amount", 0, 100), atLeast("amount", 10).warn())
                .onViolation(OnViolation.QUARANTINE)
                .maxQuarantineShare(50))
        .openToMesh()
        .commit();
    commerce.defineProduct("commerce/refunds").contract(Contract.of(Order.class)).commit();
    commerce.defineProduct("commerce/coupons").contract(Contract.of(Order.class)).commit();
    commerce
        .startRollout("commerce/coupons")
        .contract(Contract.of(CouponInCents.class))
        .because("Amounts in cents")
        .commit();
    commerce
        .publish(PAYMENTS)
        .records(List.of(new Order("p-1", 5, "DE"), new Order("p-2", 1000, "DE")))
        .commit();
    ids.put("snapshot", commerce.describe(ORDERS).current().orElseThrow().id());
    ids.put("staged", commerce.publish(ORDERS).records(order("o-3")).stage().id());
    ids.put(
        "stagedBad",
        commerce.publish(ORDERS).records(List.of(new Order("o-4", 1000, "DE"))).stage().id());
  }

  private static List<Order> order(String id) {
    return List.of(new Order(id, 7, "DE"));
  }

  private void share(Mesh mesh) {
    MeshClient commerce = as(mesh, "commerce", "etl");
    MeshClient finance = as(mesh, "finance", "analyst");
    MeshClient hr = as(mesh, "hr", "etl");
    commerce.registerDomain("commerce").deciders(Principal.of("commerce", "etl")).commit();
    commerce.governance().defineTag("level", "low", "high").commit();
    ids.put("grant", commerce.access().grants().get(0).id());
    ids.put("link", finance.linkResource(ORDERS).database("sources").commit().name());
    ids.put("request", request(hr.requests().requestAccess(ORDERS).purpose("Pay").commit()));
    AccessRequest asked = hr.requests().requestAccess("commerce/coupons").purpose("Pay").commit();
    ids.put(
        "asked",
        request(commerce.requests().requestClarification(asked.id(), "Which columns?").commit()));
    AccessRequest cards = hr.requests().requestAccess("commerce/cards").purpose("Pay").commit();
    commerce.requests().deny(cards.id()).because("No").commit();
    ids.put("denied", request(cards));
    AccessRequest refunds = hr.requests().requestAccess("commerce/refunds").purpose("Pay").commit();
    commerce.requests().approve(refunds.id()).because("Yes").commit();
    ids.put("approved", request(refunds));
    ids.put(
        "suggestion", finance.suggestions().suggest(ORDERS).text("Add the currency").commit().id());
    String declined = finance.suggestions().suggest(ORDERS).text("Hourly").commit().id();
    commerce.suggestions().decline(declined).because("No").commit();
    ids.put("declined", declined);
  }

  private static String request(AccessRequest request) {
    return request.id() + "@" + request.revision();
  }

  private void consume(Mesh mesh) {
    MeshClient commerce = as(mesh, "commerce", "etl");
    MeshClient finance = as(mesh, "finance", "analyst");
    MeshClient hr = as(mesh, "hr", "etl");
    subscribe(finance, ORDERS, "closing");
    subscribe(finance, PAYMENTS, "prompt");
    finance.subscribe(ORDERS).name("idle").purpose("Test").fromNow().commit();
    Subscription<Map<String, Object>> closing =
        finance.subscribe(ORDERS).asMaps().name("closing").commit();
    try (Batch<Map<String, Object>> batch = closing.poll()) {
      ids.put("batch", batch.id());
    }
    var granted = commerce.grant(ORDERS).to(Principal.of("hr", "etl")).because("Test").commit();
    subscribe(hr, ORDERS, "gone");
    commerce.revoke(granted.get(0).id()).because("Test").commit();
  }

  private static void subscribe(MeshClient client, String product, String name) {
    client.subscribe(product).name(name).purpose("Test").commit();
  }

  private void writeContracts() throws IOException {
    TestShell shell = new TestShell(template);
    shell.variables.put("MESH_URL", "file:" + template.resolve("mesh"));
    shell.variables.put("MESH_AS", "commerce/etl");
    shell.run("product", "propose", template.resolve("items.csv").toString());
    Files.writeString(template.resolve("items.yaml"), shell.out());
    shell.run("snapshot", "commerce", "--to", template.resolve("domain").toString());
    shell.run("deliver", "--name", "outbox", "--to", template.resolve("notices").toString());
    String orders = Files.readString(template.resolve("domain/orders.odcs.yaml"));
    Files.writeString(
        template.resolve("wider.yaml"),
        orders.replaceFirst("description: Orders of the shop", "description: All orders"));
    Files.move(template.resolve("domain/mesh.yaml"), template.resolve("domain/same.yaml"));
    Files.writeString(
        template.resolve("domain/mesh.yaml"),
        "format: 1\ndomain: {name: commerce, owner: new@example.org}\nproducts: {}\n");
    Files.copy(template.resolve("items.yaml"), template.resolve("domain/items.yaml"));
    Files.writeString(
        template.resolve("domain/breaking.yaml"),
        "format: 1\ndomain: {name: commerce, owner: orders@example.org}\n"
            + "products:\n  orders: {contract: items.yaml}\n");
    Files.writeString(template.resolve("domain/wrong.yaml"), "format: 1\ndomian: {}\n");
  }

  /** Makes a copy for one line, in a state that the line names. */
  Path copy(Path folder, String state) throws IOException, SQLException {
    copyTree(template, folder);
    Path mesh = folder.resolve("mesh");
    switch (state) {
      case "damaged" -> Files.delete(first(mesh, ".parquet"));
      case "unreadable" -> {
        Files.deleteIfExists(mesh.resolve("registry/mesh.db-wal"));
        Files.writeString(mesh.resolve("registry/mesh.db"), "no registry".repeat(1_000));
      }
      case "uncertain" -> {
        sql(mesh, "DELETE FROM document WHERE sort LIKE 'index/pulse/revenue%'");
        deleteAll(mesh, "revenue", ".metadata.json");
      }
      case "forged" ->
          sql(
              mesh,
              "UPDATE document SET json = replace(json, 'commerce/etl', 'commerce/all')"
                  + " WHERE partition = 'commerce/orders' AND sort LIKE 'log/%'");
      default -> {}
    }
    return folder;
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (!Files.isDirectory(file)) {
          Files.createDirectories(target.getParent());
          Files.copy(file, target);
        }
      }
    }
  }

  private static Path first(Path folder, String end) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(end))
          .min(Comparator.naturalOrder())
          .orElseThrow();
    }
  }

  private static void deleteAll(Path folder, String part, String end) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      files
          .filter(file -> file.toString().contains(part) && file.toString().endsWith(end))
          .forEach(VerbShop::delete);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void sql(Path mesh, String statement) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + mesh.resolve("registry/mesh.db"));
        Statement change = connection.createStatement()) {
      if (change.executeUpdate(statement) == 0) {
        throw new IllegalStateException("nothing matched: " + statement);
      }
    }
  }

  /** Replaces {@code {name}} by a file of the folder of a line, or by an ID of the shop. */
  String filled(String argument, Path folder) {
    String text = argument.replace("{folder}", folder.toString());
    for (Map.Entry<String, String> id : ids.entrySet()) {
      text = text.replace("{" + id.getKey() + "}", id.getValue());
    }
    for (String name : List.of("mesh.yaml", "wrong.yaml", "breaking.yaml")) {
      text = text.replace("{" + name + "}", folder.resolve("domain/" + name).toString());
    }
    for (String name :
        List.of(
            "good.csv",
            "bad.csv",
            "items.csv",
            "items.yaml",
            "wider.yaml",
            "total.json",
            "weaker.json")) {
      text = text.replace("{" + name + "}", folder.resolve(name).toString());
    }
    return text;
  }
}
