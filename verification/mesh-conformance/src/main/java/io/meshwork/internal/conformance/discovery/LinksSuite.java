package io.meshwork.internal.conformance.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshException;
import io.meshwork.error.NotFoundException;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.conformance.fixture.ConcurrentCalls;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.event.EventDetailsCodec;
import io.meshwork.link.ResourceLink;
import io.meshwork.operation.Plan;
import io.meshwork.product.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.apache.avro.generic.GenericRecord;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A link is a name in the catalog of a consumer, and grants nothing. */
public abstract class LinksSuite extends LinkFixture {
  private static final Principal ETL = Principal.of("finance", "etl");

  private static void assertTaken(ThrowingCallable call, String... words) {
    assertThatThrownBy(call)
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContainingAll(words)
        .hasMessageContaining("Nothing was changed");
  }

  /** Asserts that the link to the orders is valid and readable. */
  private static void assertWorks(ResourceLink link) {
    assertThat(link)
        .extracting(
            ResourceLink::name,
            ResourceLink::target,
            ResourceLink::major,
            ResourceLink::following,
            ResourceLink::createdBy,
            ResourceLink::state,
            ResourceLink::readable,
            ResourceLink::missing)
        .containsExactly(
            LINK, ORDERS, OptionalInt.of(1), false, ETL, ResourceLink.State.VALID, true, "");
  }

  @Tag("smoke")
  @Test
  void everyConsumingOperationResolvesALink() {
    MeshClient finance = ordersBesideFinance();

    ResourceLink link = linkOrders();

    assertWorks(link);
    assertThat(rows(LINK)).isEqualTo(Order.range(0, 3));
    assertThat(finance.describe(LINK)).isEqualTo(finance.describe(ORDERS));
    assertThat(finance.publishHistory(LINK).changes())
        .isEqualTo(finance.publishHistory(ORDERS).changes());
    assertThat(finance.publishHistory(LINK).quality())
        .isEqualTo(finance.publishHistory(ORDERS).quality());
    assertThat(finance.access().explain(ETL, LINK))
        .isEqualTo(finance.access().explain(ETL, ORDERS));
    assertThat(finance.read(LINK).snapshots()).hasSize(1);
    Subscription<Order> totals =
        finance.subscribe(LINK).name("totals").purpose("Totals").as(Order.class).commit();
    assertThat(totals.product()).isEqualTo(PRODUCT);
    try (Batch<Order> batch = totals.poll()) {
      assertThat(batch).hasSize(3);
      batch.ack();
    }
    assertThat(mesh.clientAs(Principal.of("finance", "analyst")).links()).containsExactly(link);
    assertThat(mesh.doctor().problems()).isEmpty();
  }

  @Test
  void aRepeatedLinkIsTheSameLinkAndIsLoggedOnce() {
    MeshClient finance = ordersBesideFinance();
    ResourceLink link = linkOrders();
    long entries = financeEvents().size();

    assertThat(linkOrders()).isEqualTo(link);
    assertThat(finance.linkResource(ORDERS).database("finance_db").commit()).isEqualTo(link);
    assertThat(finance.linkResource(ORDERS).database("finance_db").plan().isEmpty()).isTrue();
    assertThat(financeEvents()).hasSize((int) entries);
    assertThat(finance.governance().audit().kinds("link").list()).hasSize(1);
    MeshEvent event = financeEvents().get(financeEvents().size() - 1);
    assertThat(event.type()).isEqualTo(MeshEvent.Type.LINK_MADE);
    assertThat(event.subject()).isEqualTo(ORDERS);
    assertThat(EventDetailsCodec.detailsOf(event))
        .isEqualTo(
            new EventDetails.LinkChange(
                LINK, ORDERS, OptionalInt.of(1), false, Optional.empty(), OptionalInt.empty()));
  }

  @Test
  void aLinkGrantsNothing() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    MeshClient finance = registerFinance();

