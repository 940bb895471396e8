package io.meshwork.examples.awsaccounts;

import static io.meshwork.contract.Rule.unique;

import io.meshwork.aws.AccountSetup;
import io.meshwork.aws.AccountSetup.Template;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsRoleKind;
import io.meshwork.contract.Contract;
import io.meshwork.examples.awsmesh.StoryEmulator;
import io.meshwork.examples.story.StoryReport;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.product.Principal;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;

/**
 * From empty accounts to a consumer's first read, over five accounts that have only what {@link
 * AccountSetup} prints: governance, the producers commerce and logistics, and the consumers finance
 * and risk. In each account, an administrator creates the stack of its deployer; a program of the
 * platform creates the others as this deployer. At the end, each statement of each policy has
 * decided a request that no other statement decides.
 */
public final class AwsAccountsStory {
  private static final String MESH = "market";
  private static final String ORDERS = "commerce/orders";
  private static final String SHIPMENTS = "logistics/shipments";
  private static final String REVENUE = "finance/revenue";
  private static final String MODELS = "risk/models";

  private final String governance;
  private final String commerce;
  private final String logistics;
  private final String finance;
  private final String risk;
  private final AwsEmulator aws;
  private final AwsConfig config;
  private final TemplateAccounts accounts;
  private final StoryReport report;

  private final Principal admin;
  private final Principal operator;
  private final Principal steward;
  private final Principal etl;
  private final Principal dispatcher;
  private final Principal reporter;
  private final Principal analyst;
  private final Principal dashboard;
  private final Principal modeler;
  private final Principal planner;

  /**
   * Prepares the story.
   *
   * @param number from 0 to 9999: the accounts have it in their IDs
   */
  private AwsAccountsStory(AwsEmulator aws, int number, Path folder, StoryReport report) {
    this.aws = aws;
    governance = account(1, number);
    commerce = account(2, number);
    logistics = account(3, number);
    finance = account(4, number);
    risk = account(5, number);
    admin = Principal.of(governance, "mesh-admin");
    operator = Principal.of(governance, "mesh-operator");
    steward = Principal.of(commerce, "commerce-steward");
    etl = Principal.of(commerce, "commerce-etl");
    dispatcher = Principal.of(logistics, "dispatcher");
    reporter = Principal.of(finance, "reporter");
    analyst = Principal.of(finance, "analyst");
    dashboard = Principal.of(finance, "dashboard");
    modeler = Principal.of(risk, "modeler");
    planner = Principal.of(risk, "planner");
    config =
        AwsConfig.inRegion(aws.region())
            .endpoint(aws.endpoint())
            .mesh(governance, MESH)
            .lakeFormation();
    accounts = new TemplateAccounts(aws, governance, MESH, config, folder);
    this.report = report;
  }

  private static String account(int domain, int number) {
    return "6%d%04d616161".formatted(domain, number);
  }

  /** A row of the orders. */
  record Order(long id, String country) {}

  /** A row of the shipments. */
  record Shipment(long order, String carrier) {}

  /** A row of the revenue. */
  record Revenue(String country, long amount) {}

  /** A row of the models. */
  record Model(String name, String version) {}

  /** Runs it; the templates remain in the folder of the argument. */
  public static void main(String[] arguments) throws IOException {
    StoryEmulator.run(
        "aws-accounts", arguments, (aws, folder) -> run(aws, folder, new StoryReport(System.out)));
  }

  /** Runs it on an emulator whose accounts are empty. */
  static void run(AwsEmulator aws, Path folder, StoryReport report) {
    AwsAccountsStory story = new AwsAccountsStory(aws, 6161, folder, report);
    story.accounts.write(story.setups());
    story.lint();
    story.run();
  }

  /** Returns the templates of the story over other accounts. */
  static List<Template> templates(AwsEmulator aws, int number, Path folder) {
    return new AwsAccountsStory(aws, number, folder, new StoryReport(System.out))
        .setups().stream().flatMap(setup -> setup.templates().stream()).toList();
  }

  /** Runs it over other accounts, with other templates, which are not linted. */
  static void run(
      AwsEmulator aws, int number, List<Template> templates, Path folder, StoryReport report) {
    AwsAccountsStory story = new AwsAccountsStory(aws, number, folder, report);
    story.accounts.writeAll(templates);
    story.run();
  }

  private void run() {
    deploy();
    publish();
    link();
    long rows = read();
    List<String> superfluous = aws.unusedStatements(accountIds().toArray(String[]::new));
    superfluous.forEach(System.err::println);
    report.number("accounts", accountIds().size());
    report.number(
        "rolesByHand", Collections.frequency(aws.calls(), "iam:CreateRole") - accounts.roles());
    report.number("stepsByHand", accounts.stepsByHand());
    report.number("rowsRead", rows);
    report.number("superfluous", superfluous.size());
    report.endWithoutSteps();
  }

  private List<String> accountIds() {
    return List.of(governance, commerce, logistics, finance, risk);
  }

  /** Returns what the accounts need: roles with their kinds. */
  private List<AccountSetup> setups() {
    return List.of(
        AccountSetup.of(config, governance).role(admin.role(), AwsRoleKind.governance()),
        AccountSetup.of(config, commerce)
            .role(steward.role(), AwsRoleKind.steward("commerce"))
            .role(etl.role(), AwsRoleKind.producer("commerce")),
        AccountSetup.of(config, logistics)
            .role(dispatcher.role(), AwsRoleKind.steward("logistics")),
        AccountSetup.of(config, finance)
            .role(reporter.role(), AwsRoleKind.steward("finance"))
            .role(analyst.role(), AwsRoleKind.consumer("finance"))
            .role(dashboard.role(), AwsRoleKind.engineReader()),
        AccountSetup.of(config, risk)
            .role(modeler.role(), AwsRoleKind.steward("risk"))
            .role(planner.role(), AwsRoleKind.consumer("risk")));
  }

