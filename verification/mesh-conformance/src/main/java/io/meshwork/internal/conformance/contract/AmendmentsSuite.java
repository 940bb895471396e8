package io.meshwork.internal.conformance.contract;

import static io.meshwork.contract.Rule.atLeast;
import static io.meshwork.internal.conformance.fixture.AmendedOrders.FIRST;
import static io.meshwork.internal.conformance.fixture.AmendedOrders.LESS;
import static io.meshwork.internal.conformance.fixture.AmendedOrders.MORE;
import static io.meshwork.internal.conformance.fixture.AmendedOrders.assertIncompatible;
import static io.meshwork.internal.conformance.fixture.AmendedOrders.subscribe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.card.ProductCard;
import io.meshwork.card.ProductConsumer;
import io.meshwork.change.ContractPlan;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.conformance.fixture.AmendedOrders.Customers;
import io.meshwork.internal.conformance.fixture.AmendedOrders.Ids;
import io.meshwork.internal.conformance.fixture.AmendedOrders.OrderWithQuantity;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.event.EventDetailsCodec;
import io.meshwork.notice.Notice;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ContractVersion.Verdict;
import io.meshwork.testkit.RecordingNotifier;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Compatible contract amendments succeed, and subscribers are notified. */
public abstract class AmendmentsSuite extends MeshFixture {

  private static List<OrderWithQuantity> more(long from, long to) {
    List<OrderWithQuantity> orders = new ArrayList<>();
    for (Order order : Order.range(from, to)) {
      orders.add(
          new OrderWithQuantity(
              order.id(), order.customer(), order.amount(), order.note(), Optional.of(7)));
    }
    return orders;
  }

  @Test
  void aPlanShowsTheEffectOfAChangeAndChangesNothing() {
    MeshClient shop = defineOrders();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    MeshClient finance = registerFinance();
    readAll(subscribe(finance, "customers", Customers.class));
    subscribe(finance, "ids", Ids.class);
    State before = state();

    ContractPlan minor = shop.amendContract(ORDERS, MORE).plan();
    ContractPlan major = shop.amendContract(ORDERS, LESS).plan();
    ContractPlan none = shop.amendContract(ORDERS).change(current -> current).plan();

    assertNothingChanged(before);
    assertThat(minor.verdict()).isEqualTo(Verdict.MINOR);
    assertThat(minor.version()).hasToString("1.1.0");
    assertThat(minor.isAllowed()).isTrue();
    assertThat(minor.breaks()).isEmpty();
    assertThat(minor.toString())
        .contains("to 1.1.0: minor", "add column commerce.orders_v1: quantity optional int, id 5")
        .contains("apply commerce/orders 1.1.0", "notify 2 subscriptions");
    assertThat(major.verdict()).isEqualTo(Verdict.MAJOR);
    assertThat(major.version()).hasToString("2.0.0");
    assertThat(major.isAllowed()).isFalse();
    assertThat(major.steps()).isEmpty();
    assertThat(major.isEmpty()).as("a refused change is not nothing to change").isFalse();
    assertThat(major.consumers())
        .extracting(ProductConsumer::name)
        .containsExactly("finance/customers", "finance/ids");
    assertThat(major.breaks())
        .extracting(ProductConsumer::name)
        .containsExactly("finance/customers");
    assertThat(major.breaks().get(0).columns()).containsExactly("customer");
    assertThat(major.breaks().get(0).lastUsed()).contains(clock.instant());
    assertThat(major.breaks().get(0).contact()).isEqualTo("finance@example.org");
    assertThat(major.toString())
        .contains(
            "needs a new major version, 2.0.0", "breaks  finance/customers  subscription of v1")
        .contains("safe    finance/ids  ", "columns id, never used");
    assertThat(none.verdict()).isEqualTo(Verdict.NONE);
    assertThat(none.isEmpty()).isTrue();
    assertThat(none.fingerprint()).isNotEqualTo(minor.fingerprint());
  }

