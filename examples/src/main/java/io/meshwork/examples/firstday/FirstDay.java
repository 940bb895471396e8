package io.meshwork.examples.firstday;

import static io.meshwork.contract.Rule.between;
import static io.meshwork.contract.Rule.unique;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.access.ExplainedAccess;
import io.meshwork.card.ProductCard;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Column;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.examples.story.StoryCommand;
import io.meshwork.examples.story.StoryReport;
import io.meshwork.link.ResourceLink;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Classification;
import io.meshwork.product.Domain;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.request.AccessRequest;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.generic.GenericRecord;

/** Two domains on their first day: one publishes orders, the other gets access to some columns. */
public final class FirstDay {
  private static final String ORDERS = "commerce/orders";
  private static final Principal ANALYST = Principal.of("finance", "analyst");

  private final MeshClient commerce;
  private final MeshClient finance;
  private final StoryReport report = new StoryReport(System.out);

  private FirstDay(Mesh mesh) {
    this.commerce = mesh.clientAs(Principal.of("commerce", "etl"));
    this.finance = mesh.clientAs(ANALYST);
  }

  /** A row of the orders. */
  record Order(
      long id,
      String customerEmail,
      @Column(precision = 18, scale = 2) BigDecimal amount,
      String country) {}

  /** A row with the columns that finance may read without a request. */
  record OrderCountry(long id, String country) {}

  /** Runs in the folder of the argument, which is empty or new, or in a temporary one. */
  public static void main(String[] arguments) throws IOException {
    StoryCommand.run("first-day", arguments, FirstDay::run);
  }

  private static void run(Path folder) {
    try (Mesh mesh = LocalMesh.open(folder)) {
      new FirstDay(mesh).run();
    }
  }

  private void run() {
    registerDomains();
    define();
    publish();
    Subscription<OrderCountry> subscription = subscribe();
    poll(subscription);
    requestAndApprove();
    link();
    read();
    explainTheDenial();
    report.end();
  }

  private void registerDomains() {
    Domain owner = commerce.registerDomain("commerce").owner("orders@example.org").commit();
    Domain consumer = finance.registerDomain("finance").owner("finance@example.org").commit();
    report.step(
        "domain",
        "commerce and finance are registered",
        owner.name() + " and " + consumer.name() + " are registered");
  }

  private void define() {
    commerce
        .defineProduct(ORDERS)
        .description("Orders of the shop")
        .contract(
            Contract.of(Order.class)
                .require(unique("id"), between("amount", 0, 100_000))
                .classification(Classification.CONFIDENTIAL, "customerEmail")
                .onViolation(OnViolation.QUARANTINE)
                .maxQuarantineShare(50))
        .commit();
    commerce.grant(ORDERS).columns("id", "country").to(ANALYST).because("Planning").commit();
    ProductCard card = finance.describe(ORDERS);
    ExplainedAccess access = finance.access().explain(ANALYST, ORDERS);
    report.step(
        "defined",
        "commerce/orders has contract 1.0.0; finance/analyst can read [id, country]",
        card.name()
            + " has contract "
            + card.versions().get(0).version()
            + "; "
            + access.who()
            + " can read "
            + access.columns());
  }

  private void publish() {
    PublishReceipt receipt =
        commerce
            .publish(ORDERS)
            .records(
                List.of(
                    new Order(1, "ada@example.org", new BigDecimal("17.50"), "SE"),
                    new Order(2, "bo@example.org", new BigDecimal("-3.00"), "NO"),
                    new Order(3, "cleo@example.org", new BigDecimal("8.90"), "NO")))
            .idempotencyKey("orders-2026-11-20")
            .commit();
    List<Long> visible = new ArrayList<>();
    try (Rows<Order> rows = commerce.read(ORDERS).as(Order.class).rows()) {
      rows.forEach(order -> visible.add(order.id()));
    }
    report.step(
        "published",
        "2 of 3 rows are accepted; orders [1, 3] are visible",
        receipt.rowsAccepted()
            + " of "
            + receipt.quality().rowsOffered()
            + " rows are accepted; orders "
            + visible
            + " are visible");
    List<String> quarantined = new ArrayList<>();
    try (Rows<GenericRecord> rows = commerce.quarantine(ORDERS).rows()) {
      rows.forEach(
          row -> quarantined.add("row " + row.get("row_number") + " breaks " + row.get("rules")));
    }
    report.step(
        "quarantined",
        "1 row is in the quarantine: row 2 breaks between.amount",
        receipt.quality().rowsQuarantined()
            + " row is in the quarantine: "
            + String.join(", ", quarantined));
    report.number("rowsAccepted", receipt.rowsAccepted());
    report.number("rowsQuarantined", receipt.quality().rowsQuarantined());
  }

