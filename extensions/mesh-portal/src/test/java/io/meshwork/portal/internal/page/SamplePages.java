package io.meshwork.portal.internal.page;

import io.meshwork.portal.internal.page.IndexPage.DomainRow;
import io.meshwork.portal.internal.page.IndexPage.StatusCount;
import io.meshwork.portal.internal.page.LineageGraph.Columns;
import io.meshwork.portal.internal.page.LineageGraph.Edge;
import io.meshwork.portal.internal.page.LineageGraph.Node;
import io.meshwork.portal.internal.page.ProductPage.ChangeRow;
import io.meshwork.portal.internal.page.ProductPage.ColumnRow;
import io.meshwork.portal.internal.page.ProductPage.ConsumerRow;
import io.meshwork.portal.internal.page.ProductPage.Fact;
import io.meshwork.portal.internal.page.ProductPage.FaultRow;
import io.meshwork.portal.internal.page.ProductPage.LabelledContact;
import io.meshwork.portal.internal.page.ProductPage.NowBlock;
import io.meshwork.portal.internal.page.ProductPage.PromiseBlock;
import io.meshwork.portal.internal.page.ProductPage.RequestHint;
import io.meshwork.portal.internal.page.ProductPage.SchemaBlock;
import io.meshwork.portal.internal.page.ProductPage.Snippet;
import io.meshwork.portal.internal.page.ProductPage.WhatBlock;
import io.meshwork.portal.internal.page.ProductPage.WhoBlock;
import io.meshwork.portal.internal.plot.Plot;
import io.meshwork.portal.internal.plot.PublishPlot;
import io.meshwork.portal.internal.plot.SmallPlot;
import io.meshwork.portal.internal.plot.UseBar;
import io.meshwork.portal.internal.text.ContactLink;
import io.meshwork.portal.internal.text.PageTime;
import io.meshwork.portal.internal.text.ProductAddress;
import io.meshwork.portal.internal.text.StatusBadge;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * All pages of a small mesh, without a mesh. Each text that people write goes through a function,
 * so that a test can replace it.
 */
public final class SamplePages {
  static final Instant NOW = Instant.parse("2026-11-23T08:12:00Z");

  private static final ProductAddress ORDERS = new ProductAddress("commerce", "orders");
  private static final ProductAddress CUSTOMERS = new ProductAddress("commerce", "customers");
  private static final ProductAddress REVENUE = new ProductAddress("finance", "revenue");
  private static final ProductAddress REPORT = new ProductAddress("finance", "board_report");
  private static final PageTime EARLIER = PageTime.ago(NOW.minusSeconds(720), NOW);

  private final UnaryOperator<String> written;
  private final PageForms forms;

  public SamplePages(UnaryOperator<String> written) {
    this.written = written;
    this.forms = PageForms.NONE;
  }

  private SamplePages(UnaryOperator<String> written, PageForms forms) {
    this.written = written;
    this.forms = forms;
  }

  /** Returns the same pages as a server makes them that allows actions, after one that failed. */
  SamplePages withForms() {
    return new SamplePages(
        written,
        new PageForms(
            text("secret"), Optional.of(ActionOutcome.failed(text("Failed"), text("Retry")))));
  }

  /** Returns the pages. */
  public List<Record> all() {
    return List.of(
        index(), domain(), product(), search(), mine(), map(), usage(), requests(), rollouts());
  }

  /** Returns the pages by their path below the site. */
  Map<String, String> render() {
    PageTemplates templates = new PageTemplates();
    Map<String, String> pages = new LinkedHashMap<>();
    pages.put("index.html", templates.render(index()));
    pages.put("domain/commerce.html", templates.render(domain()));
    pages.put("product/commerce/orders.html", templates.render(product()));
    pages.put("search.html", templates.render(search()));
    pages.put("mine.html", templates.render(mine()));
    pages.put("map.html", templates.render(map()));
    pages.put("usage.html", templates.render(usage()));
    pages.put("requests.html", templates.render(requests()));
    pages.put("rollouts.html", templates.render(rollouts()));
    return pages;
  }

