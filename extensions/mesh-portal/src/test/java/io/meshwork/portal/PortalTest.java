package io.meshwork.portal;

import static io.meshwork.contract.Rule.between;
import static io.meshwork.contract.Rule.completeness;
import static io.meshwork.contract.Rule.matches;
import static io.meshwork.internal.testkit.SampleMesh.SHOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.card.ProductConsumer;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.testkit.SampleMesh;
import io.meshwork.internal.testkit.SampleMesh.Order;
import io.meshwork.portal.internal.page.PageForms;
import io.meshwork.portal.internal.page.PageTemplates;
import io.meshwork.portal.internal.site.SitePages;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.testkit.InMemoryMesh;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.select.Elements;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The site of a small mesh. */
class PortalTest {
  @TempDir Path folder;
  private Mesh mesh;
  private MeshClient owner;

  @BeforeEach
  void open() {
    mesh = SmallMesh.open();
    owner = mesh.clientAs(SHOP);
  }

  @AfterEach
  void close() {
    mesh.close();
  }

  @Test
  void aSiteIsWrittenAndServed() {
    // tag::site[]
    MeshClient visitor = mesh.clientAs(Principal.of("visitor", "viewer"));
    int pages = Portal.of(visitor).writeTo(folder.resolve("site"));
    // end::site[]
    assertThat(pages).isEqualTo(11);
    // tag::serve[]
    try (PortalServer server = PortalServer.start(visitor, 0)) {
      URI address = server.address();
      // Open the address in a browser.
      // end::serve[]
      assertThat(address.getHost()).isEqualTo("127.0.0.1");
    }
  }

  @Test
  void aProductHasAPageThatAnswersFiveQuestions() throws IOException {
    int pages = Portal.of(mesh.clientAs(SmallMesh.VISITOR)).writeTo(folder.resolve("site"));
    Document page = page("site/product/commerce/orders.html");

    assertThat(pages).isEqualTo(11);
    assertThat(page.select("h2[data-question]").eachAttr("data-question"))
        .containsExactly("what", "who", "schema", "promise", "now");
    assertThat(page.select("main").text())
        .contains("Orders of the shop", "orders@example.org", "within 24 h", "FRESH");
    assertThat(page.select(".who").text()).contains("but no rows; all domains may");
    assertThat(page.select(".schema").text())
        .as("a viewer that acts for no domain reads nothing")
        .contains("ask for it")
        .doesNotContain("yes");
    assertThat(page.select("footer").text()).contains("visitor/viewer", "2026-11-23 08:00Z");
  }

  @Test
  void aDomainWithoutProductsHasARowAndAPage() throws IOException {
    mesh.clientAs(Principal.of("planning", "etl"))
        .registerDomain("planning")
        .description("What comes next")
        .owner("planning@example.org")
        .commit();
    Portal.of(mesh.clientAs(SmallMesh.VISITOR)).writeTo(folder.resolve("site"));

    assertThat(page("site/index.html").select("a[href=domain/planning.html]")).hasSize(1);
    assertThat(page("site/index.html").select("main").text()).contains("2 products in 3 domains");
    assertThat(page("site/domain/planning.html").select("main").text())
        .contains("What comes next", "planning@example.org", "has no products yet")
        .doesNotContain("0 of 0");
    assertThat(page("site/usage.html").select("a[href=domain/planning.html]")).hasSize(2);
  }

  @Test
  void theSiteOfAConsumerShowsAProductWhoseReadsAreSuspended() throws IOException {
    Principal consumer = Principal.of("finance", "etl");
    owner.grant("commerce/orders").to(consumer).because("shown").commit();
    owner.governance().suspendReads("commerce/orders").because("a wrong unit").commit();

    Portal.of(mesh.clientAs(consumer)).writeTo(folder.resolve("site"));

    assertThat(page("site/product/commerce/orders.html").select("main").text())
        .contains("Reads of version 1 are suspended since", "a wrong unit");
  }

  @Test
  void theSiteOfAnEmptyMeshSaysSo() throws IOException {
    try (Mesh empty = InMemoryMesh.builder().open()) {
      Portal.of(empty.clientAs(SmallMesh.VISITOR)).writeTo(folder.resolve("site"));
    }

    assertThat(page("site/index.html").select("main").text())
        .contains("The mesh has no products yet");
  }