  private Subscription<OrderCountry> subscribe() {
    Subscription<OrderCountry> subscription =
        finance
            .subscribe(ORDERS)
            .name("orders-by-country")
            .purpose("Planning of deliveries")
            .as(OrderCountry.class)
            .commit();
    Subscription.Summary listed = commerce.subscriptions(ORDERS).get(0);
    report.step(
        "subscribed",
        "finance follows commerce/orders under the name orders-by-country",
        listed.domain() + " follows " + listed.product() + " under the name " + listed.name());
    return subscription;
  }

  private void poll(Subscription<OrderCountry> subscription) {
    List<String> polled = new ArrayList<>();
    try (Batch<OrderCountry> batch = subscription.poll()) {
      batch.forEach(row -> polled.add(row.id() + " " + row.country()));
      batch.ack();
    }
    report.step(
        "polled",
        "the first batch has the rows [1 SE, 3 NO]",
        "the first batch has the rows " + polled);
    report.number("rowsPolled", polled.size());
  }

  private void requestAndApprove() {
    AccessRequest request =
        finance
            .requests()
            .requestAccess(ORDERS)
            .columns("id", "amount", "country")
            .purpose("Revenue by country")
            .method(AccessRequest.Method.ROLE)
            .commit();
    report.step(
        "requested",
        "WAITING: finance/analyst asks for [id, amount, country], for 'Revenue by country'",
        request.state()
            + ": "
            + request.requester()
            + " asks for "
            + request.columns()
            + ", for '"
            + request.purpose()
            + "'");
    AccessRequest approved =
        commerce
            .requests()
            .approve(commerce.requests().received().get(0))
            .because("No personal data")
            .commit();
    ExplainedAccess access = finance.access().explain(ANALYST, ORDERS);
    report.step(
        "approved",
        "APPROVED: finance/analyst can read [id, amount, country], and not [customerEmail]",
        approved.state()
            + ": "
            + access.who()
            + " can read "
            + access.columns()
            + ", and not "
            + access.hiddenColumns());
  }

  private void link() {
    finance.linkResource(ORDERS).database("sales_db").name("orders").commit();
    ResourceLink link = finance.links().get(0);
    report.step(
        "linked",
        "finance/analyst calls commerce/orders sales_db.orders",
        link.createdBy() + " calls " + link.target() + " " + link.name());
  }

  private void read() {
    BigDecimal revenue = BigDecimal.ZERO;
    try (Rows<Revenue> rows = finance.read("sales_db.orders").as(Revenue.class).rows()) {
      for (Revenue row : rows) {
        revenue = revenue.add(row.amount());
      }
    }
    report.step("read", "the revenue is 26.40", "the revenue is " + revenue);
  }

  private void explainTheDenial() {
    String denied = "nothing is denied";
    try (Rows<GenericRecord> rows = finance.read(ORDERS).columns("customerEmail").rows()) {
      rows.forEach(row -> {});
    } catch (AccessDeniedException e) {
      denied = e.code() + ": " + e.missing() + " is missing; ask " + e.whoCanGrant();
    }
    report.step(
        "denied",
        "MESH-4001: SELECT on column 'customerEmail' of commerce/orders is missing;"
            + " ask [orders@example.org]",
        denied);
  }

  /** The columns of an order that revenue requires. */
  record Revenue(@Column(precision = 18, scale = 2) BigDecimal amount) {}
}