  IndexPage index() {
    return new IndexPage(
        frame("Products", "", PageFrame.Section.PRODUCTS, "index.json"),
        List.of(
            new StatusCount(StatusBadge.LATE, 1),
            new StatusCount(StatusBadge.VIOLATED, 1),
            new StatusCount(StatusBadge.NEVER_PUBLISHED, 1),
            new StatusCount(StatusBadge.FRESH, 1)),
        rows(),
        List.of(
            new DomainRow("commerce", text("Orders and customers"), contact("orders"), 2, 1),
            new DomainRow("finance", text("Revenue"), contact("finance"), 2, 0)),
        List.of(text("eu")),
        List.of("index.html", "product/commerce/orders.html"));
  }

  SearchPage search() {
    return new SearchPage(
        frame("Search", "", PageFrame.Section.SEARCH, "search.json"),
        List.of(
            new SearchPage.FoundRow(
                ORDERS,
                StatusBadge.LATE,
                text("Orders of the shop"),
                text("orders@example.org"),
                "area=" + text("sales"),
                "order_id " + text("Number of the order"))));
  }

  MinePage mine() {
    MinePage.TaskRow task =
        new MinePage.TaskRow(
            ORDERS, text("Answer: why?"), text("finance/analyst"), "since today", "mesh answer 1");
    return new MinePage(
        frame("For you", "", PageFrame.Section.MINE, "mine.json"),
        true,
        true,
        List.of(task),
        List.of(task),
        List.of(
            new MinePage.SubscriptionRow(
                "closing",
                REVENUE,
                StatusBadge.VIOLATED,
                "version 1",
                text("Monthly closing"),
                "all",
                "never")),
        rows().subList(0, 1),
        rows().subList(0, 1),
        List.of(
            new MinePage.WaitingRow(
                "NOTICE_PARKED", "notifier test", text("2 notices are parked."), text("Retry."))),
        List.of(new MinePage.NewsRow(ORDERS, text("Version 2 replaces version 1"))));
  }

  MapPage map() {
    return new MapPage(
        frame("Map", "", PageFrame.Section.MAP, "map.json"),
        List.of(
            new MapPage.DomainNode(
                "commerce",
                List.of(new StatusCount(StatusBadge.LATE, 2)),
                List.of(
                    new MapPage.ProductNode(ORDERS, StatusBadge.LATE),
                    new MapPage.ProductNode(CUSTOMERS, StatusBadge.LATE))),
            new MapPage.DomainNode(
                "finance",
                List.of(new StatusCount(StatusBadge.FRESH, 1)),
                List.of(new MapPage.ProductNode(REVENUE, StatusBadge.FRESH)))),
        List.of(
            new MapPage.Flow("commerce", "finance", 2), new MapPage.Flow("finance", "commerce", 1)),
        "This shows what the caller may know.");
  }

  DomainPage domain() {
    return new DomainPage(
        frame("commerce", "../", PageFrame.Section.PRODUCTS, "commerce.json"),
        "commerce",
        text("Orders and customers of the shop"),
        contact("orders"),
        contact("steward"),
        List.of("area=" + text("sales")),
        rows(),
        List.of(
            new DomainPage.CheckRow("Products and columns have descriptions", true, "2 of 2"),
            new DomainPage.CheckRow("Products declare a key", false, "1 of 2")),
        List.of(new DomainPage.UseRow(REVENUE, "reads", "yesterday")));
  }

