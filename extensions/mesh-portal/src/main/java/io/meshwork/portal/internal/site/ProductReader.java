package io.meshwork.portal.internal.site;

import io.meshwork.MeshClient;
import io.meshwork.access.ExplainedAccess;
import io.meshwork.card.Health;
import io.meshwork.card.ProductCard;
import io.meshwork.card.ProductConsumer;
import io.meshwork.contract.Compatibility;
import io.meshwork.contract.Contract;
import io.meshwork.contract.QualityReport.QualityEntry;
import io.meshwork.contract.Rule;
import io.meshwork.discovery.ContractHistory;
import io.meshwork.discovery.Lineage;
import io.meshwork.discovery.Search;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.portal.internal.page.LineageGraph;
import io.meshwork.portal.internal.page.PageFrame;
import io.meshwork.portal.internal.page.ProductPage;
import io.meshwork.portal.internal.page.ProductPage.ChangeRow;
import io.meshwork.portal.internal.page.ProductPage.ColumnRow;
import io.meshwork.portal.internal.page.ProductPage.ConsumerRow;
import io.meshwork.portal.internal.page.ProductPage.Fact;
import io.meshwork.portal.internal.page.ProductPage.LabelledContact;
import io.meshwork.portal.internal.page.ProductPage.PromiseBlock;
import io.meshwork.portal.internal.page.ProductPage.RequestHint;
import io.meshwork.portal.internal.page.ProductPage.SchemaBlock;
import io.meshwork.portal.internal.page.ProductPage.WhatBlock;
import io.meshwork.portal.internal.page.ProductPage.WhoBlock;
import io.meshwork.portal.internal.plot.UseBar;
import io.meshwork.portal.internal.text.ConstantText;
import io.meshwork.portal.internal.text.ContactLink;
import io.meshwork.portal.internal.text.PageTime;
import io.meshwork.portal.internal.text.PeriodText;
import io.meshwork.portal.internal.text.Plural;
import io.meshwork.portal.internal.text.ProductAddress;
import io.meshwork.portal.internal.text.SampleText;
import io.meshwork.portal.internal.text.StatusBadge;
import io.meshwork.portal.internal.text.TermText;
import io.meshwork.product.ProductName;
import io.meshwork.request.AccessRequest;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Creates the page of one product from what the viewer may know. */
final class ProductReader {
  private static final int HOPS = 3;

  /** The period of a kept promise, if the known publishes cover it. */
  private static final int KEPT_DAYS = 30;

  private static final Set<String> OPEN_REQUESTS =
      Set.of(AccessRequest.State.WAITING.name(), AccessRequest.State.ASKED_BACK.name());

  private final SiteReader site;
  private final MeshClient client;
  private final ProductName product;
  private final ProductCard card;
  private final Contract contract;
  private final Health health;
  private final Search.Hit hit;
  private final Optional<ExplainedAccess> access;
  private final List<ProductConsumer> uses;
  private final Lineage lineage;

  ProductReader(SiteReader site, ProductName product) {
    this.site = site;
    this.client = site.client();
    this.product = product;
    this.card = site.card(product);
    this.contract = card.contract();
    this.health = card.health().orElseGet(() -> client.health(product));
    this.hit = site.require(product);
    this.access = SiteReader.find(() -> client.access().explain(client.principal(), product));
    this.uses = site.uses().of(product);
    this.lineage = site.overview().lineage(product).upstream(HOPS).downstream(HOPS).graph();
  }

  ProductPage page() {
    ProductAddress address = ProductAddress.of(product);
    ContractHistory history = client.contractHistory(product);
    List<QualityEntry> quality = quality();
    SampleText rows = new SampleText(card, site.isKept());
    return new ProductPage(
        site.frame(product.toString(), PageFrame.Section.PRODUCTS, address.page()),
        address,
        hit.version().toString(),
        StatusBadge.of(health.status()),
        announcements(),
        what(),
        who(),
        schema(history, quality),
        promise(),
        new HealthBlock(site, health).block(),
        new ProductPlots(health, card.access(), quality, site.now()).figures(),
        new DataReader(client, card, health, rows).block(),
        new QuarantineReader(client, card, health, rows).block(),
        lineage(address),
        consumers(),
        new ReadSnippets(product, hit.version().major(), readableInOrder()).all(),
        history.versions().stream().map(this::change).toList());
  }

