package io.meshwork.examples.shop;

import io.meshwork.MeshClient;
import io.meshwork.card.Health;
import io.meshwork.discovery.Lineage.Fault;
import io.meshwork.discovery.Lineage.Impact;
import io.meshwork.discovery.MeshHealth;
import io.meshwork.examples.story.StoryCommand;
import io.meshwork.examples.story.StoryFailedException;
import io.meshwork.examples.story.StoryReport;
import io.meshwork.portal.Portal;
import io.meshwork.product.ProductName;
import io.meshwork.request.AccessRequest;
import io.meshwork.rollout.Rollout.Track;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The orders of a shop stop to arrive. A steward sees which products are late, which one broke a
 * rule, which report is affected and where the trouble began, and publishes a portal for everyone,
 * and one for the owner of the orders.
 */
public final class Shop {
  private final ShopMesh shop;
  private final Path site;
  private final MeshClient commerce;
  private final MeshClient finance;
  private final StoryReport report = new StoryReport(System.out);

  private Shop(ShopMesh shop, Path site) {
    this.shop = shop;
    this.site = site;
    this.commerce = shop.acting("commerce", "etl");
    this.finance = shop.acting("finance", "etl");
  }

  /** Runs in the folder of the argument, which is empty or new, or in a temporary one. */
  public static void main(String[] arguments) throws IOException {
    StoryCommand.run("shop", arguments, Shop::run);
  }

  private static void run(Path folder) {
    // The story ends now, so that the command mesh finds the same products late afterwards.
    Instant now = InstantSource.system().instant().truncatedTo(ChronoUnit.SECONDS);
    try (ShopMesh shop = ShopMesh.in(folder.resolve("mesh"), now)) {
      new Shop(shop, folder.resolve("site")).run();
    }
  }

  private void run() {
    List<ProductName> products = commerce.products();
    long domains = products.stream().map(ProductName::domain).distinct().count();
    report.step(
        "published",
        "12 products of 4 domains; commerce/catalog is UNKNOWN; marketing/campaigns is"
            + " NEVER_PUBLISHED",
        products.size()
            + " products of "
            + domains
            + " domains; "
            + with(commerce.health(), Health.Status.UNKNOWN)
            + "; "
            + with(commerce.health(), Health.Status.NEVER_PUBLISHED));
    MeshHealth health = commerce.health();
    report.step(
        "late",
        "commerce/orders, finance/board_report, finance/revenue is LATE",
        with(health, Health.Status.LATE));
    report.step("violated", "commerce/returns is VIOLATED", with(health, Health.Status.VIOLATED));
    AccessRequest request = shop.request();
    report.step(
        "requested",
        "commerce/orders for marketing/analyst: WAITING",
        request.product() + " for " + request.requester() + ": " + request.state());
    report.step(
        "announced",
        "version 2 of commerce/orders waits for finance/@, finance/revenue, logistics/@; everyone sees"
            + " it",
        "version "
            + commerce.rollout(ShopProducts.ORDERS).to()
            + " of commerce/orders waits for "
            + commerce.rollout(ShopProducts.ORDERS).waitingFor().stream()
                .map(Track::consumer)
                .collect(Collectors.joining(", "))
            + (shop.visitor().describe(ShopProducts.ORDERS).replacements().isEmpty()
                ? ""
                : "; everyone sees it"));
    report.step(
        "impact",
        "finance/board_report, 4 steps from the amount of commerce/orders by finance/revenue,"
            + " finance/margin, marketing/budget; tell finance@example.org; its trouble began at"
            + " commerce/orders",
        impact());
    int pages = Portal.of(shop.visitor()).writeTo(site);
    report.step(
        "portal",
        "23 pages, of which 12 show a product",
        pages + " pages, of which " + productPages() + " show a product");
    report.step(
        "owner",
        "23 pages in site-of-commerce, as commerce/etl sees them",
        Portal.of(commerce).writeTo(site.resolveSibling("site-of-commerce"))
            + " pages in site-of-commerce, as "
            + commerce.principal()
            + " sees them");
    report.number("domains", domains);
    report.number("products", products.size());
    report.number("late", health.count(Health.Status.LATE));
    report.number("violated", health.count(Health.Status.VIOLATED));
    report.number("pages", pages);
    report.number("bytesSpared", commerce.avoidedCopies().bytes());
    report.endWithoutSteps();
  }

  private static String with(MeshHealth health, Health.Status status) {
    return health.products().stream()
            .filter(product -> product.status() == status)
            .map(product -> product.product().toString())
            .sorted()
            .collect(Collectors.joining(", "))
        + " is "
        + status;
  }

  private String impact() {
    Impact impact = finance.impactOf(ShopProducts.ORDERS, "amount");
    Impact.AffectedItem affected =
        impact.affected().stream()
            .filter(each -> each.name().equals(ShopProducts.REPORT))
            .findFirst()
            .orElseThrow(() -> new StoryFailedException("The report is not affected."));
    Fault fault = finance.faultOf(ShopProducts.REPORT);
    return affected.name()
        + ", "
        + affected.steps()
        + " steps from the amount of "
        + affected.path().get(0)
        + " by "
        + affected.path().subList(1, affected.path().size() - 1).stream()
            .map(ProductName::toString)
            .collect(Collectors.joining(", "))
        + "; tell "
        + affected.contact()
        + "; its trouble began at "
        + fault.origins().stream()
            .map(origin -> origin.product().toString())
            .collect(Collectors.joining(", "));
  }

  private long productPages() {
    return commerce.products().stream()
        .filter(product -> Files.exists(site.resolve("product/" + product + ".html")))
        .count();
  }
}
