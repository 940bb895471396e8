package io.meshwork.portal.internal.site;

import io.meshwork.card.ProductCard;
import io.meshwork.card.ProductConsumer;
import io.meshwork.discovery.DomainCard;
import io.meshwork.discovery.Lineage;
import io.meshwork.discovery.Search;
import io.meshwork.portal.internal.page.DomainPage;
import io.meshwork.portal.internal.page.IndexPage;
import io.meshwork.portal.internal.page.MapPage;
import io.meshwork.portal.internal.page.PageFrame;
import io.meshwork.portal.internal.page.ProductRow;
import io.meshwork.portal.internal.page.RequestsPage;
import io.meshwork.portal.internal.page.RolloutsPage;
import io.meshwork.portal.internal.page.SearchPage;
import io.meshwork.portal.internal.page.SuggestionRow;
import io.meshwork.portal.internal.page.UsagePage;
import io.meshwork.portal.internal.text.ByteText;
import io.meshwork.portal.internal.text.ConstantText;
import io.meshwork.portal.internal.text.ContactLink;
import io.meshwork.portal.internal.text.PageTime;
import io.meshwork.portal.internal.text.ProductAddress;
import io.meshwork.portal.internal.text.SampleText;
import io.meshwork.portal.internal.text.TermText;
import io.meshwork.product.ProductName;
import io.meshwork.request.AccessRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Creates the pages that show more than one product. */
final class OverviewReader {
  private final SiteReader site;

  OverviewReader(SiteReader site) {
    this.site = site;
  }

  IndexPage index() {
    List<ProductRow> rows = site.rows();
    return new IndexPage(
        site.frame("Products", PageFrame.Section.PRODUCTS, "index.html"),
        SiteReader.counts(rows),
        rows,
        site.domains().stream().map(this::domainRow).toList(),
        site.unreachable(),
        site.pages());
  }

  private IndexPage.DomainRow domainRow(String name) {
    DomainCard card = site.domain(name);
    List<ProductRow> own = site.rows(name);
    return new IndexPage.DomainRow(
        name,
        card.description(),
        ContactLink.of(card.owner()),
        own.size(),
        (int) own.stream().filter(row -> row.status().isTrouble()).count());
  }

  DomainPage domain(String name) {
    DomainCard card = site.domain(name);
    return new DomainPage(
        site.frame(name, PageFrame.Section.PRODUCTS, ProductAddress.domainPage(name)),
        name,
        card.description(),
        ContactLink.of(card.owner()),
        ContactLink.of(card.steward()),
        SiteReader.texts(card.tags()),
        site.rows(name),
        card.maturity().stream()
            .filter(criterion -> criterion.total() > 0)
            .map(OverviewReader::check)
            .toList(),
        site.uses().by(name).stream()
            .filter(use -> !use.product().domain().equals(name))
            .map(this::use)
            .toList());
  }

  private static DomainPage.CheckRow check(DomainCard.Criterion criterion) {
    String label =
        switch (criterion.practice()) {
          case DESCRIPTIONS -> "Products and their columns have descriptions";
          case KEYS -> "Products declare a key";
          case RULES -> "Contracts have rules";
          case FRESHNESS_PROMISED -> "Contracts promise freshness";
          case FRESHNESS_KEPT -> "Promised freshness was met on all known days of the last 30";
          case STEWARD -> "The domain names a steward";
          case REQUESTS_ANSWERED -> "Requests are answered within 3 days";
          case INPUTS_DECLARED -> "Publishes declare their inputs";
        };
    return new DomainPage.CheckRow(
        label, criterion.isMet(), criterion.met() + " of " + criterion.total());
  }

  private DomainPage.UseRow use(ProductConsumer consumer) {
    return new DomainPage.UseRow(
        ProductAddress.of(consumer.product()),
        ProductReader.kind(consumer.kind()),
        consumer.lastUsed().map(at -> PageTime.day(at).text()).orElse("unknown"));
  }

  UsagePage usage() {
    List<String> domains = site.domains();
    Map<String, Map<String, TreeSet<String>>> used = new TreeMap<>();
    for (String domain : domains) {
      for (ProductConsumer use : site.uses().by(domain)) {
        if (use.kind() == ProductConsumer.Kind.LINK) {
          continue;
        }
        used.computeIfAbsent(domain, user -> new TreeMap<>())
            .computeIfAbsent(use.product().domain(), owner -> new TreeSet<>())
            .add(use.product().toString());
      }
    }
    List<UsagePage.UsageRow> rows = new ArrayList<>();
    for (String domain : domains) {
      Map<String, TreeSet<String>> own = used.getOrDefault(domain, Map.of());
      rows.add(
          new UsagePage.UsageRow(
              domain,
              domains.stream()
                  .map(owner -> Optional.ofNullable(own.get(owner)))
                  .map(products -> products.map(names -> "" + names.size()).orElse(""))
                  .toList()));
    }
    long spared = site.reached(() -> site.overview().avoidedCopies().bytes(), 0L);
    return new UsagePage(
        site.frame("Usage", PageFrame.Section.USAGE, "usage.html"),
        domains,
        rows,
        spared == 0 ? "" : ByteText.of(spared),
        Lineage.NOTICE);
  }

