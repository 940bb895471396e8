package io.meshwork.portal.internal.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.portal.internal.page.IndexPage.StatusCount;
import io.meshwork.portal.internal.plot.SmallPlot;
import io.meshwork.portal.internal.text.PageTime;
import io.meshwork.portal.internal.text.ProductAddress;
import io.meshwork.portal.internal.text.StatusBadge;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Pages of a mesh with 300 products, with long names and texts, stay below 200 kB. */
class PageSizeTest {
  private static final int MOST_BYTES = 200_000;
  private static final int DOMAINS = 12;
  private static final int PRODUCTS = 300;
  private static final Instant NOW = SamplePages.NOW;

  private static final String DESCRIPTION =
      "One row for each thing that was sold, returned, or repaired, in the order in which it came.";

  private static final List<Instant> UPDATES =
      IntStream.range(0, 30).mapToObj(day -> NOW.minus(Duration.ofDays(30L - day))).toList();

  private final PageTemplates templates = new PageTemplates();

  @Test
  void theFirstPageShowsThoseThatNeedAttentionAndSaysWhereTheOthersAre() {
    IndexPage index =
        new IndexPage(
            frame("Products", PageFrame.Section.PRODUCTS),
            List.of(new StatusCount(StatusBadge.FRESH, PRODUCTS)),
            rows(),
            List.of(),
            List.of(),
            List.of());
    String page = templates.render(index);

    assertThat(bytes(page)).isLessThan(MOST_BYTES);
    assertThat(page).contains("200 more: find them in the <a href=\"search.html\">");
    assertThat(index.products()).hasSize(PRODUCTS);
  }

  @Test
  void theSearchHasAllProducts() {
    String page =
        templates.render(
            new SearchPage(
                frame("Search", PageFrame.Section.SEARCH),
                rows().stream()
                    .map(
                        row ->
                            new SearchPage.FoundRow(
                                row.product(),
                                row.status(),
                                row.description(),
                                row.owner(),
                                row.tags(),
                                "c".repeat(SearchPage.MOST_CHARACTERS / PRODUCTS)))
                    .toList()));

    assertThat(bytes(page)).isLessThan(MOST_BYTES);
    assertThat(page.split("<li><a ", -1)).hasSizeGreaterThan(PRODUCTS);
  }

  @Test
  void theMapHasAllDomainsAndProducts() {
    List<ProductRow> rows = rows();
    String page =
        templates.render(
            new MapPage(
                frame("Map", PageFrame.Section.MAP),
                IntStream.range(0, DOMAINS)
                    .mapToObj(
                        domain ->
                            new MapPage.DomainNode(
                                "domain_" + domain,
                                List.of(new StatusCount(StatusBadge.FRESH, 25)),
                                rows.stream()
                                    .filter(
                                        row -> row.product().domain().equals("domain_" + domain))
                                    .map(
                                        row -> new MapPage.ProductNode(row.product(), row.status()))
                                    .toList()))
                    .toList(),
                IntStream.range(0, DOMAINS * DOMAINS)
                    .mapToObj(
                        flow ->
                            new MapPage.Flow(
                                "domain_" + flow / DOMAINS, "domain_" + flow % DOMAINS, flow))
                    .toList(),
                ""));

    assertThat(bytes(page)).isLessThan(MOST_BYTES);
  }

  private static int bytes(String page) {
    return page.getBytes(StandardCharsets.UTF_8).length;
  }

  private static PageFrame frame(String title, PageFrame.Section section) {
    return new PageFrame(
        title, "", section, "visitor/viewer", NOW, "index.json", List.of(), PageForms.NONE);
  }

  private static List<ProductRow> rows() {
    return IntStream.range(0, PRODUCTS)
        .mapToObj(
            product ->
                new ProductRow(
                    new ProductAddress(
                        "domain_" + product % DOMAINS,
                        "a_product_with_a_name_of_more_than_forty_letters_" + product),
                    DESCRIPTION,
                    StatusBadge.FRESH,
                    Optional.of(PageTime.ago(NOW.minusSeconds(720), NOW)),
                    SmallPlot.of(UPDATES, Duration.ofHours(26), NOW),
                    "internal",
                    false,
                    "the-owners-of-the-domain@example.org",
                    "area=sales, region=north"))
        .toList();
  }
}
