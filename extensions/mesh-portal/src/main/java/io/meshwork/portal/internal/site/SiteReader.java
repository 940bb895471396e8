package io.meshwork.portal.internal.site;

import io.meshwork.MeshClient;
import io.meshwork.card.Health;
import io.meshwork.card.ProductCard;
import io.meshwork.discovery.DomainCard;
import io.meshwork.discovery.MeshHealth;
import io.meshwork.discovery.MeshOverview;
import io.meshwork.discovery.Search;
import io.meshwork.error.BackendException;
import io.meshwork.error.NotFoundException;
import io.meshwork.portal.internal.page.IndexPage;
import io.meshwork.portal.internal.page.MinePage;
import io.meshwork.portal.internal.page.PageForms;
import io.meshwork.portal.internal.page.PageFrame;
import io.meshwork.portal.internal.page.ProductRow;
import io.meshwork.portal.internal.plot.SmallPlot;
import io.meshwork.portal.internal.text.ConstantText;
import io.meshwork.portal.internal.text.PageTime;
import io.meshwork.portal.internal.text.ProductAddress;
import io.meshwork.portal.internal.text.SampleText;
import io.meshwork.portal.internal.text.StatusBadge;
import io.meshwork.product.ProductName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the pages of one rendering ask of the mesh, as one principal. Mesh-wide questions are asked
 * once, so that all pages agree. Not thread-safe.
 */
final class SiteReader {
  private static final int HITS_A_CALL = 1_000;

  private final MeshClient client;
  private final PageForms forms;
  private final boolean kept;
  private final MeshOverview overview;
  private final MeshHealth health;
  private final Map<ProductName, Search.Hit> hits = new TreeMap<>(SiteReader::compare);
  private final Map<ProductName, Health> healthByProduct = new HashMap<>();
  private final Map<String, DomainCard> domains = new HashMap<>();
  private final Map<ProductName, ProductCard> cards = new HashMap<>();
  private final Map<String, ProductName> byName = new HashMap<>();
  private final Map<String, List<ProductRow>> rowsByDomain = new TreeMap<>();
  private final List<ProductRow> rows = new ArrayList<>();
  private final Supplier<SiteUses> uses = new AskedOnce<>(() -> SiteUses.of(this));
  private final OwnDomain own;

  /**
   * Reads what all pages need.
   *
   * @param client whose principal sees the pages
   * @param forms the forms of the pages
   * @param kept true if the pages are stored, so that they outlive rights
   */
  SiteReader(MeshClient client, PageForms forms, boolean kept) {
    this.client = client;
    this.forms = forms;
    this.kept = kept;
    this.own = new OwnDomain(this);
    this.overview = client.overview();
    this.health = overview.health();
    health.products().forEach(product -> healthByProduct.put(product.product(), product));
    SearchHits.read(offset -> client.search("").offset(offset).limit(HITS_A_CALL).results())
        .forEach(hit -> hits.put(hit.product(), hit));
    hits.keySet().forEach(product -> byName.put(product.toString(), product));
    addRows();
  }

  /** The products in their order on the first page: worst first, retired ones last. */
  private void addRows() {
    Stream<ProductName> retired =
        hits.keySet().stream().filter(product -> !healthByProduct.containsKey(product));
    Stream.concat(health.products().stream().map(Health::product), retired)
        .filter(hits::containsKey)
        .map(this::row)
        .forEach(rows::add);
    overview.domains().forEach(domain -> rowsByDomain.put(domain, new ArrayList<>()));
    hits.keySet().forEach(product -> rowsByDomain.putIfAbsent(product.domain(), new ArrayList<>()));
    rows.forEach(row -> rows(row.product().domain()).add(row));
  }

  private static int compare(ProductName one, ProductName other) {
    return one.toString().compareTo(other.toString());
  }

  MeshClient client() {
    return client;
  }

  /** True if the pages are stored, so that they outlive rights. */
  boolean isKept() {
    return kept;
  }

  /** Returns the time of all pages. */
  Instant now() {
    return health.at();
  }

  List<String> unreachable() {
    return health.unreachable();
  }

  /** Returns the pending notices and mirror updates of the viewer's domain. */
  List<MinePage.WaitingRow> waiting() {
    return health.findings().stream()
        .map(
            finding ->
                new MinePage.WaitingRow(
                    finding.code().name(), finding.where(), finding.what(), finding.fix()))
        .toList();
  }

  PageFrame frame(String title, PageFrame.Section section, String page) {
    String root = "../".repeat((int) page.chars().filter(each -> each == '/').count());
    String file = page.substring(page.lastIndexOf('/') + 1);
    return new PageFrame(
        title,
        root,
        section,
        client.principal().toString(),
        now(),
        SitePages.document(file),
        unreachable(),
        forms);
  }