  @Test
  void theIndexSaysWhereThePagesAreAndWhatTheirStatusIs() throws IOException {
    Portal.of(mesh.clientAs(SmallMesh.VISITOR)).writeTo(folder.resolve("site"));
    JsonNode index = new ObjectMapper().readTree(folder.resolve("site/index.json").toFile());

    assertThat(index.get("format").asInt()).isEqualTo(1);
    assertThat(index.get("products")).hasSize(2);
    for (JsonNode product : index.get("products")) {
      assertThat(folder.resolve("site").resolve(product.get("page").asText())).exists();
      assertThat(product.get("status").asText()).isEqualTo("FRESH");
    }
  }

  @Test
  void everyLinkLeadsToAFileOfTheSite() throws IOException {
    Portal.of(owner).writeTo(folder.resolve("site"));
    for (Path file :
        files("site").keySet().stream().map(folder.resolve("site")::resolve).toList()) {
      if (file.toString().endsWith(".html")) {
        Document page = Jsoup.parse(file.toFile());
        for (Element link : page.select("[href]")) {
          String href = link.attr("href");
          if (href.startsWith("#")) {
            assertThat(page.getElementById(href.substring(1))).as(file + href).isNotNull();
          } else if (!href.startsWith("mailto:")) {
            assertThat(file.resolveSibling(href).normalize()).exists();
          }
        }
      }
    }
  }

  @Test
  void theSameMeshViewerAndTimeGiveTheSameBytes() throws IOException {
    Portal.of(owner).writeTo(folder.resolve("one"));
    Portal.of(owner).writeTo(folder.resolve("two"));

    assertThat(files("one")).isEqualTo(files("two")).isNotEmpty();
  }

  /**
   * The two worlds differ in the rows and the lineage of a product that is not for the viewer. That
   * it was published is for everyone: pages with its status are left out.
   */
  @Test
  void whatTheViewerMayNotKnowChangesNoByte() throws IOException {
    SmallMesh.defineSecret(mesh);
    Portal.of(mesh.clientAs(SmallMesh.VISITOR)).writeTo(folder.resolve("before"));
    Map<String, String> before = files("before");
    before
        .keySet()
        .removeIf(
            page ->
                page.contains("secret")
                    || page.startsWith("index")
                    || page.startsWith("search")
                    || page.startsWith("map")
                    || page.startsWith("domain/commerce"));
    SmallMesh.addSecret(mesh, 1);
    Portal.of(mesh.clientAs(SmallMesh.VISITOR)).writeTo(folder.resolve("after"));
    Map<String, String> after = files("after");

    assertThat(before).isNotEmpty();
    before.forEach((page, content) -> assertThat(after).containsEntry(page, content));
    assertThat(Files.readString(folder.resolve("after/product/commerce/secret.html")))
        .doesNotContain("commerce/orders.html\">commerce/orders");

    Portal.of(owner).writeTo(folder.resolve("owner"));
    assertThat(Files.readString(folder.resolve("owner/product/commerce/secret.html")))
        .contains("commerce/orders.html\">commerce/orders");
  }

  @Test
  void aSecondRunDeletesPagesThatAreNoLongerPartOfTheSite() throws IOException {
    Portal.of(owner).writeTo(folder.resolve("site"));
    Path commerce = folder.resolve("site/product/commerce");
    Path old = commerce.resolve("gone.html");
    Path document = commerce.resolve("gone.json");
    Files.copy(commerce.resolve("orders.html"), old);
    Files.copy(commerce.resolve("orders.json"), document);
    Path theirs = Files.writeString(commerce.resolve("notes.html"), "mine");
    Path data = Files.writeString(commerce.resolve("notes.json"), "{}");
    Portal.of(owner).writeTo(folder.resolve("site"));

    assertThat(List.of(old, document)).noneMatch(Files::exists);
    assertThat(theirs).hasContent("mine");
    assertThat(data).hasContent("{}");
    assertThat(folder.resolve("site/index.html")).exists();
  }

  @Test
  void aFolderWithOtherFilesIsLeftAlone() throws IOException {
    Path site = Files.createDirectories(folder.resolve("site"));
    Files.writeString(site.resolve("thesis.txt"), "mine");

    assertThatThrownBy(() -> Portal.of(owner).writeTo(site))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("not part of a portal");
    assertThat(files("site")).containsOnlyKeys("thesis.txt");
  }

  @Test
  void whatADesktopLeavesInAFolderIsNotTheFileOfAnotherProgram() throws IOException {
    Path site = Files.createDirectories(folder.resolve("site"));
    Files.writeString(site.resolve(".DS_Store"), "desktop");
    Files.createDirectories(site.resolve("$RECYCLE.BIN/S-1-5-21"));
    Files.writeString(site.resolve("$RECYCLE.BIN/S-1-5-21/thesis.txt"), "deleted");
    Portal.of(owner).writeTo(site);
    Path inside = Files.writeString(site.resolve("product/Thumbs.db"), "desktop");
    Portal.of(owner).writeTo(site);

    assertThat(inside).hasContent("desktop");
  }

