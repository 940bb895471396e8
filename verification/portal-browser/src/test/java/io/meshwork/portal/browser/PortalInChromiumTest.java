package io.meshwork.portal.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.examples.shop.ShopMesh;
import io.meshwork.portal.Portal;
import io.meshwork.portal.PortalServer;
import io.meshwork.request.Suggestion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The portal of the shop, as people see it, in a real browser. */
class PortalInChromiumTest {
  private static final List<String> PAGES =
      List.of(
          "index.html",
          "domain/commerce.html",
          "product/commerce/orders.html",
          "product/logistics/stock.html",
          "usage.html",
          "requests.html",
          "rollouts.html");

  private static final String HOSTILE =
      "\"'><script>window.hacked=1</script><img src=x onerror=window.hacked=1>"
          + " javascript:window.hacked=1 {{hacked}} ${hacked} </style></title>";

  @TempDir static Path folder;
  private static Chromium chromium;
  private static ShopMesh shop;
  private static String site;
  private static String owner;

  record Order(String orderId) {}

  record ReturnWithReason(String orderId, LocalDate day, String reason, long refundInCents) {}

  @BeforeAll
  static void writeTheSite() {
    chromium = Chromium.start().orElse(null);
    if (chromium == null) {
      String message =
          "The portal was not tested in a browser: chromium or chromedriver is missing. Install"
              + " Debian's packages chromium and chromium-driver.";
      System.err.println(message);
      if (System.getenv("CI") != null) {
        fail(message);
      }
      Assumptions.abort(message);
    }
    shop = ShopMesh.in(folder.resolve("mesh"), Instant.parse("2026-11-22T08:00:00Z"));
    shop.request();
    MeshClient commerce = shop.acting("commerce", "etl");
    rollOutReturns(commerce);
    Portal.of(shop.visitor()).writeTo(folder.resolve("site"));
    Portal.of(commerce).writeTo(folder.resolve("owner"));
    commerce
        .defineProduct("commerce/hostile")
        .contract(
            Contract.of(Order.class)
                .description(HOSTILE)
                .usage(HOSTILE)
                .limitations(HOSTILE)
                .describeColumn("orderId", HOSTILE))
        .openToMesh()
        .commit();
    Portal.of(commerce).writeTo(folder.resolve("hostile"));
    site = folder.resolve("site").toUri().toString();
    owner = folder.resolve("owner").toUri().toString();
  }

  private static void rollOutReturns(MeshClient commerce) {
    Suggestion suggestion =
        shop.acting("marketing", "analyst")
            .suggestions()
            .suggest("commerce/returns")
            .kind(Suggestion.Kind.NEW_COLUMN)
            .columns("reason")
            .text("Say why an order came back")
            .commit();
    commerce
        .startRollout("commerce/returns")
        .contract(
            Contract.of(ReturnWithReason.class)
                .description("Orders that came back, with reason and refund.")
                .freshWithin(Duration.ofHours(26)))
        .because("Refunds are in cents, and consumers asked for the reason")
        .withoutHistory()
        .suggestions(suggestion.id())
        .commit()
        .announce()
        .commit();
  }

  @AfterAll
  static void close() {
    if (chromium != null) {
      chromium.close();
      shop.close();
    }
  }

  @Test
  void everyPageIsAccessibleInLightAndDarkAndOnAPhone() throws IOException {
    List<String> faults = new ArrayList<>();
    for (String viewer : List.of(site, owner)) {
      for (String page : PAGES) {
        String name = (viewer.equals(site) ? "visitor " : "owner ") + page;
        chromium.emulate("light", "", 1280, 900);
        chromium.open(viewer + page);
        chromium.loadAxe();
        for (String scheme : List.of("light", "dark")) {
          for (int width : List.of(1280, 390)) {
            int height = width == 390 ? 844 : 900;
            chromium.emulate(scheme, "", width, height);
            String where = name + " " + scheme + " " + width;
            chromium.violations().forEach(fault -> faults.add(where + ": " + fault));
            if (overflows()) {
              faults.add(where + " scrolls sideways");
            }
            keep(where, width, height);
          }
        }
        chromium.console().forEach(line -> faults.add(name + " console: " + line));
        chromium.requests().stream()
            .filter(address -> !address.startsWith("file:"))
            .forEach(address -> faults.add(name + " requests " + address));
      }
    }

    assertThat(faults).isEmpty();
  }

  private static boolean overflows() {
    return (Boolean)
        chromium.script(
            "return document.documentElement.scrollWidth > document.documentElement.clientWidth;");
  }

  private static void keep(String where, int width, int height) throws IOException {
    String name = where.replaceAll("[ /]", "-").replace(".html", "");
    if (width == 390) {
      long length = (Long) chromium.script("return document.documentElement.scrollHeight;");
      chromium.keepScreen(name, width, (int) Math.min(4_000, length));
    } else {
      chromium.keepScreen(name, width, height);
    }
  }

