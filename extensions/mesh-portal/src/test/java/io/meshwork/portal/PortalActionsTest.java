package io.meshwork.portal;

import static io.meshwork.internal.testkit.SampleMesh.ANALYST;
import static io.meshwork.internal.testkit.SampleMesh.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.testkit.SampleMesh;
import io.meshwork.internal.testkit.SampleMesh.Order;
import io.meshwork.product.Principal;
import io.meshwork.request.AccessRequest;
import io.meshwork.rollout.Rollout.Track;
import io.meshwork.testkit.InMemoryMesh;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A viewer acts by the forms of the server's own pages, and by nothing else. */
class PortalActionsTest {
  private static final Principal LEAD = Principal.of("commerce", "lead");

  private Instant now = SmallMesh.NOW;
  private Mesh mesh;
  private MeshClient commerce;
  private MeshClient finance;
  private PortalServer server;
  private Browser browser;

  record NextOrder(String orderId, long cents) {}

  /** A browser with its own cookies, which shows the answer to a form without following it. */
  private static final class Browser {
    private final HttpClient client =
        HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
    private final URI address;

    Browser(PortalServer server) throws Exception {
      address = server.address();
      send(HttpRequest.newBuilder(address));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
      return client.send(request.build(), BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path, String... headers) throws Exception {
      HttpRequest.Builder request = HttpRequest.newBuilder(address.resolve(path));
      return send(headers.length == 0 ? request : request.headers(headers));
    }

    Document page(String path) throws Exception {
      return Jsoup.parse(get(path).body());
    }

    HttpResponse<String> post(String path, Map<String, String> form, String... headers)
        throws Exception {
      return send(request(path, form, headers));
    }

    /** Presses a button, as on the page that has the form, and returns the page that follows. */
    Document press(Element form, String button, Map<String, String> typed) throws Exception {
      Map<String, String> fields = fields(form);
      Element pressed = form.expectFirst("button[value=" + button + "]");
      fields.put(pressed.attr("name"), button);
      fields.putAll(typed);
      HttpResponse<String> moved = post("/" + form.attr("action"), fields, "Origin", origin());
      assertThat(moved.statusCode()).as(moved.body()).isEqualTo(303);
      String location = moved.headers().firstValue("Location").orElseThrow();
      return page(location);
    }

    HttpRequest.Builder request(String path, Map<String, String> form, String... headers) {
      String body =
          form.entrySet().stream()
              .map(field -> field.getKey() + "=" + encode(field.getValue()))
              .collect(Collectors.joining("&"));
      HttpRequest.Builder request =
          HttpRequest.newBuilder(address.resolve(path))
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(HttpRequest.BodyPublishers.ofString(body));
      return headers.length == 0 ? request : request.headers(headers);
    }

    String origin() {
      return "http://127.0.0.1:" + address.getPort();
    }

    private static String encode(String text) {
      return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
  }

  private static Map<String, String> fields(Element form) {
    return form.select("input[type=hidden]").stream()
        .collect(
            Collectors.toMap(
                input -> input.attr("name"),
                input -> input.attr("value"),
                (first, second) -> first,
                LinkedHashMap::new));
  }

  @BeforeEach
  void start() throws Exception {
    SampleMesh sample = SampleMesh.open(InMemoryMesh.builder().clock(() -> now));
    mesh = sample.mesh();
    commerce = sample.commerce();
    finance = sample.finance();
    SmallMesh.defineSecret(mesh);
    SmallMesh.define(commerce, "commerce/orders", "Orders of the shop");
    finance.requests().requestAccess("commerce/secret").purpose("Closing").commit();
    serve(SHOP);
  }

  private void serve(Principal viewer) throws Exception {
    if (server != null) {
      server.close();
    }
    server = PortalServer.of(mesh.clientAs(viewer)).allowActions().start();
    browser = new Browser(server);
  }

  @AfterEach
  void stop() {
    server.close();
    mesh.close();
  }

  private Element form() throws Exception {
    return browser.page("/requests.html").expectFirst("form");
  }

  private AccessRequest request() {
    return finance.requests().sent().get(0);
  }

  private static String notice(Document page) {
    return page.expectFirst("[role=status]").text();
  }

  private static Map<String, String> because(String reason) {
    return Map.of("because", reason);
  }

  @Test
  void anApprovalGrantsAndIsInTheAuditAsTheViewer() throws Exception {
    Document page = browser.press(form(), "approve", because("Needed for the closing"));

    assertThat(notice(page)).isEqualTo("Approved: finance/analyst may read commerce/secret.");
    assertThat(page.select("form")).as("decided").isEmpty();
    assertThat(request().state()).isEqualTo(AccessRequest.State.APPROVED);
    assertThat(request().because()).contains("Needed for the closing");
    assertThat(commerce.events("commerce/secret").list())
        .filteredOn(event -> event.type() == MeshEvent.Type.ACCESS_APPROVED)
        .extracting(MeshEvent::principal)
        .containsExactly(SHOP.toString());
  }

  @Test
  void aDenialNeedsAReason() throws Exception {
    assertThat(notice(browser.press(form(), "deny", because(" "))))
        .isEqualTo(
            "The request was not denied: a denial needs a reason, which its sender reads."
                + " Enter one, and press Deny again.");
    assertThat(request().isOpen()).isTrue();

    assertThat(notice(browser.press(form(), "deny", because("Ask for less"))))
        .isEqualTo("Denied: finance/analyst on commerce/secret.");
    assertThat(request().state()).isEqualTo(AccessRequest.State.DENIED);
    assertThat(request().because()).contains("Ask for less");
  }

  @Test
  void withoutTheOptionThereIsNoForm() throws Exception {
    Map<String, String> fields = fields(form());
    fields.put("decision", "approve");
    server.close();
    server = PortalServer.start(commerce, 0);
    browser = new Browser(server);

    assertThat(browser.get("/requests.html").body())
        .doesNotContain("<form")
        .contains("form-action &#39;none&#39;");
    assertThat(browser.get("/decide").statusCode()).isEqualTo(404);
    assertThat(browser.post("/decide", fields, "Origin", browser.origin()).statusCode())
        .isEqualTo(405);
    assertThat(request().isOpen()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "none, ''",
    "none, 0123456789abcdef0123456789abcdef",
    "Origin, http://attacker.example",
    "Origin, null",
    "Origin, https://127.0.0.1:PORT",
    "Origin, http://127.0.0.1:1",
    "Sec-Fetch-Site, cross-site",
    "Sec-Fetch-Site, same-site",
    "Sec-Fetch-Site, none"
  })
  void aForgedFormDoesNothing(String header, String value) throws Exception {
    Map<String, String> fields = fields(form());
    fields.put("decision", "approve");
    String stated = value.replace("PORT", "" + server.address().getPort());
    if (header.equals("none")) {
      fields.put("token", stated);
    }
    HttpResponse<String> reply =
        header.equals("Origin")
            ? browser.post("/decide", fields, "Origin", stated)
            : header.equals("none")
                ? browser.post("/decide", fields, "Origin", browser.origin())
                : browser.post("/decide", fields, "Origin", browser.origin(), header, stated);

    assertThat(reply.statusCode()).isEqualTo(403);
    assertThat(reply.body()).startsWith("Nothing was done");
    assertThat(request().isOpen()).isTrue();
  }

  @Test
  void aFormWithoutOriginOrCookieOrOfAnotherTypeDoesNothing() throws Exception {
    Map<String, String> fields = fields(form());
    fields.put("decision", "approve");
    String origin = browser.origin();
    HttpClient stranger = HttpClient.newHttpClient();

    assertThat(browser.post("/decide", fields).statusCode()).as("no origin").isEqualTo(403);
    assertThat(
            stranger
                .send(
                    browser.request("/decide", fields, "Origin", origin).build(),
                    BodyHandlers.ofString())
                .statusCode())
        .as("no cookie")
        .isEqualTo(403);
    assertThat(
            browser
                .send(
                    browser
                        .request("/decide", fields, "Origin", origin)
                        .setHeader("Content-Type", "text/plain"))
                .statusCode())
        .as("what another site may send as text")
        .isEqualTo(403);
    fields.put("because", "x".repeat(40_000));
    assertThat(browser.post("/decide", fields, "Origin", origin).statusCode()).isEqualTo(413);
    assertThat(request().isOpen()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"GET, /decide", "HEAD, /decide", "PUT, /decide", "GET, /answer", "DELETE, /answer"})
  void onlyAPostActs(String method, String path) throws Exception {
    Map<String, String> fields = fields(form());
    String query =
        "?decision=approve&request=" + fields.get("request") + "&token=" + fields.get("token");
    HttpResponse<String> reply =
        browser.send(
            HttpRequest.newBuilder(server.address().resolve(path + query.replace("@", "%40")))
                .header("Origin", browser.origin())
                .method(method, HttpRequest.BodyPublishers.noBody()));

    assertThat(reply.statusCode()).isEqualTo(405);
    assertThat(reply.headers().firstValue("Allow")).contains("POST");
    assertThat(request().isOpen()).isTrue();
  }

  @Test
  void ofTwoApprovalsAtOnceOneGrantsAndTheOtherSaysSo() throws Exception {
    Element form = form();
    List<CompletableFuture<String>> both =
        Stream.of(1, 2)
            .map(
                each ->
                    CompletableFuture.supplyAsync(
                        () -> {
                          try {
                            return notice(browser.press(form, "approve", Map.of()));
                          } catch (Exception e) {
                            throw new IllegalStateException(e);
                          }
                        }))
            .toList();
    List<String> notices = both.stream().map(CompletableFuture::join).sorted().toList();

    assertThat(notices.get(0)).isEqualTo("Approved: finance/analyst may read commerce/secret.");
    assertThat(notices.get(1))
        .startsWith("The request was not approved: it is APPROVED by commerce/etl.")
        .endsWith("Review it, and decide again if it is still open.");
    assertThat(commerce.access().grants()).hasSize(1);
  }

  @Test
  void aRequestThatIsGoneOrChangedIsNotDecided() throws Exception {
    Element form = form();
    finance.requests().requestAccess("commerce/secret").purpose("All of it, forever").commit();
    assertThat(notice(browser.press(form, "approve", Map.of())))
        .isEqualTo(
            "The request was not approved: it was changed after the page was made."
                + " The page shows it as it is now. Review it, and decide then.");
    assertThat(request().isOpen()).isTrue();

    Element second = form();
    finance.requests().withdraw(request().id()).commit();
    assertThat(notice(browser.press(second, "approve", Map.of())))
        .startsWith("The request was not approved: it is WITHDRAWN")
        .doesNotContain("(");
    assertThat(notice(browser.press(second, "deny", Map.of("request", "none@1", "because", "x"))))
        .isEqualTo(
            "The request was not denied: your domain has no such request to decide."
                + " The page shows the requests of your domain.");
    assertThat(request().state()).isEqualTo(AccessRequest.State.WITHDRAWN);
  }

  @Test
  void aViewerWithoutTheRightIsToldWhoHasIt() throws Exception {
    serve(Principal.of("commerce", "intern"));

    assertThat(notice(browser.press(form(), "approve", Map.of())))
        .isEqualTo(
            "The request was not approved by commerce/intern: only deciders of domain 'commerce' may"
                + " do this, and these are commerce/etl. Ask commerce/etl.");
    assertThat(request().isOpen()).isTrue();
  }

  @Test
  void aViewerOfAnotherDomainDecidesNothingThere() throws Exception {
    String stolen = fields(form()).get("request");
    finance.defineProduct("finance/ledger").contract(Contract.of(Order.class)).commit();
    commerce.requests().requestAccess("finance/ledger").purpose("P").commit();
    serve(ANALYST);

    assertThat(notice(browser.press(form(), "approve", Map.of("request", stolen))))
        .startsWith("The request was not approved: your domain has no such request to decide.");
    assertThat(request().isOpen()).isTrue();
  }

  @Test
  void thePersonWhoApprovedOnceIsNotTheSecondOne() throws Exception {
    commerce.registerDomain("commerce").owner("orders@example.org").deciders(SHOP, LEAD).commit();
    commerce
        .defineProduct("commerce/salaries")
        .contract(Contract.of(Order.class).requireFourEyes())
        .commit();
    finance.requests().withdraw(request().id()).commit();
    finance.requests().requestAccess("commerce/salaries").purpose("P").commit();

    assertThat(notice(browser.press(form(), "approve", Map.of())))
        .isEqualTo("Approved; 1 more must approve.");
    assertThat(notice(browser.press(form(), "approve", Map.of())))
        .startsWith("The request was not approved by commerce/etl: it approved it already")
        .doesNotContain("(");
    serve(LEAD);
    assertThat(notice(browser.press(form(), "approve", Map.of())))
        .isEqualTo("Approved: finance/analyst may read commerce/salaries.");
  }

  private void announce() {
    finance.subscribe("commerce/orders").name("closing").purpose("Closing").commit();
    commerce
        .startRollout("commerce/orders")
        .contract(Contract.of(NextOrder.class).description("O").freshWithin(Duration.ofDays(1)))
        .because("Cents")
        .withoutHistory()
        .commit()
        .announce()
        .commit();
  }

  private Track track() {
    return finance.rollout("commerce/orders").track("closing");
  }

  @Test
  void aConsumerAnswersARollout() throws Exception {
    announce();
    serve(ANALYST);
    LocalDate offered = track().date();
    Document page = browser.page("/rollouts.html");

    assertThat(page.select("section.block td").text())
        .contains("finance/closing: version 2 replaces version 1");
    assertThat(notice(browser.press(page.expectFirst("form"), "seen", Map.of())))
        .isEqualTo("Answered for finance/closing: seen. Its last day is " + offered + ".");
    assertThat(
            notice(
                browser.press(
                    page.expectFirst("form"),
                    "counter",
                    Map.of("date", "" + offered.plusDays(30), "because", "Year-end closing"))))
        .isEqualTo(
            "Answered for finance/closing: asked for a later day. Its last day is "
                + offered
                + ".");
    assertThat(track().requestedDate()).contains(offered.plusDays(30));
    assertThat(track().answerReason()).contains("Year-end closing");
    assertThat(notice(browser.press(page.expectFirst("form"), "object", because("Never"))))
        .contains("objected");
    page = browser.press(page.expectFirst("form"), "agree", Map.of());
    assertThat(notice(page)).contains("agreed");
    assertThat(page.select("form")).as("answered").isEmpty();
    assertThat(track().answer()).isEqualTo(Track.Answer.AGREED);
  }

  @Test
  void aDomainThatReadsWithoutASubscriptionAnswersARollout() throws Exception {
    MeshClient sales = mesh.clientAs(Principal.of("sales", "etl"));
    sales.registerDomain("sales").owner("sales@example.org").commit();
    commerce.publish("commerce/orders").records(List.of(SmallMesh.order(17))).commit();
    try (Rows<GenericRecord> rows = sales.read("commerce/orders").rows()) {
      rows.forEach(row -> {});
    }
    announce();
    serve(Principal.of("sales", "etl"));

    Document page = browser.page("/rollouts.html");
    assertThat(page.select("section.block td").text())
        .contains(
            "sales, without a subscription: version 2 replaces version 1",
            "mesh rollout answer commerce/orders @ --agree");
    assertThat(browser.page("/mine.html").select("[data-mine=tasks] td").text())
        .contains("sales, without a subscription: version 2 replaces version 1");
    assertThat(notice(browser.press(page.expectFirst("form"), "agree", Map.of())))
        .startsWith("Answered for sales, without a subscription: agreed");
    assertThat(sales.rollout("commerce/orders").track("@").answer()).isEqualTo(Track.Answer.AGREED);
  }

  @Test
  void anAnswerThatDoesNotFitSaysWhatToDo() throws Exception {
    announce();
    serve(ANALYST);
    LocalDate offered = track().date();
    Element form = browser.page("/rollouts.html").expectFirst("form");

    assertThat(notice(browser.press(form, "object", Map.of()))).contains("need a reason");
    assertThat(notice(browser.press(form, "counter", because("x")))).contains("it has no date");
    assertThat(notice(browser.press(form, "counter", Map.of("date", "" + offered, "because", "x"))))
        .isEqualTo(
            "The rollout was not answered: "
                + offered
                + " is not after "
                + offered
                + ", which the owner offers. Correct the form, and send it again.");
    commerce
        .rollout("commerce/orders")
        .track("finance/closing")
        .offer(offered.plusDays(60))
        .commit();
    assertThat(notice(browser.press(form, "agree", Map.of())))
        .contains("the owner offered another date after the page was made");
    assertThat(notice(browser.press(form, "agree", Map.of("track", "commerce/orders@9 x"))))
        .contains("it does not wait for your domain");
    assertThat(track().answer()).isEqualTo(Track.Answer.NONE);
  }

  @Test
  void theOwnerOfAProductDoesNotAnswerForItsConsumers() throws Exception {
    announce();

    assertThat(browser.page("/rollouts.html").select("form")).isEmpty();
  }

  @Test
  void aPageIsSentAgainOnlyIfItSaysSomethingElse() throws Exception {
    for (String path :
        List.of("/requests.html", "/requests.json", "/product/commerce/orders.html")) {
      HttpResponse<String> first = browser.get(path);
      String tag = first.headers().firstValue("ETag").orElseThrow();
      now = now.plusSeconds(1);
      assertThat(browser.get(path).body()).as("has another time").isNotEqualTo(first.body());
      HttpResponse<String> same = browser.get(path, "If-None-Match", "\"other\", " + tag);
      assertThat(same.statusCode()).as(path).isEqualTo(304);
      assertThat(same.body()).isEmpty();
      assertThat(same.headers().firstValue("ETag")).contains(tag);
    }
    String tag = browser.get("/requests.html").headers().firstValue("ETag").orElseThrow();
    browser.press(form(), "deny", because("No"));

    HttpResponse<String> changed = browser.get("/requests.html", "If-None-Match", tag);
    assertThat(changed.statusCode()).isEqualTo(200);
    assertThat(changed.headers().firstValue("ETag")).isNotEqualTo(tag);
  }

  @Test
  void anOutcomeIsShownToThoseWhoHaveItsAddress() throws Exception {
    browser.press(form(), "deny", because("No"));

    for (String query : List.of("", "?outcome=", "?outcome=0123", "?outcome=%3Cb%3E")) {
      assertThat(browser.page("/requests.html" + query).select("[role=status]")).isEmpty();
    }
  }

  @Test
  void reasonsAreTextWhereverTheyAreShown() throws Exception {
    Document page = browser.press(form(), "deny", because("<b onclick=x>&\"'</b>"));

    assertThat(page.select("b, [onclick]")).isEmpty();
    assertThat(request().because()).contains("<b onclick=x>&\"'</b>");
  }
}
