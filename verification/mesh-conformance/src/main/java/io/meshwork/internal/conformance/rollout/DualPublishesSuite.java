package io.meshwork.internal.conformance.rollout;

import static io.meshwork.contract.Rule.atLeast;
import static io.meshwork.contract.Rule.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.OrderInCents;
import io.meshwork.publish.Publish;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.MajorRollout.RowDifference;
import io.meshwork.rollout.StartRollout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** While a rollout runs, a publish writes both major versions in one transaction. */
public abstract class DualPublishesSuite extends MeshFixture {
  private static final Contract V1 =
      Contract.of(Order.class)
          .require(atLeast("amount", 1).id("amount-1"))
          .onViolation(OnViolation.QUARANTINE)
          .maxQuarantineShare(90);
  private static final Contract V2 =
      Contract.of(OrderInCents.class)
          .require(Rule.inSet("customer", "ann", "bob").id("known-customer"))
          .onViolation(OnViolation.QUARANTINE)
          .maxQuarantineShare(90);

  /** Defines the orders, and opens their second major version before they have rows. */
  private MeshClient rollOut(Contract first, Contract second) {
    MeshClient shop = defineOrders(first);
    shop.startRollout(ORDERS)
        .contract(second)
        .because("Amounts in cents")
        .commit()
        .activate()
        .commit();
    return shop;
  }

  private MeshClient rollOut() {
    return rollOut(V1, V2);
  }

  private static Order order(long id, String customer, long cents) {
    return new OrderInCents(id, customer, cents).toOrder();
  }

  private List<Order> first() {
    return all(shop().read(ORDERS).majorVersion(1).as(Order.class));
  }

  private List<OrderInCents> second() {
    return all(shop().read(ORDERS).majorVersion(2).as(OrderInCents.class));
  }

  private Publish<Order> toBoth(List<Order> orders) {
    return shop().publish(ORDERS).<Order>records(orders).alsoTo(2, OrderInCents::of);
  }

  @Test
  void aPublishToOneMajorVersionIsRejectedWhileTheRolloutRuns() {
    MeshClient shop = rollOut();
    State before = state();

    assertRefused(
        ErrorCode.VERSION_LEFT_OUT,
        () -> shop.publish(ORDERS).records(List.of(order(1, "ann", 500))).commit(),
        "major version 1",
        "major version 2",
        "alsoTo(2",
        "onlyMajorVersion(1");

    assertNothingChanged(before);
  }

  @Test
  void aPublishIsInBothMajorVersionsByAMappingInEitherDirection() {
    MeshClient shop = rollOut();

    PublishReceipt receipt = toBoth(List.of(order(1, "ann", 500), order(2, "bob", 700))).commit();
    shop.publish(ORDERS)
        .<OrderInCents>records(List.of(new OrderInCents(3, "ann", 900)))
        .majorVersion(2)
        .alsoTo(1, OrderInCents::toOrder)
        .commit();

    assertThat(first())
        .containsExactlyInAnyOrder(
            order(1, "ann", 500), order(2, "bob", 700), order(3, "ann", 900));
    assertThat(second())
        .containsExactlyInAnyOrder(
            new OrderInCents(1, "ann", 500),
            new OrderInCents(2, "bob", 700),
            new OrderInCents(3, "ann", 900));
    assertThat(receipt.major()).isEqualTo(1);
    assertThat(receipt.otherVersions())
        .singleElement()
        .satisfies(
            secondReceipt -> {
              assertThat(secondReceipt.major()).isEqualTo(2);
              assertThat(secondReceipt.rowsAccepted()).isEqualTo(2);
              assertThat(secondReceipt.contractVersion()).hasToString("2.0.0");
            });
    assertWhole();
  }