  @Test
  void theOwnerSeesTheSuggestionThatARolloutDelivers() {
    chromium.open(owner + "rollouts.html");
    String delivered = "Delivers what marketing/analyst suggested: Say why an order came back";
    assertThat(chromium.driver().findElement(By.tagName("main")).getText())
        .contains("major version 1 is replaced by 2", delivered);

    chromium.open(site + "rollouts.html");
    assertThat(chromium.driver().findElement(By.tagName("main")).getText())
        .contains("major version 1 is replaced by 2")
        .doesNotContain("Say why");
  }

  @Test
  void fiveQuestionsAreAnsweredOnOneScreen() {
    for (String viewer : List.of(site, owner)) {
      for (String product :
          List.of("commerce/orders", "commerce/returns", "finance/board_report")) {
        chromium.emulate("light", "", 1280, 900);
        chromium.open(viewer + "product/" + product + ".html");

        assertThat(
                chromium.script(
                    "return [...document.querySelectorAll('h2[data-question]')].map(h =>"
                        + " h.dataset.question).join(' ')"))
            .isEqualTo("what who schema promise now");
        assertThat(
                (Number)
                    chromium.script(
                        "return"
                            + " Math.max(...[...document.querySelectorAll('h2[data-question]')].map(h"
                            + " => h.parentElement.getBoundingClientRect().bottom))"))
            .as("the lowest end of a block of %s", product)
            .satisfies(bottom -> assertThat(bottom.doubleValue()).isLessThanOrEqualTo(900));
      }
    }
  }

  @Test
  void pagesFitInto320Pixels() {
    List<String> faults = new ArrayList<>();
    for (String page : PAGES) {
      chromium.emulate("light", "", 320, 700);
      chromium.open(owner + page);
      if (overflows()) {
        faults.add(page);
      }
    }

    assertThat(faults).as("pages that scroll sideways").isEmpty();
  }

  @Test
  void noBlockCoversAnotherAtAnyWidth() {
    List<String> faults = new ArrayList<>();
    for (int width : List.of(320, 390, 768, 960, 961, 1280)) {
      for (String page : PAGES) {
        chromium.emulate("light", "", width, 900);
        chromium.open(owner + page);
        Object covered =
            chromium.script(
                "const of = e => [e, e.getBoundingClientRect()];"
                    + "const all = [...document.querySelectorAll('main .block')].map(of);"
                    + "return all.flatMap(([e, a]) => all.filter(([f, b]) => e !== f"
                    + " && !e.contains(f) && !f.contains(e)"
                    + " && a.left < b.right - 1 && b.left < a.right - 1"
                    + " && a.top < b.bottom - 1 && b.top < a.bottom - 1)"
                    + ".map(([f]) => e.className + ' and ' + f.className)).join(', ')");
        if (!covered.equals("")) {
          faults.add(page + " at " + width + ": " + covered);
        }
      }
    }

    assertThat(faults).isEmpty();
  }

  @Test
  void theAnswersAboutAProductFollowEachOtherInFullWidthUpTo960Pixels() {
    for (int width : List.of(390, 768, 960)) {
      chromium.emulate("light", "", width, 900);
      chromium.open(owner + "product/commerce/orders.html");

      assertThat(
              chromium.script(
                  "const main = document.querySelector('.questions').getBoundingClientRect();"
                      + "let end = 0;"
                      + "return [...document.querySelectorAll('.questions > section')].map(e => {"
                      + " const r = e.getBoundingClientRect();"
                      + " const fits = r.top >= end && r.width === main.width;"
                      + " end = r.bottom;"
                      + " return e.querySelector('h2').dataset.question + (fits ? '' : '!');"
                      + "}).join(' ')"))
          .as("at %s pixels", width)
          .isEqualTo("what who schema promise now");
    }
  }

  @Test
  void nothingIsMissingWithoutScript() {
    chromium.emulate("light", "", 1280, 900);
    for (String page : PAGES) {
      chromium.open(site + page);
      Object with = chromium.script("return document.querySelectorAll('main a, main td').length");
      chromium.setScript(false);
      try {
        chromium.open(site + page);
        assertThat(chromium.driver().findElements(By.cssSelector("main a, main td")))
            .as(page)
            .hasSize(((Number) with).intValue());
        assertThat(
                chromium.driver().findElements(By.cssSelector("main button")).stream()
                    .filter(WebElement::isDisplayed))
            .as("controls of %s that do nothing", page)
            .isEmpty();
      } finally {
        chromium.setScript(true);
      }
    }
  }