  private List<String> announcements() {
    List<String> sentences = new ArrayList<>();
    card.end()
        .ifPresent(
            end ->
                sentences.add(
                    (end.ended() ? "Ended" : "Ends after " + end.retireAfter())
                        + end.successor().map(next -> "; read " + next + " instead").orElse("")
                        + ": "
                        + end.because()));
    for (ProductCard.Version version : card.versions()) {
      version
          .suspension()
          .ifPresent(
              reads ->
                  sentences.add(
                      "Reads of version "
                          + version.version().major()
                          + " are suspended since "
                          + reads.since()
                          + (reads.because().isEmpty() ? "." : ": " + reads.because())));
    }
    card.replacements()
        .forEach(
            replacement ->
                sentences.add(
                    "Announced: " + replacement + ". " + asSentence(replacement.because())));
    card.amendments()
        .forEach(
            amendment ->
                sentences.add(
                    "Announced: "
                        + TermText.of(amendment)
                        + ". "
                        + asSentence(amendment.because())));
    return sentences;
  }

  /** Returns what people wrote, with a full stop before what follows. */
  private static String asSentence(String text) {
    return text.isEmpty() || text.matches("(?s).*\\p{Punct}") ? text : text + ".";
  }

  private WhatBlock what() {
    return new WhatBlock(
        card.description().isEmpty() ? contract.description() : card.description(),
        ConstantText.of(card.classification()),
        SampleText.isGuarded(card.classification()),
        SiteReader.texts(hit.tags()),
        Stream.of(
                new Fact("Usage", contract.usage()),
                new Fact("Limits", contract.limitations()),
                new Fact("Source", contract.repository()))
            .filter(fact -> !fact.text().isBlank())
            .toList());
  }

  private WhoBlock who() {
    int all = card.columns().size();
    String readable =
        switch (card.access()) {
          case READ_ALL ->
              "may read all of it" + (card.isOpenToMesh() ? "; so may all domains" : "");
          case READ_SOME -> "may read " + readable().size() + " of " + all + " columns";
          case DESCRIBE_ONLY ->
              "may see this page, but no rows" + (card.isOpenToMesh() ? "; all domains may" : "");
        };
    List<LabelledContact> contacts =
        contract.contacts().stream()
            .map(entry -> new LabelledContact(entry.channel(), ContactLink.of(entry.address())))
            .toList();
    return new WhoBlock(
        ContactLink.of(card.owner()),
        contacts,
        readable,
        card.access() == ProductCard.Access.READ_ALL ? Optional.empty() : Optional.of(request()),
        site.uses().domains(product, lineage));
  }

  private RequestHint request() {
    String open =
        card.ownRequest()
            .filter(request -> OPEN_REQUESTS.contains(request.state()))
            .map(
                request ->
                    "The request of your domain of "
                        + PageTime.day(request.askedAt()).text()
                        + " is open.")
            .orElse("");
    return new RequestHint("mesh request " + product + " --for \"PURPOSE\"", open);
  }

  private Set<String> readable() {
    return card.access() == ProductCard.Access.DESCRIBE_ONLY
        ? Set.of()
        : access.map(explained -> new HashSet<>(explained.columns())).orElseGet(HashSet::new);
  }

  /** The key and then the other columns, as the contract lists them. */
  private List<String> readableInOrder() {
    Set<String> readable = readable();
    return Stream.concat(
            contract.primaryKey().stream(), card.columns().stream().map(ProductCard.Column::name))
        .distinct()
        .filter(readable::contains)
        .toList();
  }

