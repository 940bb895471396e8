package io.meshwork.examples.shop;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.examples.story.StoryFailedException;
import io.meshwork.examples.story.VirtualClock;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.product.Snapshot;
import io.meshwork.publish.Publish;
import io.meshwork.request.AccessRequest;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;

/**
 * The mesh of a shop. Twelve products are published each morning for nine days. Then the orders
 * stop to arrive, while most products go on. Not thread-safe.
 */
public final class ShopMesh implements AutoCloseable {
  private static final int DAYS = 9;

  /** After the publishes of the last morning. */
  private static final Duration PASSED = Duration.ofHours(2);

  private static final int ITEMS = 6;

  /** The account of a viewer that acts for no domain. */
  public static final Principal VISITOR = Principal.of("visitor", "viewer");

  private final VirtualClock clock;
  private final Mesh mesh;
  private final MeshClient commerce;
  private final MeshClient logistics;
  private final MeshClient finance;
  private final MeshClient marketing;
  private int orders;

  private ShopMesh(Path folder, Instant start) {
    clock = new VirtualClock(start);
    mesh = LocalMesh.builder(folder).clock(clock).open();
    commerce = acting("commerce", "etl");
    logistics = acting("logistics", "etl");
    finance = acting("finance", "etl");
    marketing = acting("marketing", "etl");
  }

  /**
   * Opens the mesh in an empty or new folder, publishes all products, and loses the disk of one.
   *
   * @param end the time afterwards
   */
  public static ShopMesh in(Path folder, Instant end) {
    Instant start = end.minus(PASSED).minus(Duration.ofDays(DAYS - 1));
    try (ShopMesh mesh = new ShopMesh(folder, start)) {
      mesh.publish();
    }
    loseCatalog(folder);
    return new ShopMesh(folder, end);
  }

  /** Returns a client of the mesh. */
  public MeshClient acting(String account, String role) {
    return mesh.clientAs(Principal.of(account, role));
  }

  /** Returns the client of a viewer that acts for no domain. */
  public MeshClient visitor() {
    return mesh.clientAs(VISITOR);
  }

  /**
   * Defines the products, and publishes them for nine days; the orders stop two days earlier, and
   * their next version is announced.
   */
  private void publish() {
    define();
    for (int day = 1; day <= DAYS; day++) {
      boolean ordersArrive = day <= DAYS - 2;
      if (ordersArrive) {
        publishOrders(20 + day * 3 % 11);
      }
      publishShop(day == DAYS);
      publishLogistics();
      publishFinance(ordersArrive);
      if (day == DAYS - 1) {
        ShopProducts.announceQuantity(commerce);
        logistics.rollout(ShopProducts.ORDERS).track("@").agree().commit();
      }
      clock.passDays(1);
    }
  }

