package io.meshwork.internal.conformance.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscribe;
import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.NotFoundException;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.event.EventDetailsCodec;
import io.meshwork.link.ResourceLink;
import io.meshwork.operation.Plan;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Outcome;
import io.meshwork.registry.Registry.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

/** A link keeps or follows its target, and dangles if the target is gone. */
public abstract class LinkTargetsSuite extends LinkFixture {
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

  private List<Finding> findings(FindingCode code) {
    return mesh.doctor().findings().stream().filter(one -> one.code() == code).toList();
  }

  private static int rowsPolled(Subscribe<GenericRecord> subscribe) {
    List<GenericRecord> rows = new ArrayList<>();
    try (Batch<GenericRecord> batch = subscribe.commit().poll()) {
      batch.forEach(rows::add);
    }
    return rows.size();
  }

  @Test
  void aLinkToADomainShowsItsCurrentProducts() {
    MeshClient finance = ordersBesideFinance();
    ResourceLink whole = finance.linkDomain("commerce", "shop").commit();

    assertThat(whole.name()).isEqualTo("shop");
    assertThat(whole.target()).isEqualTo("commerce");
    assertThat(whole.readable()).isTrue();
    assertThat(rows("shop.orders")).hasSize(3);
    shop().defineProduct("commerce/gift-cards").contract(Contract.of(Order.class)).commit();
    shop().publish("commerce/gift-cards").records(Order.range(0, 1)).commit();
    assertThat(finance.links())
        .extracting(link -> link.name() + " " + link.target() + " " + link.readable())
        .containsExactly(
            "shop commerce true",
            "shop.gift_cards commerce/gift-cards false",
            "shop.orders commerce/orders true");
    assertThat(link("shop").missing()).contains("commerce/gift-cards");
    assertThat(link("shop.gift_cards").state()).isEqualTo(ResourceLink.State.PENDING);
    assertThatThrownBy(() -> finance.read("shop.gift_cards").rows())
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("commerce/gift-cards");
    assertThat(shop().linkDomain("commerce", "own").commit().readable()).isTrue();
    assertThat(all(shop().read("own.gift_cards"))).hasSize(1);
    assertNotFound(() -> finance.read("shop.order"), "'commerce'", "'shop.orders'", "links()");
    assertThat(finance.linkDomain("commerce", "shop").commit()).isEqualTo(link("shop"));
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> finance.unlinkResource("shop.orders").commit(),
        "whole domain 'commerce'",
        "unlinkResource(\"shop\")");
    assertThat(finance.unlinkResource("shop").commit()).isPresent();
    assertThat(finance.links()).isEmpty();
  }

  @Test
  void aLinkKeepsItsMajorVersionByDefault() {
    MeshClient finance = ordersBesideFinance();
    linkOrders();
    ResourceLink follows =
        finance
            .linkResource(ORDERS)
            .database("finance_db")
            .name("newest")
            .followRollouts()
            .commit();
    assertThat(follows.following()).isTrue();
    finance.subscribe(LINK).name("kept").purpose("x").commit();
    openSecondMajor();

    assertThat(rows(ORDERS)).hasSize(3);
    assertThat(rows(LINK)).hasSize(5);
    assertThat(rows("finance_db.newest")).hasSize(3);
    assertThat(all(finance.read(LINK).majorVersion(2))).hasSize(3);
    assertThat(link(LINK).major()).hasValue(1);
    assertThat(link("finance_db.newest").major()).hasValue(2);
    assertThat(finance.describe(LINK).versions().get(0).version().major()).isEqualTo(1);
    assertThat(finance.describe(ORDERS).versions().get(0).version().major()).isEqualTo(2);
    assertThat(finance.health(LINK).major()).isEqualTo(1);
    assertThat(finance.health("finance_db.newest").major()).isEqualTo(2);
    assertThat(finance.describe(LINK).health().orElseThrow().major()).isEqualTo(1);
    assertThat(linkOrders().major()).as("the repeated link").hasValue(1);
    assertThat(rowsPolled(finance.subscribe("finance_db.newest").name("kept")))
        .as("a subscription keeps its major version")
        .isEqualTo(5);
    assertThat(rowsPolled(finance.subscribe(LINK).name("new").purpose("x"))).isEqualTo(5);

    assertThat(findings(FindingCode.LINK_BEHIND)).hasSize(1);
    mesh.repair().commit();
    assertThat(findings(FindingCode.LINK_BEHIND)).isEmpty();
    MeshEvent moved = financeEvents().get(financeEvents().size() - 1);
    assertThat(moved.type()).isEqualTo(MeshEvent.Type.LINK_MOVED);
    assertThat(EventDetailsCodec.detailsOf(moved))
        .isEqualTo(
            new EventDetails.LinkChange(
                "finance_db.newest",
                ORDERS,
                OptionalInt.of(2),
                true,
                Optional.of(ORDERS),
                OptionalInt.of(1)));
    assertThat(link(LINK).major()).as("the link does not follow rollouts").hasValue(1);
    assertThat(
            finance.linkResource(ORDERS).database("finance_db").followRollouts().commit().major())
        .hasValue(2);
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
    assertThat(findings(FindingCode.LINK_DANGLING))
        .extracting(Finding::where)
        .containsExactly("finance · " + LINK);
    mesh.repair().commit();
    assertThat(link(LINK)).as("the link is unchanged").isEqualTo(dangling);
    assertThat(mesh.repair().plan().findings())
        .filteredOn(finding -> finding.code() == FindingCode.LINK_DANGLING)
        .extracting(Finding::fix)
        .singleElement()
        .asString()
        .contains("linkResource(\"commerce/orders\")");

    Plan<ResourceLink> plan = finance.linkResource(ORDERS).database("finance_db").plan();
    assertThat(plan.steps())
        .hasToString(
            "[move finance_db.orders: from commerce/orders, major 1 to commerce/orders, major 2]");
    assertThat(plan.commit().major()).hasValue(2);
    assertThat(rows(LINK)).hasSize(3);
    assertThat(findings(FindingCode.LINK_DANGLING)).isEmpty();
    retire(2);
    assertThat(link(LINK).missing()).contains("no newer one", "unlinkResource(\"" + LINK + "\")");
  }

  @Test
  void aMissingOrRenamedTargetIsNamedAndCanBeReplaced() {
    MeshClient finance = ordersBesideFinance();
    shop().defineProduct("commerce/orderz").contract(Contract.of(Order.class)).commit();
    linkOrders();
    finance.linkResource(ORDERS).database("finance_db").name("newest").followRollouts().commit();
    remove(RegistryKeys.product(PRODUCT));

    assertThat(link(LINK).state()).isEqualTo(ResourceLink.State.DANGLING);
    assertThat(link(LINK).missing())
        .contains("product commerce/orders no longer exists", "'commerce/orderz'");
    assertThatThrownBy(() -> finance.read(LINK))
        .isInstanceOfSatisfying(
            NotFoundException.class,
            gone -> assertThat(gone.nearest()).contains("commerce/orderz"));
    assertThat(findings(FindingCode.LINK_DANGLING)).as("a similar name is not followed").hasSize(2);
    ResourceLink moved =
        finance.linkResource("commerce/orderz").database("finance_db").name("orders").commit();
    assertThat(moved.target()).isEqualTo("commerce/orderz");
    assertThat(financeEvents().get(financeEvents().size() - 1).type())
        .isEqualTo(MeshEvent.Type.LINK_MOVED);
  }

  @Test
  void aFollowingLinkFollowsARenamedTarget() {
    MeshClient finance = ordersBesideFinance();
    ProductName before = ProductName.of("commerce/gift-cards");
    shop().defineProduct(before).contract(Contract.of(Order.class)).openToMesh().commit();
    shop().publish(before).records(Order.range(0, 2)).commit();
    finance.linkResource(before).database("finance_db").name("cards").commit();
    finance.linkResource(before).database("finance_db").name("newest").followRollouts().commit();
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
    assertThat(findings(FindingCode.LINK_DANGLING)).hasSize(1);
    finance.linkResource("commerce/gift_cards").database("finance_db").name("cards").commit();
    assertThat(rows("finance_db.cards")).hasSize(2);
  }

  @Test
  void theDoctorReportsDamagedAndShadowedLinks() {
    MeshClient finance = ordersBesideFinance();
    as("finance-db").registerDomain("finance-db").owner("db@example.org").commit();
    finance.linkResource(ORDERS).database("finance_links").name("orders").commit();
    // A name that an older version accepted, because the domain was registered after the link.
    put(
        new Key(consumerLog("finance"), "link/finance_db/orders"),
        text(new Key(consumerLog("finance"), "link/finance_links/orders"))
            .replace("finance_links", "finance_db"));
    finance.unlinkResource("finance_links.orders").commit();

    assertThat(findings(FindingCode.LINK_NAME_TAKEN))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.where()).isEqualTo("finance · " + LINK);
              assertThat(finding.what()).contains("'finance-db'");
            });
    assertThat(finance.unlinkResource(LINK).commit()).isPresent();
    assertThat(findings(FindingCode.LINK_NAME_TAKEN)).isEmpty();
    finance.linkResource(ORDERS).database("finance_links").commit();
    put(new Key(consumerLog("finance"), "link/finance_links/orders"), "{\"format\":1}");
    assertThat(findings(FindingCode.LINK_DAMAGED)).hasSize(1);
    assertThat(mesh.repair().plan().findings())
        .extracting(Finding::code)
        .contains(FindingCode.LINK_DAMAGED);
  }

  @Test
  void aRemovedDomainLeavesItsLinksDangling() {
    MeshClient finance = ordersBesideFinance();
    finance.linkDomain("commerce", "whole").commit();
    linkOrders();
    remove(RegistryKeys.domain("commerce"));

    assertThat(finance.links())
        .extracting(ResourceLink::name, ResourceLink::state)
        .containsExactly(
            tuple(LINK, ResourceLink.State.DANGLING), tuple("whole", ResourceLink.State.DANGLING));
    assertNotFound(
        () -> finance.read("whole.orders"),
        "domain 'commerce' no longer exists",
        "unlinkResource(");
    assertThat(findings(FindingCode.LINK_DANGLING)).hasSize(2);
  }
}