  private SchemaBlock schema(ContractHistory history, List<QualityEntry> quality) {
    Set<String> readable = readable();
    List<ColumnRow> columns = new ArrayList<>();
    boolean shares = false;
    for (ProductCard.Column column : card.columns()) {
      String share = nullShare(column, quality);
      shares |= !share.isEmpty();
      columns.add(
          new ColumnRow(
              column.name(),
              column.type(),
              contract.primaryKey().contains(column.name()),
              !column.nullable(),
              ConstantText.of(column.classification()),
              SampleText.isGuarded(column.classification()),
              column.description(),
              readable.contains(column.name()) ? "yes" : "ask for it",
              contract.rules().stream()
                  .filter(rule -> rule.columns().contains(column.name()))
                  .map(Object::toString)
                  .toList(),
              share));
    }
    Instant lastYear = site.now().atZone(ZoneOffset.UTC).minus(Period.ofYears(1)).toInstant();
    int changes = history.changesSince(lastYear);
    int breaking = history.breakingSince(lastYear);
    String key =
        contract.primaryKey().isEmpty()
            ? "no key"
            : "key " + String.join(", ", contract.primaryKey());
    return new SchemaBlock(
        columns,
        Plural.of(columns.size(), "column")
            + ", "
            + key
            + "; "
            + (changes == 0
                ? "unchanged" + since(history, lastYear)
                : Plural.of(changes, "change")
                    + " in 12 months, "
                    + (breaking == 0 ? "none" : "" + breaking)
                    + " breaking"),
        shares);
  }

  private static String since(ContractHistory history, Instant lastYear) {
    return history.versions().stream()
        .findFirst()
        .flatMap(ContractHistory.Version::at)
        .filter(at -> at.isAfter(lastYear))
        .map(at -> " since " + PageTime.day(at).text())
        .orElse(" for 12 months");
  }

  /** The share is measured where a rule counts it: no other statistic of values is shown. */
  private static String nullShare(ProductCard.Column column, List<QualityEntry> quality) {
    if (quality.isEmpty()) {
      return "";
    }
    Double complete = quality.get(0).measures().get("completeness(" + column.name() + ")");
    return complete == null ? "" : percent(100 - complete);
  }

  static String percent(double value) {
    return String.format(Locale.ROOT, "%.1f", value).replaceFirst("[.]0$", "") + " %";
  }

  private PromiseBlock promise() {
    List<Fact> facts = new ArrayList<>();
    contract
        .freshWithin()
        .ifPresentOrElse(
            duration ->
                facts.add(new Fact("Fresh", "within " + PageTime.text(duration) + freshnessText())),
            () -> facts.add(new Fact("Fresh", "not promised")));
    facts.add(
        new Fact(
            "Notice",
            PeriodText.of(contract.noticePeriod()) + " before a change that breaks readers"));
    contract
        .serviceLevel()
        .retention()
        .ifPresent(period -> facts.add(new Fact("Kept", "for " + PeriodText.of(period))));
    contract
        .serviceLevel()
        .frequency()
        .ifPresent(every -> facts.add(new Fact("Updates", "every " + PageTime.text(every))));
    contract
        .serviceLevel()
        .availability()
        .ifPresent(
            share ->
                facts.add(
                    new Fact("Available", share.toPlainString() + " % of the minutes of a month")));
    facts.add(new Fact("Changes", compatible(contract.compatibility())));
    if (!contract.purposes().isEmpty()) {
      facts.add(new Fact("Purposes", String.join(", ", contract.purposes())));
    }
    if (contract.rules().isEmpty()) {
      facts.add(new Fact("Rules", "those of its columns: types, required values, and the key"));
    }
    return new PromiseBlock(facts, contract.rules().stream().map(Rule::inWords).toList());
  }

  private static String compatible(Compatibility mode) {
    return switch (mode) {
      case NONE -> "any, also if they break readers";
      case BACKWARD, BACKWARD_TRANSITIVE -> "only those after which new programs read old rows";
      case FORWARD, FORWARD_TRANSITIVE -> "only those after which old programs read new rows";
      case FULL, FULL_TRANSITIVE -> "compatible changes only";
      case DISABLED -> "none";
    };
  }

  private String freshnessText() {
    Health.Freshness freshness = health.freshness();
    if (freshness.daysObserved() == 0) {
      return "";
    }
    return "; kept on "
        + freshness.daysKept()
        + " of "
        + (freshness.daysObserved() < KEPT_DAYS
            ? Plural.of(freshness.daysObserved(), "known day")
            : "the last 30 days");
  }

