package io.meshwork.examples.awsmesh;

import static io.meshwork.contract.Rule.between;
import static io.meshwork.contract.Rule.unique;

import io.meshwork.MeshClient;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsRoleKind;
import io.meshwork.change.RegisterDomain;
import io.meshwork.contract.Column;
import io.meshwork.contract.Contract;
import io.meshwork.examples.awsmesh.LakeReader.LinkedTable;
import io.meshwork.examples.story.StoryReport;
import io.meshwork.governance.GovernanceClient.DomainPlace;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.maintenance.Mirrors.Report.Work;
import io.meshwork.product.Classification;
import io.meshwork.product.Domain;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.request.AccessRequest;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.lakeformation.model.LakeFormationException;

/**
 * From nothing to a consumer's first read, over five accounts on the emulator of AWS: governance,
 * the producers commerce and logistics, and the consumers finance and risk. Each role has only the
 * policies of its kind, which the emulator enforces, and each part of the story is a process of one
 * role. The consumers read without the mesh, as engines of AWS do: by a resource link in their own
 * account, with credentials of Lake Formation.
 */
public final class AwsMeshStory {
  private static final String GOVERNANCE = "111111111111";
  private static final String COMMERCE = "222222222222";
  private static final String LOGISTICS = "333333333333";
  private static final String FINANCE = "444444444444";
  private static final String RISK = "555555555555";
  private static final List<String> ACCOUNTS =
      List.of(GOVERNANCE, COMMERCE, LOGISTICS, FINANCE, RISK);

  private static final String ORDERS = "commerce/orders";
  private static final String SHIPMENTS = "logistics/shipments";
  private static final String ORDERS_TABLE = "orders_v1";
  private static final String ORDERS_LINKS = "commerce__tables";

  private static final Principal ADMIN = Principal.of(GOVERNANCE, "mesh-admin");
  private static final Principal SCHEDULER = Principal.of(GOVERNANCE, "mesh-scheduler");
  private static final Principal MIRROR = Principal.of(GOVERNANCE, "mesh-mirror");
  private static final Principal REGISTRATION = Principal.of(GOVERNANCE, "mesh-registration");
  private static final Principal STEWARD = Principal.of(COMMERCE, "commerce-steward");
  private static final Principal ETL = Principal.of(COMMERCE, "commerce-etl");
  private static final Principal DISPATCHER = Principal.of(LOGISTICS, "dispatcher");
  private static final Principal ANALYST = Principal.of(FINANCE, "analyst");
  private static final Principal PLANNER = Principal.of(RISK, "planner");

  private final AwsEmulator aws;
  private final MeshAccounts accounts;
  private final StoryReport report;

  private AwsMeshStory(AwsEmulator aws, Path folder, StoryReport report) {
    this.aws = aws;
    this.accounts =
        new MeshAccounts(
            aws,
            GOVERNANCE,
            AwsConfig.inRegion(aws.region())
                .endpoint(aws.endpoint())
                .mesh(GOVERNANCE, "shop")
                .lakeFormation(),
            folder);
    this.report = report;
  }

  /** A row of the orders. */
  record Order(long id, String country, @Column(precision = 18, scale = 2) BigDecimal amount) {}

  /** A row of the shipments. */
  record Shipment(long order, String carrier) {}

  /** Runs it; the policies of all roles remain in the folder of the argument. */
  public static void main(String[] arguments) throws IOException {
    StoryEmulator.run(
        "aws-mesh", arguments, (aws, folder) -> run(aws, folder, new StoryReport(System.out)));
  }

  /** Runs it on an emulator without roles, buckets, and tables of these names. */
  static void run(AwsEmulator aws, Path folder, StoryReport report) {
    new AwsMeshStory(aws, folder, report).run();
  }

  private void run() {
    makeStores();
    onboard();
    publish();
    mirror();
    AccessRequest request = request();
    approve(request);
    LinkedTable orders = link(ORDERS_LINKS, ORDERS_TABLE);
    long rows = read(orders);
    changeTag();
    long rowsAfter = readAgain(orders);
    report.number("accounts", ACCOUNTS.size());
    report.number("rowsRead", rows);
    report.number("rowsReadAfterTagChange", rowsAfter);
    report.number("apiCalls", aws.calls().size());
    report.number("stepsByHand", accounts.stepsByHand());
    report.endWithoutSteps();
  }