  @Test
  void anIndexThatAnotherProgramWroteIsLeftAlone() throws IOException {
    Path site = Files.createDirectories(folder.resolve("site"));
    Files.writeString(site.resolve("index.json"), "{\"mine\":1}");

    assertThatThrownBy(() -> Portal.of(owner).writeTo(site))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("not part of a portal");
    assertThat(site.resolve("index.json")).hasContent("{\"mine\":1}");
  }

  @Test
  void onlyTheOwnerSeesRowsAndScores() throws IOException {
    SmallMesh.defineSecret(mesh);
    SmallMesh.addSecret(mesh, 1);
    Portal.of(mesh.clientAs(SmallMesh.VISITOR)).writeTo(folder.resolve("site"));
    Portal.of(owner).writeTo(folder.resolve("owner"));

    assertThat(plots("site/product/commerce/secret.html"))
        .containsExactly("You may not see this", "You may not see this");
    assertThat(plots("owner/product/commerce/secret.html"))
        .containsExactly("1 0", "100.0 % 0 of 0");
    assertThat(page("site/product/commerce/secret.html").select("main").text())
        .contains("mesh request commerce/secret", "restricted");
  }

  /** Returns the values of the rows and of their quality. */
  private List<String> plots(String path) throws IOException {
    return Stream.of("rows", "quality")
        .map(name -> "figure[data-plot=" + name + "] tbody td:not(:has(time))")
        .map(page(path)::select)
        .map(Elements::text)
        .toList();
  }

  @Test
  void rowsAndSharesOfNullAreForWhoReadsAllAndCodeIsForAll() throws IOException {
    owner
        .defineProduct("commerce/parcels")
        .contract(
            Contract.of(Parcel.class)
                .require(completeness("carrier", 10))
                .freshWithin(Duration.ofDays(1)))
        .commit();
    for (int day = 1; day <= 2; day++) {
      owner
          .publish("commerce/parcels")
          .records(
              List.of(
                  new Parcel("p-1" + day, Optional.of("Quick Parcels")),
                  new Parcel("p-2" + day, Optional.empty())))
          .commit();
    }
    Portal.of(mesh.clientAs(SmallMesh.VISITOR)).writeTo(folder.resolve("site"));
    Portal.of(owner).writeTo(folder.resolve("owner"));

    Document seen = page("site/product/commerce/parcels.html");
    Document own = page("owner/product/commerce/parcels.html");
    for (Document page : List.of(seen, own)) {
      assertThat(page.select("figure[data-plot]").eachAttr("data-plot"))
          .containsExactly("freshness", "rows", "quality");
      assertThat(page.select("figure[data-plot] svg[role=img][aria-label] ~ details table"))
          .hasSize(3);
    }
    assertThat(seen.select("[data-plot=rows] svg").text()).isEqualTo("You may not see this");
    assertThat(own.select("[data-plot=rows] rect title").eachText())
        .containsExactly(
            "23 Nov 08:00Z: 2 rows, 0 quarantined", "23 Nov 08:00Z: 2 rows, 0 quarantined");
    assertThat(seen.select("td[data-name=Null]")).isEmpty();
    assertThat(own.select("tr:contains(carrier) td[data-name=Null]").eachText())
        .containsExactly("50 %");
    for (Document page : List.of(seen, own)) {
      assertThat(page.select("h3").eachText())
          .contains("Java", "Terminal", "SQL, in Spark", "SQL, in DuckDB", "Python");
    }
    assertThat(seen.text()).doesNotContain("Quick Parcels", "p-11");
    assertThat(own.select("[data-sample] td").eachText())
        .containsExactly("p-11", "Quick Parcels", "p-21", "null", "p-12", "Quick Parcels");
  }

