package io.meshwork.internal.conformance.consume;

import static io.meshwork.contract.Rule.references;
import static io.meshwork.contract.Rule.sameRowCount;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.access.TagSelection;
import io.meshwork.card.ProductConsumer;
import io.meshwork.card.ProductConsumer.AccessPath;
import io.meshwork.card.ProductConsumer.Kind;
import io.meshwork.card.ProductConsumer.MajorMode;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Column;
import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.UsageEntry;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.product.Classification;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.product.Snapshot;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Outcome;
import io.meshwork.registry.Registry.Transaction;
import io.meshwork.testkit.Faults.Port;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The consumers of a product are known by what they read, and shown to those who may know. */
public abstract class ConsumersSuite extends MeshFixture {
  private static final ProductName PRODUCT = ProductName.of(ORDERS);
  private static final Principal ETL = Principal.of("finance", "etl");
  private static final LocalDate TODAY = LocalDate.parse("2026-11-20");

  /** A product that finance derives. */
  record Revenue(String customer, @Column(precision = 10, scale = 2) BigDecimal total) {}

  private MeshClient shopWithOrders() {
    MeshClient shop = defineOrders();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    return shop;
  }

  private static Subscription<Order> totals(MeshClient finance) {
    return finance.subscribe(ORDERS).name("totals").purpose("Totals").as(Order.class).commit();
  }

  private ProductConsumer only(Kind kind) {
    List<ProductConsumer> ofKind =
        shop().consumers(ORDERS).stream().filter(one -> one.kind() == kind).toList();
    assertThat(ofKind).hasSize(1);
    return ofKind.get(0);
  }

  private Optional<UsageEntry> usage(String name, int major) {
    return registry
        .read(RegistryKeys.usage(consumerLog("finance"), PRODUCT, name, major))
        .map(read -> new VersionedDocument(read.key(), DocumentJson.parse(read), read.version()))
        .map(UsageEntry::of);
  }

  private String text(Key key) {
    return registry.read(key).orElseThrow().json();
  }

  private void put(Key key, String json) {
    Optional<Document> before = registry.read(key);
    Transaction.Builder change = Transaction.attempt(IdGenerator.secure(clock).next());
    write(
        before.isPresent()
            ? change.replace(key, json, before.get().version())
            : change.insert(key, json));
  }

  private void remove(Key key) {
    write(
        Transaction.attempt(IdGenerator.secure(clock).next())
            .delete(key, registry.read(key).orElseThrow().version()));
  }

  private void write(Transaction.Builder change) {
    assertThat(registry.commit(change.build())).isEqualTo(Outcome.COMMITTED);
  }

  private void edit(Key key, String from, String to) {
    put(key, text(key).replace(from, to));
  }

  /** A second major of the orders, with the rows that the first has now, becomes the current. */
  private void openSecondMajor() {
    Key contract = new Key("commerce/orders", "contract/1.0.0");
    put(new Key("commerce/orders", "contract/2.0.0"), text(contract).replace("1.0.0", "2.0.0"));
    put(
        new Key("commerce/orders", "table/orders_v2"),
        text(new Key("commerce/orders", "table/orders_v1")));
    put(
        RegistryKeys.major(PRODUCT, 2),
        text(RegistryKeys.major(PRODUCT, 1))
            .replace("1.0.0", "2.0.0")
            .replace("\"major\":1", "\"major\":2"));
    edit(RegistryKeys.product(PRODUCT), "\"currentMajor\":1", "\"currentMajor\":2");
  }

  private void startRollout() {
    edit(RegistryKeys.major(PRODUCT, 1), "\"major\":1", "\"major\":1,\"rollout\":1");
  }