  @Test
  void aMinorVersionLetsOldAndNewReadersReadOldAndNewRows() {
    MeshClient shop = defineOrders();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    Subscription<Order> old = subscribe(registerFinance(), "revenue", Order.class);

    ProductCard card = shop.amendContract(ORDERS, MORE).because("Asked for").commit();
    shop.publish(ORDERS).records(more(3, 6)).commit();
    shop.publish(ORDERS).records(Order.range(6, 9)).commit();

    assertThat(card.versions().get(0).version()).hasToString("1.1.0");
    assertThat(card.versions().get(0).contract()).isEqualTo(MORE);
    assertThat(card)
        .usingRecursiveComparison()
        .usingOverriddenEquals()
        .ignoringFields("current", "quality", "details")
        .isEqualTo(shop.describe(ORDERS));
    try (Rows<Order> rows = old.rows()) {
      assertThat(rows.stream()).isEqualTo(Order.range(0, 9));
    }
    List<OrderWithQuantity> all = all(shop.read(ORDERS).as(OrderWithQuantity.class));
    assertThat(all).hasSize(9);
    assertThat(all.subList(3, 6)).isEqualTo(more(3, 6));
    assertThat(all)
        .filteredOn(order -> order.id() < 3 || order.id() >= 6)
        .extracting(OrderWithQuantity::quantity)
        .containsOnly(Optional.empty());
    assertThat(all(shop.read(ORDERS).where("quantity = 7").as(Order.class)))
        .isEqualTo(Order.range(3, 6));
    try (Batch<Order> news = old.poll()) {
      assertThat(news).containsExactlyElementsOf(Order.range(0, 9));
      news.ack();
    }
    assertWhole();
  }

  @Test
  void amendingToTheCurrentContractChangesNothing() {
    MeshClient shop = defineOrders();
    shop.amendContract(ORDERS, MORE).commit();
    State before = state();

    assertThat(shop.amendContract(ORDERS, MORE).commit().versions().get(0).version())
        .hasToString("1.1.0");

    assertNothingChanged(before);
  }

  @Test
  void aDefinitionWithAnotherContractIsPlannedAndCommitted() {
    MeshClient shop = registerShop();
    State before = state();
    ContractPlan first = shop.defineProduct(ORDERS).contract(FIRST).openToMesh().plan();
    assertNothingChanged(before);
    assertThat(first.before()).isEmpty();
    assertThat(first.version()).hasToString("1.0.0");
    assertThat(first.toString())
        .contains(
            "define commerce/orders as 1.0.0", "create table commerce.orders_v1: of format 2");
    first.commit();
    State defined = state();

    ContractPlan otherwise = shop.defineProduct(ORDERS).contract(MORE).plan();
    assertThat(otherwise.isAllowed()).isFalse();
    assertThat(otherwise.toString()).contains("amendIfDefined()", "quantity is new");
    assertThatThrownBy(() -> shop.defineProduct(ORDERS).contract(MORE).commit())
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContainingAll("its contract differs", "quantity is new", "amendIfDefined()");
    assertIncompatible(
        () -> shop.defineProduct(ORDERS).contract(LESS).amendIfDefined().commit(),
        FindingCode.CONSUMER_BREAK);
    assertThatThrownBy(
            () ->
                shop.defineProduct(ORDERS)
                    .contract(MORE)
                    .owner("else@example.org")
                    .amendIfDefined()
                    .commit())
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageNotContaining("amendIfDefined()");
    assertNothingChanged(defined);

    shop.defineProduct(ORDERS).contract(MORE).amendIfDefined().plan().commit();
    shop.defineProduct(ORDERS).contract(MORE).amendIfDefined().commit();

    assertThat(currentVersion()).hasToString("1.1.0");
    assertThat(shop.events(ORDERS).list()).hasSize(2);
    assertWhole();
  }