  @Test
  void aLateProductIsFoundByKeyboard() {
    chromium.emulate("light", "", 1280, 900);
    chromium.open(site + "index.html");
    active().sendKeys(Keys.TAB);

    assertThat(active().getText()).isEqualTo("Skip to the content");

    active().sendKeys(Keys.ENTER);
    WebElement filter = active();
    for (int i = 0; i < 3 && !filter.getTagName().equals("input"); i++) {
      filter.sendKeys(Keys.TAB);
      filter = active();
    }
    filter.sendKeys("orders late");

    assertThat(chromium.driver().findElement(By.cssSelector("[role=status]")).getText())
        .isEqualTo("1 of 12");

    for (int i = 0; i < 9 && !active().getText().equals("commerce/orders"); i++) {
      active().sendKeys(Keys.TAB);
    }
    active().sendKeys(Keys.ENTER);

    assertThat(chromium.driver().getTitle()).isEqualTo("commerce/orders · Mesh");
  }

  @Test
  void aHeadSortsItsTable() {
    chromium.emulate("light", "", 1280, 900);
    chromium.open(site + "index.html");
    WebElement head = chromium.driver().findElement(By.cssSelector("thead button"));
    head.click();
    assertThat(firstProduct()).isEqualTo("commerce/catalog");
    head.click();

    assertThat(firstProduct()).isEqualTo("marketing/campaigns");
  }

  private static String firstProduct() {
    return chromium.driver().findElement(By.cssSelector("tbody th a")).getText();
  }

  @Test
  void textOfPeopleNeverRuns() {
    chromium.emulate("light", "", 1280, 900);
    for (String page :
        List.of("product/commerce/hostile.html", "index.html", "domain/commerce.html")) {
      chromium.open(folder.resolve("hostile").toUri() + page);

      assertThat(chromium.script("return window.hacked === undefined")).isEqualTo(true);
      assertThat(chromium.script("return document.querySelectorAll('img').length")).isEqualTo(0L);
      assertThat(chromium.script("return document.querySelectorAll('script').length"))
          .isEqualTo(1L);
      assertThat(chromium.driver().findElement(By.tagName("main")).getText())
          .contains("<script>window.hacked=1</script>");
      assertThat(chromium.console()).isEmpty();
    }
  }

  @Test
  void paperShowsTheSameInBlackOnWhite() throws IOException {
    chromium.emulate("dark", "print", 1000, 1400);
    chromium.open(owner + "product/commerce/orders.html");

    assertThat(chromium.script("return getComputedStyle(document.body).backgroundColor"))
        .isEqualTo("rgb(255, 255, 255)");
    chromium.keepScreen("owner-product-commerce-orders-print", 1000, 1400);
  }

  @Test
  void theServerShowsThePagesToTheBrowserThatHasItsAddress() {
    try (PortalServer server = PortalServer.start(shop.visitor(), 0)) {
      chromium.emulate("light", "", 1280, 900);
      chromium.open(server.address().toString());

      assertThat(chromium.driver().getTitle()).isEqualTo("Products · Mesh");
      assertThat(chromium.driver().getCurrentUrl()).doesNotContain("token");
      chromium.driver().findElement(By.linkText("commerce/orders")).click();
      assertThat(chromium.driver().getTitle()).isEqualTo("commerce/orders · Mesh");
      assertThat(chromium.console()).isEmpty();
    }
  }

  @Test
  void aRequestIsDecidedByAButtonOfItsPage() throws IOException {
    MeshClient stranger = shop.acting("marketing", "intern");
    String request =
        stranger.requests().requestAccess("commerce/customers").purpose("A test").commit().id();
    try (PortalServer server =
        PortalServer.of(shop.acting("commerce", "etl")).allowActions().start()) {
      chromium.emulate("light", "", 1280, 900);
      chromium.open(server.address().toString());
      chromium.open(server.address().resolve("/requests.html").toString());
      List<String> faults = new ArrayList<>();
      chromium.loadAxe();
      for (int width : List.of(1280, 320)) {
        chromium.emulate("dark", "", width, 900);
        faults.addAll(chromium.violations());
        keep("actions requests.html " + width, width, 900);
        assertThat(overflows()).isFalse();
      }
      WebElement form =
          chromium
              .driver()
              .findElement(By.cssSelector("form[aria-label*='marketing/intern for commerce']"));
      form.findElement(By.name("because")).sendKeys("Not for tests", Keys.ENTER);
      assertThat(stranger.requests().sent().stream().filter(each -> each.id().equals(request)))
          .extracting(each -> each.isOpen())
          .as("Enter decides nothing")
          .containsExactly(true);
      form.findElement(By.cssSelector("[value=deny]")).click();

      assertThat(chromium.driver().findElement(By.cssSelector("[role=status]")).getText())
          .isEqualTo("Denied: marketing/intern on commerce/customers.");
      chromium.loadAxe();
      faults.addAll(chromium.violations());
      keep("actions outcome", 1280, 900);
      assertThat(faults).isEmpty();
      assertThat(chromium.console()).isEmpty();
    }
    assertThat(stranger.requests().sent())
        .filteredOn(each -> each.id().equals(request))
        .extracting(each -> each.state().name())
        .containsExactly("DENIED");
  }

  private static WebElement active() {
    return chromium.driver().switchTo().activeElement();
  }
}