  @Test
  void aSubscriptionIsListedWithItsVersionUseAndRights() {
    MeshClient shop = shopWithOrders();
    MeshClient finance = registerFinance();
    Subscription<Order> totals = totals(finance);
    finance
        .subscribe(ORDERS)
        .name("pinned")
        .purpose("Audit")
        .contact("desk@example.org")
        .columns("id")
        .majorVersion(1)
        .commit();
    clock.advance(Duration.ofDays(3));
    totals.poll().close();

    List<ProductConsumer> consumers = shop.consumers(ORDERS);

    assertThat(consumers)
        .extracting(
            ProductConsumer::name,
            ProductConsumer::kind,
            ProductConsumer::major,
            ProductConsumer::majorState,
            ProductConsumer::majorMode)
        .containsExactly(
            tuple(
                "finance/pinned",
                Kind.SUBSCRIPTION,
                1,
                MajorVersion.State.ACTIVE,
                Optional.of(MajorMode.PINNED)),
            tuple(
                "finance/totals",
                Kind.SUBSCRIPTION,
                1,
                MajorVersion.State.ACTIVE,
                Optional.of(MajorMode.LATEST)));
    ProductConsumer pinned = consumers.get(0);
    assertThat(pinned.subscription()).contains("pinned");
    assertThat(pinned.purpose()).contains("Audit");
    assertThat(pinned.contact()).isEqualTo("desk@example.org");
    assertThat(pinned.columns()).containsExactly("id");
    assertThat(pinned.lastUsed()).isEmpty();
    assertThat(pinned.lastUsedBy()).isEmpty();
    ProductConsumer polled = consumers.get(1);
    assertThat(polled.since()).contains(clock.instant().minus(Duration.ofDays(3)));
    assertThat(polled.lastUsed()).contains(clock.instant());
    assertThat(polled.lastUsedBy()).contains(ETL);
    assertThat(polled.columns()).containsExactly("amount", "customer", "id", "note");
    assertThat(polled.access()).containsExactly(new AccessPath(AccessPath.Kind.OPEN_TO_MESH, ""));
    assertThat(polled.isSafe()).isTrue();
    assertThat(polled.toString())
        .contains("finance/totals", "subscription of v1 (latest)", "last used")
        .contains("open to the mesh", "contact finance@example.org");
    assertWhole();
  }

  @Test
  void anEmptyPollOfAQuietSubscriptionIsAUse() {
    defineOrders();
    Subscription<Order> totals = totals(registerFinance());
    for (int week = 0; week < 3; week++) {
      try (Batch<Order> nothing = totals.poll()) {
        assertThat(nothing.isEmpty()).isTrue();
      }
      clock.advance(Duration.ofDays(7));
    }

    UsageEntry usage = usage("totals", 1).orElseThrow();
    assertThat(usage.days().all()).containsExactly(TODAY, TODAY.plusDays(7), TODAY.plusDays(14));
    assertThat(usage.quietPeriod(clock.instant())).isEqualTo(Duration.ofDays(14));
    assertThat(usage.isQuiet(clock.instant())).isFalse();
    assertThat(only(Kind.SUBSCRIPTION).lastUsed())
        .contains(clock.instant().minus(Duration.ofDays(7)));
  }

  @Test
  void aReadIsAUseWhenItIsAdmittedAndOnceADay() {
    shopWithOrders();
    Subscription<Order> totals = totals(registerFinance());
    totals.rows().close();
    UsageEntry first = usage("totals", 1).orElseThrow();
    assertThat(first.first()).isEqualTo(clock.instant());
    assertThat(first.days().all()).containsExactly(TODAY);
    Document stored =
        registry
            .read(RegistryKeys.usage(consumerLog("finance"), PRODUCT, "totals", 1))
            .orElseThrow();

    clock.advance(Duration.ofHours(15));
    readAll(totals);
    totals.poll().close();
    assertThat(registry.read(stored.key())).contains(stored);

    clock.advance(Duration.ofHours(1));
    totals.rows().close();
    UsageEntry next = usage("totals", 1).orElseThrow();
    assertThat(next.first()).isEqualTo(first.first());
    assertThat(next.at()).isEqualTo(clock.instant());
    assertThat(next.days().all()).containsExactly(TODAY, TODAY.plusDays(1));
  }