  /** Administrators make the stores, and the roles with the policies of their kinds. */
  private void makeStores() {
    accounts.makeMesh();
    String orders = accounts.makeBucket(COMMERCE);
    String shipments = accounts.makeBucket(LOGISTICS);
    String reports = accounts.makeBucket(FINANCE);
    String models = accounts.makeBucket(RISK);
    accounts.createRole(ADMIN, AwsRoleKind.governance());
    List<Domain> domains =
        accounts.as(
            ADMIN,
            governance ->
                List.of(
                    register(governance, "commerce", COMMERCE)
                        .administrators(STEWARD)
                        .location(orders)
                        .commit(),
                    register(governance, "logistics", LOGISTICS)
                        .administrators(DISPATCHER)
                        .location(shipments)
                        .commit(),
                    register(governance, "finance", FINANCE).location(reports).commit(),
                    register(governance, "risk", RISK).location(models).commit()));
    List<DomainPlace> places = accounts.as(ADMIN, governance -> governance.governance().places());
    report.step(
        "accounts",
        "111111111111 governs commerce [222222222222], logistics [333333333333], finance"
            + " [444444444444], risk [555555555555]; data are in"
            + " [s3://mesh-shop-222222222222-eu-central-1,"
            + " s3://mesh-shop-333333333333-eu-central-1,"
            + " s3://mesh-shop-444444444444-eu-central-1,"
            + " s3://mesh-shop-555555555555-eu-central-1]",
        GOVERNANCE
            + " governs "
            + domains.stream()
                .map(domain -> domain.name() + " " + domain.accounts())
                .collect(Collectors.joining(", "))
            + "; data are in "
            + places.stream().map(DomainPlace::root).sorted().toList());
  }

  private static RegisterDomain register(MeshClient governance, String name, String account) {
    return governance.registerDomain(name).accounts(account).owner(name + "@example.org");
  }

  /** Each role opens the mesh with its own policies. */
  private void onboard() {
    accounts.createRole(STEWARD, AwsRoleKind.steward("commerce"));
    accounts.createRole(ETL, AwsRoleKind.producer("commerce"));
    accounts.createRole(DISPATCHER, AwsRoleKind.steward("logistics"));
    accounts.createRole(ANALYST, AwsRoleKind.consumer("finance"));
    accounts.createRole(PLANNER, AwsRoleKind.consumer("risk"));
    accounts.permitEngines(ANALYST);
    accounts.permitEngines(PLANNER);
    accounts.createMirrorRoles(SCHEDULER, REGISTRATION, ACCOUNTS);
    accounts.permitLakeFormation(COMMERCE, REGISTRATION);
    accounts.permitLakeFormation(LOGISTICS, REGISTRATION);
    for (Principal role : List.of(STEWARD, ETL, DISPATCHER, ANALYST, PLANNER, SCHEDULER)) {
      accounts.as(role, MeshClient::products);
    }
    report.step(
        "onboarded",
        "[111111111111/mesh-admin, 111111111111/mesh-scheduler, 222222222222/commerce-etl,"
            + " 222222222222/commerce-steward, 333333333333/dispatcher, 444444444444/analyst,"
            + " 555555555555/planner] opened the registry; the mirrors of 5 accounts, with 5"
            + " buckets, have 0 problems",
        accounts.callers()
            + " opened the registry; the mirrors of "
            + ACCOUNTS.size()
            + " accounts, with "
            + ACCOUNTS.stream().mapToInt(accounts::buckets).sum()
            + " buckets, have "
            + accounts.verify(SCHEDULER).size()
            + " problems");
  }

  private void publish() {
    accounts.as(
        STEWARD,
        steward ->
            steward
                .defineProduct(ORDERS)
                .contract(
                    Contract.of(Order.class).require(unique("id"), between("amount", 0, 100_000)))
                .commit());
    PublishReceipt orders =
        accounts.as(
            ETL,
            etl ->
                etl.publish(ORDERS)
                    .records(
                        List.of(
                            new Order(1, "SE", new BigDecimal("17.50")),
                            new Order(2, "NO", new BigDecimal("8.90")),
                            new Order(3, "NO", new BigDecimal("3.10"))))
                    .idempotencyKey("2026-11-22")
                    .commit());
    PublishReceipt shipments =
        accounts.as(
            DISPATCHER,
            dispatcher -> {
              dispatcher.defineProduct(SHIPMENTS).contract(Contract.of(Shipment.class)).commit();
              return dispatcher
                  .publish(SHIPMENTS)
                  .records(List.of(new Shipment(1, "post"), new Shipment(2, "bike")))
                  .commit();
            });
    report.step(
        "published",
        "3 rows of commerce/orders, 2 rows of logistics/shipments",
        rowsOf(orders) + ", " + rowsOf(shipments));
  }

  private static String rowsOf(PublishReceipt receipt) {
    return receipt.rowsAccepted() + " rows of " + receipt.product();
  }

  private void mirror() {
    Mirrors.Report run = accounts.mirror(SCHEDULER);
    report.step(
        "mirrored",
        "6 databases and tables in glue in 111111111111; 4 accounts accepted and linked what is"
            + " theirs; left []",
        run.done().getOrDefault("glue in " + GOVERNANCE, Map.of()).get(Work.MADE)
            + " databases and tables in glue in "
            + GOVERNANCE
            + "; "
            + ACCOUNTS.stream()
                .filter(each -> run.done().containsKey("lakeformation-" + each + " in " + each))
                .count()
            + " accounts accepted and linked what is theirs; left "
            + run.remaining());
  }