  @Test
  void aRowThatBreaksOneOfTheContractsIsInTheQuarantineOfBoth() {
    MeshClient shop = rollOut();

    PublishReceipt receipt =
        toBoth(
                List.of(
                    order(1, "ann", 500),
                    order(2, "bob", 50),
                    order(3, "eve", 500),
                    order(4, "eve", 50)))
            .commit();

    assertThat(receipt.rowsAccepted()).isEqualTo(1);
    assertThat(receipt.quality().rowsQuarantined()).isEqualTo(3);
    assertThat(first()).containsExactly(order(1, "ann", 500));
    assertThat(second()).containsExactly(new OrderInCents(1, "ann", 500));
    assertThat(reasons(shop, 1))
        .isEqualTo(
            Map.of(
                2L, "amount-1",
                3L, "2.0.0:known-customer",
                4L, "amount-1,2.0.0:known-customer"));
    assertThat(reasons(shop, 2))
        .isEqualTo(
            Map.of(
                2L, "1.0.0:amount-1",
                3L, "known-customer",
                4L, "known-customer,1.0.0:amount-1"));
    assertWhole();
  }

  private static Map<Long, String> reasons(MeshClient shop, int major) {
    Map<Long, String> reasons = new HashMap<>();
    for (Map<String, Object> row : all(shop.quarantine(ORDERS).majorVersion(major).asMaps())) {
      reasons.put(
          Long.parseLong(String.valueOf(row.get("row")).replaceAll("^\\{\"id\":([0-9]+),.*", "$1")),
          String.valueOf(row.get("rules")));
    }
    return reasons;
  }

  @Test
  void aRowThatTheMappingDoesNotMapIsInTheQuarantineOfBoth() {
    MeshClient shop = rollOut();

    PublishReceipt receipt =
        shop.publish(ORDERS)
            .<Order>records(
                List.of(order(1, "ann", 500), order(2, "ann", 600), order(3, "ann", 700)))
            .alsoTo(
                2,
                order -> {
                  if (order.id() == 2) {
                    throw new IllegalStateException("no rate for this order");
                  }
                  return order.id() == 3 ? null : OrderInCents.of(order);
                })
            .commit();

    assertThat(receipt.rowsAccepted()).isEqualTo(1);
    assertThat(second()).containsExactly(new OrderInCents(1, "ann", 500));
    assertThat(reasons(shop, 1))
        .isEqualTo(Map.of(2L, "2.0.0:type:version-mapping", 3L, "2.0.0:type:version-mapping"));
    assertThat(reasons(shop, 2))
        .isEqualTo(Map.of(2L, "type:version-mapping", 3L, "type:version-mapping"));
    assertThat(all(shop.quarantine(ORDERS).majorVersion(2).asMaps()))
        .extracting(row -> String.valueOf(row.get("reason")))
        .allMatch(reason -> reason.contains("ROW_UNMAPPED"))
        .noneMatch(reason -> reason.contains("no rate"));
    assertWhole();
  }

  @Test
  void theStricterPolicyRejectsThePublishInBoth() {
    MeshClient shop = rollOut(V1.onViolation(OnViolation.REJECT), V2);
    State before = state();

    assertThatThrownBy(() -> toBoth(List.of(order(1, "eve", 500))).commit())
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContainingAll(ORDERS, "2.0.0", "known-customer");

    assertNothingChanged(before);
    assertThat(toBoth(List.of(order(1, "eve", 500))).plan().isAccepted()).isFalse();
    assertThat(shop.publishHistory(ORDERS).changes()).isEmpty();
  }