  ProductPage product() {
    return new ProductPage(
        frame("commerce/orders", "../../", PageFrame.Section.PRODUCTS, "orders.json"),
        ORDERS,
        "1.2.0",
        StatusBadge.LATE,
        List.of("Ends after 2026-12-31: " + text("Replaced by sales")),
        new WhatBlock(
            text("Orders of the shop, one row an order, from the moment that it is paid."),
            "internal",
            false,
            List.of("sensitivity=" + text("internal"), "area=" + text("sales")),
            List.of(
                new Fact("Usage", text("Revenue by day and country")),
                new Fact("Source", text("git.example.org:shop/orders")))),
        new WhoBlock(
            contact("orders"),
            List.of(new LabelledContact(text("on call"), contact("oncall"))),
            "read 3 of 5 columns",
            Optional.of(
                new RequestHint(
                    "mesh request commerce/orders --for \"" + text("Weekly revenue") + "\"", "")),
            List.of(text("finance/closing"))),
        new SchemaBlock(
            List.of(
                column("order_id", "string", true, "Number of the order", "yours"),
                column("created_at", "timestamptz", false, "When it was paid", "yours"),
                column("amount", "decimal(18, 2)", false, "Sum of the items in euro", "yours"),
                column("customer_id", "string", false, "Who bought", "ask"),
                column("card", "string", false, "Last digits of the card", "ask")),
            "5 columns, key order_id; 2 changes in 12 months, none breaking",
            true),
        new PromiseBlock(
            List.of(
                new Fact("Fresh", "within 1 h; kept on 29 of 30 days"),
                new Fact("Notice", "30 days before a breaking change"),
                new Fact("Kept", "400 days")),
            List.of("unique(order_id)", "matches(card, '" + text("[0-9]{4}") + "')")),
        new NowBlock(
            Optional.of(EARLIER),
            List.of(new Fact("Complete", "up to 2026-11-23 08:00Z"), new Fact("Quality", "98.5 %")),
            List.of(new FaultRow(CUSTOMERS, StatusBadge.LATE, contact("customers")))),
        plots(),
        new DataBlock(
            true,
            List.of(new Fact("Rows", "120")),
            List.of(new DataBlock.PublishRow(EARLIER, "append", text("2026-11-23"), 120, 2, 0)),
            List.of("order_id"),
            2,
            List.of(new DataBlock.SampleRow(List.of(text("o-1")))),
            "",
            "mesh read commerce/orders"),
        Optional.of(
            new QuarantineBlock(
                "2 rows",
                Optional.of(EARLIER),
                List.of(new QuarantineBlock.RuleCount("between.amount", 2)),
                List.of(
                    new QuarantineBlock.QuarantinedRow(
                        "1", "between.amount", text("too much"), text("amount=9"))),
                List.of(new Snippet("Show them", "mesh quarantine commerce/orders")))),
        graph(),
        List.of(
            new ConsumerRow(
                "finance/closing",
                "subscription",
                text("Monthly closing"),
                contact("finance"),
                "amount, order_id",
                "2026-11-01",
                "2026-11-23",
                UseBar.of(NOW.minusSeconds(1_900_000), NOW, NOW))),
        List.of(
            new Snippet("Java", "client.read(\"commerce/orders\").records()"),
            new Snippet("Command line", "mesh export commerce/orders orders.csv"),
            new Snippet("Spark", "spark.table(\"mesh.commerce.orders\")")),
        List.of(
            new ChangeRow(
                "1.2.0", Optional.of(EARLIER), true, List.of("column " + text("card") + " added")),
            new ChangeRow("1.0.0", Optional.empty(), false, List.of())));
  }

  UsagePage usage() {
    return new UsagePage(
        frame("Usage", "", PageFrame.Section.USAGE, "usage.json"),
        List.of("commerce", "finance"),
        List.of(
            new UsagePage.UsageRow("commerce", List.of("", "1")),
            new UsagePage.UsageRow("finance", List.of("2", ""))),
        "1.2 GB",
        "This shows what the caller may know.");
  }

  RequestsPage requests() {
    RequestsPage.RequestRow request =
        new RequestsPage.RequestRow(
            "0192@1",
            ORDERS,
            text("finance/analyst"),
            "waiting",
            true,
            "order_id, amount",
            text("Weekly revenue"),
            "internal",
            EARLIER,
            "mesh approve 0192@1 --because REASON");
    return new RequestsPage(
        frame("Requests", "", PageFrame.Section.REQUESTS, "requests.json"),
        true,
        List.of(request),
        List.of(request),
        List.of(suggestion()),
        List.of());
  }

  private SuggestionRow suggestion() {
    return new SuggestionRow(
        "0193",
        ORDERS,
        text("finance/analyst"),
        "new column",
        text("currency"),
        text("Add the currency"),
        "accepted",
        true,
        text("In the next version"),
        EARLIER,
        "mesh answer 0193 --accept");
  }