  @Test
  void aProductWithALongHistoryHasAPlotOf90DaysToo() throws IOException {
    AtomicReference<Instant> now = new AtomicReference<>(SmallMesh.NOW);
    try (SampleMesh sample = SampleMesh.open(InMemoryMesh.builder().clock(now::get))) {
      MeshClient owner = sample.commerce();
      SmallMesh.define(owner, "commerce/orders", "Orders");
      for (int publish = 0; publish < 2; publish++) {
        owner.publish("commerce/orders").records(List.of(SmallMesh.order(1))).commit();
        now.updateAndGet(at -> at.plus(Duration.ofDays(20)));
      }
      Portal.of(owner).writeTo(folder.resolve("site"));
    }
    Document page = page("site/product/commerce/orders.html");

    assertThat(page.select("figure[data-plot]").eachAttr("data-plot"))
        .containsExactly("freshness", "rows", "quality", "freshness-90-days");
    assertThat(page.select("[data-plot=freshness] svg").attr("aria-label"))
        .isEqualTo(
            "Age, the last 30 days: 2 known publishes, now 20 days old, promised: at most 24 h");
    assertThat(page.select("[data-plot=freshness] tbody td:not(:has(time))").eachText())
        .containsExactly("20 days", "no", "20 days", "no");
    assertThat(page.select("[data-plot=freshness] path.late")).hasSize(1);
  }

  record Parcel(String parcelId, Optional<String> carrier) {}

  record Person(String id, String email, List<String> nicknames) {}

  @Test
  void theOwnerSeesWhatWaitsInTheQuarantineByRuleAndHowToCorrectItWithoutSensitiveValues()
      throws IOException {
    owner
        .defineProduct("commerce/people")
        .contract(
            Contract.of(Person.class)
                .classification(Classification.RESTRICTED, "email")
                .require(matches("email", "[^@]+@[^@]+"))
                .onViolation(OnViolation.QUARANTINE)
                .maxQuarantineShare(90))
        .commit();
    Principal finance = Principal.of("finance", "etl");
    owner.grant("commerce/people").to(finance).because("shown").commit();
    owner
        .publish("commerce/people")
        .records(
            List.of(
                new Person("1", "ann@example.org", List.of("Anne")),
                new Person("2", "by telephone", List.of()),
                new Person("3", "none", List.of())))
        .idempotencyKey("monday")
        .commit();
    Portal.of(mesh.clientAs(finance)).writeTo(folder.resolve("site"));
    Portal.of(owner).writeTo(folder.resolve("owner"));

    Document own = page("owner/product/commerce/people.html");
    assertThat(own.select(".quarantine .facts").text())
        .isEqualTo("Waiting 2 rows Since 2026-11-23 08:00Z matches.email 2 rows");
    assertThat(own.select(".quarantine tbody tr").eachText())
        .hasSize(2)
        .allSatisfy(row -> assertThat(row).contains("matches.email", "email=\u2022\u2022\u2022"))
        .anySatisfy(row -> assertThat(row).contains("id=2"));
    assertThat(own.select(".quarantine pre").text())
        .contains("mesh republish commerce/people", "--where \"rules LIKE '%matches.email%'\"");
    assertThat(own.select("[data-publishes] tbody td").eachText())
        .containsExactly("2026-11-23 08:00Z", "append", "monday", "1", "2", "0");
    assertThat(own.select("[data-sample] td").eachText())
        .containsExactly("1", "\u2022\u2022\u2022", "\u2026");
    assertThat(own.text()).doesNotContain("ann@example.org", "by telephone", "Anne");
    assertThat(served(owner, "product/commerce/people.html").select(".quarantine tbody tr").text())
        .as("as mesh quarantine shows them to the same account")
        .contains("email=by telephone", "email=none");
    assertThat(served(owner, "product/commerce/people.html").select("[data-sample] td").eachText())
        .containsExactly("1", "ann@example.org", "[Anne]");
    assertThat(served(mesh.clientAs(finance), "product/commerce/people.html").text())
        .doesNotContain("by telephone");

    owner
        .startRollout("commerce/people")
        .contract(
            Contract.of(Contact.class)
                .classification(Classification.RESTRICTED, "email")
                .require(matches("email", "[^@]+@[^@]+"))
                .onViolation(OnViolation.QUARANTINE)
                .maxQuarantineShare(90))
        .because("Fewer columns")
        .withoutHistory()
        .commit()
        .activate()
        .commit();
    owner
        .publish("commerce/people")
        .records(
            List.of(
                new Person("4", "eve@example.org", List.of()), new Person("5", "none", List.of())))
        .commit();
    Portal.of(owner).writeTo(folder.resolve("owner"));
    own = page("owner/product/commerce/people.html");
    assertThat(own.select(".quarantine td[data-name=Version]").eachText())
        .containsExactlyInAnyOrder("1", "1", "2, 1");
    assertThat(own.select(".quarantine .facts").text())
        .as("three rows in version 1, and one in version 2")
        .startsWith("Waiting 4 rows, of which 3 are different: some wait in several versions");
    assertThat(own.select(".now .facts").text())
        .contains("Problem 4 rows wait in the quarantine since");

    Document seen = page("site/product/commerce/people.html");
    assertThat(seen.select(".quarantine, [data-publishes]")).isEmpty();
    assertThat(seen.select(".data .facts").text()).startsWith("Rows 1 Size ");
  }

