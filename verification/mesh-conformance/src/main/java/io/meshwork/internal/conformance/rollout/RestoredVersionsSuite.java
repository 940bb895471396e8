package io.meshwork.internal.conformance.rollout;

import static io.meshwork.internal.conformance.fixture.AmendedOrders.FIRST;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.MeshClient;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.OrderInCents;
import io.meshwork.internal.conformance.fixture.RetirementFixture;
import io.meshwork.operation.Plan;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.MajorRollout.RowDifference;
import io.meshwork.rollout.Rollout;
import java.time.Duration;
import java.time.Period;
import org.junit.jupiter.api.Test;

/** A retired major version is restored within 14 days. Erases reach it, and it stays as it was. */
public abstract class RestoredVersionsSuite extends RetirementFixture {
  @Test
  void aRestoredMajorVersionIsReadAndPublishedAgain() {
    MajorRollout retired = retired();
    MeshClient finance = registerFinance();
    clock.advance(Duration.ofDays(13));

    MajorRollout restored = retired.restore().because("A report still needs it").commit();

    assertThat(restored.state()).isEqualTo(Rollout.State.CLOSING);
    assertThat(restored.retiredAt()).isEmpty();
    assertThat(restored.newOnlySince()).isEmpty();
    assertThat(restored.restoredAt()).contains(clock.instant());
    assertThat(restored.restoredBecause()).contains("A report still needs it");
    assertThat(restored.toString())
        .contains("restored at " + clock.instant() + ": A report still needs it");
    assertThat(rollout()).isEqualTo(restored);
    assertThat(all(finance.read(ORDERS).majorVersion(1).as(Order.class))).hasSize(3);
    publishBoth(3, 5);
    assertThat(old()).hasSize(5);
    assertThat(current()).hasSize(5);
    assertConflict(
        () -> finance.subscribe(ORDERS).name("late").purpose("x").majorVersion(1).commit());
    assertWhole();
  }

  @Test
  void aRestoredMajorVersionLacksWhatWasPublishedSince() {
    MajorRollout retired = retired();
    publishNew(3, 5);

    Plan<MajorRollout> plan = retired.restore().because("A report still needs it").plan();
    MajorRollout restored = plan.commit();

    assertThat(plan.toString()).contains("rows published since are only in major version 2");
    assertThat(restored.newOnlySince()).isEqualTo(retired.retiredAt());
    assertThat(restored.toString()).contains("behind", "only in major version 2");
    assertThat(old()).hasSize(3);
    publishNew(5, 6);
    assertThat(current()).hasSize(6);
    assertThat(old()).hasSize(3);
    assertThat(restored.retire().commit().state()).isEqualTo(Rollout.State.RETIRED);
    assertWhole();
  }

  @Test
  void aRetirementIsUndoneWithinFourteenDays() {
    MajorRollout retired = retired();
    clock.advance(Duration.ofDays(14));

    assertThat(codes(retired.restore().because("Late").plan()))
        .containsExactly(FindingCode.UNDO_WINDOW_OVER);
    assertConflict(() -> retired.restore().because("Late").commit(), "could be undone until");
    assertRetired(() -> registerFinance().read(ORDERS).majorVersion(1).rows());
  }

  @Test
  void anEraseReachesTheRetiredMajorVersion() {
    retired();

    PublishReceipt erased = shop().erase(ORDERS).where("id = 1").because("They asked.").commit();

    assertThat(erased.otherVersions())
        .singleElement()
        .satisfies(receipt -> assertThat(receipt.major()).isEqualTo(1));
    assertThat(old()).extracting(Order::id).containsExactlyInAnyOrder(0L, 2L);
    assertThat(current()).extracting(OrderInCents::id).containsExactlyInAnyOrder(0L, 2L);
    shop()
        .erase(ORDERS)
        .where("cents >= 0 AND id = 2")
        .because("They asked.")
        .where(1, "id = 2")
        .commit();
    assertThat(old()).extracting(Order::id).containsExactly(0L);
    assertWhole();
  }

  @Test
  void aVersionThatLostRowsAloneWhileItWasRetiredIsBehind() {
    MajorRollout retired = retired();
    shop()
        .erase(ORDERS)
        .where("id = 1")
        .onlyMajorVersion(1)
        .because("Only of the old version")
        .commit();

    MajorRollout restored = retired.restore().because("Needed").commit();

    assertThat(restored.newOnlySince()).isPresent();
    assertThat(restored.differences())
        .extracting(RowDifference::reason)
        .contains(RowDifference.Reason.NOT_COPIED);
    restored.backFill(OrderInCents.class, OrderInCents::toOrder).commit();
    assertThat(old()).extracting(Order::id).containsExactlyInAnyOrder(0L, 1L, 2L);
    assertThat(rollout().differences()).isEmpty();
    assertWhole();
  }

