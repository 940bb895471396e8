package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscribe;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshException;
import io.meshwork.error.NotFoundException;
import io.meshwork.event.EventDetails;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.link.ResourceLink;
import io.meshwork.operation.Plan;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Outcome;
import io.meshwork.registry.Registry.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.avro.generic.GenericRecord;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Resource links name products and domains in the catalog of a consumer. Links grant no access. */
abstract class LinksSuite extends MeshFixture {
  private static final ProductName PRODUCT = ProductName.of(ORDERS);
  private static final String LINK = "finance_db.orders";
  private static final Principal ETL = Principal.of("finance", "etl");

  private MeshClient finance() {
    return as("finance");
  }

  /** Defines three orders that are open to the mesh, and registers a second domain. */
  private MeshClient ordersBesideFinance() {
    defineOrders().publish(ORDERS).records(Order.range(0, 3)).commit();
    return registerFinance();
  }

  private ResourceLink linkOrders() {
    return finance().linkResource(ORDERS).into("finance_db").as("orders").commit();
  }

  private ResourceLink link(String name) {
    return finance().links().list().stream()
        .filter(link -> link.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private List<Order> rows(String name) {
    return all(finance().read(name).as(Order.class));
  }

  private List<MeshEvent> financeEvents() {
    return finance().events("finance").list();
  }

  private String nextAttempt() {
    return io.meshwork.internal.runtime.IdGenerator.secure(clock).next();
  }

  private void put(Key key, String json) {
    Optional<Document> before = registry.read(key);
    Transaction.Builder change = Transaction.attempt(nextAttempt());
    write(
        before.isPresent()
            ? change.replace(key, json, before.get().version())
            : change.insert(key, json));
  }

  private void remove(Key key) {
    write(
        Transaction.attempt(nextAttempt()).delete(key, registry.read(key).orElseThrow().version()));
  }

  private void write(Transaction.Builder change) {
    assertThat(registry.commit(change.build())).isEqualTo(Outcome.COMMITTED);
  }

  private String text(Key key) {
    return registry.read(key).orElseThrow().json();
  }

  /**
   * Adds a second major version of the orders with the current rows of the first, and makes it
   * current.
   */
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
    shop().publish(ORDERS).records(Order.range(3, 5)).commit();
    put(
        RegistryKeys.product(PRODUCT),
        text(RegistryKeys.product(PRODUCT)).replace("\"currentMajor\":1", "\"currentMajor\":2"));
  }

  private void retire(int major) {
    put(
        RegistryKeys.major(PRODUCT, major),
        text(RegistryKeys.major(PRODUCT, major)).replace("ACTIVE", "RETIRED"));
  }

  private List<Finding> found(String code) {
    return mesh.doctor().findings().stream().filter(one -> one.code().equals(code)).toList();
  }

  private static int rowsPolled(Subscribe<GenericRecord> subscribe) {
    List<GenericRecord> rows = new ArrayList<>();
    try (Batch<GenericRecord> batch = subscribe.commit().poll()) {
      batch.forEach(rows::add);
    }
    return rows.size();
  }

  private static void assertTaken(ThrowingCallable call, String... words) {
    assertThatThrownBy(call)
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContainingAll(words)
        .hasMessageContaining("Nothing was changed");
  }

  private static void assertNotFound(ThrowingCallable call, String... words) {
    assertThatThrownBy(call).isInstanceOf(NotFoundException.class).hasMessageContainingAll(words);
  }

  @Test
  void everyConsumingOperationResolvesALink() {
    MeshClient finance = ordersBesideFinance();

    ResourceLink made = linkOrders();

    assertThat(made)
        .isEqualTo(
            new ResourceLink(
                LINK, ORDERS, Optional.of(1), false, ETL, ResourceLink.State.VALID, true, ""));
    assertThat(rows(LINK)).isEqualTo(Order.range(0, 3));
    assertThat(finance.describe(LINK)).isEqualTo(finance.describe(ORDERS));
    assertThat(finance.history(LINK).changes()).isEqualTo(finance.history(ORDERS).changes());
    assertThat(finance.history(LINK).quality()).isEqualTo(finance.history(ORDERS).quality());
    assertThat(finance.explainAccess(ETL, LINK)).isEqualTo(finance.explainAccess(ETL, ORDERS));
    assertThat(finance.read(LINK).snapshots()).hasSize(1);
    Subscription<Order> totals =
        finance.subscribe(LINK).named("totals").purpose("Totals").as(Order.class).commit();
    assertThat(totals.product()).isEqualTo(PRODUCT);
    try (Batch<Order> batch = totals.poll()) {
      assertThat(batch).hasSize(3);
      batch.ack();
    }
    assertThat(mesh.actingAs(Principal.of("finance", "analyst")).links().list())
        .containsExactly(made);
    assertThat(mesh.doctor().problems()).isEmpty();
  }

  @Test
  void aRepeatedLinkIsTheSameLinkAndIsLoggedOnce() {
    MeshClient finance = ordersBesideFinance();
    ResourceLink made = linkOrders();
    long entries = financeEvents().size();

    assertThat(linkOrders()).isEqualTo(made);
    assertThat(finance.linkResource(ORDERS).into("finance_db").commit()).isEqualTo(made);
    assertThat(finance.linkResource(ORDERS).into("finance_db").plan().isEmpty()).isTrue();
    assertThat(financeEvents()).hasSize((int) entries);
    assertThat(finance.governance().audit().about("link").list()).hasSize(1);
    MeshEvent event = financeEvents().get(financeEvents().size() - 1);
    assertThat(event.type()).isEqualTo(MeshEvent.LINK_MADE);
    assertThat(event.subject()).isEqualTo(ORDERS);
    assertThat(event.details())
        .isEqualTo(
            new EventDetails.LinkChange(
                LINK, ORDERS, Optional.of(1), false, Optional.empty(), Optional.empty()));
  }

  @Test
  void aLinkGrantsNothing() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    MeshClient finance = registerFinance();

    Plan<ResourceLink> plan = finance.linkResource(ORDERS).into("finance_db").plan();
    assertThat(plan.steps()).hasToString("[link finance_db.orders: to commerce/orders, major 1]");
    assertThat(plan.findings()).extracting(Finding::code).containsExactly("NOT_READABLE");
    assertThat(plan.findings().get(0).what()).contains(ORDERS, "shop@example.org");
    assertThat(finance.links().list()).isEmpty();
    ResourceLink made = plan.commit();
    assertThat(made.state()).isEqualTo(ResourceLink.State.PENDING);
    assertThat(made.readable()).isFalse();
    assertThat(made.missing()).contains(ORDERS, "shop@example.org");
    assertThat(finance.requestAccess(LINK).purpose("They bill.").commit().product())
        .isEqualTo(PRODUCT);
    assertThat(shop.governance().audit().of(ORDERS).about("read.denied").list())
        .as("listing links causes no denial")
        .isEmpty();
    assertDeniedOnTheTarget();

    String id = shop.grant(ORDERS).to(ETL).because("They bill.").commit().get(0).id();
    assertThat(link(LINK))
        .isEqualTo(
            new ResourceLink(
                LINK, ORDERS, Optional.of(1), false, ETL, ResourceLink.State.VALID, true, ""));
    assertThat(rows(LINK)).isEqualTo(Order.range(0, 3));
    shop.access().revoke(id).commit();
    assertDeniedOnTheTarget();
    shop.grant(ORDERS).columns("id").to(ETL).because("They count.").commit();
    assertThat(link(LINK).readable()).isTrue();
    assertThat(link(LINK).missing()).contains("some of its columns");
    try (Rows<GenericRecord> rows = finance.read(LINK).read()) {
      assertThat(rows.columns()).containsExactly("id");
    }
    shop.grant(ORDERS).toAccounts("finance").withGrantOption().because("They hand it on.").commit();
    ResourceLink analysts = mesh.actingAs(Principal.of("finance", "analyst")).links().list().get(0);
    assertThat(analysts.state()).isEqualTo(ResourceLink.State.VALID);
    assertThat(analysts.readable()).isFalse();
    assertThat(analysts.missing()).contains("within its account", "finance@example.org");
  }