  RolloutsPage rollouts() {
    return new RolloutsPage(
        frame("Rollouts", "", PageFrame.Section.ROLLOUTS, "rollouts.json"),
        List.of(
            new RolloutsPage.RolloutRow(
                ORDERS,
                "version 1 by 2",
                text("Amounts in cents"),
                "2026-12-31",
                List.of("finance"),
                List.of(
                    new RolloutsPage.DeliveredRow(
                        "0193", text("finance/analyst"), text("Add the currency"))))),
        List.of(
            new RolloutBlock(
                ORDERS,
                1,
                "version 2 replaces version 1",
                "announced",
                text("Amounts in cents"),
                List.of(new Fact("Started", "2026-11-20")),
                "for 1 of 1 consumer",
                List.of(
                    new RolloutBlock.TrackRow(
                        "finance/closing",
                        "reads the old version",
                        "objects: " + text("too early"),
                        "2026-12-31",
                        true,
                        text("It reads version 1."))),
                "mesh rollout status commerce/orders")),
        List.of(
            new RolloutsPage.AnswerRow(
                ORDERS,
                1,
                text("finance/closing"),
                "major version 1 is replaced by 2",
                text("Amounts in cents"),
                "2026-12-31",
                "none",
                text("it has not read version 2"),
                "Agree, or ask for a later day.",
                "mesh rollout answer commerce/orders finance/closing --agree")));
  }

  private static List<PlotFigure> plots() {
    List<PublishPlot.Publish> publishes =
        List.of(
            new PublishPlot.Publish(NOW.minusSeconds(7_200), 100, 2),
            new PublishPlot.Publish(NOW.minusSeconds(720), 120, 0));
    List<PlotFigure.PlotRow> values = List.of(new PlotFigure.PlotRow(EARLIER, List.of("120", "0")));
    List<String> heads = List.of("Published", "Rows", "Quarantined");
    return List.of(
        new PlotFigure(
            "rows", "Rows", "120", "2 publishes", heads, values, PublishPlot.ofRows(publishes)),
        new PlotFigure(
            "quality",
            "Score",
            "100 %",
            "2 publishes",
            heads,
            values,
            PublishPlot.ofScores(publishes)),
        new PlotFigure(
            "freshness", "Age", "", "no publish", heads, List.of(), Plot.without("No publish")));
  }

  private LineageGraph graph() {
    return new LineageGraph(
        ORDERS,
        List.of(
            new Node(ORDERS, 0, StatusBadge.LATE),
            new Node(CUSTOMERS, -1, StatusBadge.LATE),
            new Node(REVENUE, 1, StatusBadge.FRESH),
            new Node(REPORT, 2, StatusBadge.NO_PROMISE)),
        List.of(
            new Edge(CUSTOMERS, ORDERS, List.of(new Columns("id", "customer_id"))),
            new Edge(ORDERS, REVENUE, List.of(new Columns("amount", "amount"))),
            new Edge(REVENUE, REPORT, List.of()),
            new Edge(REPORT, ORDERS, List.of())),
        "This shows what the caller may know; other products may be connected.");
  }

  private List<ProductRow> rows() {
    return List.of(
        row(ORDERS, StatusBadge.LATE, "Orders of the shop"),
        row(REVENUE, StatusBadge.VIOLATED, "Revenue by day"),
        row(REPORT, StatusBadge.NEVER_PUBLISHED, "Report for the board"),
        row(CUSTOMERS, StatusBadge.FRESH, "Customers"));
  }

  private ProductRow row(ProductAddress product, StatusBadge status, String description) {
    return new ProductRow(
        product,
        text(description),
        status,
        status == StatusBadge.NEVER_PUBLISHED ? Optional.empty() : Optional.of(EARLIER),
        SmallPlot.of(List.of(NOW.minusSeconds(720)), Duration.ofHours(1), NOW),
        "internal",
        false,
        text("orders@example.org"),
        "area=" + text("sales"));
  }

  private ColumnRow column(
      String name, String type, boolean key, String description, String readable) {
    boolean guarded = readable.equals("ask");
    return new ColumnRow(
        name,
        type,
        key,
        true,
        guarded ? "restricted" : "internal",
        guarded,
        text(description),
        readable,
        List.of("notNull(" + text(name) + ")"),
        "0 %");
  }

  private ContactLink contact(String name) {
    return ContactLink.of(text(name + "@example.org"));
  }

  private String text(String text) {
    return written.apply(text);
  }

  private PageFrame frame(String title, String root, PageFrame.Section section, String document) {
    return new PageFrame(title, root, section, "anonymous/reader", NOW, document, List.of(), forms);
  }
}
