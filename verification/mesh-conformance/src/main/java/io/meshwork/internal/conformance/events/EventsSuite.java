package io.meshwork.internal.conformance.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.NotFoundException;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.event.EventDetailsCodec;
import io.meshwork.publish.PublishReceipt;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Events are listed in order and describe each change. */
public abstract class EventsSuite extends MeshFixture {
  private static List<MeshEvent.Type> types(List<MeshEvent> events) {
    return events.stream().map(MeshEvent::type).toList();
  }

  private static EventDetails.MajorCommit onlyMajor(MeshEvent event) {
    List<EventDetails.MajorCommit> majors =
        ((EventDetails.TableCommit) EventDetailsCodec.detailsOf(event)).majors();
    assertThat(majors).hasSize(1);
    return majors.get(0);
  }

  @Test
  void eachLogListsItsEventsOldestFirst() {
    MeshClient shop = defineOrders();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    PublishReceipt second = shop.publish(ORDERS).records(Order.range(3, 4)).replaceAll().commit();
    String first = shop.publishHistory(ORDERS).changes().get(1).snapshotId();
    shop.rollBack(ORDERS).to(first).because("it was right").commit();
    registerFinance().subscribe(ORDERS).name("revenue").purpose("Revenue").commit();

    List<MeshEvent> orders = shop.events(ORDERS).list();

    assertThat(types(orders))
        .containsExactly(
            MeshEvent.Type.PRODUCT_DEFINED,
            MeshEvent.Type.PRODUCT_PUBLISHED,
            MeshEvent.Type.PRODUCT_PUBLISHED,
            MeshEvent.Type.PRODUCT_ROLLED_BACK);
    assertThat(orders)
        .extracting(MeshEvent::id)
        .containsExactly(ORDERS + "/1", ORDERS + "/2", ORDERS + "/3", ORDERS + "/4");
    assertThat(orders.get(2).principal()).isEqualTo("commerce/etl");
    assertThat(orders.get(2).subject()).isEqualTo(ORDERS);
    assertThat(orders.get(2).at()).isEqualTo(second.committedAt());
    assertThat(orders.get(2).previous()).isEqualTo(orders.get(1).hash());
    assertThat(orders.get(2).documents()).containsKey("table/orders_v1");
    EventDetails.TableCommit replaced =
        (EventDetails.TableCommit) EventDetailsCodec.detailsOf(orders.get(2));
    assertThat(replaced.publishId()).isEqualTo(second.publishId());
    assertThat(replaced.mode()).contains("replace-all");
    EventDetails.MajorCommit ofMajor = onlyMajor(orders.get(2));
    assertThat(ofMajor.major()).isEqualTo(1);
    assertThat(ofMajor.rowsAccepted()).isEqualTo(1);
    assertThat(ofMajor.rowsRemoved()).isEqualTo(3);
    assertThat(ofMajor.snapshot())
        .contains(new EventDetails.NewSnapshot(second.snapshotId().orElseThrow(), 2, 1));
    EventDetails.TableCommit back =
        (EventDetails.TableCommit) EventDetailsCodec.detailsOf(orders.get(3));
    assertThat(onlyMajor(orders.get(3)).restoration())
        .contains(new EventDetails.Restoration(first, 3, List.of(), Optional.empty()));
    assertThat(back.reason()).contains("it was right");

    List<MeshEvent> commerce = shop.events("commerce").list();
    assertThat(types(commerce)).containsExactly(MeshEvent.Type.PRODUCT_DEFINED);
    assertThat(EventDetailsCodec.detailsOf(commerce.get(0)))
        .isEqualTo(new EventDetails.EventReference(ORDERS, 1));
    List<MeshEvent> finance = as("finance").events(consumerLog("finance")).list();
    assertThat(types(finance)).containsExactly(MeshEvent.Type.SUBSCRIPTION_REGISTERED);
    assertThat(EventDetailsCodec.detailsOf(finance.get(0)))
        .isEqualTo(
            new EventDetails.LoggedSubscription(
                "finance/revenue", 1, Optional.empty(), OptionalInt.empty(), Optional.empty()));
    assertThat(types(as("unregistered").events("_mesh").list()))
        .as("the first entries depend on the backend")
        .hasSize(4)
        .contains(MeshEvent.Type.MESH_CREATED, MeshEvent.Type.MESH_PLACED)
        .endsWith(MeshEvent.Type.DOMAIN_REGISTERED, MeshEvent.Type.DOMAIN_REGISTERED);
  }

  @Test
  void eventsAreReadInPagesFromAPosition() {
    MeshClient shop = defineOrders();
    for (int i = 0; i < 70; i++) {
      shop.publish(ORDERS).records(Order.range(i, i + 1)).commit();
    }
    List<MeshEvent> all = shop.events(ORDERS).list();

    assertThat(all).hasSize(71);
    assertThat(shop.events(ORDERS).after(69).list()).isEqualTo(all.subList(69, 71));
    assertThat(shop.events(ORDERS).after(3).list()).isEqualTo(all.subList(3, 71));
    assertThat(shop.events(ORDERS).after(3).limit(2).list()).isEqualTo(all.subList(3, 5));
    assertThat(shop.events(ORDERS).limit(66).list()).isEqualTo(all.subList(0, 66));
    assertThat(shop.events(ORDERS).after(71).list()).isEmpty();
    assertThat(shop.events(ORDERS).after(Long.MAX_VALUE).list()).isEmpty();
    assertThatThrownBy(() -> shop.events(ORDERS).after(-1))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> shop.events(ORDERS).limit(0))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void quarantinedRowsAndEmptyPublishesAreLogged() {
    MeshClient shop =
        defineOrders(
            Contract.of(Order.class)
                .require(Rule.atLeast("amount", 0))
                .onViolation(OnViolation.QUARANTINE));
    List<Order> orders = new ArrayList<>(Order.range(0, 100));
    orders.set(5, new Order(5, CANARY, new BigDecimal("-1.00"), Optional.empty()));
    shop.publish(ORDERS).records(orders).commit();
    shop.publish(ORDERS).records(List.<Order>of()).commit();

    List<MeshEvent> events = shop.events(ORDERS).after(1).list();

    EventDetails.MajorCommit some = onlyMajor(events.get(0));
    assertThat(some.rowsAccepted()).isEqualTo(99);
    assertThat(some.rowsQuarantined()).isEqualTo(1);
    EventDetails.MajorCommit none = onlyMajor(events.get(1));
    assertThat(none.rowsAccepted()).isZero();
    assertThat(none.snapshot().orElseThrow().rowsTotal()).isEqualTo(99);
    assertThat(events).extracting(MeshEvent::json).noneMatch(json -> json.contains(CANARY));
  }

  @Test
  void onlyAccountsOfTheDomainReadItsEvents() {
    MeshClient shop = defineOrders();
    MeshClient finance = registerFinance();

    assertThatThrownBy(() -> finance.events(ORDERS).list())
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> finance.events("commerce").list())
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> shop.events("commerce/order").list())
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining(ORDERS);
    assertThatThrownBy(() -> shop.events("comerce").list())
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("commerce");
  }
}