  private void assertDeniedOnTheTarget() {
    int asked =
        files.dataFilesAsked(
            () -> {
              for (ThrowingCallable call :
                  List.<ThrowingCallable>of(
                      () -> finance().read(LINK).read(),
                      () -> finance().history(LINK).changes(),
                      () -> finance().subscribe(LINK).named("a").purpose("b").commit())) {
                assertThatThrownBy(call)
                    .isInstanceOfSatisfying(
                        AccessDeniedException.class,
                        denied -> {
                          assertThat(denied.missing()).contains(ORDERS);
                          assertThat(denied.whoCanGrant()).containsExactly("shop@example.org");
                        })
                    .hasMessageContaining(ORDERS);
              }
            });
    assertThat(asked).as("opened data files").isZero();
  }

  @Test
  void aLinkToADomainShowsItsCurrentProducts() {
    MeshClient finance = ordersBesideFinance();
    ResourceLink whole = finance.linkResource("commerce").into("shop").commit();

    assertThat(whole.name()).isEqualTo("shop");
    assertThat(whole.target()).isEqualTo("commerce");
    assertThat(whole.readable()).isTrue();
    assertThat(rows("shop.orders")).hasSize(3);
    shop().defineProduct("commerce/gift-cards").contract(Contract.of(Order.class)).commit();
    shop().publish("commerce/gift-cards").records(Order.range(0, 1)).commit();
    assertThat(finance.links().list())
        .extracting(link -> link.name() + " " + link.target() + " " + link.readable())
        .containsExactly(
            "shop commerce true",
            "shop.gift_cards commerce/gift-cards false",
            "shop.orders commerce/orders true");
    assertThat(link("shop").missing()).contains("commerce/gift-cards");
    assertThat(link("shop.gift_cards").state()).isEqualTo(ResourceLink.State.PENDING);
    assertThatThrownBy(() -> finance.read("shop.gift_cards").read())
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("commerce/gift-cards");
    assertThat(shop().linkResource("commerce").into("own").commit().readable()).isTrue();
    assertThat(all(shop().read("own.gift_cards"))).hasSize(1);
    assertNotFound(() -> finance.read("shop.order"), "'commerce'", "'shop.orders'", "links()");
    assertThat(finance.linkResource("commerce").into("shop").commit()).isEqualTo(link("shop"));
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> finance.links().unlink("shop.orders").commit(),
        "whole domain 'commerce'",
        "unlink(\"shop\")");
    assertThat(finance.links().unlink("shop").commit()).isPresent();
    assertThat(finance.links().list()).isEmpty();
  }

  @Test
  void linkNamesFollowGlueAndAreUnique() {
    MeshClient finance = ordersBesideFinance();
    shop().defineProduct("commerce/returns").contract(Contract.of(Order.class)).commit();
    linkOrders();
    State before = state();

    for (String bad :
        List.of("Finance_DB", "finance-db", "finance.db", "fi nance", "x".repeat(256))) {
      assertRefused(
          ErrorCode.NAME_INVALID, () -> finance.linkResource(ORDERS).into(bad), "database");
      assertRefused(ErrorCode.NAME_INVALID, () -> finance.linkResource(ORDERS).as(bad), "table");
    }
    assertRefused(
        ErrorCode.INVALID_ARGUMENT, () -> finance.linkResource(ORDERS).into(" "), "blank");
    assertRefused(ErrorCode.INVALID_ARGUMENT, () -> finance.linkResource(ORDERS).commit(), "into(");
    assertRefused(ErrorCode.INVALID_ARGUMENT, () -> finance.linkResource("commerce").as("x"), "as");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> finance.linkResource(LINK),
        "a name with a dot is a link",
        "Name commerce/orders itself");
    for (String domain : List.of("commerce", "finance")) {
      assertTaken(
          () -> finance.linkResource(ORDERS).into(domain).commit(), "domain '" + domain + "'");
      assertTaken(() -> finance.linkResource("commerce").into(domain).commit(), domain);
    }
    assertTaken(
        () -> finance.linkResource("commerce/returns").into("finance_db").as("orders").commit(),
        LINK,
        ORDERS,
        "as(..)",
        "unlink(\"" + LINK + "\")");
    assertTaken(() -> finance.linkResource("commerce").into("finance_db").commit(), LINK);
    assertNotFound(() -> finance.linkResource("commerce/order").into("x").commit(), ORDERS);
    assertNotFound(() -> finance.linkResource("comerce").into("x").commit(), "commerce");
    assertThatThrownBy(() -> as("stranger").linkResource(ORDERS).into("x").commit())
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("registerDomain");
    assertNothingChanged(before);
    finance.linkResource("commerce").into("whole").commit();
    assertTaken(
        () -> finance.linkResource(ORDERS).into("whole").as("mine").commit(), "whole domain");
  }

  @Test
  void anUnknownLinkNamesTheNearestAndHowToCreateIt() {
    MeshClient finance = ordersBesideFinance();
    assertNotFound(
        () -> finance.read("finance_db.orders"),
        "'finance'",
        "linkResource(",
        "into(\"finance_db\")");
    linkOrders();

    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> finance.read("finance_db.order"),
            () -> finance.subscribe("finance_db.order"),
            () -> finance.describe("finance_db.order"),
            () -> finance.history("finance_db.order").changes(),
            () -> finance.history("finance_db.order").quality(),
            () -> finance.explainAccess(ETL, "finance_db.order"))) {
      assertThatThrownBy(call)
          .isInstanceOfSatisfying(
              NotFoundException.class, none -> assertThat(none.nearest()).contains(LINK))
          .hasMessageContainingAll("finance_db.order", "Did you mean '" + LINK + "'");
    }
    assertNotFound(() -> shop().read(LINK), "domain 'commerce' has no link");
    assertNotFound(() -> finance.read("commerce.orders"), "Did you mean 'commerce/orders'?");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop().publish("commerce.orders"),
        "Did you mean 'commerce/orders'?");
    assertRefused(ErrorCode.NAME_INVALID, () -> finance.read("a.b.c"), "one dot");
    assertRefused(ErrorCode.NAME_INVALID, () -> finance.read("Finance_db.orders"), "'finance_db'");
    assertRefused(ErrorCode.DOMAIN_MISSING, () -> as("stranger").read(LINK), "registerDomain");
  }

  @Test
  void producingThroughALinkIsRejected() {
    ordersBesideFinance();
    MeshClient shop = shop();
    shop.linkResource(ORDERS).into("shop_db").commit();
    String link = "shop_db.orders";
    State before = state();

    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> shop.publish(link),
            () -> shop.defineProduct(link),
            () -> shop.amendContract(link),
            () -> shop.rollBack(link),
            () -> shop.history(link).receipts(),
            () -> shop.history(link).findReceipt("run"),
            () -> shop.quarantine(link),
            () -> shop.events(link).list(),
            () -> shop.access().tag(link),
            () -> shop.grant(link),
            () -> shop.access().authorize(link),
            () -> shop.access().authorizations(link),
            () -> shop.governance().audit().of(link).list(),
            () -> shop.access().whoCanRead(link))) {
      assertRefused(
          ErrorCode.INVALID_ARGUMENT, call, link, "points to commerce/orders", "Nothing was done");
    }
    assertRefused(
        ErrorCode.INVALID_ARGUMENT, () -> shop.publish("shop_db.other"), "domain/product");
    assertNothingChanged(before);
  }

  @Test
  void aLinkKeepsItsMajorVersionByDefault() {
    MeshClient finance = ordersBesideFinance();
    linkOrders();
    ResourceLink follows =
        finance.linkResource(ORDERS).into("finance_db").as("newest").followingRollouts().commit();
    assertThat(follows.following()).isTrue();
    finance.subscribe(LINK).named("kept").purpose("x").commit();
    openSecondMajor();

    assertThat(rows(ORDERS)).hasSize(3);
    assertThat(rows(LINK)).hasSize(5);
    assertThat(rows("finance_db.newest")).hasSize(3);
    assertThat(all(finance.read(LINK).majorVersion(2))).hasSize(3);
    assertThat(link(LINK).major()).contains(1);
    assertThat(link("finance_db.newest").major()).contains(2);
    assertThat(finance.describe(LINK).versions().get(0).version().major()).isEqualTo(1);
    assertThat(finance.describe(ORDERS).versions().get(0).version().major()).isEqualTo(2);
    assertThat(linkOrders().major()).as("the repeated link").contains(1);
    assertThat(rowsPolled(finance.subscribe("finance_db.newest").named("kept")))
        .as("a subscription keeps its major version")
        .isEqualTo(5);
    assertThat(rowsPolled(finance.subscribe(LINK).named("new").purpose("x"))).isEqualTo(5);

    assertThat(found("LINK_BEHIND")).hasSize(1);
    mesh.repair().commit();
    assertThat(found("LINK_BEHIND")).isEmpty();
    MeshEvent moved = financeEvents().get(financeEvents().size() - 1);
    assertThat(moved.type()).isEqualTo(MeshEvent.LINK_MOVED);
    assertThat(moved.details())
        .isEqualTo(
            new EventDetails.LinkChange(
                "finance_db.newest",
                ORDERS,
                Optional.of(2),
                true,
                Optional.of(ORDERS),
                Optional.of(1)));
    assertThat(link(LINK).major()).as("the link does not follow rollouts").contains(1);
    assertThat(finance.linkResource(ORDERS).into("finance_db").followingRollouts().commit().major())
        .contains(2);
    assertThat(rows(LINK)).hasSize(3);
  }

  @Test
  void aRetiredMajorVersionLeavesALinkDanglingUntilItIsReplaced() {
    MeshClient finance = ordersBesideFinance();
    linkOrders();
    openSecondMajor();
    retire(1);

    ResourceLink dangling = link(LINK);
    assertThat(dangling.state()).isEqualTo(ResourceLink.State.DANGLING);
    assertThat(dangling.readable()).isFalse();
    assertThat(dangling.missing())
        .contains(
            "major 1 is retired", "the current one is 2", "linkResource(\"commerce/orders\")");
    assertNotFound(() -> finance.read(LINK), ORDERS, "major 1 is retired", "linkResource(");
    assertThat(found("LINK_DANGLING"))
        .extracting(Finding::where)
        .containsExactly("finance · " + LINK);
    mesh.repair().commit();
    assertThat(link(LINK)).as("the link is unchanged").isEqualTo(dangling);
    assertThat(mesh.repair().plan().findings())
        .filteredOn(finding -> finding.code().equals("LINK_DANGLING"))
        .extracting(Finding::fix)
        .singleElement()
        .asString()
        .contains("linkResource(\"commerce/orders\")");

    Plan<ResourceLink> plan = finance.linkResource(ORDERS).into("finance_db").plan();
    assertThat(plan.steps())
        .hasToString(
            "[move finance_db.orders: from commerce/orders, major 1 to commerce/orders, major 2]");
    assertThat(plan.commit().major()).contains(2);
    assertThat(rows(LINK)).hasSize(3);
    assertThat(found("LINK_DANGLING")).isEmpty();
    retire(2);
    assertThat(link(LINK).missing()).contains("no newer one", "unlink(\"" + LINK + "\")");
  }

  @Test
  void aMissingOrRenamedTargetIsNamedAndCanBeReplaced() {
    MeshClient finance = ordersBesideFinance();
    shop().defineProduct("commerce/orderz").contract(Contract.of(Order.class)).commit();
    linkOrders();
    finance.linkResource(ORDERS).into("finance_db").as("newest").followingRollouts().commit();
    remove(RegistryKeys.product(PRODUCT));

    assertThat(link(LINK).state()).isEqualTo(ResourceLink.State.DANGLING);
    assertThat(link(LINK).missing())
        .contains("product commerce/orders no longer exists", "'commerce/orderz'");
    assertThatThrownBy(() -> finance.read(LINK))
        .isInstanceOfSatisfying(
            NotFoundException.class,
            gone -> assertThat(gone.nearest()).contains("commerce/orderz"));
    assertThat(found("LINK_DANGLING")).as("a similar name is not followed").hasSize(2);
    ResourceLink moved =
        finance.linkResource("commerce/orderz").into("finance_db").as("orders").commit();
    assertThat(moved.target()).isEqualTo("commerce/orderz");
    assertThat(financeEvents().get(financeEvents().size() - 1).type())
        .isEqualTo(MeshEvent.LINK_MOVED);
  }

  @Test
  void aFollowingLinkFollowsARenamedTarget() {
    MeshClient finance = ordersBesideFinance();
    ProductName before = ProductName.of("commerce/gift-cards");
    shop().defineProduct(before).contract(Contract.of(Order.class)).openToMesh().commit();
    shop().publish(before).records(Order.range(0, 2)).commit();
    finance.linkResource(before).into("finance_db").as("cards").commit();
    finance.linkResource(before).into("finance_db").as("newest").followingRollouts().commit();
    // The same key under another name, as after a rename.
    put(
        RegistryKeys.product(before),
        text(RegistryKeys.product(before)).replace("gift-cards", "gift_cards"));

    for (String name : List.of("finance_db.cards", "finance_db.newest")) {
      assertThat(link(name).missing())
          .contains("now named commerce/gift_cards", "linkResource(\"commerce/gift_cards\")");
    }
    mesh.repair().commit();
    assertThat(link("finance_db.newest").target()).isEqualTo("commerce/gift_cards");
    assertThat(rows("finance_db.newest")).hasSize(2);
    assertThat(link("finance_db.cards").state()).isEqualTo(ResourceLink.State.DANGLING);
    assertThat(found("LINK_DANGLING")).hasSize(1);
    finance.linkResource("commerce/gift_cards").into("finance_db").as("cards").commit();
    assertThat(rows("finance_db.cards")).hasSize(2);
  }

  @Test
  void theDoctorReportsDamagedAndShadowedLinks() {
    MeshClient finance = ordersBesideFinance();
    as("finance-db").registerDomain("finance-db").ownedBy("db@example.org").commit();
    finance.linkResource(ORDERS).into("finance_links").as("orders").commit();
    // A name that an older version accepted, because the domain was registered after the link.
    put(
        new Key("finance", "link/finance_db/orders"),
        text(new Key("finance", "link/finance_links/orders"))
            .replace("finance_links", "finance_db"));
    finance.links().unlink("finance_links.orders").commit();

    assertThat(found("LINK_NAME_TAKEN"))
        .singleElement()
        .satisfies(
            taken -> {
              assertThat(taken.where()).isEqualTo("finance · " + LINK);
              assertThat(taken.what()).contains("'finance-db'");
            });
    assertThat(finance.links().unlink(LINK).commit()).isPresent();
    assertThat(found("LINK_NAME_TAKEN")).isEmpty();
    finance.linkResource(ORDERS).into("finance_links").commit();
    put(new Key("finance", "link/finance_links/orders"), "{\"format\":1}");
    assertThat(found("LINK_DAMAGED")).hasSize(1);
    assertThat(mesh.repair().plan().findings()).extracting(Finding::code).contains("LINK_DAMAGED");
  }

  @Test
  void aRemovedDomainLeavesItsLinksDangling() {
    MeshClient finance = ordersBesideFinance();
    finance.linkResource("commerce").into("whole").commit();
    linkOrders();
    remove(RegistryKeys.domain("commerce"));

    assertThat(finance.links().list())
        .extracting(ResourceLink::name, ResourceLink::state)
        .containsExactly(
            tuple(LINK, ResourceLink.State.DANGLING), tuple("whole", ResourceLink.State.DANGLING));
    assertNotFound(
        () -> finance.read("whole.orders"), "domain 'commerce' no longer exists", "unlink(");
    assertThat(found("LINK_DANGLING")).hasSize(2);
  }

  @Test
  void concurrentLinksOfOneNameSucceedOnce() throws Exception {
    ordersBesideFinance();
    shop().defineProduct("commerce/returns").contract(Contract.of(Order.class)).commit();
    int before = financeEvents().size();
    Callable<Object> orders = () -> linkOrders().target();
    Callable<Object> returns =
        () -> {
          try {
            return finance()
                .linkResource("commerce/returns")
                .into("finance_db")
                .as("orders")
                .commit()
                .target();
          } catch (AlreadyExistsException taken) {
            return "taken";
          }
        };
    Callable<Object> whole =
        () -> {
          try {
            return finance().linkResource("commerce").into("finance_db").commit().target();
          } catch (AlreadyExistsException taken) {
            return "taken";
          }
        };
    Callable<Object> ordersOrTaken =
        () -> {
          try {
            return orders.call();
          } catch (AlreadyExistsException taken) {
            return "taken";
          }
        };
    List<Object> got =
        new ArrayList<>(ConcurrentCalls.run(List.of(ordersOrTaken, ordersOrTaken, returns, whole)));

    got.removeIf("taken"::equals);
    assertThat(got).isNotEmpty().allMatch(got.get(0)::equals);
    assertThat(financeEvents()).as("logged once").hasSize(before + 1);
    String winner = got.get(0).toString();
    assertThat(finance().links().list().get(0).target()).isEqualTo(winner);
    assertWhole();
  }

  @Test
  void anUnlinkedNameIsNoLongerReadAndUnlinkingAgainChangesNothing() {
    MeshClient finance = ordersBesideFinance();
    ResourceLink made = linkOrders();
    Subscription<Order> totals =
        finance.subscribe(LINK).named("totals").purpose("Totals").as(Order.class).commit();

    Plan<Optional<ResourceLink>> plan = finance.links().unlink(LINK).plan();
    assertThat(plan.steps()).hasSize(1);
    assertThat(link(LINK)).isEqualTo(made);
    assertThat(plan.commit()).contains(made);
    assertThat(financeEvents().get(financeEvents().size() - 1).type())
        .isEqualTo(MeshEvent.LINK_REMOVED);
    int entries = financeEvents().size();
    assertThat(finance.links().unlink(LINK).commit()).isEmpty();
    assertThat(finance.links().unlink(LINK).plan().findings())
        .extracting(Finding::code)
        .containsExactly("NOT_THERE");
    assertThat(financeEvents()).hasSize(entries);
    assertThatThrownBy(plan::commit).isInstanceOf(MeshException.class);
    assertNotFound(() -> finance.read(LINK), "no link of this name");
    assertThat(rows(ORDERS)).hasSize(3);
    try (Batch<Order> batch = totals.poll()) {
      assertThat(batch).hasSize(3);
      batch.ack();
    }
    assertWhole();
  }

  @Test
  void anOutdatedLinkPlanConflicts() {
    MeshClient finance = ordersBesideFinance();
    Plan<ResourceLink> plan = finance.linkResource(ORDERS).into("finance_db").plan();
    linkOrders();

    assertThatThrownBy(plan::commit)
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("Make a new plan, review it");
    Plan<Optional<ResourceLink>> away = finance.links().unlink(LINK).plan();
    finance.links().unlink(LINK).commit();
    assertThatThrownBy(away::commit).isInstanceOf(ConflictException.class);
    assertThat(finance.links().list()).isEmpty();
  }

  @Test
  void unlinkingAnInvalidNameIsRejected() {
    MeshClient finance = ordersBesideFinance();
    linkOrders();
    State before = state();

    for (String bad :
        List.of(ORDERS, "finance-db.orders", "a.b.c", "finance_db.", ".orders", "", "Finance_db")) {
      assertRefused(
          ErrorCode.NAME_INVALID,
          () -> finance.links().unlink(bad).commit(),
          "Cannot unlink '" + bad + "'",
          "database.table",
          "Nothing was changed",
          "links()");
    }
    assertThat(finance.links().unlink("finance_db.order").commit()).as("well-formed").isEmpty();
    assertNothingChanged(before);
  }
}
