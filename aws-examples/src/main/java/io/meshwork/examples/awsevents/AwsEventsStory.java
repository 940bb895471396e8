package io.meshwork.examples.awsevents;

import static io.meshwork.contract.Rule.unique;

import io.meshwork.Mesh;
import io.meshwork.aws.AccountSetup;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsMesh;
import io.meshwork.aws.AwsRoleKind;
import io.meshwork.contract.Contract;
import io.meshwork.examples.awsaccounts.TemplateAccounts;
import io.meshwork.examples.awsmesh.StoryEmulator;
import io.meshwork.examples.story.StoryReport;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.notice.Notifier.DeliveryReport;
import io.meshwork.product.Principal;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Commerce publishes orders. Its operator sends each event to the bus of its account, and each
 * notice to that of the recipient; finance and risk read them from queues of their own. Finance has
 * its bus from the beginning, risk only later. Governance gets the event of the last publish, and
 * its mirrors then show the orders to a reader of Glue, and grant them to a role. At the end,
 * finance gets mail that the orders retire. All accounts have what {@link AccountSetup} prints, and
 * nothing else.
 */
public final class AwsEventsStory {
  private static final String MESH = "events";
  private static final String ORDERS = "commerce/orders";
  private static final String QUEUE = "mesh-" + MESH + "-notices";
  private static final int PUBLISHES = 3;
  private static final Duration LISTENING = Duration.ofSeconds(1);
  private static final String MAIL = "finance-%s@example.org";

  /** Of a new process, with those to the queue, STS, and the registry. */
  private static final String REQUESTS = "26 requests, 3 of them to Glue, for 1 table";

  private final String governance;
  private final String commerce;
  private final String finance;
  private final String risk;
  private final AwsEmulator aws;
  private final AwsConfig config;
  private final TemplateAccounts accounts;
  private final StoryReport report;

  private final Principal admin;
  private final Principal mirrors;
  private final Principal steward;
  private final Principal operator;
  private final Principal analyst;
  private final Principal planner;

  /** The IDs of notices in the order in which their recipients processed them. */
  private final List<String> ofFinance = new ArrayList<>();

  private final List<String> ofRisk = new ArrayList<>();
  private final Set<String> processed = new HashSet<>();
  private int published;

  /**
   * Prepares the story.
   *
   * @param number from 0 to 9999: the accounts have it in their IDs
   */
  private AwsEventsStory(AwsEmulator aws, int number, Path folder, StoryReport report) {
    this.aws = aws;
    governance = account(1, number);
    commerce = account(2, number);
    finance = account(3, number);
    risk = account(4, number);
    admin = Principal.of(governance, "mesh-admin");
    mirrors = Principal.of(governance, "mesh-operator");
    steward = Principal.of(commerce, "commerce-steward");
    operator = Principal.of(commerce, "commerce-operator");
    analyst = Principal.of(finance, "analyst");
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
    return "6%d%04d606060".formatted(domain, number);
  }

  /** A row of the orders. */
  record Order(long id, String country) {}

  /** Runs it; the templates remain in the folder of the argument. */
  public static void main(String[] arguments) throws IOException {
    StoryEmulator.run(
        "aws-events",
        arguments,
        (aws, folder) -> run(aws, 6060, folder, new StoryReport(System.out)));
  }

  /** Runs it on an emulator whose accounts are empty. */
  static void run(AwsEmulator aws, int number, Path folder, StoryReport report) {
    new AwsEventsStory(aws, number, folder, report).run();
  }

