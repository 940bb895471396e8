package io.meshwork.examples.awsaccounts;

import io.meshwork.aws.AccountSetup;
import io.meshwork.aws.AccountSetup.Template;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsMesh;
import io.meshwork.aws.AwsRoleKind;
import io.meshwork.contract.Contract;
import io.meshwork.examples.awsaccounts.AwsAccountsStory.Order;
import io.meshwork.examples.awsaccounts.AwsAccountsStory.Revenue;
import io.meshwork.examples.story.StoryReport;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.product.Principal;
import io.meshwork.testkit.aws.AwsEmulator;
import io.meshwork.topology.Topology;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Two lines of business over four accounts that have only what {@link AccountSetup} prints: that of
 * the mesh, whose domain {@code platform} keeps its files in the bucket of the mesh; commerce with
 * the table of the line {@code retail}; treasury with that of {@code banking}; and finance, whose
 * catalog is in the account of treasury.
 */
final class CatalogsStory {
  private static final String MESH = "market";
  private static final String ORDERS = "commerce/orders";
  private static final String RETURNS = "commerce/returns";
  private static final String REVENUE = "finance/revenue";
  private static final String COSTS = "platform/costs";
  private static final String FUNDS = "treasury/funds";
  private static final Duration RUN = Duration.ofMinutes(13);
  private static final Topology LINES =
      Topology.byLineOfBusiness(
          Map.of(
              "retail", Set.of("commerce"), "banking", Set.of("finance", "platform", "treasury")));

  /** The story over accounts that have their number in their IDs. */
  static final TemplateParts.Story STORY =
      new TemplateParts.Story() {
        @Override
        public List<Template> templates(AwsEmulator aws, int number, Path folder) {
          return new CatalogsStory(aws, number, folder).templates();
        }

        @Override
        public void run(
            AwsEmulator aws,
            int number,
            List<Template> templates,
            Path folder,
            StoryReport report) {
          new CatalogsStory(aws, number, folder).run(templates, report);
        }
      };

  private final AwsEmulator aws;
  private final String governance;
  private final String commerce;
  private final String treasury;
  private final String finance;
  private final AwsConfig config;
  private final TemplateAccounts accounts;

  private final Principal admin;
  private final Principal operator;
  private final Principal planner;
  private final Principal auditor;
  private final Principal steward;
  private final Principal etl;
  private final Principal buyer;
  private final Principal treasurer;
  private final Principal reporter;
  private final Principal analyst;

  /** A row of the costs. */
  record Cost(String name, long amount) {}

  private CatalogsStory(AwsEmulator aws, int number, Path folder) {
    this.aws = aws;
    governance = account(1, number);
    commerce = account(2, number);
    treasury = account(3, number);
    finance = account(4, number);
    admin = Principal.of(governance, "mesh-admin");
    operator = Principal.of(governance, "mesh-operator");
    planner = Principal.of(governance, "planner");
    auditor = Principal.of(governance, "auditor");
    steward = Principal.of(commerce, "commerce-steward");
    etl = Principal.of(commerce, "commerce-etl");
    buyer = Principal.of(commerce, "buyer");
    treasurer = Principal.of(treasury, "treasurer");
    reporter = Principal.of(finance, "reporter");
    analyst = Principal.of(finance, "analyst");
    config =
        AwsConfig.inRegion(aws.region())
            .endpoint(aws.endpoint())
            .mesh(governance, MESH)
            .lakeFormation();
    accounts = new TemplateAccounts(aws, governance, MESH, config, folder);
  }

  private static String account(int domain, int number) {
    return "7%d%04d717171".formatted(domain, number);
  }

  private List<Template> templates() {
    return setups().stream().flatMap(setup -> setup.templates().stream()).toList();
  }

  private List<String> accountIds() {
    return List.of(governance, commerce, treasury, finance);
  }

  private List<AccountSetup> setups() {
    return List.of(
        AccountSetup.of(config, governance)
            .catalog("banking", treasury)
            .catalog("retail", commerce)
            .role(admin.role(), AwsRoleKind.governance())
            .role(planner.role(), AwsRoleKind.steward("platform"))
            .role(auditor.role(), AwsRoleKind.consumer("platform")),
        AccountSetup.of(config, commerce)
            .catalog("retail", commerce)
            .catalog("banking", treasury)
            .role(steward.role(), AwsRoleKind.steward("commerce"))
            .role(etl.role(), AwsRoleKind.producer("commerce"))
            .role(buyer.role(), AwsRoleKind.consumer("commerce")),
        AccountSetup.of(config, treasury)
            .catalog("banking", treasury)
            .role(treasurer.role(), AwsRoleKind.steward("treasury")),
        AccountSetup.of(config, finance)
            .catalog("banking", treasury)
            .catalog("retail", commerce)
            .role(reporter.role(), AwsRoleKind.steward("finance"))
            .role(analyst.role(), AwsRoleKind.consumer("finance")));
  }

  private void run(List<Template> templates, StoryReport report) {
    accounts.writeAll(templates);
    deploy(report);
    publish(report);
    mirror(report);
    operate(report);
    read(report);
    List<String> superfluous = aws.unusedStatements(accountIds().toArray(String[]::new));
    superfluous.forEach(System.err::println);
    report.number("superfluous", superfluous.size());
    report.endWithoutSteps();
  }