  @Test
  void aDomainThatReadsWithoutASubscriptionIsAReader() {
    shopWithOrders();
    MeshClient finance = registerFinance();
    finance.read(ORDERS).columns("id").where("customer = 'x'").rows().close();
    Document stored =
        registry.read(RegistryKeys.usage(consumerLog("finance"), PRODUCT, "@", 1)).orElseThrow();
    all(finance.read(ORDERS).columns("id"));
    assertThat(registry.read(stored.key())).as("the same use, the same day").contains(stored);
    mesh.clientAs(Principal.of("finance", "bi")).read(ORDERS).columns("note").rows().close();
    assertThat(only(Kind.READER).lastUsedBy()).contains(Principal.of("finance", "bi"));
    clock.advance(Duration.ofDays(90));

    ProductConsumer reader = only(Kind.READER);

    assertThat(reader.name()).isEqualTo("finance");
    assertThat(reader.subscription()).isEmpty();
    assertThat(reader.majorMode()).isEmpty();
    assertThat(reader.columns()).containsExactly("customer", "id", "note");
    assertThat(reader.since()).contains(clock.instant().minus(Duration.ofDays(90)));
    assertThat(reader.lastUsed()).isEqualTo(reader.since());
    assertThat(reader.isDormant()).isTrue();
    assertThat(reader.contact()).isEqualTo("finance@example.org");
    assertWhole();
  }

  @Test
  void theOwnerAndRulesAndRejectedReadsDoNotCountAsUse() {
    MeshClient shop = shopWithOrders();
    MeshClient finance = registerFinance();
    all(shop.read(ORDERS));
    all(shop.quarantine(ORDERS));
    assertThat(shop.read(ORDERS).files()).isNotEmpty();
    finance.read(ORDERS).snapshots();
    finance.describe(ORDERS);
    finance
        .defineProduct("finance/copies")
        .contract(
            Contract.of(Order.class).require(references("id", ORDERS, "id"), sameRowCount(ORDERS)))
        .commit();
    finance.publish("finance/copies").records(Order.range(0, 3)).commit();
    assertThatThrownBy(() -> finance.read(ORDERS).columns("price").rows());
    assertThatThrownBy(() -> finance.read(ORDERS).where("price = 1").rows());
    shop.access().closeToMesh(ORDERS).commit();
    assertThatThrownBy(() -> finance.read(ORDERS).rows()).isInstanceOf(AccessDeniedException.class);
    mesh.doctor();
    maintain();

    assertThat(registry.documents().keySet()).noneMatch(key -> key.sort().startsWith("usage/"));
    assertThat(shop.consumers(ORDERS))
        .extracting(ProductConsumer::kind)
        .containsExactly(Kind.REFERRING_RULE);
  }

  @Test
  void aReaderThroughALinkShowsTheLinkAndTheGrants() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
    MeshClient finance = registerFinance();
    String named = shop.grant(ORDERS).columns("id").to(ETL).because("Ids").commit().get(0).id();
    String[] byTags =
        shop
            .grantByTags(TagSelection.where("domain", "commerce"))
            .to(ETL)
            .because("Reports")
            .commit()
            .stream()
            .map(GrantSummary::id)
            .toArray(String[]::new);
    finance.linkResource(ORDERS).database("lake").name("orders").commit();
    all(finance.read("lake.orders"));

    List<AccessPath> paths = only(Kind.READER).access();
    assertThat(paths)
        .contains(
            new AccessPath(AccessPath.Kind.GRANT, named),
            new AccessPath(AccessPath.Kind.LINK, "lake.orders"));
    assertThat(paths)
        .filteredOn(path -> path.kind() == AccessPath.Kind.GRANT_BY_TAGS)
        .extracting(AccessPath::name)
        .isNotEmpty()
        .isSubsetOf(byTags);
    assertThat(finance.consumers("lake.orders")).isEqualTo(shop.consumers(ORDERS));