  /** Returns all products by name, retired ones included. */
  List<ProductName> products() {
    return List.copyOf(hits.keySet());
  }

  /** Returns a product by its name; empty if the site has none. */
  Optional<ProductName> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** Returns the names of the domains, in order, also of domains without products. */
  List<String> domains() {
    return List.copyOf(rowsByDomain.keySet());
  }

  boolean hasDomain(String name) {
    return rowsByDomain.containsKey(name);
  }

  /** Returns the products in their order on the first page: worst first, retired ones last. */
  List<ProductRow> rows() {
    return rows;
  }

  /** Returns the products of a domain in the same order. */
  List<ProductRow> rows(String domain) {
    return rowsByDomain.getOrDefault(domain, List.of());
  }

  /** Returns the paths of all pages, in order. */
  List<String> pages() {
    List<String> pages = new ArrayList<>();
    for (PageFrame.Section section : PageFrame.Section.values()) {
      pages.add(section.page());
    }
    domains().forEach(domain -> pages.add(ProductAddress.domainPage(domain)));
    products().forEach(product -> pages.add(ProductAddress.of(product).page()));
    return pages;
  }

  StatusBadge status(ProductName product) {
    return StatusBadge.of(
        Optional.ofNullable(healthByProduct.get(product))
            .map(Health::status)
            .orElse(require(product).status()));
  }

  private ProductRow row(ProductName product) {
    Search.Hit hit = require(product);
    Optional<Health> productHealth = Optional.ofNullable(healthByProduct.get(product));
    return new ProductRow(
        ProductAddress.of(product),
        hit.description(),
        status(product),
        productHealth
            .flatMap(status -> status.freshness().updated())
            .map(updated -> PageTime.ago(updated, now())),
        SmallPlot.of(
            productHealth.map(status -> status.freshness().updates()).orElse(List.of()),
            productHealth.flatMap(status -> status.freshness().promised()).orElse(Duration.ZERO),
            now()),
        ConstantText.of(hit.classification()),
        SampleText.isGuarded(hit.classification()),
        hit.owner(),
        String.join(", ", texts(hit.tags())));
  }

  Search.Hit require(ProductName product) {
    Search.Hit hit = hits.get(product);
    if (hit == null) {
      throw new IllegalStateException("The product " + product + " appeared after the first page.");
    }
    return hit;
  }

  boolean isKnown(ProductName product) {
    return hits.containsKey(product);
  }

  /** Returns who uses what. */
  SiteUses uses() {
    return uses.get();
  }

  /** Returns what the viewer's domain has. */
  OwnDomain own() {
    return own;
  }

  /** Returns the mesh at the time of all pages. */
  MeshOverview overview() {
    return overview;
  }

  ProductCard card(ProductName product) {
    return cards.computeIfAbsent(product, client::describe);
  }

  DomainCard domain(String name) {
    return domains.computeIfAbsent(name, client::describeDomain);
  }

  /**
   * Returns an answer, or another one if the answer needs one of the catalogs that cannot be
   * reached, which each page names. Every other failure is thrown.
   */
  <T> T reached(Supplier<T> question, T otherwise) {
    try {
      return question.get();
    } catch (BackendException e) {
      if (!e.retryable() || unreachable().isEmpty()) {
        throw e;
      }
      return otherwise;
    }
  }

  /** Returns a value that may be missing. */
  static <T> Optional<T> find(Supplier<T> question) {
    try {
      return Optional.of(question.get());
    } catch (NotFoundException e) {
      return Optional.empty();
    }
  }

  /** Returns tags as {@code key=value}, in the order of their keys. */
  static List<String> texts(Map<String, String> tags) {
    return new TreeMap<>(tags)
        .entrySet().stream().map(tag -> tag.getKey() + "=" + tag.getValue()).toList();
  }

  /** Returns how many rows have which status, worst first. */
  static List<IndexPage.StatusCount> counts(List<ProductRow> rows) {
    Map<StatusBadge, Long> counts =
        rows.stream()
            .collect(
                Collectors.groupingBy(
                    ProductRow::status, LinkedHashMap::new, Collectors.counting()));
    List<IndexPage.StatusCount> all = new ArrayList<>();
    for (StatusBadge status : StatusBadge.values()) {
      Long number = counts.get(status);
      if (number != null) {
        all.add(new IndexPage.StatusCount(status, number));
      }
    }
    return all;
  }

  /** The answer to a question that is asked when it is first needed, and not again. */
  static final class AskedOnce<T> implements Supplier<T> {
    private final Supplier<T> question;
    private @Nullable T answer;

    AskedOnce(Supplier<T> question) {
      this.question = question;
    }

    @Override
    public T get() {
      T cached = answer;
      if (cached == null) {
        cached = question.get();
        answer = cached;
      }
      return cached;
    }
  }
}