  @Test
  void aConsumerSeesWhatIsLateForItAndAStewardWhatToApprove() throws IOException {
    AtomicReference<Instant> now = new AtomicReference<>(SmallMesh.NOW);
    Principal steward = Principal.of("finance", "steward");
    try (SampleMesh sample =
        SampleMesh.open(InMemoryMesh.builder().clock(now::get).notifier("outbox", notice -> {}))) {
      MeshClient owner = sample.commerce();
      MeshClient finance = sample.finance();
      owner.governance().appoint(steward).commit();
      SmallMesh.define(owner, "commerce/orders", "Orders");
      owner.publish("commerce/orders").records(List.of(SmallMesh.order(1))).commit();
      finance.subscribe("commerce/orders").name("closing").purpose("Closing").commit();
      owner.governance().suspendReads("commerce/orders").because("a wrong unit").commit();
      now.updateAndGet(at -> at.plus(Duration.ofDays(2)));
      Portal.of(finance).writeTo(folder.resolve("consumer"));
      Portal.of(owner).writeTo(folder.resolve("owner"));
      Portal.of(sample.mesh().clientAs(steward)).writeTo(folder.resolve("steward"));
    }

    assertThat(page("consumer/mine.html").select("[data-mine=late] tbody tr").text())
        .contains("commerce/orders", "LATE");
    assertThat(page("consumer/mine.html").select("[data-mine=approvals], [data-mine=own]"))
        .isEmpty();
    assertThat(page("owner/mine.html").select("[data-mine=own] tbody tr").text())
        .contains("commerce/orders", "LATE");
    assertThat(page("owner/mine.html").select("[data-mine=waiting] li").text())
        .contains("notifier outbox", "notices of 2 changes wait", "mesh deliver --name outbox");
    assertThat(page("consumer/mine.html").select("[data-mine=waiting] li").text())
        .doesNotContain("commerce");
    assertThat(page("steward/mine.html").select("[data-mine=approvals] tbody tr").text())
        .contains("Stop reads", "a wrong unit", "mesh rollout approve commerce/orders ");
  }

  @Test
  void aLateProductSaysWhatWasPromisedAndWhenItWasPublishedLast() throws IOException {
    AtomicReference<Instant> now = new AtomicReference<>(SmallMesh.NOW);
    try (SampleMesh sample = SampleMesh.open(InMemoryMesh.builder().clock(now::get))) {
      MeshClient owner = sample.commerce();
      SmallMesh.define(owner, "commerce/orders", "Orders");
      owner.publish("commerce/orders").records(List.of(SmallMesh.order(1))).commit();
      now.updateAndGet(at -> at.plus(Duration.ofDays(2)));
      Portal.of(sample.mesh().clientAs(SmallMesh.VISITOR)).writeTo(folder.resolve("site"));
    }

    assertThat(page("site/product/commerce/orders.html").select(".now").text())
        .contains(
            "Problem Late by 24 h, since 2026-11-24 08:00Z: rows at most 24 h old are promised,"
                + " they are 2 d old, and the last update was at 2026-11-23 08:00Z.")
        .doesNotContain("upstream");
  }

  record Fax(String orderId, double amount, String country, String fax) {}

  @Test
  void theOwnerSeesWhichRulesTheNewestPublishBroke() throws IOException {
    owner
        .defineProduct("commerce/refunds")
        .contract(Contract.of(Order.class).require(between("amount", 0, 10).warn()))
        .openToMesh()
        .commit();
    owner.publish("commerce/refunds").records(List.of(SmallMesh.order(17))).commit();
    Portal.of(owner).writeTo(folder.resolve("owner"));
    Portal.of(mesh.clientAs(SmallMesh.VISITOR)).writeTo(folder.resolve("site"));

    assertThat(page("owner/product/commerce/refunds.html").select(".now .facts").text())
        .contains("VIOLATED", "Broken between(amount, 0, 10): 1 of 1 row");
    assertThat(page("site/product/commerce/refunds.html").select(".now .facts").text())
        .doesNotContain("VIOLATED", "Broken");
  }