  private void lint() {
    report.step(
        "linted",
        "14 templates, cfn-lint: []",
        accounts.files().size()
            + " templates, cfn-lint: ["
            + AwsEmulator.lint(accounts.files())
            + "]");
  }

  private void deploy() {
    aws.reset();
    accounts.deploy();
    String tables =
        accounts.tables(accountIds())
            + " table; "
            + accounts.protectedBuckets(accountIds())
            + " buckets keep versions, and reject requests without TLS and replacements; "
            + admin.role()
            + (accounts.canArchive(admin) ? " archives logs" : " cannot archive logs");
    accounts.makeMesh();
    report.step(
        "deployed",
        "1 table; 5 buckets keep versions, and reject requests without TLS and replacements;"
            + " mesh-admin archives logs; 5 deployers proven",
        tables + "; " + accounts.provenDeployers(setups()) + " deployers proven");
    accounts.as(
        admin,
        client -> {
          accounts.registerDomain(client, "commerce", steward);
          accounts.registerDomain(client, "logistics", dispatcher);
          accounts.registerDomain(client, "finance", reporter);
          accounts.registerDomain(client, "risk", modeler);
          return client;
        });
  }

  /** Each producer defines and publishes; the role that publishes the orders defines nothing. */
  private void publish() {
    accounts.as(
        steward,
        client ->
            client
                .defineProduct(ORDERS)
                .contract(Contract.of(Order.class).require(unique("id")))
                .commit());
    long rows = publish(etl, ORDERS, new Order(1, "SE"));
    rows += publish(etl, ORDERS, new Order(2, "NO"));
    rows += defineAndPublish(dispatcher, SHIPMENTS, new Shipment(1, "post"));
    rows += defineAndPublish(reporter, REVENUE, new Revenue("SE", 17));
    rows += defineAndPublish(modeler, MODELS, new Model("default", "1"));
    report.step(
        "published",
        "5 rows of 4 products; analyst polls 1 row of finance, planner 1 of risk; the doctor finds"
            + " []",
        rows
            + " rows of "
            + accounts.as(admin, client -> client.products().size())
            + " products; analyst polls "
            + accounts.polled(analyst, REVENUE)
            + " row of finance, planner "
            + accounts.polled(planner, MODELS)
            + " of risk"
            + "; the doctor finds "
            + accounts.findings(List.of(etl, steward, dispatcher, reporter, modeler)));
  }

  private long defineAndPublish(Principal owner, String product, Record row) {
    accounts.as(
        owner,
        client -> client.defineProduct(product).contract(Contract.of(row.getClass())).commit());
    return publish(owner, product, row);
  }

  private long publish(Principal role, String product, Record row) {
    return accounts.as(
        role, client -> client.publish(product).records(List.of(row)).commit().rowsAccepted());
  }

  private void link() {
    share(steward, ORDERS, analyst);
    share(modeler, MODELS, analyst);
    share(steward, ORDERS, dashboard);
    share(dispatcher, SHIPMENTS, planner);
    share(reporter, REVENUE, planner);
    Mirrors.Report first = accounts.mirror(operator);
    Mirrors.Report run = accounts.mirror(operator);
    report.step(
        "linked",
        "analyst sees [id, country] and [name, version], planner sees [order, carrier] and"
            + " [country, amount]; left [], by hand []",
        "analyst sees "
            + columns(analyst, "commerce__tables", "orders_v1")
            + " and "
            + columns(analyst, "risk__tables", "models_v1")
            + ", planner sees "
            + columns(planner, "logistics__tables", "shipments_v1")
            + " and "
            + columns(planner, "finance__tables", "revenue_v1")
            + "; left "
            + run.remaining()
            + ", by hand "
            + first.byHand());
  }

  private void share(Principal owner, String product, Principal reader) {
    accounts.as(owner, client -> client.grant(product).to(reader).because("Reports").commit());
  }

  private List<String> columns(Principal reader, String database, String table) {
    return accounts.withoutMesh(reader, lake -> lake.resolve(database, table)).columns();
  }

  /**
   * The consumers read as engines do, with credentials of Lake Formation; the dashboard queries in
   * the work group of its account.
   */
  private long read() {
    long ofAnalyst =
        rows(analyst, "commerce__tables", "orders_v1") + rows(analyst, "risk__tables", "models_v1");
    long ofPlanner =
        rows(planner, "logistics__tables", "shipments_v1")
            + rows(planner, "finance__tables", "revenue_v1");
    report.step(
        "read",
        "analyst reads 3 rows of commerce and risk, planner reads 2 rows of logistics and finance;"
            + " dashboard queries [id, country]",
        "analyst reads "
            + ofAnalyst
            + " rows of commerce and risk, planner reads "
            + ofPlanner
            + " rows of logistics and finance; dashboard queries "
            + accounts.withoutMesh(
                dashboard, lake -> lake.query("mesh-" + MESH, "commerce__tables", "orders_v1")));
    return ofAnalyst + ofPlanner;
  }

  private long rows(Principal reader, String database, String table) {
    return accounts.withoutMesh(reader, lake -> lake.rows(lake.resolve(database, table)));
  }
}
