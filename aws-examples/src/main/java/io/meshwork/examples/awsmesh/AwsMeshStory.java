package io.meshwork.examples.awsmesh;

import static io.meshwork.contract.Rule.between;
import static io.meshwork.contract.Rule.unique;

import io.meshwork.MeshClient;
import io.meshwork.aws.AwsDuty;
import io.meshwork.aws.AwsPolicies.TableReaders;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Column;
import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.BackendException;
import io.meshwork.examples.story.StoryCommand;
import io.meshwork.examples.story.StoryFailedException;
import io.meshwork.examples.story.StoryReport;
import io.meshwork.governance.GovernanceClient.DomainPlace;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.testkit.AwsEmulator;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.opentest4j.TestAbortedException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * A mesh over three accounts on the emulator of AWS: governance, the producer commerce, and the
 * consumer finance. Each role has only the policies of its duty, which the emulator enforces, and
 * each part of the story is a process of one role.
 */
public final class AwsMeshStory {
  private static final String GOVERNANCE = "111111111111";
  private static final String COMMERCE = "222222222222";
  private static final String FINANCE = "333333333333";
  private static final String ORDERS = "commerce/orders";

  private static final Principal ADMIN = Principal.of(GOVERNANCE, "mesh-admin");
  private static final Principal STEWARD = Principal.of(COMMERCE, "commerce-steward");
  private static final Principal ETL = Principal.of(COMMERCE, "commerce-etl");
  private static final Principal ANALYST = Principal.of(FINANCE, "analyst");
  private static final Principal PLANNER = Principal.of(FINANCE, "planner");

  /** What a message names as missing; the name of the file and of the request differ by run. */
  private static final Pattern MISSING =
      Pattern.compile(
          "(\\S+ lacks the permission \\S+ on \\S+/orders_v1/)[^,]*(, because .+): (\\w+)");

  private final MeshAccounts accounts;
  private final StoryReport report;
  private final List<Order> orders =
      List.of(
          new Order(1, "SE", new BigDecimal("17.50")),
          new Order(2, "NO", new BigDecimal("8.90")),
          new Order(3, "NO", new BigDecimal("3.10")));

  private AwsMeshStory(AwsEmulator aws, Path folder, StoryReport report) {
    accounts = new MeshAccounts(aws, GOVERNANCE, "shop", folder);
    this.report = report;
  }

  /** A row of the orders. */
  record Order(long id, String country, @Column(precision = 18, scale = 2) BigDecimal amount) {}

  /** Runs it; the policies of all roles remain in the folder of the argument. */
  public static void main(String[] arguments) throws IOException {
    StoryCommand.run(
        "aws-mesh", arguments, folder -> runOnEmulator(folder, new StoryReport(System.out)));
  }

  private static void runOnEmulator(Path folder, StoryReport report) {
    try (AwsEmulator aws = start()) {
      run(aws, folder, report);
    }
  }

  /** Runs it on an emulator without roles, buckets, and tables of these names. */
  static void run(AwsEmulator aws, Path folder, StoryReport report) {
    new AwsMeshStory(aws, folder, report).run();
  }

  private static AwsEmulator start() {
    try {
      return AwsEmulator.start();
    } catch (TestAbortedException | IllegalStateException e) {
      throw new StoryFailedException(
          "Cannot run aws-mesh without the AWS emulator. Install what is missing, and run it again.",
          e);
    }
  }

  private void run() {
    setUpAccounts();
    String file = publish();
    read();
    refuseReads(file);
    report.number("apiCalls", accounts.apiCalls());
    report.end();
  }

  private void setUpAccounts() {
    accounts.makeMesh();
    String root = accounts.makeBucket(COMMERCE);
    accounts.createRole(ADMIN, AwsDuty.governance());
    accounts.createRole(STEWARD, AwsDuty.steward("commerce"));
    accounts.createRole(ETL, AwsDuty.producer("commerce"));
    accounts.createRole(ANALYST, AwsDuty.consumer("finance"));
    accounts.createRole(PLANNER, AwsDuty.consumer("finance"));
    List<DomainPlace> places = accounts.as(ADMIN, governance -> register(governance, root));
    for (Principal role : List.of(STEWARD, ETL, ANALYST, PLANNER)) {
      accounts.as(role, MeshClient::products);
    }
    report.step(
        "accounts",
        "[111111111111/mesh-admin, 222222222222/commerce-etl, 222222222222/commerce-steward,"
            + " 333333333333/analyst, 333333333333/planner] opened the mesh; the data of commerce"
            + " are in s3://mesh-shop-222222222222-eu-central-1",
        accounts.callers()
            + " opened the mesh; the data of "
            + places.stream()
                .map(place -> place.domain() + " are in " + place.root())
                .collect(Collectors.joining(", ")));
    report.number(
        "accounts",
        accounts.callers().stream()
            .map(caller -> caller.substring(0, caller.indexOf('/')))
            .distinct()
            .count());
  }