  @Test
  void theStartSaysThatTheNewContractEndsTheQuarantineAndARejectionNamesThatContract() {
    MeshClient shop = defineOrders(V1);
    StartRollout start =
        shop.startRollout(ORDERS)
            .contract(V2.onViolation(OnViolation.REJECT))
            .because("Amounts in cents");

    assertThat(start.plan().findings())
        .filteredOn(finding -> finding.severity() == Finding.Severity.WARNING)
        .extracting(Finding::code)
        .containsExactly(FindingCode.VIOLATION_POLICY_CHANGED);
    start.commit().activate().commit();

    assertThatThrownBy(() -> toBoth(List.of(order(1, "ann", 5), order(2, "ann", 500))).commit())
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContainingAll(
            "break contract 1.0.0", "contract 2.0.0 rejects", "onViolation(QUARANTINE)");
    assertThatThrownBy(
            () ->
                toBoth(List.of(order(1, "ann", 5), order(2, "ann", 500)))
                    .onViolation(OnViolation.REJECT)
                    .commit())
        .isInstanceOf(ContractViolationException.class)
        .message()
        .doesNotContain("2.0.0");
  }

  @Test
  void aKeyIsTakenInBothOrInNone() {
    rollOut(V1.require(unique("id").id("one-id")), V2.require(unique("id").id("one-id-2")));

    toBoth(
            List.of(
                order(1, "eve", 500), // not in the second version, so that its key stays free
                order(1, "ann", 500),
                order(1, "bob", 600),
                order(2, "ann", 700)))
        .commit();

    assertThat(first()).containsExactlyInAnyOrder(order(1, "ann", 500), order(2, "ann", 700));
    assertThat(second())
        .containsExactlyInAnyOrder(
            new OrderInCents(1, "ann", 500), new OrderInCents(2, "ann", 700));
    assertWhole();
  }

  @Test
  void rowsWithAToleranceAreDecidedForBoth() {
    MeshClient shop =
        rollOut(
            V1.require(Rule.inSet("customer", "ann").id("mostly-ann").toleratePercent(50)),
            V2.require(atLeast("cents", 200).id("mostly-2").toleratePercent(10)));

    toBoth(
            List.of(
                order(1, "ann", 500),
                order(2, "bob", 500),
                order(3, "ann", 150),
                order(4, "ann", 600)))
        .commit();

    assertThat(first())
        .containsExactlyInAnyOrder(
            order(1, "ann", 500), order(2, "bob", 500), order(4, "ann", 600));
    assertThat(second()).extracting(OrderInCents::id).containsExactlyInAnyOrder(1L, 2L, 4L);
    assertThat(reasons(shop, 1)).isEqualTo(Map.of(3L, "2.0.0:mostly-2"));
    assertThat(reasons(shop, 2)).isEqualTo(Map.of(3L, "mostly-2"));
    assertWhole();
  }

