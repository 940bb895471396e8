package io.meshwork.internal.conformance.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.MeshClient;
import io.meshwork.consume.Subscribe;
import io.meshwork.consume.Subscribe.SubscriptionPlan;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Column;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.OrderInCents;
import java.math.BigDecimal;
import java.time.Period;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The plan of a subscription compares what it would read in both major versions. */
public abstract class SubscriptionPlansSuite extends MovesFixture {
  @Test
  void aTrialComparesBothVersionsAndDoesNotCountAsUse() {
    defineOrders(Contract.of(Order.class).primaryKey("id").noticePeriod(Period.ofDays(30)));
    MeshClient finance = registerFinance();
    Subscription<Order> first =
        finance.subscribe(ORDERS).name("whole").purpose("All").as(Order.class).commit();
    publishOneByOne(0, 3);
    openSecond(Contract.of(OrderInCents.class).primaryKey("id").noticePeriod(Period.ofDays(30)));
    publishBoth(3, 6);
    assertThat(first.major()).isEqualTo(1);
    State before = state();

    SubscriptionPlan plan =
        finance.subscribe(ORDERS).name("whole").majorVersion(2).as(OrderInCents.class).plan();

    assertNothingChanged(before);
    assertThat(plan.hasSameRows()).isTrue();
    assertThat(plan.hasSamePublishes()).isTrue();
    assertThat(plan.from()).isEqualTo(1);
    assertThat(plan.to()).isEqualTo(2);
    assertThat(plan.rowsBefore()).isEqualTo(6);
    assertThat(plan.rowsAfter()).isEqualTo(6);
    assertThat(plan.columns())
        .extracting(Subscribe.ColumnDifference::before, Subscribe.ColumnDifference::after)
        .containsExactly(
            tuple(Optional.of("amount"), Optional.empty()),
            tuple(Optional.of("note"), Optional.empty()),
            tuple(Optional.empty(), Optional.of("cents")));
    assertThat(plan.sumsBefore()).containsExactly(Map.entry("id", BigDecimal.valueOf(15)));
    assertThat(plan.sumsAfter()).isEqualTo(plan.sumsBefore());
    assertThat(plan.toString()).contains("1 -> 2", "6 -> 6", "amount", "cents", "the same rows");
  }

  @Test
  void aTrialShowsRowsThatOnlyOneVersionHas() {
    defineOrders(Contract.of(Order.class).primaryKey("id").noticePeriod(Period.ofDays(30)));
    MeshClient finance = registerFinance();
    openSecond(Contract.of(OrderInCents.class).primaryKey("id").noticePeriod(Period.ofDays(30)));
    publishBoth(0, 3);
    shop()
        .publish(ORDERS)
        .<Order>records(Order.range(7, 9))
        .onlyMajorVersion(1)
        .because("Old")
        .commit();
    publishBoth(10, 11);

    SubscriptionPlan plan =
        finance.subscribe(ORDERS).majorVersion(2).columns("id").where("id > 0").asMaps().plan();

    assertThat(plan.hasSameRows()).isFalse();
    assertThat(plan.rowsBefore()).isEqualTo(5);
    assertThat(plan.rowsAfter()).isEqualTo(3);
    assertThat(plan.keyColumns()).containsExactly("id");
    assertThat(plan.rowsOnlyBefore()).isEqualTo(2);
    assertThat(plan.rowsOnlyAfter()).isZero();
    assertThat(plan.keysOnlyBefore()).containsExactly("7", "8");
    assertThat(plan.keysOnlyAfter()).isEmpty();
    assertThat(plan.toString()).contains("7; 8", "result");
    assertThat(finance.subscriptions()).isEmpty();
    assertRefused(
        ErrorCode.READER_INVALID,
        () -> finance.subscribe(ORDERS).majorVersion(2).as(Order.class).plan(),
        "amount");
  }

  record Weight(long id, double weight) {}

  record ExactWeight(long id, @Column(precision = 10, scale = 2) BigDecimal weight) {
    static ExactWeight of(Weight row) {
      return new ExactWeight(row.id(), BigDecimal.valueOf(row.weight()));
    }
  }

  @Test
  void aDecimalColumnHasTheSameSumAsAFloatingPointOne() {
    defineOrders(Contract.of(Weight.class).noticePeriod(Period.ofDays(30)));
    MeshClient finance = registerFinance();
    shop()
        .publish(ORDERS)
        .records(List.of(new Weight(1, 0.1), new Weight(2, 0.7), new Weight(3, -0.0)))
        .commit();
    shop().startRollout(ORDERS).contract(Contract.of(ExactWeight.class)).because("Exact").commit();
    shop().rollout(ORDERS).backFill(Weight.class, ExactWeight::of).commit().activate().commit();

    SubscriptionPlan plan = finance.subscribe(ORDERS).majorVersion(2).asMaps().plan();

    assertThat(plan.toString()).contains("weight 0.8 -> 0.80", "the same rows");
    assertThat(plan.hasSameRows()).isTrue();
  }

  @Test
  void anEnormousSumIsPrintedShort() {
    defineOrders(Contract.of(Weight.class).noticePeriod(Period.ofDays(30)));
    MeshClient finance = registerFinance();
    shop()
        .publish(ORDERS)
        .records(
            List.of(new Weight(1, Double.MAX_VALUE), new Weight(2, 1), new Weight(3, Double.NaN)))
        .commit();
    shop()
        .startRollout(ORDERS)
        .contract(Contract.of(Weight.class))
        .partitionBy(Partition.by("id"))
        .because("Partitions")
        .commit();
    shop().rollout(ORDERS).backFill().commit().activate().commit();

    SubscriptionPlan plan = finance.subscribe(ORDERS).majorVersion(2).asMaps().plan();

    assertThat(plan.toString())
        .contains("weight 1.797693134862316E+308 -> 1.797693134862316E+308", "the same rows");
  }

  @Test
  void theVersionsOfAnEmptyProductHaveTheSameRows() {
    defineOrders(Contract.of(Order.class).noticePeriod(Period.ofDays(30)));
    MeshClient finance = registerFinance();
    openSecond();

    SubscriptionPlan plan = finance.subscribe(ORDERS).majorVersion(2).asMaps().plan();

    assertThat(plan.hasSamePublishes()).isTrue();
    assertThat(plan.hasSameRows()).isTrue();
  }
}