  RequestsPage requests() {
    OwnDomain own = site.own();
    return new RequestsPage(
        site.frame("Requests", PageFrame.Section.REQUESTS, "requests.html"),
        own.exists(),
        own.requestsReceived().stream()
            .map(request -> row(request, RequestsPage.decide(request)))
            .toList(),
        own.requestsSent().stream().map(request -> row(request, "")).toList(),
        SuggestionRow.received(own.suggestionsReceived()),
        SuggestionRow.sent(own.suggestionsSent()));
  }

  private static RequestsPage.RequestRow row(AccessRequest request, String command) {
    return new RequestsPage.RequestRow(
        RequestsPage.revision(request),
        ProductAddress.of(request.product()),
        request.requester().toString(),
        ConstantText.of(request.state()),
        request.isOpen(),
        request.columns().isEmpty() ? "all" : String.join(", ", request.columns()),
        request.purpose(),
        ConstantText.of(request.risk()),
        PageTime.of(request.askedAt()),
        request.isOpen() ? command : "");
  }

  SearchPage search() {
    List<ProductName> products = site.products();
    int most = Math.max(1, SearchPage.MOST_CHARACTERS / Math.max(1, products.size()));
    return new SearchPage(
        site.frame("Search", PageFrame.Section.SEARCH, "search.html"),
        products.stream().map(product -> foundRow(product, most)).toList());
  }

  private SearchPage.FoundRow foundRow(ProductName product, int most) {
    Search.Hit hit = site.require(product);
    String columns =
        site.card(product).columns().stream()
            .map(
                column ->
                    column.name()
                        + (column.description().isEmpty() ? "" : " (" + column.description() + ")"))
            .collect(Collectors.joining(", "));
    return new SearchPage.FoundRow(
        ProductAddress.of(product),
        site.status(product),
        hit.description(),
        hit.owner(),
        String.join(", ", SiteReader.texts(hit.tags())),
        SampleText.shortened(columns, most));
  }

  MapPage map() {
    Map<String, Map<String, Integer>> edges = new TreeMap<>();
    for (ProductName product : site.products()) {
      site.overview().lineage(product).upstream(1).graph().edges().stream()
          .filter(edge -> edge.to().equals(product))
          .map(edge -> edge.from().domain())
          .filter(from -> !from.equals(product.domain()))
          .forEach(
              from ->
                  edges
                      .computeIfAbsent(from, first -> new TreeMap<>())
                      .merge(product.domain(), 1, Integer::sum));
    }
    List<MapPage.Flow> flows = new ArrayList<>();
    edges.forEach(
        (from, to) ->
            to.forEach((domain, number) -> flows.add(new MapPage.Flow(from, domain, number))));
    return new MapPage(
        site.frame("Map", PageFrame.Section.MAP, "map.html"),
        site.domains().stream()
            .map(
                domain ->
                    new MapPage.DomainNode(
                        domain,
                        SiteReader.counts(site.rows(domain)),
                        site.rows(domain).stream()
                            .map(row -> new MapPage.ProductNode(row.product(), row.status()))
                            .toList()))
            .toList(),
        flows,
        Lineage.NOTICE);
  }

  RolloutsPage rollouts() {
    RolloutSuggestions delivered = RolloutSuggestions.of(site);
    List<RolloutsPage.RolloutRow> rows = new ArrayList<>();
    for (ProductName product : site.products()) {
      ProductAddress address = ProductAddress.of(product);
      ProductCard card = site.card(product);
      card.replacements()
          .forEach(
              replacement ->
                  rows.add(
                      new RolloutsPage.RolloutRow(
                          address,
                          TermText.of(replacement),
                          replacement.because(),
                          replacement.until().map(Object::toString).orElse("not announced"),
                          users(product),
                          delivered.by(product, replacement.major()))));
      card.amendments()
          .forEach(
              amendment ->
                  rows.add(
                      new RolloutsPage.RolloutRow(
                          address,
                          "Terms change: " + TermText.of(amendment),
                          amendment.because(),
                          amendment.until().toString(),
                          users(product),
                          delivered.by(product, amendment.major()))));
      card.end()
          .ifPresent(
              end ->
                  rows.add(
                      new RolloutsPage.RolloutRow(
                          address,
                          end.ended() ? "The product ended" : "The product ends",
                          end.because(),
                          end.retireAfter().toString(),
                          end.ended() ? List.of() : users(product),
                          List.of())));
    }
    return new RolloutsPage(
        site.frame("Rollouts", PageFrame.Section.ROLLOUTS, "rollouts.html"),
        rows,
        site.own().openRollouts().stream().map(RolloutReader::block).toList(),
        site.own().toDo().stream().map(OwnDomain.OwnTrack::row).toList());
  }

  private List<String> users(ProductName product) {
    return site.uses().domains(product, site.overview().lineage(product).downstream(1).graph());
  }
}
