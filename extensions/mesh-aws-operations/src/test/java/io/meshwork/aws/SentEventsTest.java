package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.error.BackendException;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.conformance.fixture.JsonSchema;
import io.meshwork.internal.conformance.fixture.SmallOrder;
import io.meshwork.local.LocalMesh;
import io.meshwork.notice.Notifier;
import io.meshwork.notice.Notifier.DeliveryReport;
import io.meshwork.product.Domain;
import io.meshwork.product.Principal;
import io.meshwork.testkit.ManualClock;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events of a mesh in a folder, sent to the buses of the owners of its logs. */
class SentEventsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ORDERS = EventAccounts.ORDERS;

  /** What people write, and what their rows have; it must not leave the mesh. */
  private static final String CANARY = EventAccounts.CANARY;

  /** The names in events that are not sent: reasons, texts, hashes, columns, tags, and places. */
  private static final Set<String> KEPT =
      Set.of(
          "account",
          "action",
          "adopted",
          "because",
          "brokenRules",
          "changed",
          "columns",
          "contractFingerprint",
          "description",
          "exceptColumns",
          "first",
          "hour",
          "last",
          "left",
          "lines",
          "made",
          "mirror",
          "missing",
          "on",
          "purpose",
          "reason",
          "region",
          "removed",
          "restored",
          "root",
          "rowsHash",
          "scopeHash",
          "set",
          "sha256",
          "steward",
          "tag",
          "text",
          "values",
          "version",
          "violationsAllowed",
          "who");

  @TempDir private Path folder;

  private final ManualClock clock = ManualClock.at(Instant.parse("2026-11-20T08:00:00Z"));
  @AutoClose private final AwsEmulator aws = AwsEmulator.start();
  private EventAccounts accounts;

  @BeforeEach
  void start() {
    accounts = EventAccounts.on(aws);
  }

  /** Opens a mesh whose events are sent by the operator of commerce. */
  private Mesh open() {
    return openAs(EventAccounts.OPERATOR);
  }

  private DeliveryReport deliver(Mesh mesh) {
    aws.runAs(accounts.commerce(), EventAccounts.OPERATOR);
    return mesh.deliverNotices();
  }

  private List<JsonNode> watched(String account) throws IOException {
    List<JsonNode> all = new ArrayList<>();
    for (String message : accounts.watched(account)) {
      all.add(JSON.readTree(message));
    }
    return all;
  }

  private List<String> eventIds(String account) throws IOException {
    return watched(account).stream()
        .map(event -> event.path("detail"))
        .filter(detail -> detail.has("event"))
        .map(detail -> detail.path("id").asText())
        .toList();
  }

  @Test
  void eachEventOfAProductComesToTheBusOfItsOwnerOnceAndInOrder() throws IOException {
    accounts.deploy(accounts.ofCommerce());
    accounts.watch(accounts.commerce());
    try (Mesh mesh = open()) {
      MeshClient commerce = accounts.defineOrders(mesh);
      for (int i = 0; i < 3; i++) {
        EventAccounts.publish(commerce, i);
      }

      DeliveryReport report = deliver(mesh);

      assertThat(report.failed() + report.parked()).isZero();
      List<JsonNode> events = watched(accounts.commerce());
      assertThat(events.stream().map(event -> event.path("detail").path("id").asText()))
          .filteredOn(id -> id.matches("commerce/orders/[0-9]+"))
          .containsExactlyElementsOf(
              commerce.events(ORDERS).list().stream().map(MeshEvent::id).toList());
      JsonNode published =
          events.stream()
              .filter(event -> event.path("detail").path("id").asText().equals(ORDERS + "/2"))
              .findFirst()
              .orElseThrow();
      assertThat(published.path("detail-type").asText()).isEqualTo("product.published");
      assertThat(published.path("source").asText())
          .isEqualTo("meshwork." + accounts.config().meshName());
      assertThat(published.path("detail").path("principal").asText())
          .isEqualTo(accounts.etl().toString());
      assertThat(published.path("detail").path("major").asInt()).isEqualTo(1);
      assertThat(published.path("detail").path("facts").path("rowsQuarantined").asInt())
          .isEqualTo(1);
    }
  }

  @Test
  void anEventIsRetriedUnderItsIdAndLaterOnesOfTheLogFollow() throws IOException {
    accounts.deploy(accounts.ofCommerce());
    accounts.watch(accounts.commerce());
    try (Mesh mesh = open()) {
      MeshClient commerce = accounts.defineOrders(mesh);
      deliver(mesh);
      accounts.watched(accounts.commerce());
      EventAccounts.publish(commerce, 0);
      EventAccounts.publish(commerce, 1);
      aws.runAs(accounts.commerce(), EventAccounts.OPERATOR);
      aws.on("events", "PutEvents").nth(1).loseReply();
      aws.on("events", "PutEvents").nth(2).throttle();
      aws.on("events", "PutEvents").nth(3).throttle();
      assertThat(mesh.deliverNotices()).isEqualTo(new DeliveryReport(0, 1, 0));
      aws.reset();
      clock.advance(Duration.ofMinutes(1));
      deliver(mesh);
    }
    assertThat(eventIds(accounts.commerce()))
        .as("the first one was sent, although its reply was lost")
        .containsExactly(ORDERS + "/2", ORDERS + "/2", ORDERS + "/3");
  }

  @Test
  void aMissingBusOfTheOwnerParksItsEventsAndTheConsumerGetsItsNotices() throws IOException {
    AccountSetup withoutBus =
        AccountSetup.of(accounts.config(), accounts.commerce())
            .role("operator", AwsRoleKind.maintenance("commerce"));
    accounts.deploy(accounts.ofCommerce(), accounts.ofFinance(accounts.commerce()));
    accounts.removeBus(accounts.commerce(), withoutBus);
    try (Mesh mesh = openAs("administrator")) {
      MeshClient commerce = accounts.defineOrders(mesh);
      MeshClient finance = EventAccounts.register(mesh, "finance", accounts.finance());
      finance.subscribe(ORDERS).name("own").purpose("x").contact("finance@example.org").commit();
      EventAccounts.publish(commerce, 0);
      aws.runAs(accounts.commerce(), "administrator");

      DeliveryReport report = mesh.deliverNotices();

      assertThat(report.failed()).isZero();
      assertThat(report.parked()).isGreaterThan(2);
      assertThat(accounts.received(accounts.finance(), EventAccounts.ANALYST))
          .singleElement()
          .satisfies(message -> assertThat(message).contains(ORDERS + "/2/published.finance.own"));
    }
  }

  private Mesh openAs(String role) {
    aws.runAs(accounts.commerce(), role);
    return LocalMesh.builder(folder.resolve("mesh"))
        .clock(clock)
        .notifier("bus", AwsMesh.notifier(accounts.config()))
        .open();
  }

  @Test
  void nothingThatPeopleWroteAndNoValueIsInAnyEventAndEachIsAsTheSchemaSays() throws IOException {
    accounts.deploy(accounts.ofCommerce(), accounts.ofFinance(accounts.commerce()));
    accounts.watch(accounts.commerce());
    accounts.watch(accounts.finance());
    try (Mesh mesh = open()) {
      MeshClient commerce = accounts.defineOrders(mesh);
      MeshClient finance = EventAccounts.register(mesh, "finance", accounts.finance());
      EventAccounts.publish(commerce, 0);
      finance.subscribe(ORDERS).name("own").purpose(CANARY).contact("f@example.org").commit();
      commerce.governance().defineTag("topic", CANARY).commit();
      commerce.access().tag(ORDERS).set("topic", CANARY).commit();
      commerce
          .grant(ORDERS)
          .to(Principal.of(accounts.finance(), "analyst"))
          .rows("id <> '" + CANARY + "'")
          .because(CANARY)
          .commit();
      commerce.access().closeToMesh(ORDERS).commit();
      finance.requests().requestAccess(ORDERS).purpose(CANARY).commit();
      finance.suggestions().suggest(ORDERS).text(CANARY).commit();
      commerce
          .publish(ORDERS)
          .replaceWhere("id = '" + CANARY + "0'")
          .because(CANARY)
          .records(List.of(new SmallOrder(CANARY + "0", 18)))
          .commit();
      commerce.erase(ORDERS).where("id = '" + CANARY + "0'").because(CANARY).commit();

      assertThat(deliver(mesh).failed()).isZero();
    }
    List<JsonNode> sent = watched(accounts.commerce());
    sent.addAll(watched(accounts.finance()));
    assertThat(sent.stream().map(event -> event.path("detail-type").asText()))
        .contains(
            "product.published",
            "subscription.registered",
            "tag.defined",
            "tags.changed",
            "grant.made",
            "access.requested");
    JsonSchema schema = JsonSchema.ofSentEvents();
    assertThat(sent)
        .allSatisfy(
            event -> {
              assertThat(event.toString()).doesNotContain(CANARY).doesNotContain("Hash");
              assertThat(schema.faults(event.path("detail"))).isEmpty();
            });
  }

  /** A new detail of events is sent, or kept, on purpose. */
  @Test
  void eachDetailOfEventsIsInTheSchemaOfWhatIsSentOrIsKept() throws IOException {
    Set<String> known = new TreeSet<>();
    Set<String> sent = new TreeSet<>();
    try (InputStream events = MeshEvent.class.getResourceAsStream("event-1.json");
        InputStream details = MeshEvent.class.getResourceAsStream("sent-event-1.json")) {
      for (JsonNode definition : JSON.readTree(events).path("$defs")) {
        addNames(definition, known);
      }
      JSON.readTree(details)
          .at("/$defs/eventFacts/properties")
          .fieldNames()
          .forEachRemaining(sent::add);
    }
    Set<String> both = new TreeSet<>(sent);
    both.addAll(KEPT);

    assertThat(both).isEqualTo(known);
    assertThat(sent).doesNotContainAnyElementsOf(KEPT);
  }

  private static void addNames(JsonNode definition, Set<String> names) {
    definition.path("properties").fieldNames().forEachRemaining(names::add);
    definition.forEach(inner -> addNames(inner, names));
  }

  @Test
  void theLongestFactsAreLeftOutOfAnEventThatIsTooLarge() throws IOException {
    accounts.deploy(accounts.ofCommerce());
    accounts.watch(accounts.commerce());
    aws.runAs(accounts.commerce(), EventAccounts.OPERATOR);
    String entry =
        """
        {"format":1,"sequence":7,"at":"2026-11-20T08:00:00Z","event":"product.late",
         "principal":"mesh/sdk","subject":"commerce/orders","attempt":"x","documents":{},
         "previous":"x","hash":"x","details":{"major":1,"since":"2026-11-20T08:00:00Z",
         "freshWithin":"%s","because":"%s"}}
        """
            .formatted("x".repeat(300_000), CANARY);
    Domain owner =
        new Domain("commerce", "", "", "", List.of(accounts.commerce()), List.of(), List.of());

    AwsMesh.notifier(accounts.config()).deliver(MeshEvent.fromJson(ORDERS, entry), owner);

    JsonNode detail = watched(accounts.commerce()).get(0).path("detail");
    assertThat(detail.path("id").asText()).isEqualTo(ORDERS + "/7");
    assertThat(detail.path("facts").path("major").asInt()).isEqualTo(1);
    assertThat(detail.path("facts").has("freshWithin")).isFalse();
    assertThat(detail.path("factsLeftOut").asInt()).isEqualTo(1);
  }

  @Test
  void anOwnerWithoutAnAwsAccountIsNamed() {
    aws.runAs(accounts.commerce(), "administrator");
    Notifier notifier = AwsMesh.notifier(accounts.config());
    Domain owner = new Domain("books", "", "", "", List.of("books"), List.of(), List.of());
    MeshEvent event =
        MeshEvent.fromJson(
            "books/ledger",
            "{\"format\":1,\"sequence\":7,\"at\":\"2026-11-20T08:00:00Z\",\"event\":\"x\"}");

    assertThatThrownBy(() -> notifier.deliver(event, owner))
        .isInstanceOfSatisfying(BackendException.class, e -> assertThat(e.retryable()).isFalse())
        .hasMessageContainingAll("event books/ledger/7", "domain 'books' has no AWS account");
  }
}