  private void run() {
    deploy();
    receive();
    refuse();
    redeliver();
    long seconds = mirror();
    grant();
    mail();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < published; i++) {
      expected.add(notice(i, "finance"));
    }
    for (int i = PUBLISHES; i < published; i++) {
      expected.add(notice(i, "risk"));
    }
    expected.removeAll(processed);
    report.number("lost", expected.size());
    report.number("outOfOrder", outOfOrder(ofFinance) + outOfOrder(ofRisk));
    report.number("secondsToGlue", seconds);
    report.endWithoutSteps();
  }

  /** The log of the product begins with its definition and the grants to two readers. */
  private static String notice(int publish, String domain) {
    return ORDERS + "/" + (publish + 4) + "/published." + domain + ".own";
  }

  private static int outOfOrder(List<String> ids) {
    int number = 0;
    for (int i = 1; i < ids.size(); i++) {
      number += sequence(ids.get(i)) < sequence(ids.get(i - 1)) ? 1 : 0;
    }
    return number;
  }

  private static long sequence(String id) {
    return Long.parseLong(id.split("/", -1)[2]);
  }

  private void deploy() {
    accounts.write(
        List.of(
            AccountSetup.of(config, governance)
                .role(admin.role(), AwsRoleKind.governance())
                .notices(commerce, finance, risk),
            AccountSetup.of(config, commerce)
                .role(steward.role(), AwsRoleKind.steward("commerce"))
                .role(operator.role(), AwsRoleKind.maintenance("commerce"))
                .notices(),
            AccountSetup.of(config, finance)
                .role(analyst.role(), AwsRoleKind.consumer("finance"))
                .notices(commerce)
                .email(MAIL.formatted(finance)),
            setupOfRisk()));
    accounts.deploy();
    accounts.makeMesh();
    accounts.registerDomains(
        admin, Map.of("commerce", steward, "finance", analyst, "risk", planner));
    accounts.as(
        steward,
        client -> {
          client
              .defineProduct(ORDERS)
              .contract(Contract.of(Order.class).require(unique("id")))
              .commit();
          client.grant(ORDERS).to(analyst).because("Revenue").commit();
          client.grant(ORDERS).to(planner).because("Planning").commit();
          return client;
        });
  }

  private AccountSetup setupOfRisk() {
    return AccountSetup.of(config, risk).role(planner.role(), AwsRoleKind.consumer("risk"));
  }

  private void subscribe(Principal consumer) {
    accounts.as(
        consumer,
        client -> client.subscribe(ORDERS).name("own").purpose("Reports").contact("a@x").commit());
  }

  private void publish() {
    Order order = new Order(published++, "SE");
    accounts.as(steward, client -> client.publish(ORDERS).records(List.of(order)).commit());
  }

  /** Does what the operator of commerce schedules every few minutes. */
  private DeliveryReport asOperator(Function<Mesh, DeliveryReport> work) {
    return accounts.withMesh(
        operator, builder -> builder.notifier("eventbridge", AwsMesh.notifier(config)), work);
  }

  private void receive() {
    subscribe(analyst);
    asOperator(Mesh::deliverNotices);
    for (int i = 0; i < PUBLISHES; i++) {
      publish();
    }
    DeliveryReport sent = asOperator(Mesh::deliverNotices);
    readQueue(analyst, ofFinance);
    report.step(
        "received",
        "3 of 3 by finance, in order; failed 0, parked 0",
        ofFinance.size()
            + " of "
            + published
            + " by finance, "
            + (outOfOrder(ofFinance) == 0 ? "in order" : "in another order")
            + "; failed "
            + sent.failed()
            + ", parked "
            + sent.parked());
  }

  /** Processes what waits in the queue of the consumer's account. */
  private void readQueue(Principal consumer, List<String> ids) {
    aws.runAs(consumer.account(), consumer.role());
    try (SqsClient sqs =
        SqsClient.builder()
            .endpointOverride(aws.endpoint())
            .region(Region.of(aws.region()))
            .build()) {
      NoticeQueue.receive(sqs, QUEUE, processed, notice -> ids.add(notice.path("id").asText()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Risk has no bus, which delays no other recipient. */
  private void refuse() {
    subscribe(planner);
    publish();
    DeliveryReport sent = asOperator(Mesh::deliverNotices);
    int before = ofFinance.size();
    readQueue(analyst, ofFinance);
    report.step(
        "refused",
        "parked=1 others=delivered",
        "parked="
            + sent.parked()
            + " others="
            + (ofFinance.size() == before + 1 && sent.failed() == 0 ? "delivered" : "missing"));
  }

  private void redeliver() {
    accounts.write(List.of(setupOfRisk().notices(commerce)));
    accounts.deploy();
    DeliveryReport retried = asOperator(Mesh::retryParkedNotices);
    readQueue(planner, ofRisk);
    report.step(
        "redelivered",
        "1 by operator, 1 received by risk",
        retried.delivered() + " by operator, " + ofRisk.size() + " received by risk");
  }

  /** Returns the seconds from the commit until a reader of Glue sees its row, rounded up. */
  private long mirror() {
    accounts.mirror(mirrors);
    mirrorChanges(); // accepts what the first run shares, and learns the mesh
    publish();
    long start = System.nanoTime();
    asOperator(Mesh::deliverNotices);
    String mirrored = mirrorChanges();
    long rows =
        accounts.withoutMesh(
            analyst, lake -> lake.rows(lake.resolve("commerce__tables", "orders_v1")));
    Duration passed = Duration.ofNanos(System.nanoTime() - start);
    readQueue(analyst, ofFinance);
    readQueue(planner, ofRisk);
    report.step(
        "mirrored",
        "analyst reads 5 of 5 rows by Glue and Lake Formation, after " + REQUESTS,
        "analyst reads "
            + rows
            + " of "
            + published
            + " rows by Glue and Lake Formation, after "
            + mirrored);
    return passed.plusMillis(999).toSeconds();
  }

  /** Does what the operator of governance does between its runs; returns what it sent. */
  private String mirrorChanges() {
    return accounts.withMesh(
        mirrors,
        mesh -> {
          int before = aws.calls().size();
          Mirrors.Report done = mesh.mirrorChanges(LISTENING);
          List<String> sent = aws.calls().subList(before, aws.calls().size());
          return sent.size()
              + " requests, "
              + sent.stream().filter(call -> call.startsWith("glue:")).count()
              + " of them to Glue, for "
              + done.total(Mirrors.Report.Work.CHANGED)
              + " table";
        });
  }

  /** Another role of finance is granted the orders, and Lake Formation gets that grant alone. */
  private void grant() {
    accounts.as(
        steward,
        client ->
            client
                .grant(ORDERS)
                .to(Principal.of(finance, "auditor"))
                .because("Yearly audit")
                .commit());
    asOperator(Mesh::deliverNotices);
    report.step(
        "granted",
        "4 permissions made in Lake Formation, of one product; 0 left",
        accounts.withMesh(
            mirrors,
            mesh -> {
              int before = aws.calls().size();
              Mirrors.Report done = mesh.mirrorChanges(LISTENING);
              boolean listsAll =
                  aws.calls().subList(before, aws.calls().size()).contains("glue:GetTables");
              return done.total(Mirrors.Report.Work.MADE)
                  + " permissions made in Lake Formation, of "
                  + (listsAll ? "all products; " : "one product; ")
                  + done.remaining().size()
                  + " left";
            }));
  }

  /** The retirement of the orders is announced to people. */
  private void mail() {
    accounts.as(
        steward,
        client -> client.endProduct(ORDERS).because("Too few").commit().announce().commit());
    asOperator(Mesh::deliverNotices);
    List<String> mails = aws.mails(MAIL.formatted(finance));
    report.step(
        "mailed",
        "1 mail to finance, about the retirement; no reason in it",
        mails.size()
            + " mail to finance, about the "
            + (mails.toString().contains("version 1 is proposed to retire") ? "retirement" : mails)
            + (mails.toString().contains("Too few") ? "; with the reason" : "; no reason in it"));
  }
}
