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
import java.util.stream.Stream;
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
          "product/commerce/customers.html",
          "product/logistics/stock.html",
          "search.html",
          "mine.html",
          "map.html",
          "usage.html",
          "requests.html",
          "rollouts.html");

  private static final String HOSTILE =
      "\"'><script>window.hacked=1</script><img src=x onerror=window.hacked=1>"
          + " javascript:window.hacked=1 {{hacked}} ${hacked} </style></title>";

  private static final int HEIGHT = 900;
  private static final boolean SAMPLED = Boolean.getBoolean("mesh.tests.sampled");
  private static final int SEED = Integer.getInteger("mesh.tests.seed", 0);

  /** The longest name, and a text that runs leftwards with words that do not. */
  private static final String LONGEST =
      "warehouse_and_parcels_of_the_north_with_a_very_long_name_so_lon";

  private static final String LEFTWARDS =
      "\u0627\u0644\u0637\u0644\u0628\u0627\u062a \u0645\u0646 (orders 2026)"
          + " \u0627\u0644\u0645\u062a\u062c\u0631";

  /**
   * Blocks that are narrower than 300 pixels, or that cover another; texts that leave their block
   * or are squeezed into a column of few characters. A block that scrolls may be wider.
   */
  private static final String FAULTS_OF_LAYOUT =
      """
      const faults = [];
      const blocks = [...document.querySelectorAll('main .block')]
        .map(e => [e, e.getBoundingClientRect()]);
      const least = Math.min(300, innerWidth - 40);
      for (const [e, a] of blocks) {
        if (a.width < least) faults.push(e.className + ' is ' + a.width + ' wide');
        for (const [f, b] of blocks) {
          if (e !== f && !e.contains(f) && !f.contains(e) && a.left < b.right - 1
              && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1) {
            faults.push(e.className + ' and ' + f.className);
          }
        }
      }
      const texts = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) {
        const node = texts.currentNode;
        const text = node.textContent.trim();
        const e = node.parentElement;
        if (!text || e.closest('.scroll, .hidden-text, svg, thead')) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        const r = range.getBoundingClientRect();
        if (r.width === 0) continue;
        const box = (e.closest('.block') || document.querySelector('main')).getBoundingClientRect();
        if (r.left < box.left - 1 || r.right > box.right + 1) faults.push('outside: ' + text);
        const lines = new Set([...range.getClientRects()].map(l => Math.round(l.top))).size;
        if (lines > 3 && text.length / lines < 7) faults.push('squeezed: ' + text);
      }
      return faults.slice(0, 5).join('; ');
      """;

  @TempDir static Path folder;
  private static Chromium chromium;
  private static ShopMesh shop;
  private static String site;
  private static String owner;

  record OrderNumber(String orderId) {}

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
            Contract.of(OrderNumber.class)
                .description(HOSTILE)
                .usage(HOSTILE)
                .limitations(HOSTILE)
                .describeColumn("orderId", HOSTILE))
        .openToMesh()
        .commit();
    defineLongest();
    Portal.of(commerce).writeTo(folder.resolve("hostile"));
    site = folder.resolve("site").toUri().toString();
    owner = folder.resolve("owner").toUri().toString();
  }

  private static void defineLongest() {
    MeshClient longest = shop.acting(LONGEST, "etl");
    longest.registerDomain(LONGEST).description(LEFTWARDS).owner("north@example.org").commit();
    longest
        .defineProduct(LONGEST + "/" + LONGEST)
        .contract(
            Contract.of(OrderNumber.class)
                .description(LEFTWARDS)
                .describeColumn("orderId", LEFTWARDS))
        .openToMesh()
        .commit();
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

  /**
   * Keeps the screens too, for people to look at. A build that runs a sample shows each page in one
   * of the colors and widths, each fourth page in the same, a visitor each fourth page, and keeps
   * none.
   */
  @Test
  void everyPageIsAccessibleInLightAndDarkAtEveryWidth() throws IOException {
    List<String> faults = new ArrayList<>();
    int shown = SEED;
    for (String page : PAGES) {
      open(owner + page, 1920);
      chromium.loadAxe();
      for (String scheme : List.of("light", "dark")) {
        for (int width : SAMPLED ? List.of(1920, 400) : List.of(1920, 960, 400, 320)) {
          if (SAMPLED && shown++ % 4 != 0) {
            continue;
          }
          chromium.emulate(scheme, "", width, HEIGHT);
          String where = page + " " + scheme + " " + width;
          if (width == 400 || width == 1920) {
            chromium.violations().forEach(fault -> faults.add(where + ": " + fault));
          }
          if (!SAMPLED) {
            keep(where, width);
          }
        }
      }
      shown++;
      addRequests(page, faults);
    }
    for (String page : PAGES) {
      if (SAMPLED && shown++ % 4 != 0) {
        continue;
      }
      open(site + page, 1280);
      chromium.loadAxe();
      chromium.violations().forEach(fault -> faults.add("visitor " + page + ": " + fault));
      addRequests("visitor " + page, faults);
    }

    assertThat(faults).isEmpty();
  }

  private static void open(String address, int width) {
    chromium.emulate("light", "", width, HEIGHT);
    chromium.open(address);
  }

  private static void addRequests(String page, List<String> faults) {
    chromium.console().forEach(line -> faults.add(page + " console: " + line));
    chromium.requests().stream()
        .filter(address -> !address.startsWith("file:"))
        .forEach(address -> faults.add(page + " requests " + address));
  }

  private static boolean overflows() {
    return (Boolean)
        chromium.script(
            "return document.documentElement.scrollWidth > document.documentElement.clientWidth;");
  }

  private static void keep(String where, int width) throws IOException {
    long length = (Long) chromium.script("return document.documentElement.scrollHeight;");
    chromium.keepScreen(
        where.replaceAll("[ /]", "-").replace(".html", ""), width, (int) Math.min(3_000, length));
  }

  @Test
  void theOwnerSeesTheSuggestionThatARolloutDelivers() {
    chromium.open(owner + "rollouts.html");
    String delivered = "Delivers what marketing/analyst suggested: Say why an order came back";
    assertThat(chromium.driver().findElement(By.tagName("main")).getText())
        .contains("Version 2 replaces version 1", delivered);

    chromium.open(site + "rollouts.html");
    assertThat(chromium.driver().findElement(By.tagName("main")).getText())
        .contains("Version 2 replaces version 1")
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

  /**
   * At 320 pixels, also: 1280 pixels at a zoom of 400 percent. A build that runs a sample shows
   * each page at one in three of the widths, by turns.
   */
  @Test
  void nothingIsSqueezedCoveredOrOutsideOfItsBlockAtAnyWidth() {
    List<String> faults = new ArrayList<>();
    int shown = SEED;
    for (String page : allPages()) {
      chromium.open(page);
      for (int width : List.of(320, 400, 768, 960, 961, 1920, 3840)) {
        if (SAMPLED && shown++ % 3 != 0) {
          continue;
        }
        chromium.emulate("light", "", width, HEIGHT);
        if (overflows()) {
          faults.add(page + " at " + width + " scrolls sideways");
        }
        String found = (String) chromium.script(FAULTS_OF_LAYOUT);
        if (!found.isEmpty()) {
          faults.add(page + " at " + width + ": " + found);
        }
      }
    }

    assertThat(faults).isEmpty();
  }

  /** The pages of the owner, and those with the longest names and with texts that run leftwards. */
  private static List<String> allPages() {
    List<String> pages = new ArrayList<>(PAGES.stream().map(page -> owner + page).toList());
    String hostile = folder.resolve("hostile").toUri().toString();
    Stream.of(
            "product/commerce/hostile.html",
            "product/" + LONGEST + "/" + LONGEST + ".html",
            "domain/" + LONGEST + ".html",
            "index.html",
            "search.html",
            "map.html")
        .map(hostile::concat)
        .forEach(pages::add);
    return pages;
  }

  @Test
  void plotsHaveATextATableAndLabelsThatDoNotCoverEachOther() {
    for (String product : List.of("orders", "customers", "returns", "catalog")) {
      String page = "product/commerce/" + product + ".html";
      for (int width : List.of(400, 1280)) {
        open(owner + page, width);
        assertThat(
                chromium.script(
                    "return [...document.querySelectorAll('figure[data-plot]')].map(f => {"
                        + " const svg = f.querySelector('svg[role=img]');"
                        + " const texts = [...svg.querySelectorAll('text')]"
                        + ".map(t => t.getBoundingClientRect());"
                        + " const box = svg.getBoundingClientRect();"
                        + " const outside = texts.some(t => t.left < box.left - 1"
                        + " || t.right > box.right + 1 || t.bottom > box.bottom + 1);"
                        + " const covered = texts.some((a, i) => texts.some((b, j) => i < j"
                        + " && a.left < b.right - 1 && b.left < a.right - 1"
                        + " && a.top < b.bottom - 4 && b.top < a.bottom - 4));"
                        + " const high = box.height >= 100 && box.width >= 250;"
                        + " const told = svg.getAttribute('aria-label').length > 10"
                        + " && f.querySelector('table caption') !== null;"
                        + " return f.dataset.plot + (outside ? ' outside' : '')"
                        + " + (covered ? ' covered' : '') + (high ? '' : ' small')"
                        + " + (told ? '' : ' untold');"
                        + "}).join(', ')"))
            .as("%s at %d", page, width)
            .isEqualTo("freshness, rows, quality");
      }
    }
  }

  @Test
  void theSearchFindsAProductByAColumnOfItAndAnOwner() {
    open(site + "search.html", 400);
    WebElement box = chromium.driver().findElement(By.id("filter"));
    box.sendKeys("carrier logistics@");

    assertThat(
            chromium.script(
                "return [...document.querySelectorAll('[data-filtered] > li')]"
                    + ".filter(e => e.getBoundingClientRect().height > 0)"
                    + ".map(e => e.querySelector('a').textContent).join(' ')"))
        .isEqualTo("logistics/shipments");
    assertThat(chromium.driver().findElement(By.cssSelector("[role=status]")).getText())
        .isEqualTo("1 of 12");
  }

  @Test
  void aButtonCopiesTheCodeBesideIt() {
    open(site + "product/commerce/orders.html", 1280);
    WebElement block = chromium.driver().findElement(By.cssSelector("[data-copy]"));
    WebElement button = block.findElement(By.tagName("button"));
    button.sendKeys(Keys.ENTER);

    assertThat(button.getText()).isEqualTo("Copied");
    assertThat(chromium.script("return String(window.getSelection()).trim()"))
        .isEqualTo(block.findElement(By.tagName("code")).getText());
    assertThat(chromium.console()).isEmpty();
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
  void threeHundredProductsAreUsableAtEveryWidth() throws IOException {
    List<String> faults = new ArrayList<>();
    try (LargeMesh large = LargeMesh.in(folder.resolve("large"));
        PortalServer server = PortalServer.start(large.visitor(), 0)) {
      chromium.open(server.address().toString());
      for (String page :
          List.of(
              "index.html",
              "map.html",
              "search.html",
              "product/" + LargeMesh.DERIVED + ".html",
              "domain/domain_07.html")) {
        chromium.open(server.address().resolve("/" + page).toString());
        long bytes =
            (Long)
                chromium.script(
                    "return performance.getEntriesByType('navigation')[0].decodedBodySize");
        if (bytes < 1_000 || bytes > 200_000) {
          faults.add(page + " has " + bytes + " bytes");
        }
        for (int width : List.of(400, 1920)) {
          chromium.emulate("light", "", width, HEIGHT);
          String found = (String) chromium.script(FAULTS_OF_LAYOUT);
          if (!found.isEmpty() || overflows()) {
            faults.add(page + " at " + width + ": " + found);
          }
          if (!SAMPLED) {
            keep("large " + page + " " + width, width);
          }
        }
      }
      assertThat(faults).isEmpty();
      theMapIsFolded(server);
      theSearchIsReachedByKeyboard(server);
      assertThat(chromium.console()).isEmpty();
    }
  }

  private static void theMapIsFolded(PortalServer server) {
    open(server.address().resolve("/map.html").toString(), 1920);
    assertThat(
            chromium.script(
                "const boxes = [...document.querySelectorAll('.map svg rect')]"
                    + ".map(e => e.getBoundingClientRect());"
                    + "const covered = boxes.some((a, i) => boxes.some((b, j) => i < j"
                    + " && a.left < b.right && b.left < a.right"
                    + " && a.top < b.bottom && b.top < a.bottom));"
                    + "return boxes.length + (covered ? ' covered' : '')"
                    + " + ', open: ' + document.querySelectorAll('details[open]').length"))
        .isEqualTo(LargeMesh.DOMAINS + ", open: 0");
    WebElement last =
        chromium.driver().findElements(By.tagName("summary")).get(LargeMesh.DOMAINS - 1);
    last.sendKeys(Keys.ENTER);
    assertThat(chromium.driver().findElement(By.linkText("product_24")).isDisplayed()).isTrue();
  }

  private static void theSearchIsReachedByKeyboard(PortalServer server) {
    open(server.address().resolve("/search.html").toString(), 400);
    for (int i = 0; i < 12 && !active().getTagName().equals("input"); i++) {
      active().sendKeys(Keys.TAB);
    }
    active().sendKeys("11-24 metres region-11@");

    assertThat(chromium.driver().findElement(By.cssSelector("[role=status]")).getText())
        .isEqualTo("1 of " + LargeMesh.DOMAINS * LargeMesh.PRODUCTS_OF_A_DOMAIN);
    active().sendKeys(Keys.TAB, Keys.ENTER);
    assertThat(chromium.driver().getTitle()).isEqualTo("domain_11/product_24 \u00b7 Mesh");
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
        keep("actions requests.html " + width, width);
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

      assertThat(chromium.await(By.cssSelector("[role=status]")).getText())
          .isEqualTo("Denied: marketing/intern on commerce/customers.");
      chromium.loadAxe();
      faults.addAll(chromium.violations());
      keep("actions outcome", 1280);
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