  /** The history of quality, for those who can read all rows now. */
  private List<QualityEntry> quality() {
    if (card.access() != ProductCard.Access.READ_ALL) {
      return List.of();
    }
    try {
      return client.publishHistory(product).quality().stream()
          .filter(entry -> entry.contract().major() == hit.version().major())
          .toList();
    } catch (AccessDeniedException e) {
      return List.of();
    } catch (ConflictException e) {
      if (e.errorCode() == ErrorCode.READS_SUSPENDED) {
        return List.of();
      }
      throw e;
    }
  }

  private LineageGraph lineage(ProductAddress centre) {
    return new LineageGraph(
        centre,
        lineage.nodes().stream()
            .map(
                node ->
                    new LineageGraph.Node(
                        ProductAddress.of(node.product()),
                        node.distance(),
                        StatusBadge.of(node.status())))
            .toList(),
        lineage.edges().stream()
            .map(
                edge ->
                    new LineageGraph.Edge(
                        ProductAddress.of(edge.from()),
                        ProductAddress.of(edge.to()),
                        edge.columns().stream()
                            .map(pair -> new LineageGraph.Columns(pair.from(), pair.to()))
                            .toList()))
            .toList(),
        Lineage.NOTICE);
  }

  /** What derives from the product is in its lineage: what is declared is separate from reading. */
  private List<ConsumerRow> consumers() {
    Stream<ConsumerRow> using =
        uses.stream()
            .map(
                use ->
                    new ConsumerRow(
                        use.name(),
                        kind(use.kind()) + version(use),
                        use.purpose().orElse(""),
                        ContactLink.of(use.contact()),
                        columns(use),
                        use.since().map(at -> PageTime.day(at).text()).orElse(""),
                        lastRead(use),
                        use.since()
                            .flatMap(
                                since ->
                                    use.lastUsed()
                                        .map(until -> UseBar.of(since, until, site.now())))
                            .orElse(UseBar.none())));
    Stream<ConsumerRow> checking =
        references().stream()
            .map(
                reference ->
                    new ConsumerRow(
                        reference.product().toString(),
                        kind(ProductConsumer.Kind.REFERRING_RULE),
                        "",
                        ContactLink.of(site.require(reference.product()).owner()),
                        reference.columns().isEmpty()
                            ? "counts rows"
                            : String.join(", ", reference.columns()),
                        "",
                        "",
                        UseBar.none()));
    return Stream.concat(using, checking).toList();
  }

  /** The owner must know whose rules a change of its columns breaks. */
  private List<SiteUses.Reference> references() {
    return health.isForOwner() ? site.uses().references(product) : List.of();
  }

  private static String version(ProductConsumer use) {
    return use.kind() == ProductConsumer.Kind.DOMAIN ? "" : " version " + use.major();
  }

  private static String lastRead(ProductConsumer use) {
    return use.lastUsed()
        .map(at -> PageTime.day(at).text())
        .orElse(use.kind() == ProductConsumer.Kind.DOMAIN ? "You may not see this" : "never");
  }

  private static String columns(ProductConsumer consumer) {
    if (consumer.kind() == ProductConsumer.Kind.DOMAIN) {
      return "You may not see this";
    }
    if (consumer.kind() == ProductConsumer.Kind.LINK) {
      return "none yet";
    }
    return consumer.columns().isEmpty() ? "all" : String.join(", ", consumer.columns());
  }

  static String kind(ProductConsumer.Kind kind) {
    return switch (kind) {
      case SUBSCRIPTION -> "subscribes";
      case READER -> "reads";
      case DERIVED_PRODUCT -> "derives";
      case REFERRING_RULE -> "checks against it";
      case LINK -> "links to it";
      case DOMAIN -> "uses";
    };
  }

  private ChangeRow change(ContractHistory.Version version) {
    boolean first = version.difference().isEmpty();
    return new ChangeRow(
        version.version().toString(),
        version.at().map(PageTime::day),
        !first && version.version().minor() == 0 && version.version().patch() == 0,
        version
            .difference()
            .map(difference -> difference.changes().stream().map(TermText::of).toList())
            .orElse(List.of()));
  }
}