  @Test
  void aRejectedPublishSaysInWordsWhatWasWrong() throws IOException {
    assertThatThrownBy(
            () ->
                owner
                    .publish("commerce/orders")
                    .records(List.of(new Fax("o-9", 1, "DE", "none")))
                    .commit())
        .isInstanceOf(ContractViolationException.class);
    Portal.of(owner).writeTo(folder.resolve("owner"));

    Document page = page("owner/product/commerce/orders.html");
    assertThat(page.select(".now").text())
        .contains("Problem The last publish, by commerce/etl at ", "was rejected. ", "fax")
        .doesNotContain("0 of 0");
    assertThat(page.select(".promise").text()).doesNotContain("Rules none");
  }

  @Test
  void aProductThatPublishesItsOwnRowsAgainIsNotItsOwnInput() throws IOException {
    owner
        .publish("commerce/orders")
        .records(List.of(SmallMesh.order(18)))
        .derivedFrom(SmallMesh.newest(owner, "commerce/orders"), "amount=amount")
        .commit();
    Portal.of(owner).writeTo(folder.resolve("owner"));

    Document page = page("owner/product/commerce/orders.html");
    assertThat(page.select(".lineage tbody tr").text())
        .isEqualTo("commerce/orders finance/revenue amount");
    assertThat(page.select(".lineage path.edge")).hasSize(1);
  }

  @Test
  void aVersionListsItsChangesInWords() throws IOException {
    owner
        .amendContract("commerce/orders")
        .contract(
            Contract.of(Order.class)
                .description("Orders of the whole shop")
                .onViolation(OnViolation.QUARANTINE)
                .freshWithin(Duration.ofHours(6)))
        .commit();
    Portal.of(owner).writeTo(folder.resolve("owner"));

    assertThat(page("owner/product/commerce/orders.html").select(".history").text())
        .contains(
            "Promised age: 24 h \u2192 6 h",
            "What happens to rows that break a rule: reject \u2192 quarantine")
        .doesNotContain("The term", "freshWithin", "onViolation", "worded");
  }

  @Test
  void codeReadsTheFirstColumnsInTheirOrderAndAPlotWithoutAPromiseHasNoLimit() throws IOException {
    owner
        .defineProduct("commerce/rates")
        .contract(Contract.of(Rate.class).primaryKey("unit"))
        .commit();
    owner.publish("commerce/rates").records(List.of(new Rate("b", "a", "EUR", 1))).commit();
    Portal.of(owner).writeTo(folder.resolve("owner"));

    assertThat(page("owner/product/commerce/rates.html").select(".codes pre").text())
        .contains("SELECT unit, market, currency\nFROM mesh.commerce.rates_v1");
    Document index = page("owner/index.html");
    assertThat(index.select("tr:contains(commerce/rates) path.promised")).isEmpty();
    assertThat(index.select("tr:contains(commerce/orders) svg"))
        .hasSameSizeAs(index.select("tr:contains(commerce/orders) path.promised"));
  }

  record Rate(String market, String currency, String unit, long amount) {}

  /** A read counts as a use: a site must not make its reader a consumer. */
  @Test
  void writingASiteMakesNobodyAConsumer() {
    Portal.of(mesh.clientAs(Principal.of("finance", "etl"))).writeTo(folder.resolve("site"));

    assertThat(owner.consumers("commerce/orders"))
        .noneMatch(consumer -> consumer.kind() == ProductConsumer.Kind.READER);
  }

  @Test
  void aProductsPageHasWhatItsContractSaysForPeople() throws IOException {
    owner
        .defineProduct("commerce/parcels")
        .contract(
            Contract.of(Parcel.class)
                .usage("Deliveries by carrier")
                .limitations("Returns are missing.")
                .repository("https://git.example.org/parcels"))
        .openToMesh()
        .commit();
    Portal.of(mesh.clientAs(SmallMesh.VISITOR)).writeTo(folder.resolve("site"));

    Document parcels = page("site/product/commerce/parcels.html");
    assertThat(parcels.select(".what dt").eachText()).containsExactly("Usage", "Limits", "Source");
    assertThat(parcels.select(".what dd").eachText())
        .containsExactly(
            "Deliveries by carrier", "Returns are missing.", "https://git.example.org/parcels");
    assertThat(page("site/product/commerce/orders.html").select(".what dt")).isEmpty();
  }