  @Test
  void aPatchChangesDocumentsAndNotTheTable() {
    MeshClient shop = defineOrders();
    String pointer = pointer();

    ProductCard card =
        shop.amendContract(ORDERS)
            .change(current -> current.description("What was ordered").require(atLeast("id", 0)))
            .commit();
    assertThat(card.versions().get(0).version()).hasToString("1.1.0");
    shop.amendContract(ORDERS).change(current -> current.description("Orders")).commit();

    assertThat(currentVersion()).hasToString("1.1.1");
    assertThat(pointer()).isEqualTo(pointer);
    assertThatThrownBy(
            () ->
                shop.publish(ORDERS)
                    .records(List.of(new Order(-1, "c", BigDecimal.ONE, Optional.empty())))
                    .commit())
        .hasMessageContaining("1.1.1")
        .hasMessageContaining("id");
    assertWhole();
  }

  private String pointer() {
    return registry.documents().entrySet().stream()
        .filter(document -> document.getKey().sort().equals("table/orders_v1"))
        .map(document -> document.getValue().json())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aBreakingChangeIsRejectedWithTheConsumersThatItBreaks() {
    MeshClient shop = defineOrders();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    readAll(subscribe(registerFinance(), "customers", Customers.class));
    State before = state();

    assertIncompatible(() -> shop.amendContract(ORDERS, LESS).commit(), FindingCode.CONSUMER_BREAK);
    assertThatThrownBy(() -> shop.amendContract(ORDERS, LESS).plan().commit())
        .hasMessageContainingAll("needs a new major", "It would break finance/customers.");

    assertNothingChanged(before);
    assertThat(currentVersion()).isEqualTo(ContractVersion.FIRST);
  }

  @Test
  void onlyTheOwnerAmends() {
    defineOrders();
    MeshClient finance = registerFinance();
    State before = state();

    assertThatThrownBy(() -> finance.amendContract(ORDERS, MORE).commit())
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> finance.amendContract(ORDERS, MORE).plan())
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> shop().amendContract(ORDERS).commit())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("it has no new contract");

    assertNothingChanged(before);
  }

  @Tag("smoke")
  @Test
  void anAmendmentNotifiesSubscribersAndIsLogged() {
    RecordingNotifier notices = new RecordingNotifier();
    mesh.close();
    mesh = prepared(mesh()).notifier("test", notices).open();
    MeshClient shop = defineOrders();
    subscribe(registerFinance(), "revenue", Ids.class);
    shop.amendContract(ORDERS, MORE).because("Finance asked").commit();

    mesh.deliverNotices();

    Notice published =
        notices.all().stream()
            .filter(notice -> notice.kind() == Notice.Kind.AMENDED)
            .findFirst()
            .orElseThrow();
    assertThat(published.id()).isEqualTo(ORDERS + "/2/amended.finance.revenue");
    assertThat(published.to()).isEqualTo("finance@example.org");
    assertThat(published.text()).contains("1.1.0 replaces 1.0.0: minor", "quantity is new");
    assertThat(published.facts())
        .containsEntry("contractVersion", "1.1.0")
        .containsEntry("previousVersion", "1.0.0")
        .containsEntry("reasonCode", "FIELD_ADDED_COMPAT");
    MeshEvent event = shop.events(ORDERS).after(1).list().get(0);
    assertThat(event.type()).isEqualTo(MeshEvent.Type.PRODUCT_AMENDED);
    assertThat(EventDetailsCodec.detailsOf(event))
        .isInstanceOfSatisfying(
            EventDetails.ContractVersionChange.class,
            amended -> {
              assertThat(amended.contractVersion()).hasToString("1.1.0");
              assertThat(amended.contractFingerprint()).isEqualTo(MORE.fingerprint());
              assertThat(amended.verdict()).isEqualTo(Verdict.MINOR);
              assertThat(amended.reason()).contains("Finance asked");
            });
    assertWhole();
  }
}