  private AccessRequest request() {
    AccessRequest request =
        accounts.as(
            ANALYST,
            analyst ->
                analyst.requests().requestAccess(ORDERS).purpose("Revenue by country").commit());
    report.step(
        "requested",
        "444444444444/analyst asks for commerce/orders: WAITING; Lake Formation: "
            + "AccessDeniedException",
        request.requester()
            + " asks for "
            + request.product()
            + ": "
            + request.state()
            + "; Lake Formation: "
            + refusal());
    return request;
  }

  private void approve(AccessRequest request) {
    AccessRequest approved =
        accounts.as(STEWARD, steward -> steward.requests().approve(request).commit());
    accounts.as(
        DISPATCHER,
        dispatcher -> dispatcher.grant(SHIPMENTS).to(PLANNER).because("Delays").commit());
    report.step(
        "approved", "222222222222/commerce-steward: APPROVED", STEWARD + ": " + approved.state());
  }

  /** The mirrors grant, accept in the accounts of the consumers, and link there. */
  private LinkedTable link(String database, String name) {
    Mirrors.Report run = accounts.mirror(SCHEDULER);
    LinkedTable linked = accounts.withoutMesh(ANALYST, lake -> lake.resolve(database, name));
    report.step(
        "linked",
        "444444444444/analyst sees [id, country, amount] by commerce__tables.orders_v1 of"
            + " 111111111111; left [], by hand [], 0 problems",
        ANALYST
            + " sees "
            + linked.columns()
            + " by "
            + database
            + "."
            + name
            + " of "
            + linked.owner()
            + "; left "
            + run.remaining()
            + ", by hand "
            + run.byHand()
            + ", "
            + accounts.verify(SCHEDULER).size()
            + " problems");
    return linked;
  }

  private long read(LinkedTable linked) {
    long orders = accounts.withoutMesh(ANALYST, lake -> lake.rows(linked));
    long shipments = shipments();
    report.step(
        "read",
        "444444444444/analyst reads 3 rows of commerce/orders, 555555555555/planner reads 2 rows of"
            + " logistics/shipments",
        ANALYST
            + " reads "
            + orders
            + " rows of "
            + ORDERS
            + ", "
            + PLANNER
            + " reads "
            + shipments
            + " rows of "
            + SHIPMENTS);
    return orders + shipments;
  }

  /** Returns the number of rows that the planner reads. */
  private long shipments() {
    return accounts.withoutMesh(
        PLANNER, lake -> lake.rows(lake.resolve("logistics__tables", "shipments_v1")));
  }

  /** The orders become more sensitive than what the steward approved. */
  private void changeTag() {
    accounts.as(
        STEWARD,
        steward ->
            steward
                .amendContract(ORDERS)
                .change(
                    contract ->
                        contract.classification(
                            Classification.CONFIDENTIAL, "id", "country", "amount"))
                .commit());
    Mirrors.Report run = accounts.mirror(SCHEDULER);
    report.step(
        "tag-changed",
        "classification of the columns of orders_v1 in Lake Formation: [confidential, confidential,"
            + " confidential]; left []",
        "classification of the columns of orders_v1 in Lake Formation: "
            + accounts.withoutMesh(
                MIRROR, lake -> lake.tags("commerce", ORDERS_TABLE, "classification"))
            + "; left "
            + run.remaining());
  }

  /** The analyst reads with what it knows of the table; returns the number of rows. */
  private long readAgain(LinkedTable orders) {
    @Nullable AwsErrorDetails refusal = null;
    long rows = 0;
    try {
      rows = accounts.withoutMesh(ANALYST, lake -> lake.rows(orders));
    } catch (LakeFormationException e) {
      refusal = e.awsErrorDetails();
    }
    report.step(
        "read-refused",
        "LakeFormation refuses 444444444444/analyst: AccessDeniedException, Insufficient Lake"
            + " Formation permission(s): Required SELECT on commerce.orders_v1;"
            + " 555555555555/planner still reads 2 rows of logistics/shipments",
        (refusal == null ? rows + " rows for " : refusal.serviceName() + " refuses ")
            + ANALYST
            + (refusal == null ? "" : ": " + refusal.errorCode() + ", " + refusal.errorMessage())
            + "; "
            + PLANNER
            + " still reads "
            + shipments()
            + " rows of "
            + SHIPMENTS);
    return rows;
  }

  /** Returns how Lake Formation refuses credentials for the orders to the analyst. */
  private String refusal() {
    try {
      accounts.withoutMesh(ANALYST, lake -> lake.credentials(GOVERNANCE, "commerce", ORDERS_TABLE));
      return "credentials";
    } catch (LakeFormationException e) {
      return e.awsErrorDetails().errorCode();
    }
  }
}