    shop.revoke(named).commit();
    shop.revoke(byTags).commit();
    assertThat(only(Kind.READER).access()).as("a link gives no access").isEmpty();
  }

  @Test
  void aProductThatIsPublishedToSeveralMajorVersionsIsDerivedToo() {
    defineOrders();
    toOrders().records(Order.range(0, 3)).commit();
    MeshClient finance = registerFinance();
    finance.defineProduct("finance/revenue").contract(Contract.of(Revenue.class)).commit();
    finance
        .startRollout("finance/revenue")
        .contract(Contract.of(RevenueInCents.class))
        .because("Totals in cents")
        .commit()
        .activate()
        .commit();
    Snapshot input;
    try (Rows<?> rows = finance.read(ORDERS).rows()) {
      input = rows.snapshot().orElseThrow();
    }

    finance
        .publish("finance/revenue")
        .<Revenue>records(List.of(new Revenue("customer 1", BigDecimal.ONE)))
        .derivedFrom(input, "total=amount")
        .alsoTo(2, revenue -> new RevenueInCents(revenue.customer(), 100))
        .commit();

    assertThat(only(Kind.DERIVED_PRODUCT).name()).isEqualTo("finance/revenue");
    assertThat(only(Kind.DERIVED_PRODUCT).columns()).containsExactly("amount");
  }

  /** The second major version of {@link Revenue}. */
  record RevenueInCents(String customer, long cents) {}

  @Test
  void productsThatAreDerivedAndWhoseRulesReferAreConsumers() {
    MeshClient shop = shopWithOrders();
    MeshClient finance = registerFinance();
    finance
        .defineProduct("finance/revenue")
        .contract(Contract.of(Revenue.class).require(references("customer", ORDERS, "customer")))
        .owner("revenue@example.org")
        .commit();
    Snapshot input;
    try (Rows<?> rows = finance.read(ORDERS).rows()) {
      input = rows.snapshot().orElseThrow();
    }
    finance
        .publish("finance/revenue")
        .records(List.of(new Revenue("customer 1", BigDecimal.ONE)))
        .derivedFrom(input, "total=amount", "customer=customer")
        .commit();

    ProductConsumer derived = only(Kind.DERIVED_PRODUCT);
    assertThat(derived.name()).isEqualTo("finance/revenue");
    assertThat(derived.dependent()).contains(ProductName.of("finance/revenue"));
    assertThat(derived.domain()).isEqualTo("finance");
    assertThat(derived.contact()).isEqualTo("revenue@example.org");
    assertThat(derived.major()).isEqualTo(1);
    assertThat(derived.columns()).containsExactly("amount", "customer");
    assertThat(derived.lastUsed()).contains(clock.instant());
    assertThat(derived.lastUsedBy()).contains(ETL);
    ProductConsumer rule = only(Kind.REFERRING_RULE);
    assertThat(rule.name()).isEqualTo("finance/revenue");
    assertThat(rule.columns()).containsExactly("customer");
    assertThat(rule.lastUsed()).isEmpty();

    clock.advance(Duration.ofDays(91));
    assertThat(shop.consumers(ORDERS))
        .as("rows were last derived before the last 90 days")
        .extracting(ProductConsumer::kind)
        .containsExactly(Kind.READER, Kind.REFERRING_RULE);
  }

  @Test
  void othersLearnOnlyWhichDomainsUseIt() {
    MeshClient shop = shopWithOrders();
    MeshClient finance = registerFinance();
    as("web").registerDomain("web").owner("web@example.org").commit();
    MeshClient web = as("web");
    all(web.read(ORDERS).columns("id"));
    List<ProductConsumer> before = web.consumers(ORDERS);
    assertThat(before).extracting(ProductConsumer::name).containsExactly("web");

    readAll(totals(finance));
    finance.linkResource(ORDERS).database("lake").name("orders").commit();
    finance
        .defineProduct("finance/copies")
        .contract(Contract.of(Order.class).require(sameRowCount(ORDERS)))
        .commit();

    assertThat(web.consumers(ORDERS)).startsWith(before.get(0)).hasSize(2);
    assertThat(web.consumers(ORDERS).get(1))
        .satisfies(use -> assertThat(use.kind()).isEqualTo(Kind.DOMAIN))
        .satisfies(use -> assertThat(use.name()).isEqualTo("finance"))
        .satisfies(use -> assertThat(use.contact()).isEqualTo("finance@example.org"))
        .satisfies(use -> assertThat(use.columns()).isEmpty())
        .satisfies(use -> assertThat(use.purpose()).isEmpty())
        .satisfies(use -> assertThat(use.lastUsed()).isEmpty());
    assertThat(finance.consumers(ORDERS))
        .extracting(ProductConsumer::name)
        .containsExactly("finance/totals", "finance/copies", "web");
    assertThat(shop.consumers(ORDERS)).hasSize(3);
    assertThat(as("stranger").consumers(ORDERS))
        .as("an account that acts for no domain")
        .extracting(ProductConsumer::kind, ProductConsumer::name)
        .containsExactly(tuple(Kind.DOMAIN, "finance"), tuple(Kind.DOMAIN, "web"));
    assertThatThrownBy(() -> web.consumers("commerce/ordres"))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("Did you mean 'commerce/orders'?");
  }

  @Test
  void onlyTheTwoEndsLearnWhoUsesASensitiveProduct() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS)
        .contract(Contract.of(Order.class).classification(Classification.RESTRICTED))
        .commit();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    MeshClient finance = registerFinance();
    shop.grant(ORDERS).to(finance.principal()).includeSensitive().because("Test").commit();
    all(finance.read(ORDERS).columns("id"));
    as("web").registerDomain("web").owner("web@example.org").commit();

    assertThat(as("web").consumers(ORDERS)).isEmpty();
    assertThat(as("stranger").consumers(ORDERS)).isEmpty();
    assertThat(finance.consumers(ORDERS)).hasSize(1);
    assertThat(shop.consumers(ORDERS)).hasSize(1);
  }

  @Test
  void aLinkWithoutAReadIsKnownToItsTwoEnds() {
    MeshClient shop = shopWithOrders();
    MeshClient finance = registerFinance();
    finance.linkResource(ORDERS).database("lake").name("orders").commit();
    as("web").registerDomain("web").owner("web@example.org").commit();

    for (MeshClient end : List.of(shop, finance)) {
      for (List<ProductConsumer> consumers :
          List.of(end.consumers(ORDERS), end.uses("finance"), end.overview().uses())) {
        assertThat(consumers)
            .extracting(ProductConsumer::kind, ProductConsumer::name, ProductConsumer::isDormant)
            .containsExactly(tuple(Kind.LINK, "finance", false));
        assertThat(consumers.get(0).access())
            .containsExactly(new AccessPath(AccessPath.Kind.LINK, "lake.orders"));
      }
    }
    for (MeshClient outsider : List.of(as("web"), as("stranger"))) {
      assertThat(outsider.consumers(ORDERS)).isEmpty();
      assertThat(outsider.uses("finance")).isEmpty();
      assertThat(outsider.overview().uses()).isEmpty();
    }

    all(finance.read(ORDERS).columns("id"));
    assertThat(shop.uses("finance")).extracting(ProductConsumer::kind).containsExactly(Kind.READER);
  }

  @Test
  void linksAreConsumersOfEachVersionThatTheyPointTo() {
    String revenue = "finance/revenue";
    MeshClient finance = registerFinance();
    finance.defineProduct(revenue).contract(Contract.of(Revenue.class)).commit();
    registerShop().linkResource(revenue).database("kept").commit();
    as("web").registerDomain("web").owner("web@example.org").commit();
    as("web").linkResource(revenue).database("newest").followRollouts().commit();
    finance
        .startRollout(revenue)
        .contract(Contract.of(RevenueInCents.class))
        .because("Totals in cents")
        .commit()
        .activate()
        .commit()
        .makeCurrent()
        .commit();
    as("commerce").linkResource(revenue).database("next").commit();

    for (List<ProductConsumer> found :
        List.of(
            finance.consumers(revenue),
            Stream.of("commerce", "web").flatMap(each -> finance.uses(each).stream()).toList(),
            finance.overview().uses())) {
      assertThat(found)
          .extracting(ProductConsumer::kind, ProductConsumer::name, ProductConsumer::major)
          .containsExactlyInAnyOrder(
              tuple(Kind.LINK, "commerce", 1),
              tuple(Kind.LINK, "commerce", 2),
              tuple(Kind.LINK, "web", 2));
    }
  }

  @Test
  void aSubscriptionKeepsItsVersionUntilItNamesAnotherOrTheLatest() {
    shopWithOrders();
    MeshClient finance = registerFinance();
    totals(finance);
    finance.subscribe(ORDERS).name("pinned").purpose("Audit").majorVersion(1).commit();
    openSecondMajor();

    assertThat(totals(finance).major()).isEqualTo(1);
    assertThat(finance.subscribe(ORDERS).name("new").purpose("New").commit().major()).isEqualTo(2);
    assertThat(finance.subscribe(ORDERS).name("pinned").currentMajorVersion().commit().major())
        .isEqualTo(2);
    finance.subscribe(ORDERS).name("new").majorVersion(1).commit();

    assertThat(finance.subscriptions())
        .extracting(
            Subscription.Summary::name,
            Subscription.Summary::major,
            Subscription.Summary::majorMode,
            Subscription.Summary::majorState)
        .containsExactly(
            tuple("new", 1, MajorMode.PINNED, MajorVersion.State.ACTIVE),
            tuple("pinned", 2, MajorMode.LATEST, MajorVersion.State.ACTIVE),
            tuple("totals", 1, MajorMode.LATEST, MajorVersion.State.ACTIVE));
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> finance.subscribe(ORDERS).currentMajorVersion().majorVersion(1),
        "currentMajorVersion()",
        "majorVersion");
  }

  @Test
  void aSubscriptionToAnyVersionIsListedAndEnded() {
    MeshClient shop = shopWithOrders();
    MeshClient finance = registerFinance();
    Subscription<Order> totals = totals(finance);
    readAll(totals);
    openSecondMajor();
    finance
        .subscribe(ORDERS)
        .name("next")
        .purpose("New")
        .currentMajorVersion()
        .commit()
        .rows()
        .close();
    edit(RegistryKeys.major(PRODUCT, 1), "ACTIVE", "RETIRED");

    assertThat(shop.subscriptions(ORDERS))
        .extracting(
            Subscription.Summary::name,
            Subscription.Summary::major,
            Subscription.Summary::majorState)
        .containsExactly(
            tuple("next", 2, MajorVersion.State.ACTIVE),
            tuple("totals", 1, MajorVersion.State.RETIRED));
    assertThat(finance.unsubscribe(ORDERS, "totals").commit()).isPresent();
    assertThat(finance.unsubscribe(ORDERS, "next").commit()).isPresent();
    assertThat(usage("totals", 1)).isEmpty();
    assertThat(usage("next", 2)).isEmpty();
    assertThat(shop.consumers(ORDERS)).isEmpty();
    assertThat(finance.events(consumerLog("finance")).list().toString())
        .containsSubsequence("subscription.ended", "subscription.ended");
  }

  @Test
  void inARolloutAUseIsNotRecordedBehindAChangeOfTheVersion() {
    MeshClient shop = shopWithOrders();
    Subscription<Order> totals = totals(registerFinance());
    Key major = RegistryKeys.major(PRODUCT, 1);
    startRollout();
    faults
        .on(Port.REGISTRY_COMMIT)
        .path(consumerLog("finance"))
        .nth(2) // the first writes the position
        .meanwhile(
            () -> shop.amendContract(ORDERS).change(now -> now.description("Sales")).commit());
    totals.poll().close();
    assertThat(usage("totals", 1).flatMap(UsageEntry::contractVersion))
        .as("the read was admitted again under the amended contract")
        .contains(currentVersion());

    faults.clear();
    String before = text(major);
    clock.advance(Duration.ofDays(1));
    faults
        .on(Port.REGISTRY_COMMIT)
        .path(consumerLog("finance"))
        .nth(1)
        .meanwhile(() -> remove(major));
    assertThatThrownBy(() -> as("finance").read(ORDERS).rows())
        .isInstanceOf(NotFoundException.class);
    assertThat(usage("@", 1)).isEmpty();
    faults.clear();
    put(major, before);
    as("finance").read(ORDERS).rows().close();
    assertThat(usage("@", 1)).isPresent();
  }

  @Test
  void aUseThatCannotBeRecordedFailsAReadOnlyInARollout() {
    shopWithOrders();
    MeshClient finance = registerFinance();
    faults.on(Port.REGISTRY_COMMIT).path(consumerLog("finance")).failBefore();
    assertThat(all(finance.read(ORDERS))).hasSize(3);
    assertThat(usage("@", 1)).isEmpty();
    clock.advance(Duration.ofMinutes(1));
    startRollout();
    assertThatThrownBy(() -> finance.read(ORDERS).rows()).isInstanceOf(BackendException.class);

    faults.clear();
    assertThat(all(finance.read(ORDERS))).hasSize(3);
    assertThat(usage("@", 1)).isPresent();
  }
}