  private void deploy(StoryReport report) {
    aws.reset();
    accounts.deploy();
    int tables = accounts.tables(accountIds());
    String archives = accounts.canArchive(admin) ? " archives logs" : " cannot archive logs";
    accounts.makeMesh(LINES);
    aws.runAs(admin.account(), admin.role());
    AwsMesh.addCatalog(config, "banking", treasury);
    AwsMesh.addCatalog(config, "retail", commerce);
    report.step(
        "deployed",
        "3 tables; 4 buckets are protected; mesh-admin archives logs; 4 deployers proven",
        tables
            + " tables; "
            + accounts.protectedBuckets(accountIds())
            + " buckets are protected; mesh-admin"
            + archives
            + "; "
            + accounts.provenDeployers(setups())
            + " deployers proven");
    accounts.as(
        admin,
        client -> {
          accounts.registerDomain(client, "commerce", steward);
          accounts.registerDomain(client, "finance", reporter);
          accounts.registerDomain(client, "treasury", treasurer);
          client
              .registerDomain("platform")
              .accounts(governance)
              .owner("platform@example.org")
              .administrators(planner)
              .commit();
          for (String guest : List.of("finance", "platform")) {
            client.governance().admit(guest, "retail").commit();
          }
          return client.governance().admit("commerce", "banking").commit();
        });
  }

  private void publish(StoryReport report) {
    define(steward, ORDERS, Order.class);
    define(steward, RETURNS, Order.class);
    define(reporter, REVENUE, Revenue.class);
    define(planner, COSTS, Cost.class);
    define(treasurer, FUNDS, Cost.class);
    long rows = publish(etl, ORDERS, new Order(1, "SE"));
    rows += publish(etl, RETURNS, new Order(1, "SE"));
    rows += publish(reporter, REVENUE, new Revenue("SE", 17));
    rows += publish(planner, COSTS, new Cost("desks", 3));
    rows += publish(treasurer, FUNDS, new Cost("reserve", 9));
    report.step(
        "published",
        "5 rows; the doctor finds []",
        rows
            + " rows; the doctor finds "
            + accounts.findings(List.of(etl, steward, reporter, planner, treasurer)));
  }

  private void define(Principal owner, String product, Class<? extends Record> row) {
    accounts.as(owner, client -> client.defineProduct(product).contract(Contract.of(row)).commit());
  }

  private long publish(Principal role, String product, Record row) {
    return accounts.as(
        role, client -> client.publish(product).records(List.of(row)).commit().rowsAccepted());
  }

  private void mirror(StoryReport report) {
    share(steward, ORDERS, analyst);
    share(steward, RETURNS, analyst);
    share(reporter, REVENUE, buyer);
    share(planner, COSTS, analyst);
    share(steward, ORDERS, auditor);
    share(reporter, REVENUE, auditor);
    link(reporter, ORDERS, "orders");
    link(planner, ORDERS, "orders");
    link(steward, REVENUE, "revenue");
    Mirrors.Report first = accounts.mirror(operator);
    publish(etl, ORDERS, new Order(2, "NO"));
    Mirrors.Report second = accounts.mirror(operator);
    report.step(
        "mirrored",
        "left [], by hand []",
        "left " + second.remaining() + ", by hand " + first.byHand());
  }

  /** A run skips a catalog that its role may not read, and reports it. */
  private void operate(StoryReport report) {
    report.step(
        "operated",
        "left []",
        "left " + accounts.withMesh(operator, mesh -> mesh.operate(RUN)).remaining());
  }

  private void share(Principal owner, String product, Principal reader) {
    accounts.as(owner, client -> client.grant(product).to(reader).because("Reports").commit());
  }

  private void link(Principal role, String product, String name) {
    accounts.as(
        role, client -> client.linkResource(product).database("shared").name(name).commit());
  }

  /** Consumers subscribe, and read as engines do, with credentials of Lake Formation. */
  private void read(StoryReport report) {
    Map<String, Long> read = new TreeMap<>();
    for (Principal role : List.of(analyst, auditor, buyer)) {
      read.put(role.role() + " " + ORDERS, accounts.polled(role, ORDERS));
      read.put(role.role() + " " + REVENUE, accounts.polled(role, REVENUE));
    }
    read.put("analyst " + COSTS, accounts.polled(analyst, COSTS));
    read.put("auditor " + COSTS, accounts.polled(auditor, COSTS));
    report.step(
        "polled",
        "{analyst commerce/orders=2, analyst finance/revenue=1, analyst platform/costs=1, auditor"
            + " commerce/orders=2, auditor finance/revenue=1, auditor platform/costs=1, buyer"
            + " commerce/orders=2, buyer finance/revenue=1}",
        read.toString());
    report.step(
        "read without the mesh",
        "orders 2 and 2, costs 1, revenue 1 and 1",
        "orders %s and %s, costs %s, revenue %s and %s"
            .formatted(
                rowsWithoutMesh(analyst, "shared", "orders"),
                rowsWithoutMesh(auditor, "shared", "orders"),
                rowsWithoutMesh(analyst, "platform__tables", "costs_v1"),
                rowsWithoutMesh(buyer, "shared", "revenue"),
                rowsWithoutMesh(auditor, "finance__tables", "revenue_v1")));
  }

  private long rowsWithoutMesh(Principal role, String database, String table) {
    return accounts.withoutMesh(role, lake -> lake.rows(lake.resolve(database, table)));
  }
}