  @Test
  void maintenanceLeavesARetiredMajorVersionAsItWas() {
    defineHistory();
    announced(ORDERS);
    MajorRollout retired = rollout().close().commit().retire().commit();
    String pointer = json("table/orders_v1");
    clock.advance(Duration.ofDays(10));

    mesh.maintain().compactAtLeast(2).commit();

    assertThat(json("table/orders_v1")).isEqualTo(pointer);
    assertThat(json("table/orders_v2")).isNotEmpty();
    assertWhole();
    assertThat(retired.restore().because("Needed").commit().state())
        .isEqualTo(Rollout.State.CLOSING);
    mesh.maintain().compactAtLeast(2).commit();
    assertThat(json("table/orders_v1")).isNotEqualTo(pointer);
    assertThat(old()).hasSize(12);
    assertWhole();
  }

  private void defineHistory() {
    inParallel();
    for (long id = 3; id < 12; id++) {
      publishBoth(id, id + 1);
    }
  }

  @Test
  void maintenanceOfTheNewMajorVersionLeavesNoRowsBehind() {
    defineHistory();
    announced(ORDERS);
    MajorRollout retired = rollout().close().commit().retire().commit();
    String before = json("table/orders_v2");
    clock.advance(Duration.ofDays(10));
    mesh.maintain().compactAtLeast(2).commit();
    shop().erase(ORDERS).where("id = 1").because("They asked.").commit();
    assertThat(json("table/orders_v2")).isNotEqualTo(before);

    Plan<MajorRollout> plan = retired.restore().because("A report still needs it").plan();
    MajorRollout restored = plan.commit();

    assertThat(plan.toString()).contains("each publish writes both versions again");
    assertThat(restored.newOnlySince()).isEmpty();
    publishBoth(12, 13);
    assertThat(old()).hasSize(12);
    assertThat(current()).hasSize(12);
    assertWhole();
  }

  @Test
  void rowsOfAMajorVersionThatIsBehindAreNotPublishedToItAlone() {
    MajorRollout retired = retired();
    publishNew(3, 5);
    retired.restore().because("A report still needs it").commit();

    assertRefused(
        ErrorCode.VERSION_LEFT_OUT,
        () -> publishBoth(5, 6),
        "restored and lacks rows since 2026-11-20",
        "majorVersion(2)",
        "onlyMajorVersion(1");
    shop()
        .publish(ORDERS)
        .records(Order.range(3, 5))
        .onlyMajorVersion(1)
        .because("What it lacks")
        .majorVersion(1)
        .commit();

    assertThat(old()).hasSize(5);
    assertThat(current()).hasSize(5);
  }

  @Test
  void anEraseFromAMajorVersionThatIsBehindReachesTheNewOne() {
    MajorRollout retired = retired();
    publishNew(3, 5);
    retired.restore().because("A report still needs it").commit();

    shop().erase(ORDERS).majorVersion(1).where("id = 1").because("They asked.").commit();

    assertThat(old()).extracting(Order::id).containsExactlyInAnyOrder(0L, 2L);
    assertThat(current()).extracting(OrderInCents::id).containsExactlyInAnyOrder(0L, 2L, 3L, 4L);
    assertWhole();
  }

  @Test
  void aVersionThatLeavesRowsOutIsNotRestoredBesideAThirdVersion() {
    MeshClient shop = defineOrders(FIRST.noticePeriod(Period.ofDays(30)));
    shop.startRollout(ORDERS)
        .contract(SECOND)
        .excludeRows("customer = 'Zoe'")
        .because(REASON)
        .commit()
        .activate()
        .commit();
    announced(ORDERS);
    MajorRollout retired = rollout().close().commit().retire().commit();
    MajorRollout third =
        shop.startRollout(ORDERS).contract(FIRST).because("Amounts again").commit();

    Plan<MajorRollout> plan = retired.restore().because("A report still needs it").plan();

    assertThat(codes(plan)).containsExactly(FindingCode.ROWS_LEFT_OUT);
    assertConflict(
        () -> retired.restore().because("A report still needs it").commit(),
        "rows of a third version could not be assigned",
        "rollout 2");
    third.abort().because("Not yet").commit();
    assertThat(retired.restore().because("A report still needs it").commit().state())
        .isEqualTo(Rollout.State.CLOSING);
    assertWhole();
  }

  @Test
  void anotherRetirementEndsWhatThePageShowsOfTheRestoration() {
    MajorRollout restored = retired().restore().because("A report still needs it").commit();

    MajorRollout again = restored.retire().commit();

    assertThat(again.retiredAt()).contains(clock.instant());
    assertThat(again.restoredAt()).isEmpty();
    assertThat(again.restoredBecause()).isEmpty();
    assertThat(again.toString()).doesNotContain("restored at");
  }
}