  /**
   * Loses the disk with the table of the catalog, and its entries in the index, so that the state
   * of the catalog is not known from the registry either.
   */
  private static void loseCatalog(Path folder) {
    try (Stream<Path> files = Files.walk(folder.resolve("data/commerce"));
        Connection registry =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("registry/mesh.db"));
        Statement statement = registry.createStatement()) {
      for (Path file : files.filter(ShopMesh::isTableOfCatalog).toList()) {
        Files.delete(file);
      }
      statement.executeUpdate("DELETE FROM document WHERE sort = 'index/pulse/catalog/1'");
    } catch (IOException | SQLException e) {
      throw new StoryFailedException("The catalog could not be lost: " + e);
    }
  }

  private static boolean isTableOfCatalog(Path file) {
    return file.toString().endsWith(".metadata.json")
        && file.toString().contains("catalog_v1")
        && !file.toString().contains("catalog_v1_quarantine");
  }

  /** Requests the orders for marketing, as its analyst. */
  public AccessRequest request() {
    return acting("marketing", "analyst")
        .requests()
        .requestAccess(ShopProducts.ORDERS)
        .columns("orderId", "placed", "amount")
        .purpose("Which campaigns sell")
        .commit();
  }

  private void define() {
    domain(commerce, "commerce", "What the shop sells, and to whom");
    domain(logistics, "logistics", "Warehouse and parcels");
    domain(finance, "finance", "Revenue, margin, and reports");
    domain(marketing, "marketing", "Campaigns and what they cost");
    ShopProducts.commerce(commerce);
    ShopProducts.logistics(logistics);
    ShopProducts.finance(finance);
    ShopProducts.marketing(marketing);
    commerce.governance().defineTag("area", "sales", "service").commit();
    commerce.access().tag(ShopProducts.ORDERS).set("area", "sales").commit();
    commerce.access().tag(ShopProducts.RETURNS).set("area", "service").commit();
    grant(ShopProducts.ORDERS, finance, "Revenue by day");
    grant(ShopProducts.ORDERS, logistics, "Parcels of each order");
    commerce
        .grant(ShopProducts.CUSTOMERS)
        .columns("customerId", "city")
        .to(marketing.principal())
        .because("Campaigns by city")
        .commit();
    finance
        .subscribe(ShopProducts.ORDERS)
        .name("revenue")
        .purpose("Revenue by day")
        .contact("closing@example.org")
        .commit();
    marketing.subscribe(ShopProducts.CATALOG).name("campaigns").purpose("Texts").commit();
  }

  private static void domain(MeshClient owner, String name, String description) {
    owner
        .registerDomain(name)
        .description(description)
        .owner(name + "@example.org")
        .steward("steward." + name + "@example.org")
        .commit();
  }

  private void grant(String product, MeshClient consumer, String reason) {
    commerce.grant(product).to(consumer.principal()).because(reason).commit();
  }

  private void publishOrders(int count) {
    List<ShopRows.Customer> customers = new ArrayList<>();
    List<ShopRows.Order> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      orders++;
      String customer = "c-" + orders;
      customers.add(
          new ShopRows.Customer(customer, customer + "@example.org", city(orders), today()));
      rows.add(
          new ShopRows.Order(
              "o-" + orders,
              clock.instant().minusSeconds(60L * i),
              customer,
              "i-" + orders % ITEMS,
              1 + orders % 3,
              euro(12 + orders % 40)));
    }
    commerce.publish(ShopProducts.CUSTOMERS).records(customers).commit();
    commerce
        .publish(ShopProducts.ORDERS)
        .records(rows)
        .completeUpTo(clock.instant())
        .derivedFrom(newest(commerce, ShopProducts.CUSTOMERS), "customerId=customerId")
        .commit();
  }

  private void publishShop(boolean lastDay) {
    List<ShopRows.Item> items = new ArrayList<>();
    for (int i = 0; i < ITEMS; i++) {
      items.add(new ShopRows.Item("i-" + i, "Item " + i, euro(10 + i)));
    }
    commerce.publish(ShopProducts.CATALOG).replaceAll().records(items).commit();
    List<ShopRows.Customer> customers = new ArrayList<>();
    customers.add(new ShopRows.Customer("d-" + today(), "new@example.org", "Bonn", today()));
    if (lastDay) {
      customers.add(new ShopRows.Customer("e-" + today(), "by telephone", "Ulm", today()));
    }
    commerce.publish(ShopProducts.CUSTOMERS).records(customers).commit();
    List<ShopRows.Return> returns = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      int refund = lastDay && i == 0 ? 5_000 : 10 + i;
      returns.add(new ShopRows.Return("o-" + (i + 1), today(), euro(refund)));
    }
    commerce
        .publish(ShopProducts.RETURNS)
        .records(returns)
        .derivedFrom(newest(commerce, ShopProducts.ORDERS), "orderId=orderId")
        .commit();
  }

  private void publishLogistics() {
    List<ShopRows.Shipment> shipments =
        List.of(new ShopRows.Shipment("s-" + today(), clock.instant(), "Parcel Service"));
    logistics
        .publish(ShopProducts.SHIPMENTS)
        .records(shipments)
        .derivedFrom(newest(logistics, ShopProducts.ORDERS), "orderId=orderId")
        .commit();
    Publish<ShopRows.Stock> stock =
        logistics
            .publish(ShopProducts.STOCK)
            .records(List.of(new ShopRows.Stock("i-1", today(), 40)))
            .derivedFrom(newest(logistics, ShopProducts.SHIPMENTS))
            .derivedFrom(newest(logistics, ShopProducts.CATALOG), "itemId=itemId");
    List<Snapshot> ordered = logistics.read(ShopProducts.REPLENISHMENT).snapshots();
    if (!ordered.isEmpty()) {
      stock.derivedFrom(ordered.get(0), "itemId=itemId", "pieces=ordered");
    }
    stock.commit();
    logistics
        .publish(ShopProducts.REPLENISHMENT)
        .records(List.of(new ShopRows.Replenishment("i-1", today(), 12)))
        .derivedFrom(newest(logistics, ShopProducts.STOCK), "itemId=itemId", "ordered=pieces")
        .commit();
  }

  private void publishFinance(boolean ordersArrive) {
    if (ordersArrive) {
      finance
          .publish(ShopProducts.REVENUE)
          .records(List.of(new ShopRows.Revenue(today(), euro(900 + orders))))
          .derivedFrom(newest(finance, ShopProducts.ORDERS), "day=placed", "amount=amount")
          .commit();
    }
    finance
        .publish(ShopProducts.MARGIN)
        .records(List.of(new ShopRows.Margin(today(), euro(900), euro(120))))
        .derivedFrom(
            newest(finance, ShopProducts.REVENUE), "day=day", "revenue=amount", "margin=amount")
        .commit();
    marketing
        .publish(ShopProducts.BUDGET)
        .records(List.of(new ShopRows.Budget(today(), euro(12))))
        .derivedFrom(newest(marketing, ShopProducts.MARGIN), "day=day", "available=margin")
        .commit();
    if (ordersArrive) {
      finance
          .publish(ShopProducts.REPORT)
          .records(List.of(new ShopRows.Report(today(), euro(108), "As planned")))
          .derivedFrom(newest(finance, ShopProducts.BUDGET), "day=day", "result=available")
          .commit();
    }
  }

  /** Reads a product, as a job does that derives from it, and returns what it read. */
  private static Snapshot newest(MeshClient client, String product) {
    try (Rows<GenericRecord> rows = client.read(ProductName.of(product)).rows()) {
      rows.forEach(row -> {});
      return rows.snapshot().orElseThrow();
    }
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  private static String city(int number) {
    return List.of("Aachen", "Bremen", "Celle").get(number % 3);
  }

  private static BigDecimal euro(int euro) {
    return BigDecimal.valueOf(euro).setScale(2);
  }

  @Override
  public void close() {
    mesh.close();
  }
}