  @Test
  void anEraseRemovesTheSameRowsOfBothOrNone() {
    MeshClient shop = rollOut();
    toBoth(List.of(order(1, "ann", 500), order(2, "bob", 700), order(3, "eve", 700))).commit();
    State before = state();

    assertThatThrownBy(
            () ->
                shop.publish(ORDERS)
                    .<Order>records(List.of(order(9, "ann", 500)))
                    .alsoTo(2, OrderInCents::of, "cents < 100")
                    .replaceWhere("amount < 6")
                    .commit())
        .isInstanceOf(ContractViolationException.class);
    assertThatThrownBy(
            () ->
                shop.publish(ORDERS)
                    .<Order>records(List.of(order(9, "ann", 500)))
                    .alsoTo(2, OrderInCents::of, "cents < 600 and id = 9")
                    .replaceWhere("amount < 6")
                    .commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContainingAll("1 in major version 1", "0 in major version 2");
    assertNothingChanged(before);

    shop.publish(ORDERS)
        .<Order>records(List.of(order(9, "ann", 500)))
        .alsoTo(2, OrderInCents::of, "cents < 600")
        .replaceWhere("amount < 6")
        .commit();
    assertThat(first()).containsExactlyInAnyOrder(order(2, "bob", 700), order(9, "ann", 500));
    assertThat(second()).extracting(OrderInCents::id).containsExactlyInAnyOrder(2L, 9L);

    shop.erase(ORDERS)
        .where("customer = 'bob' or customer = 'eve'")
        .because("Requested by the customer")
        .commit();
    assertThat(first()).containsExactly(order(9, "ann", 500));
    assertThat(second()).containsExactly(new OrderInCents(9, "ann", 500));
    assertThat(all(shop.quarantine(ORDERS).asMaps())).isEmpty();
    assertThat(all(shop.quarantine(ORDERS).majorVersion(2).asMaps())).isEmpty();
    assertWhole();
  }

  @Test
  void anEraseOfARowThatTheOtherVersionKeepsIsRejected() {
    MeshClient shop = rollOut();
    toBoth(List.of(order(1, "ann", 500), order(2, "bob", 700))).commit();
    State before = state();

    for (String others : List.of("cents < 100", "cents < 800", "cents = 700")) {
      assertThatThrownBy(
              () ->
                  shop.erase(ORDERS)
                      .where("amount < 6")
                      .because("Requested by the customer")
                      .where(2, others)
                      .commit())
          .as(others)
          .isInstanceOf(ConflictException.class)
          .hasMessageContainingAll(
              "1 in major version 1", "in major version 2", "onlyMajorVersion(..)");
    }

    assertNothingChanged(before);
    shop.erase(ORDERS)
        .where("amount < 6")
        .because("Requested by the customer")
        .where(2, "cents < 600")
        .commit();
    assertThat(first()).containsExactly(order(2, "bob", 700));
    assertThat(second()).containsExactly(new OrderInCents(2, "bob", 700));
    assertWhole();
  }

  @Test
  void rowsThatOnlyTheOldMajorVersionHasAreReplacedAndErased() {
    MeshClient shop = defineOrders(V1);
    shop.publish(ORDERS).records(List.of(order(1, "ann", 500), order(2, "bob", 600))).commit();
    shop.startRollout(ORDERS)
        .contract(V2)
        .because("Amounts in cents")
        .withoutHistory()
        .commit()
        .activate()
        .commit();

    shop.erase(ORDERS).where("customer = 'bob'").because("Requested by the customer").commit();
    assertThat(first()).containsExactly(order(1, "ann", 500));
    shop.publish(ORDERS)
        .<Order>records(List.of(order(3, "ann", 700)))
        .alsoTo(2, OrderInCents::of, "cents < 800")
        .replaceWhere("amount < 8")
        .commit();
    assertThat(first()).containsExactly(order(3, "ann", 700));
    toBoth(List.of(order(4, "bob", 800))).replaceAll().commit();

    assertThat(first()).containsExactly(order(4, "bob", 800));
    assertThat(second()).containsExactly(new OrderInCents(4, "bob", 800));
    assertWhole();
  }

  @Test
  void aRetryUnderTheSameKeyPublishesNothing() {
    rollOut();
    List<Order> orders = List.of(order(1, "ann", 500));
    PublishReceipt first = toBoth(orders).idempotencyKey("load-1").commit();

    PublishReceipt again = toBoth(orders).idempotencyKey("load-1").commit();
    PublishReceipt withoutMapping =
        shop().publish(ORDERS).records(orders).idempotencyKey("load-1").commit();

    assertThat(again.replayed()).isTrue();
    assertThat(again.publishId()).isEqualTo(first.publishId());
    assertThat(again.otherVersions()).hasSize(1);
    assertThat(withoutMapping.replayed()).isTrue();
    assertThat(first()).hasSize(1);
    assertThat(second()).hasSize(1);
  }

  @Test
  void noReaderSeesOneMajorVersionWithoutTheOther() {
    rollOut();
    toBoth(List.of(order(1, "ann", 500))).commit();

    beforeCommit(
            toBoth(List.of(order(2, "bob", 700))),
            () -> {
              assertThat(first()).hasSize(1);
              assertThat(second()).hasSize(1);
            })
        .commit();

    assertThat(first()).hasSize(2);
    assertThat(second()).hasSize(2);
  }

  @Test
  void aPublishToOneMajorVersionAloneIsShownByTheRollout() {
    MeshClient shop = rollOut();
    assertThat(shop.rollout(ORDERS).mayDiffer()).isFalse();

    PublishReceipt receipt =
        shop.publish(ORDERS)
            .records(List.of(order(1, "ann", 500)))
            .onlyMajorVersion(1)
            .because("An old order without cents")
            .commit();

    assertThat(receipt.because()).contains("An old order without cents");
    assertThat(receipt.otherVersions()).isEmpty();
    assertThat(first()).hasSize(1);
    assertThat(second()).isEmpty();
    assertThat(shop.rollout(ORDERS).mayDiffer()).isTrue();
    assertThat(shop.rollout(ORDERS).differences())
        .singleElement()
        .satisfies(
            difference -> {
              assertThat(difference.reason()).isEqualTo(RowDifference.Reason.CHANGED_ALONE);
              assertThat(difference.major()).isEqualTo(1);
              assertThat(difference.rows()).isEqualTo(1);
              assertThat(difference.because()).isEqualTo("An old order without cents");
            });
    assertThat(shop.rollout(ORDERS)).asString().contains("1 row changed in major version 1 alone");
    assertWhole();
  }

  @Test
  void contradictoryCallsAreRejected() {
    MeshClient shop = rollOut();
    List<Order> orders = List.of(order(1, "ann", 500));
    State before = state();

    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> toBoth(orders).onlyMajorVersion(1).because("Test").commit(),
        "onlyMajorVersion");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop.publish(ORDERS).records(orders).onlyMajorVersion(1).commit(),
        "onlyMajorVersion(1)",
        "because(text)");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop.publish(ORDERS).<Order>records(orders).alsoTo(1, row -> row).commit(),
        "alsoTo(1");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop.publish(ORDERS).<Order>records(orders).alsoTo(0, row -> row),
        "Use 1 or more");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT, () -> toBoth(orders).alsoTo(2, OrderInCents::of), "twice");
    List<UnaryOperator<Publish<Order>>> withoutFilter =
        List.of(publish -> publish, Publish::replaceAll);
    withoutFilter.forEach(
        mode ->
            assertRefused(
                ErrorCode.INVALID_ARGUMENT,
                () ->
                    mode.apply(shop.publish(ORDERS).<Order>records(orders))
                        .alsoTo(2, OrderInCents::of, "id = 1")
                        .commit(),
                "filter",
                "replaceWhere(..)"));

    assertNothingChanged(before);
  }

  @Test
  void randomPublishesKeepBothMajorVersionsEqual() {
    MeshClient shop = rollOut();
    Random random = new Random(15);
    Map<Long, Order> model = new HashMap<>();
    long next = 0;
    for (int step = 0; step < 25; step++) {
      List<Order> orders = new ArrayList<>();
      long from = next;
      next += random.nextInt(6);
      LongStream.range(from, next)
          .forEach(
              id ->
                  orders.add(
                      order(
                          id,
                          List.of("ann", "bob", "eve").get(random.nextInt(3)),
                          random.nextInt(300))));
      boolean first = random.nextBoolean();
      boolean all = random.nextInt(5) == 0;
      Publish<?> publish =
          first
              ? shop.publish(ORDERS).<Order>records(orders).alsoTo(2, OrderInCents::of)
              : shop.publish(ORDERS)
                  .<OrderInCents>records(orders.stream().map(OrderInCents::of).toList())
                  .majorVersion(2)
                  .alsoTo(1, OrderInCents::toOrder);
      List<Order> valid =
          orders.stream()
              .filter(order -> !order.customer().equals("eve"))
              .filter(order -> OrderInCents.of(order).cents() >= 100)
              .toList();
      if (orders.isEmpty() || valid.size() * 10 < orders.size()) {
        continue;
      }
      if (all) {
        publish.replaceAll();
        model.clear();
      }
      publish.commit();
      valid.forEach(order -> model.put(order.id(), order));
      assertThat(first()).as("step %s", step).containsExactlyInAnyOrderElementsOf(model.values());
      assertThat(second().stream().map(OrderInCents::toOrder))
          .as("step %s", step)
          .containsExactlyInAnyOrderElementsOf(model.values());
    }
    assertWhole();
  }

  /** Rolls out a second major version in which orders may be free. */
  private MeshClient rollOutFreeOrders() {
    MeshClient shop =
        defineOrders(
            Contract.of(Order.class)
                .require(atLeast("amount", 1).id("amount-1"))
                .onViolation(OnViolation.REJECT));
    shop.startRollout(ORDERS)
        .contract(Contract.of(OrderInCents.class).onViolation(OnViolation.REJECT))
        .excludeRows("cents = 0")
        .because("Amounts in cents")
        .commit()
        .activate()
        .commit();
    return shop;
  }

  private static Publish<OrderInCents> toSecond(MeshClient shop, OrderInCents... orders) {
    return shop.publish(ORDERS)
        .<OrderInCents>records(List.of(orders))
        .majorVersion(2)
        .alsoTo(
            1,
            order -> {
              if (order.cents() == 0) {
                throw new IllegalStateException("called with a row that is left out");
              }
              return order.toOrder();
            });
  }

  @Test
  void rowsThatTheRolloutLeavesOutAreInTheNewMajorVersionOnly() {
    MeshClient shop = rollOutFreeOrders();

    PublishReceipt receipt =
        toSecond(shop, new OrderInCents(1, "ann", 500), new OrderInCents(2, "bob", 0)).commit();

    assertThat(receipt.rowsAccepted()).isEqualTo(2);
    assertThat(receipt.rowsLeftOut()).isEqualTo(1);
    assertThat(receipt.otherVersions())
        .singleElement()
        .satisfies(
            older -> {
              assertThat(older.rowsAccepted()).isEqualTo(1);
              assertThat(older.rowsLeftOut()).isZero();
            });
    assertThat(first()).containsExactly(order(1, "ann", 500));
    assertThat(second()).hasSize(2);
    MajorRollout rollout = shop.rollout(ORDERS);
    assertThat(rollout.excludedRows()).contains("cents = 0");
    assertThat(rollout.toString()).contains("cents = 0", "Amounts in cents");
    assertThat(rollout.mayDiffer()).isFalse();
    assertThat(rollout.verify(2, OrderInCents.class, OrderInCents::toOrder).commit().isEqual())
        .isTrue();
    assertThat(rollout.verify(1, Order.class, OrderInCents::of).commit())
        .satisfies(
            verified -> {
              assertThat(verified.isEqual()).isTrue();
              assertThat(verified.newRows()).isEqualTo(2);
            });
    assertWhole();
  }

  @Test
  void rowsThatTheRolloutLeavesOutMayBeReplacedToo() {
    MeshClient shop = rollOutFreeOrders();
    toSecond(shop, new OrderInCents(1, "ann", 500), new OrderInCents(2, "ann", 0)).commit();

    PublishReceipt receipt =
        shop.publish(ORDERS)
            .<OrderInCents>records(List.of(new OrderInCents(3, "ann", 700)))
            .majorVersion(2)
            .alsoTo(1, OrderInCents::toOrder)
            .replaceWhere("customer = 'ann'")
            .commit();

    assertThat(receipt.rowsRemoved()).isEqualTo(2);
    assertThat(first()).containsExactly(order(3, "ann", 700));
    assertThat(second()).containsExactly(new OrderInCents(3, "ann", 700));
    assertWhole();
  }

  @Test
  void aFilterOfLeftOutRowsMustFitTheNewContract() {
    MeshClient shop = defineOrders(V1);
    State before = state();

    assertRefused(
        ErrorCode.CHANGE_INCOMPATIBLE,
        () ->
            shop.startRollout(ORDERS)
                .contract(V2)
                .excludeRows("status = 'FREE'")
                .because("Amounts in cents")
                .commit(),
        "status");

    assertNothingChanged(before);
  }
}
