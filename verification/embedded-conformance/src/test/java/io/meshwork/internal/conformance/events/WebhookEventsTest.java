package io.meshwork.internal.conformance.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.internal.conformance.fixture.JsonSchema;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.event.SentEventSchema;
import io.meshwork.notice.Notice;
import io.meshwork.notice.Notifier;
import io.meshwork.product.Domain;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.request.AccessRequest;
import io.meshwork.testkit.InMemoryMesh;
import io.meshwork.testkit.ManualClock;
import io.meshwork.testkit.RecordingNotifier;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a webhook posts is as its schema says, and has nothing that people wrote. */
class WebhookEventsTest {
  private static final String ORDERS = "commerce/orders";

  /** What people write, and what their rows have; it must not leave the mesh. */
  private static final String CANARY = "canary-4711";

  private static final String SECRET = "whsec_" + Base64.getEncoder().encodeToString(new byte[32]);

  private final ManualClock clock = ManualClock.at(Instant.parse("2026-11-20T08:00:00Z"));
  private final List<JsonNode> received = Collections.synchronizedList(new ArrayList<>());

  @SuppressWarnings("NullAway.Init") // JUnit starts it before each test
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::receive);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void receive(HttpExchange exchange) throws IOException {
    received.add(new ObjectMapper().readTree(exchange.getRequestBody()));
    exchange.sendResponseHeaders(204, -1);
    exchange.close();
  }

  private Notifier webhook() {
    return Notifier.toWebhook(
        URI.create("http://localhost:" + server.getAddress().getPort() + "/"), SECRET);
  }

  private void assertSentAsTheSchemaSays() {
    JsonSchema schema = JsonSchema.ofSentEvents();
    assertThat(received)
        .isNotEmpty()
        .allSatisfy(
            body -> {
              assertThat(body.toString()).doesNotContain(CANARY);
              assertThat(schema.faults(body.path("data"))).isEmpty();
            });
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

  @ParameterizedTest
  @EnumSource
  void eachKindOfNoticeIsPostedWithoutWhatPeopleWrote(Notice.Kind kind) {
    Map<String, String> facts = new TreeMap<>();
    SentEventSchema.NOTICE_FACTS.forEach(name -> facts.put(name, "1"));
    List.of("because", "reason", "scope", "text").forEach(name -> facts.put(name, CANARY));

    webhook()
        .deliver(
            new WrittenNotice(
                "commerce/orders/17/x",
                kind,
                ProductName.of(ORDERS),
                "finance@example.org",
                new Domain("finance", "", "", "", List.of(), List.of(), List.of()),
                "commerce/orders: it changed",
                CANARY,
                clock.instant(),
                "commerce/orders/17",
                facts));

    assertSentAsTheSchemaSays();
    JsonNode data = received.get(0).path("data");
    assertThat(data.path("kind").asText()).isEqualTo(kind.name());
    assertThat(data.path("domain").asText()).isEqualTo("finance");
    assertThat(data.path("facts")).hasSize(SentEventSchema.NOTICE_FACTS.size());
  }

  @Test
  void theReasonsOfAMeshStayInItAndAreInTheNoticesForPeople() {
    RecordingNotifier people = new RecordingNotifier();
    try (Mesh mesh =
        InMemoryMesh.builder()
            .clock(clock)
            .notifier("webhook", webhook())
            .notifier("people", people)
            .open()) {
      change(mesh);

      assertThat(mesh.deliverNotices().failed()).isZero();
    }
    assertSentAsTheSchemaSays();
    assertThat(received)
        .extracting(body -> body.path("data").path("kind").asText())
        .contains(
            "PUBLISHED",
            "QUARANTINED",
            "LATE",
            "REQUESTED",
            "DENIED",
            "SUGGESTED",
            "SUSPENDED",
            "RESUMED",
            "UNSUBSCRIBED");
    assertThat(people.all())
        .as("the recipient of this one has to know why")
        .filteredOn(notice -> notice.kind() == Notice.Kind.SUSPENDED)
        .isNotEmpty()
        .allSatisfy(notice -> assertThat(notice.text()).contains(CANARY));
  }

  private void change(Mesh mesh) {
    MeshClient shop = mesh.clientAs(Principal.of("commerce", "etl"));
    MeshClient desk = mesh.clientAs(Principal.of("finance", "desk"));
    shop.registerDomain("commerce").owner("shop@example.org").commit();
    desk.registerDomain("finance").owner("desk@example.org").commit();
    shop.defineProduct(ORDERS)
        .contract(
            Contract.of(Order.class)
                .require(Rule.atLeast("amount", 0))
                .freshWithin(Duration.ofHours(2))
                .onViolation(OnViolation.QUARANTINE))
        .openToMesh()
        .commit();
    desk.subscribe(ORDERS).name("own").purpose(CANARY).contact("desk@example.org").commit();
    List<Order> orders = new ArrayList<>(Order.range(0, 20));
    orders.set(5, new Order(5, CANARY, new BigDecimal("-1.00"), Optional.empty()));
    shop.publish(ORDERS).records(orders).commit();
    shop.erase(ORDERS).where("customer = '" + CANARY + "'").because(CANARY).commit();
    desk.suggestions().suggest(ORDERS).text(CANARY).commit();
    shop.governance().suspendReads(ORDERS).because(CANARY).commit();
    shop.governance().resumeReads(ORDERS).commit();
    mesh.deliverNotices(); // while the subscription is there
    desk.unsubscribe(ORDERS, "own").because(CANARY).commit();
    shop.access().closeToMesh(ORDERS).commit();
    AccessRequest request = desk.requests().requestAccess(ORDERS).purpose(CANARY).commit();
    shop.requests().deny(request.id()).because(CANARY).commit();
    clock.advance(Duration.ofHours(3));
    mesh.maintain().commit();
  }
}
