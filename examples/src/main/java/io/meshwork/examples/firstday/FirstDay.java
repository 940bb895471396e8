package io.meshwork.examples.firstday;

import static io.meshwork.contract.Rule.between;
import static io.meshwork.contract.Rule.unique;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.access.ExplainedAccess;
import io.meshwork.cli.ExitCode;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Column;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.MeshException;
import io.meshwork.examples.story.StoryFailedException;
import io.meshwork.examples.story.StoryReport;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Classification;
import io.meshwork.product.Domain;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.request.AccessRequest;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
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
    this.commerce = mesh.actingAs(Principal.of("commerce", "etl"));
    this.finance = mesh.actingAs(ANALYST);
  }

  /** A row of the orders. */
  record Order(
      long id,
      String customerEmail,
      @Column(precision = 18, scale = 2) BigDecimal amount,
      String country) {}

  /** A row with the columns that finance may read without a request. */
  record OrderCountry(long id, String country) {}

  /** Runs in the folder of the argument, or in a temporary one. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length > 1 || (arguments.length == 1 && arguments[0].startsWith("-"))) {
      System.err.println("Usage: scripts/example first-day [FOLDER]");
      System.exit(ExitCode.WRONG_REQUEST);
    }
    Path folder =
        arguments.length == 1
            ? Path.of(arguments[0])
            : Files.createTempDirectory("meshwork-first-day-");
    try (Mesh mesh = LocalMesh.open(folder)) {
      new FirstDay(mesh).run();
    } catch (MeshException e) {
      System.err.println(e.getMessage());
      System.exit(ExitCode.of(e));
    } catch (StoryFailedException e) {
      System.err.println(e.getMessage());
      System.exit(ExitCode.UNEXPECTED);
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
    Domain owner = commerce.registerDomain("commerce").ownedBy("orders@example.org").commit();
    Domain consumer = finance.registerDomain("finance").ownedBy("finance@example.org").commit();
    report.step(
        "domain",
        List.of("commerce", "finance"),
        List.of(owner.name(), consumer.name()),
        "commerce and finance are registered");
  }

  private void define() {
    commerce
        .defineProduct(ORDERS)
        .describedAs("Orders of the shop")
        .contract(
            Contract.of(Order.class)
                .require(unique("id"), between("amount", 0, 100_000))
                .classified(Classification.CONFIDENTIAL, "customerEmail")
                .onViolation(OnViolation.QUARANTINE)
                .maxQuarantineShare(50))
        .commit();
    commerce.grant(ORDERS).columns("id", "country").to(ANALYST).because("Planning").commit();
    report.step(
        "defined",
        "1.0.0",
        commerce.describe(ORDERS).versions().get(0).version().toString(),
        ORDERS + " has contract 1.0.0; finance/analyst may read id and country");
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
    report.step("published", 2L, receipt.rowsAccepted(), "2 of 3 rows are visible");
    report.step(
        "quarantined",
        1L,
        receipt.quality().rowsQuarantined(),
        "1 row breaks between.amount and is in the quarantine");
    report.number("rowsAccepted", receipt.rowsAccepted());
    report.number("rowsQuarantined", receipt.quality().rowsQuarantined());
  }

  private Subscription<OrderCountry> subscribe() {
    Subscription<OrderCountry> subscription =
        finance
            .subscribe(ORDERS)
            .named("orders-by-country")
            .purpose("Planning of deliveries")
            .as(OrderCountry.class)
            .commit();
    report.step(
        "subscribed",
        "orders-by-country",
        subscription.name(),
        "finance follows " + ORDERS + " under the name orders-by-country");
    return subscription;
  }

  private void poll(Subscription<OrderCountry> subscription) {
    List<String> polled = new ArrayList<>();
    try (Batch<OrderCountry> batch = subscription.poll()) {
      batch.forEach(row -> polled.add(row.id() + " " + row.country()));
      batch.ack();
    }
    report.step("polled", List.of("1 SE", "3 NO"), polled, "the first batch has 2 rows");
    report.number("rowsPolled", polled.size());
  }

  private void requestAndApprove() {
    AccessRequest request =
        finance
            .requestAccess(ORDERS)
            .columns("id", "amount", "country")
            .purpose("Revenue by country")
            .method(AccessRequest.Method.ROLE)
            .commit();
    report.step(
        "requested",
        AccessRequest.State.WAITING,
        request.state(),
        "finance/analyst asks for amount, to report revenue by country");
    AccessRequest approved =
        commerce
            .requests()
            .approve(commerce.requests().received().get(0))
            .because("No personal data")
            .commit();
    report.step(
        "approved",
        AccessRequest.State.APPROVED,
        approved.state(),
        "commerce approves; customerEmail was not asked for and stays closed");
  }

  private void link() {
    finance.linkResource(ORDERS).into("sales_db").as("orders").commit();
    report.step(
        "linked",
        List.of("sales_db.orders"),
        finance.links().list().stream().map(link -> link.name()).toList(),
        "finance calls the product sales_db.orders");
  }

  private void read() {
    BigDecimal revenue = BigDecimal.ZERO;
    try (Rows<Revenue> rows = finance.read("sales_db.orders").as(Revenue.class).read()) {
      for (Revenue row : rows) {
        revenue = revenue.add(row.amount());
      }
    }
    report.step("read", new BigDecimal("26.40"), revenue, "the revenue is 26.40");
  }

  private void explainTheDenial() {
    String denied = "";
    try (Rows<GenericRecord> rows = finance.read(ORDERS).columns("customerEmail").read()) {
      rows.forEach(row -> {});
    } catch (AccessDeniedException e) {
      denied = e.code();
    }
    ExplainedAccess explained = finance.explainAccess(ANALYST, ORDERS);
    report.step(
        "denied",
        "MESH-4001 [id, amount, country]",
        denied + " " + explained.columns(),
        "customerEmail is refused: the grants give id, amount and country");
  }

  /** The columns of an order that revenue requires. */
  record Revenue(@Column(precision = 18, scale = 2) BigDecimal amount) {}
}
