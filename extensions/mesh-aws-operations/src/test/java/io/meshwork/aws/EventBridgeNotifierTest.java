package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.Mesh;
import io.meshwork.aws.internal.dynamo.DynamoTimeouts;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.conformance.fixture.JsonSchema;
import io.meshwork.local.LocalMesh;
import io.meshwork.notice.Notice;
import io.meshwork.notice.Notifier;
import io.meshwork.notice.Notifier.DeliveryReport;
import io.meshwork.product.Domain;
import io.meshwork.product.ProductName;
import io.meshwork.testkit.ManualClock;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** Notices of a mesh in a folder, sent to buses and queues that only templates made. */
class EventBridgeNotifierTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ORDERS = EventAccounts.ORDERS;

  /** Short, because requests hang until they end. */
  private static final AwsTimeouts IMPATIENT =
      new AwsTimeouts(
          Duration.ofSeconds(1),
          Duration.ofMillis(500),
          Duration.ofSeconds(2),
          DynamoTimeouts.STANDARD,
          Duration.ofMillis(1));

  private static final String CANARY = EventAccounts.CANARY;

  @TempDir private Path folder;

  private final ManualClock clock = ManualClock.at(Instant.parse("2026-11-20T08:00:00Z"));
  @AutoClose private final AwsEmulator aws = AwsEmulator.start();
  private EventAccounts accounts;

  @BeforeEach
  void start() {
    accounts = EventAccounts.on(aws);
  }

  private Notifier notifier() {
    aws.runAs(accounts.commerce(), EventAccounts.OPERATOR);
    return AwsMesh.notifier(
        accounts.config(), DefaultCredentialsProvider.builder().build(), IMPATIENT);
  }

  /** Opens a mesh of which finance and risk consume the orders of commerce. */
  private Mesh mesh(Notifier notifier) {
    Mesh mesh =
        LocalMesh.builder(folder.resolve("mesh")).clock(clock).notifier("bus", notifier).open();
    accounts.defineOrders(mesh);
    subscribe(mesh, "finance", accounts.finance());
    subscribe(mesh, "risk", accounts.risk());
    aws.runAs(accounts.commerce(), EventAccounts.OPERATOR);
    return mesh;
  }

  private static void subscribe(Mesh mesh, String domain, String account) {
    EventAccounts.register(mesh, domain, account)
        .subscribe(ORDERS)
        .name("own")
        .purpose(CANARY)
        .contact(domain + "@example.org")
        .commit();
  }

  private void publish(Mesh mesh, int number) {
    EventAccounts.publish(mesh.clientAs(accounts.etl()), number);
  }

  private static List<JsonNode> details(List<String> events) throws IOException {
    List<JsonNode> details = new ArrayList<>();
    for (String event : events) {
      details.add(JSON.readTree(event).path("detail"));
    }
    return details;
  }

  private List<String> ids(String account, String role) throws IOException {
    return details(accounts.received(account, role)).stream()
        .map(detail -> detail.path("id").asText())
        .toList();
  }

  @Test
  void eachRecipientReceivesItsNoticesInItsOwnAccountInOrderAndNobodyElses() throws IOException {
    accounts.deploy(accounts.ofCommerce(), accounts.ofFinance(accounts.commerce()));
    try (Mesh mesh = mesh(notifier())) {
      for (int i = 0; i < 3; i++) {
        publish(mesh, i);
      }
      DeliveryReport report = mesh.deliverNotices();

      assertThat(report.failed()).isZero();
      assertThat(report.parked()).as("risk has no bus: its event, and 3 notices").isEqualTo(4);
      List<String> received = accounts.received(accounts.finance(), EventAccounts.ANALYST);
      assertThat(details(received))
          .extracting(detail -> detail.path("id").asText())
          .containsExactly(
              "commerce/orders/2/published.finance.own",
              "commerce/orders/3/published.finance.own",
              "commerce/orders/4/published.finance.own");
      JsonNode event = JSON.readTree(received.get(0));
      assertThat(event.path("source").asText())
          .isEqualTo("meshwork." + accounts.config().meshName());
      assertThat(event.path("detail-type").asText()).isEqualTo("notice.PUBLISHED");
      assertThat(event.path("account").asText()).isEqualTo(accounts.commerce());
      assertThat(event.path("time").asText()).isEqualTo("2026-11-20T08:00:00Z");
      assertThat(received).allSatisfy(text -> assertThat(text).doesNotContain(CANARY));
      aws.runAs(accounts.commerce(), "administrator");
      assertThat(ids(accounts.commerce(), "administrator"))
          .contains("commerce/orders/1/defined", "commerce/orders/2/quarantined");
    }
  }

  @Test
  void eachDetailIsAsTheSchemaSays() throws IOException {
    accounts.deploy(accounts.ofCommerce(), accounts.ofFinance(accounts.commerce()));
    JsonSchema schema = JsonSchema.ofSentEvents();
    try (Mesh mesh = mesh(notifier())) {
      publish(mesh, 0);
      mesh.deliverNotices();
    }
    List<JsonNode> all = details(accounts.received(accounts.finance(), EventAccounts.ANALYST));
    all.addAll(details(accounts.received(accounts.commerce(), "administrator")));

    assertThat(all).hasSizeGreaterThan(4);
    assertThat(all).allSatisfy(detail -> assertThat(schema.faults(detail)).isEmpty());
  }

  @Test
  void aParkedNoticeArrivesAfterTheBusIsThereAndItsIdIsTheSame() throws IOException {
    accounts.deploy(accounts.ofCommerce());
    try (Mesh mesh = mesh(notifier())) {
      publish(mesh, 0);
      assertThat(mesh.deliverNotices().parked())
          .as("neither has a bus: an event of each, and a notice to each")
          .isEqualTo(4);
      assertThat(mesh.doctor().findings())
          .extracting(Finding::code)
          .contains(FindingCode.NOTICE_PARKED);

      accounts.deploy(accounts.ofFinance(accounts.commerce()));
      aws.runAs(accounts.commerce(), EventAccounts.OPERATOR);
      assertThat(mesh.retryParkedNotices().delivered()).isEqualTo(2);

      assertThat(ids(accounts.finance(), EventAccounts.ANALYST))
          .containsExactly("commerce/orders/2/published.finance.own");
    }
  }

  @Test
  void aBusThatDoesNotNameTheSenderDeniesItAndTheNoticeIsParkedAtOnce() {
    accounts.deploy(accounts.ofCommerce(), accounts.ofFinance(accounts.risk()));
    Notifier notifier = notifier();

    assertThatThrownBy(() -> notifier.deliver(notice("finance", accounts.finance(), Map.of())))
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> {
              assertThat(e.retryable()).isFalse();
              assertThat(e.errorCode()).isEqualTo(ErrorCode.PERMISSION_MISSING);
              assertThat(e.fix()).contains("event buses for notices");
            })
        .hasMessageContainingAll(
            "commerce/orders/2/published.finance.own",
            accounts.finance() + ":event-bus/mesh-",
            "AccessDeniedException");
  }

  @Test
  void anAccountOfTheOrganizationSendsWithoutBeingNamedAndAnotherOneDoesNot() throws IOException {
    String organization = aws.organization(accounts.commerce(), accounts.finance());
    EventAccounts members =
        new EventAccounts(
            aws,
            accounts.config().lakeFormation(organization),
            accounts.commerce(),
            accounts.finance(),
            accounts.risk());
    members.deploy(members.ofCommerce(), members.ofFinance());

    notifier().deliver(notice("finance", accounts.finance(), Map.of()));

    assertThat(ids(accounts.finance(), EventAccounts.ANALYST)).hasSize(1);
    aws.runAs(accounts.risk(), "administrator");
    Notifier outside = AwsMesh.notifier(accounts.config());
    assertThatThrownBy(() -> outside.deliver(notice("finance", accounts.finance(), Map.of())))
        .hasMessageContaining("AccessDeniedException");
  }

  /** EventBridge accepts such an event, and drops it. */
  @Test
  void aMissingBusInTheAccountOfTheSenderIsFoundBeforeTheEventIsLost() {
    accounts.deploy(
        AccountSetup.of(accounts.config(), accounts.commerce())
            .role("other", AwsRoleKind.reader()));
    Notifier notifier = notifierAs("administrator");

    assertThatThrownBy(() -> notifier.deliver(notice("commerce", accounts.commerce(), Map.of())))
        .isInstanceOfSatisfying(BackendException.class, e -> assertThat(e.retryable()).isFalse())
        .hasMessageContaining("the event bus does not exist");
    assertThat(aws.calls()).doesNotContain("events:PutEvents");
  }

  @Test
  void aBusThatALaterTemplateLacksIsRemovedAndItsNoticesAreParked() {
    accounts.deploy(accounts.ofCommerce());
    notifier().deliver(notice("commerce", accounts.commerce(), Map.of()));
    accounts.removeBus(
        accounts.commerce(),
        AccountSetup.of(accounts.config(), accounts.commerce())
            .role(EventAccounts.OPERATOR, AwsRoleKind.maintenance("commerce")));

    Notifier notifier = notifierAs("administrator");

    assertThatThrownBy(() -> notifier.deliver(notice("commerce", accounts.commerce(), Map.of())))
        .hasMessageContaining("the event bus does not exist");
    try (var sqs = accounts.sqs()) {
      String queue = "mesh-" + accounts.config().meshName() + "-notices";
      assertThatThrownBy(() -> sqs.getQueueUrl(get -> get.queueName(queue)))
          .isInstanceOf(SqsException.class)
          .hasMessageContaining("does not exist");
    }
  }

  private Notifier notifierAs(String role) {
    aws.runAs(accounts.commerce(), role);
    return AwsMesh.notifier(accounts.config());
  }

  @Test
  void aRoleWithoutThePermissionIsNamedWithIt() {
    accounts.deploy(
        AccountSetup.of(accounts.config(), accounts.commerce())
            .role("producer", AwsRoleKind.producer("commerce"))
            .notices());
    Notifier notifier = notifierAs("producer");

    assertThatThrownBy(() -> notifier.deliver(notice("commerce", accounts.commerce(), Map.of())))
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.PERMISSION_MISSING))
        .hasMessageContainingAll(accounts.commerce() + "/producer", "events:DescribeEventBus");
  }

  @Test
  void aDomainWithoutAnAwsAccountIsNamed() {
    Notifier notifier = notifierAs("administrator");

    assertThatThrownBy(() -> notifier.deliver(notice("finance", "bookkeeping", Map.of())))
        .isInstanceOfSatisfying(BackendException.class, e -> assertThat(e.retryable()).isFalse())
        .hasMessageContaining("domain 'finance' has no AWS account");
  }

  @Test
  void eachFailureOfARequestIsRetriedAndNothingIsLost() throws IOException {
    accounts.deploy(accounts.ofCommerce(), accounts.ofFinance(accounts.commerce()));
    List<Consumer<AwsEmulator.FaultRule>> faults =
        List.of(
            AwsEmulator.FaultRule::throttle,
            AwsEmulator.FaultRule::fail500,
            AwsEmulator.FaultRule::loseReply,
            AwsEmulator.FaultRule::hang,
            AwsEmulator.FaultRule::expireToken);
    for (String operation : List.of("DescribeEventBus", "PutEvents")) {
      for (Consumer<AwsEmulator.FaultRule> fault : faults) {
        Notifier notifier = notifier();
        fault.accept(aws.on("events", operation));
        assertThatThrownBy(() -> notifier.deliver(notice("finance", accounts.finance(), Map.of())))
            .isInstanceOfSatisfying(
                BackendException.class, e -> assertThat(e.retryable()).isTrue());
        aws.reset();
        accounts.received(accounts.finance(), EventAccounts.ANALYST);
        notifier().deliver(notice("finance", accounts.finance(), Map.of()));
        assertThat(ids(accounts.finance(), EventAccounts.ANALYST))
            .containsExactly("commerce/orders/2/published.finance.own");
      }
    }
  }

  @Test
  void aThrottledBusDelaysItsProductAndTheNoticeArrivesAfterTheWait() throws IOException {
    accounts.deploy(accounts.ofCommerce(), accounts.ofFinance(accounts.commerce()));
    try (Mesh mesh = mesh(notifier())) {
      mesh.deliverNotices();
      accounts.received(accounts.finance(), EventAccounts.ANALYST);
      aws.runAs(accounts.commerce(), EventAccounts.OPERATOR);
      publish(mesh, 0);
      aws.on("events", "PutEvents").throttle();
      assertThat(mesh.deliverNotices()).isEqualTo(new DeliveryReport(0, 1, 0));
      aws.reset();
      clock.advance(Duration.ofMinutes(1));
      aws.runAs(accounts.commerce(), EventAccounts.OPERATOR);
      mesh.deliverNotices();
    }
    assertThat(ids(accounts.finance(), EventAccounts.ANALYST))
        .containsExactly("commerce/orders/2/published.finance.own");
  }

  @Test
  void factsThatPeopleWroteStayInTheMeshAndTheLongestAreLeftOut() throws IOException {
    accounts.deploy(accounts.ofCommerce());
    Notifier notifier = notifier();
    notifier.deliver(
        notice(
            "commerce",
            accounts.commerce(),
            Map.of(
                "because", CANARY, "reason", CANARY, "causes", "x".repeat(300_000), "major", "1")));

    JsonNode detail = details(accounts.received(accounts.commerce(), "administrator")).get(0);
    assertThat(detail.path("facts").toString()).isEqualTo("{\"major\":\"1\"}");
    assertThat(detail.path("factsLeftOut").asInt()).isEqualTo(1);
    assertThat(detail.toString()).doesNotContain(CANARY);
  }

  @Test
  void aMessageThatIsReceivedFiveTimesGoesToTheDeadLetters() {
    accounts.deploy(accounts.ofCommerce());
    notifier().deliver(notice("commerce", accounts.commerce(), Map.of()));
    aws.runAs(accounts.commerce(), "administrator");
    String queue = "mesh-" + accounts.config().meshName() + "-notices";
    try (var sqs = accounts.sqs()) {
      String url = sqs.getQueueUrl(get -> get.queueName(queue)).queueUrl();
      for (int i = 0; i < 5; i++) {
        assertThat(sqs.receiveMessage(get -> get.queueUrl(url).visibilityTimeout(0)).messages())
            .hasSize(1);
      }
      assertThat(sqs.receiveMessage(get -> get.queueUrl(url)).messages()).isEmpty();
      String dead = sqs.getQueueUrl(get -> get.queueName(queue + "-dead")).queueUrl();
      assertThat(sqs.receiveMessage(get -> get.queueUrl(dead)).messages()).hasSize(1);
    }
  }

  private static Notice notice(String domain, String account, Map<String, String> facts) {
    return new WrittenNotice(
        "commerce/orders/2/published." + domain + ".own",
        Notice.Kind.PUBLISHED,
        ProductName.of(ORDERS),
        domain + "@example.org",
        new Domain(domain, "", "", "", List.of(account), List.of(), List.of()),
        "commerce/orders: 1 row added, 0 removed",
        CANARY,
        Instant.parse("2026-11-20T08:00:00Z"),
        "commerce/orders/2",
        facts);
  }

  /** A notice with these attributes. */
  private record WrittenNotice(
      String id,
      Kind kind,
      ProductName product,
      String to,
      Domain domain,
      String subject,
      String text,
      Instant at,
      String eventId,
      Map<String, String> facts)
      implements Notice {}
}