  private static List<DomainPlace> register(MeshClient governance, String root) {
    governance
        .registerDomain("commerce")
        .accounts(COMMERCE)
        .ownedBy("commerce@example.org")
        .administrators(STEWARD)
        .keepingDataAt(root)
        .commit();
    governance.registerDomain("finance").accounts(FINANCE).ownedBy("finance@example.org").commit();
    return governance.governance().places();
  }

  /** Returns the location of the data file. */
  private String publish() {
    accounts.as(
        STEWARD,
        steward ->
            steward
                .defineProduct(ORDERS)
                .contract(
                    Contract.of(Order.class).require(unique("id"), between("amount", 0, 100_000)))
                .commit());
    PublishReceipt receipt =
        accounts.as(
            ETL, etl -> etl.publish(ORDERS).records(orders).idempotencyKey("2026-11-22").commit());
    List<String> files = accounts.as(ETL, etl -> etl.read(ORDERS).files());
    report.step(
        "published",
        "3 rows of commerce/orders are in [s3://mesh-shop-222222222222-eu-central-1/"
            + "data/commerce/orders_v1/data]",
        receipt.rowsAccepted()
            + " rows of "
            + receipt.product()
            + " are in "
            + files.stream().map(file -> file.substring(0, file.lastIndexOf('/'))).toList());
    return files.get(0);
  }

  /** The mesh and the policy of the bucket both give the analyst the orders. */
  private void read() {
    accounts.as(
        STEWARD,
        steward -> steward.grant(ORDERS).to(ANALYST).because("Revenue by country").commit());
    shareOrders();
    List<Order> rows = ordersAs(ANALYST);
    report.step(
        "read",
        "333333333333/analyst reads 3 rows of commerce/orders, with a revenue of 29.50",
        ANALYST
            + " reads "
            + rows.size()
            + " rows of commerce/orders, with a revenue of "
            + rows.stream().map(Order::amount).reduce(BigDecimal.ZERO, BigDecimal::add));
    report.number("rowsRead", rows.size());
  }

  /**
   * The planner has no grant: the mesh refuses, and S3, too, if it is asked without the mesh. The
   * analyst has a grant, but for a while no statement in the policy of the bucket: S3 refuses.
   */
  private void refuseReads(String file) {
    List<String> refusals = new ArrayList<>();
    refusals.add(PLANNER + " has no grant: " + refusalByMesh() + "; S3: " + refusalByS3(file));
    accounts.shareTables(COMMERCE);
    long requests = accounts.apiCalls("s3:GetObject");
    refusals.add("without the policy of the bucket, " + missingPermission());
    if (accounts.apiCalls("s3:GetObject") == requests) {
      throw new StoryFailedException("The analyst's read sent no request to S3.");
    }
    shareOrders();
    refusals.add("with it, the analyst reads " + ordersAs(ANALYST).size() + " rows");
    report.step(
        "read-refused",
        "333333333333/planner has no grant: MESH-4001, a grant of SELECT on commerce/orders is"
            + " missing; S3: AccessDenied; without the policy of the bucket, MESH-7011:"
            + " 333333333333/analyst lacks the permission s3:GetObject on arn:aws:s3:::"
            + "mesh-shop-222222222222-eu-central-1/data/commerce/orders_v1/..., because no"
            + " resource-based policy allows it: AccessDenied; with it, the analyst reads 3 rows",
        String.join("; ", refusals));
  }

  private void shareOrders() {
    accounts.shareTables(COMMERCE, TableReaders.of(ORDERS, 1, ANALYST));
  }

  private List<Order> ordersAs(Principal role) {
    return accounts.as(
        role,
        client -> {
          List<Order> rows = new ArrayList<>();
          try (Rows<Order> all = client.read(ORDERS).as(Order.class).read()) {
            all.forEach(rows::add);
          }
          return rows;
        });
  }

  private String refusalByMesh() {
    try {
      return ordersAs(PLANNER).size() + " rows";
    } catch (AccessDeniedException e) {
      return e.code() + ", " + e.missing() + " is missing";
    }
  }

  private String refusalByS3(String file) {
    try {
      return accounts.lengthRead(PLANNER, file) + " bytes";
    } catch (S3Exception e) {
      return e.awsErrorDetails().errorCode();
    }
  }

  private String missingPermission() {
    try {
      return ordersAs(ANALYST).size() + " rows";
    } catch (BackendException e) {
      Matcher missing = MISSING.matcher(e.reason());
      return e.code()
          + ": "
          + (missing.find()
              ? missing.group(1) + "..." + missing.group(2) + ": " + missing.group(3)
              : e.reason());
    }
  }
}