  @Test
  void suggestionsAreShownToTheirTwoDomainsAndEachProductPageHasTheCommand() throws IOException {
    SmallMesh.suggest(mesh, "Add the currency");
    Portal.of(mesh.clientAs(SmallMesh.VISITOR)).writeTo(folder.resolve("site"));
    Portal.of(owner).writeTo(folder.resolve("owner"));

    assertThat(page("site/product/commerce/orders.html").select("main").text())
        .contains("mesh suggest commerce/orders \"TEXT\"");
    assertThat(page("owner/requests.html").select("main").text())
        .contains("Add the currency", "finance/analyst", "new column", "mesh answer ");
    assertThat(page("site/requests.html").text()).doesNotContain("Add the currency");

    owner.suggestions().accept(owner.suggestions().received().get(0).id()).commit();
    Portal.of(owner).writeTo(folder.resolve("owner"));
    assertThat(page("owner/requests.html").select("main").text())
        .contains("accepted")
        .doesNotContain("mesh answer");
    assertThat(page("owner/requests.html").select(".badge.late")).isEmpty();
    assertThat(page("owner/mine.html").select("[data-mine=tasks] tbody")).isEmpty();
  }

  @Test
  void aRolloutShowsTheSuggestionsThatItDeliversToTheirTwoDomains() throws IOException {
    SmallMesh.suggest(mesh, "Add the currency");
    String id = owner.suggestions().received().get(0).id();
    owner
        .startRollout("commerce/orders")
        .contract(
            Contract.of(NextOrder.class).description("Orders").freshWithin(Duration.ofDays(1)))
        .because("Cents")
        .withoutHistory()
        .suggestions(id)
        .commit()
        .announce()
        .commit();
    MeshClient sender = mesh.clientAs(SampleMesh.ANALYST);
    for (String viewer : List.of("owner", "sender", "site")) {
      Portal.of(
              viewer.equals("owner")
                  ? owner
                  : viewer.equals("sender") ? sender : mesh.clientAs(SmallMesh.VISITOR))
          .writeTo(folder.resolve(viewer));
    }

    for (String viewer : List.of("owner", "sender")) {
      assertThat(page(viewer + "/rollouts.html").select("main").text())
          .as(viewer)
          .contains("Version 2 replaces version 1")
          .contains("Delivers what finance/analyst suggested: Add the currency");
      assertThat(folder.resolve(viewer + "/rollouts.json")).content().contains(id);
      assertThat(page(viewer + "/requests.html").select("main").text())
          .as(viewer)
          .contains("accepted in rollout 1");
    }
    assertThat(page("site/rollouts.html").select("main").text())
        .contains("Version 2 replaces version 1")
        .doesNotContain("Add the currency", "Delivers");
    assertThat(folder.resolve("site/rollouts.json")).content().doesNotContain(id);
  }

  @Test
  void theIndexOfPagesHasAllThatWereWritten() throws IOException {
    Portal.of(owner).writeTo(folder.resolve("site"));
    JsonNode index = new ObjectMapper().readTree(folder.resolve("site/index.json").toFile());
    List<String> pages = new ArrayList<>();
    index.get("pages").forEach(page -> pages.add(page.asText()));

    assertThat(pages)
        .containsExactlyInAnyOrderElementsOf(
            files("site").keySet().stream().filter(file -> file.endsWith(".html")).toList());
  }

  @Test
  void theSearchHasEachProductWithItsColumnsAndTheirDescriptions() throws IOException {
    owner
        .defineProduct("commerce/parcels")
        .contract(Contract.of(Parcel.class).describeColumn("carrier", "Who delivers it"))
        .openToMesh()
        .commit();
    Portal.of(mesh.clientAs(SmallMesh.VISITOR)).writeTo(folder.resolve("site"));

    assertThat(page("site/search.html").select("[data-filtered] li:contains(parcels)").text())
        .contains(
            "commerce/parcels", "parcelId", "carrier (Who delivers it)", "orders@example.org");
    assertThat(page("site/search.html").select("[data-filtered] li")).hasSize(3);
  }

  @Test
  void theMapShowsDomainsTheirProductsAndTheFlowsBetweenThem() throws IOException {
    Portal.of(mesh.clientAs(SmallMesh.VISITOR)).writeTo(folder.resolve("site"));
    Document map = page("site/map.html");

    assertThat(map.select("svg a[href]").eachAttr("href"))
        .containsExactly(
            "domain/commerce.html",
            "product/commerce/orders.html",
            "domain/finance.html",
            "product/finance/revenue.html");
    assertThat(map.select("svg path.edge title").text())
        .isEqualTo("commerce \u2192 finance: 1 step");
    assertThat(map.select(".map .legend > span").eachText())
        .as("the shapes in the picture")
        .containsExactly("\u25CF FRESH");
  }