    Plan<ResourceLink> plan = finance.linkResource(ORDERS).database("finance_db").plan();
    assertThat(plan.steps()).hasToString("[link finance_db.orders: to commerce/orders, major 1]");
    assertThat(plan.findings()).extracting(Finding::code).containsExactly(FindingCode.NOT_READABLE);
    assertThat(plan.findings().get(0).what()).contains(ORDERS, "shop@example.org");
    assertThat(finance.links()).isEmpty();
    ResourceLink link = plan.commit();
    assertThat(link.state()).isEqualTo(ResourceLink.State.PENDING);
    assertThat(link.readable()).isFalse();
    assertThat(link.missing()).contains(ORDERS, "shop@example.org");
    assertThat(finance.requests().requestAccess(LINK).purpose("They bill.").commit().product())
        .isEqualTo(PRODUCT);
    assertThat(shop.governance().audit().subject(ORDERS).kinds("read.denied").list())
        .as("listing links causes no denial")
        .isEmpty();
    assertDeniedOnTheTarget();

    String id = shop.grant(ORDERS).to(ETL).because("They bill.").commit().get(0).id();
    assertWorks(link(LINK));
    assertThat(rows(LINK)).isEqualTo(Order.range(0, 3));
    shop.revoke(id).commit();
    assertDeniedOnTheTarget();
    shop.grant(ORDERS).columns("id").to(ETL).because("They count.").commit();
    assertThat(link(LINK).readable()).isTrue();
    assertThat(link(LINK).missing()).contains("some of its columns");
    try (Rows<GenericRecord> rows = finance.read(LINK).rows()) {
      assertThat(rows.columns()).containsExactly("id");
    }
    shop.grant(ORDERS).toAccounts("finance").withGrantOption().because("They hand it on.").commit();
    ResourceLink analysts = mesh.clientAs(Principal.of("finance", "analyst")).links().get(0);
    assertThat(analysts.state()).isEqualTo(ResourceLink.State.VALID);
    assertThat(analysts.readable()).isFalse();
    assertThat(analysts.missing()).contains("within its account", "finance@example.org");
  }

  private void assertDeniedOnTheTarget() {
    int filesRead =
        files.dataFilesAsked(
            () -> {
              for (ThrowingCallable call :
                  List.<ThrowingCallable>of(
                      () -> finance().read(LINK).rows(),
                      () -> finance().publishHistory(LINK).changes(),
                      () -> finance().subscribe(LINK).name("a").purpose("b").commit())) {
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
    assertThat(filesRead).as("opened data files").isZero();
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
          ErrorCode.NAME_INVALID, () -> finance.linkResource(ORDERS).database(bad), "database");
      assertRefused(ErrorCode.NAME_INVALID, () -> finance.linkResource(ORDERS).name(bad), "table");
    }
    assertRefused(
        ErrorCode.INVALID_ARGUMENT, () -> finance.linkResource(ORDERS).database(" "), "blank");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT, () -> finance.linkResource(ORDERS).commit(), "database(");
    assertRefused(ErrorCode.NAME_INVALID, () -> finance.linkResource("commerce"), "domain/product");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> finance.linkResource(LINK),
        "a name with a dot is a link",
        "Name commerce/orders itself");
    for (String domain : List.of("commerce", "finance")) {
      assertTaken(
          () -> finance.linkResource(ORDERS).database(domain).commit(), "domain '" + domain + "'");
      assertTaken(() -> finance.linkDomain("commerce", domain).commit(), domain);
    }
    assertTaken(
        () ->
            finance.linkResource("commerce/returns").database("finance_db").name("orders").commit(),
        LINK,
        ORDERS,
        "name(..)",
        "unlinkResource(\"" + LINK + "\")");
    assertTaken(() -> finance.linkDomain("commerce", "finance_db").commit(), LINK);
    assertNotFound(() -> finance.linkResource("commerce/order").database("x").commit(), ORDERS);
    assertNotFound(() -> finance.linkDomain("comerce", "x").commit(), "commerce");
    assertThatThrownBy(() -> as("stranger").linkResource(ORDERS).database("x").commit())
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("registerDomain");
    assertNothingChanged(before);
    finance.linkDomain("commerce", "whole").commit();
    assertTaken(
        () -> finance.linkResource(ORDERS).database("whole").name("mine").commit(), "whole domain");
  }

  @Test
  void anUnknownLinkNamesTheNearestAndHowToCreateIt() {
    MeshClient finance = ordersBesideFinance();
    assertNotFound(
        () -> finance.read("finance_db.orders"),
        "'finance'",
        "linkResource(",
        "database(\"finance_db\")");
    linkOrders();

    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> finance.read("finance_db.order"),
            () -> finance.subscribe("finance_db.order"),
            () -> finance.describe("finance_db.order"),
            () -> finance.publishHistory("finance_db.order").changes(),
            () -> finance.publishHistory("finance_db.order").quality(),
            () -> finance.access().explain(ETL, "finance_db.order"))) {
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
    shop.linkResource(ORDERS).database("shop_db").commit();
    String link = "shop_db.orders";
    State before = state();

    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> shop.publish(link),
            () -> shop.defineProduct(link),
            () -> shop.amendContract(link),
            () -> shop.rollBack(link),
            () -> shop.publishHistory(link).receipts(),
            () -> shop.publishHistory(link).findReceipt("run"),
            () -> shop.quarantine(link),
            () -> shop.events(link).list(),
            () -> shop.access().tag(link),
            () -> shop.grant(link),
            () -> shop.access().authorize(link),
            () -> shop.access().authorizations(link),
            () -> shop.governance().audit().subject(link).list(),
            () -> shop.access().whoCanRead(link))) {
      assertRefused(
          ErrorCode.INVALID_ARGUMENT, call, link, "points to commerce/orders", "Nothing was done");
    }
    assertRefused(
        ErrorCode.INVALID_ARGUMENT, () -> shop.publish("shop_db.other"), "domain/product");
    assertNothingChanged(before);
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
                .database("finance_db")
                .name("orders")
                .commit()
                .target();
          } catch (AlreadyExistsException failure) {
            return "taken";
          }
        };
    Callable<Object> whole =
        () -> {
          try {
            return finance().linkDomain("commerce", "finance_db").commit().target();
          } catch (AlreadyExistsException failure) {
            return "taken";
          }
        };
    Callable<Object> ordersOrTaken =
        () -> {
          try {
            return orders.call();
          } catch (AlreadyExistsException failure) {
            return "taken";
          }
        };
    List<Object> got =
        new ArrayList<>(ConcurrentCalls.run(List.of(ordersOrTaken, ordersOrTaken, returns, whole)));

    got.removeIf("taken"::equals);
    assertThat(got).isNotEmpty().allMatch(got.get(0)::equals);
    assertThat(financeEvents()).as("logged once").hasSize(before + 1);
    String winner = got.get(0).toString();
    assertThat(finance().links().get(0).target()).isEqualTo(winner);
    assertWhole();
  }

  @Test
  void anUnlinkedNameIsNoLongerReadAndUnlinkingAgainChangesNothing() {
    MeshClient finance = ordersBesideFinance();
    ResourceLink link = linkOrders();
    Subscription<Order> totals =
        finance.subscribe(LINK).name("totals").purpose("Totals").as(Order.class).commit();

    Plan<Optional<ResourceLink>> plan = finance.unlinkResource(LINK).plan();
    assertThat(plan.steps()).hasSize(1);
    assertThat(link(LINK)).isEqualTo(link);
    assertThat(plan.commit()).contains(link);
    assertThat(financeEvents().get(financeEvents().size() - 1).type())
        .isEqualTo(MeshEvent.Type.LINK_REMOVED);
    int entries = financeEvents().size();
    assertThat(finance.unlinkResource(LINK).commit()).isEmpty();
    assertThat(finance.unlinkResource(LINK).plan().findings())
        .extracting(Finding::code)
        .containsExactly(FindingCode.NOTHING_TO_REMOVE);
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
    Plan<ResourceLink> plan = finance.linkResource(ORDERS).database("finance_db").plan();
    linkOrders();

    assertThatThrownBy(plan::commit)
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("Make a new plan, review it");
    Plan<Optional<ResourceLink>> away = finance.unlinkResource(LINK).plan();
    finance.unlinkResource(LINK).commit();
    assertThatThrownBy(away::commit).isInstanceOf(ConflictException.class);
    assertThat(finance.links()).isEmpty();
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
          () -> finance.unlinkResource(bad).commit(),
          "Cannot unlink '" + bad + "'",
          "database.table",
          "Nothing was changed",
          "links()");
    }
    assertThat(finance.unlinkResource("finance_db.order").commit()).as("well-formed").isEmpty();
    assertNothingChanged(before);
  }
}