  @Test
  void eachSideOfARolloutSeesItsTracksAndWhatItMustAnswer() throws IOException {
    MeshClient finance = mesh.clientAs(SampleMesh.ANALYST);
    announceNextOrder(finance);
    Portal.of(owner).writeTo(folder.resolve("owner"));
    Portal.of(finance).writeTo(folder.resolve("consumer"));
    Portal.of(mesh.clientAs(SmallMesh.VISITOR)).writeTo(folder.resolve("site"));

    for (String side : List.of("owner", "consumer")) {
      Document page = page(side + "/rollouts.html");
      assertThat(page.select("[data-rollout='commerce/orders'] h2").text())
          .contains("version 2 replaces version 1: announced");
      assertThat(page.select("[data-rollout] tbody tr").text())
          .contains("finance/closing", "waited for", "none yet");
    }
    assertThat(page("consumer/mine.html").select("[data-mine=tasks]").text())
        .contains(
            "version 2 replaces version 1", "mesh rollout answer commerce/orders closing --agree");
    assertThat(page("consumer/mine.html").select("[data-mine=subscriptions]").text())
        .contains("closing", "commerce/orders", "FRESH");
    assertThat(page("consumer/mine.html").select("[data-mine=news]").text())
        .contains("Version 2 replaces version 1", "Cents");
    assertThat(page("owner/mine.html").select("[data-mine=tasks] code")).isEmpty();
    assertThat(page("site/rollouts.html").select("[data-rollout]")).isEmpty();
    assertThat(page("site/rollouts.html").select("[data-name='Used by']").text())
        .isEqualTo("finance");
    assertThat(page("site/product/commerce/orders.html").select(".notice").text())
        .startsWith("Announced: major version 2 replaces major version 1 after ")
        .endsWith(" Cents. See all changes");
    assertThat(page("site/mine.html").select("main").text())
        .contains("Your account acts for no domain");
  }

  @Test
  void aConsumerSeesItsNextStepUntilItMoved() throws IOException {
    MeshClient finance = mesh.clientAs(SampleMesh.ANALYST);
    MajorRollout rollout = announceNextOrder(finance);
    String move = "mesh rollout move commerce/orders closing";
    assertThat(steps(finance)).allMatch(step -> step.contains("closing --agree"));

    finance.rollout("commerce/orders").track("closing").agree().commit();
    assertThat(steps(finance))
        .hasSize(2)
        .allMatch(step -> step.contains("Wait until version 2 can be read"))
        .noneMatch(step -> step.contains("--agree"));

    rollout.activate().commit();
    assertThat(steps(finance))
        .hasSize(2)
        .allMatch(
            step -> step.contains("Move to version 2") && step.contains(move + " --plan " + move))
        .noneMatch(step -> step.contains("--agree"));

    var subscription =
        finance.subscribe("commerce/orders").name("closing").majorVersion(2).commit();
    assertThat(steps(finance)).hasSize(2).allMatch(step -> step.contains("Read version 2 once"));

    try (var batch = subscription.poll()) {
      batch.forEach(row -> assertThat(row).isNotNull());
      batch.ack();
    }
    assertThat(steps(finance)).isEmpty();
  }

  /** What the consumer has to do, on the page of rollouts and on its own. */
  private List<String> steps(MeshClient viewer) throws IOException {
    Portal.of(viewer).writeTo(folder.resolve("steps"));
    return Stream.concat(
            page("steps/rollouts.html").select("[aria-labelledby=answers] tbody tr").stream(),
            page("steps/mine.html").select("[data-mine=tasks] tbody tr").stream())
        .map(Element::text)
        .toList();
  }

  private MajorRollout announceNextOrder(MeshClient finance) {
    finance.subscribe("commerce/orders").name("closing").purpose("Closing").commit();
    MajorRollout rollout =
        owner
            .startRollout("commerce/orders")
            .contract(
                Contract.of(NextOrder.class).description("Orders").freshWithin(Duration.ofDays(1)))
            .because("Cents")
            .withoutHistory()
            .commit();
    return rollout.announce().commit();
  }

  record NextOrder(String orderId, long cents, String currency) {}

  record Contact(String id, String email) {}

  private static Document served(MeshClient viewer, String page) {
    SitePages site = SitePages.served(viewer, new PageTemplates(), PageForms.NONE);
    return Jsoup.parse(new String(site.find(page).orElseThrow().html(), StandardCharsets.UTF_8));
  }

  private Document page(String path) throws IOException {
    return Jsoup.parse(folder.resolve(path).toFile());
  }

  private Map<String, String> files(String site) throws IOException {
    Map<String, String> files = new TreeMap<>();
    Path root = folder.resolve(site);
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(root.relativize(file).toString(), Files.readString(file, StandardCharsets.UTF_8));
      }
    }
    return files;
  }
}
