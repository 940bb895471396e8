package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.operation.Plan;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.rollout.Rollout;
import io.meshwork.testkit.Faults.Death;
import io.meshwork.testkit.Faults.Phase;
import io.meshwork.testkit.Faults.Port;
import io.meshwork.testkit.SimulatedCrash;
import java.time.Duration;
import java.time.Period;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An abort withdraws the new major version, without loss of rows or of a running read. */
abstract class AbortsSuite extends RetiredMajorFixture {
  /** The same with an abort, which withdraws the new major version. */
  @Test
  void maintenanceUndoesAnAbortDuringARead() {
    Rollout parallel = inParallel();
    MeshClient finance = registerFinance();
    faults
        .on(Port.REGISTRY_COMMIT)
        .nth(2)
        .meanwhile(() -> all(finance.read(ORDERS).majorVersion(2).as(Ids.class)));
    faults.on(Port.REGISTRY_COMMIT).nth(2).crash(Phase.AFTER, Death.THROW);
    assertThatThrownBy(() -> parallel.abort("Late").commit()).isInstanceOf(SimulatedCrash.class);
    faults.clear();
    assertThat(rollout().state()).isEqualTo(Rollout.State.ABORTED);

    maintain();

    assertThat(rollout().state()).isEqualTo(Rollout.State.PARALLEL);
    assertThat(all(finance.read(ORDERS).majorVersion(2).as(Ids.class))).hasSize(3);
    publishBoth(3, 5);
    assertThat(old()).hasSize(5);
    assertThat(current()).hasSize(5);
    assertWhole();
  }

  @Test
  void anEraseReachesAWithdrawnMajorVersionUntilItIsPurged() {
    inParallel().abort("Wrong unit").commit();

    PublishReceipt erased = shop().publish(ORDERS).erasingWhere("id = 1", "They asked.").commit();

    assertThat(erased.also()).extracting(PublishReceipt::major).containsExactly(2);
    assertThat(old()).extracting(Order::id).containsExactlyInAnyOrder(0L, 2L);
    assertThat(current()).extracting(OrderInCents::id).containsExactlyInAnyOrder(0L, 2L);
    publishOneByOne(3, 4);
    assertThat(current()).hasSize(2);
    shop()
        .publish(ORDERS)
        .erasingWhere("amount > 2 and id = 2", "They asked.")
        .alsoTo(2, row -> row, "id = 2")
        .commit();
    assertThat(current()).extracting(OrderInCents::id).containsExactly(0L);
    rollout().purge("Copies of persons").commit();
    assertThat(shop().publish(ORDERS).erasingWhere("id = 0", "They asked.").commit().also())
        .isEmpty();
    assertWhole();
  }

  @Test
  void anAbortAfterTheClosureMakesTheOldMajorVersionCurrentAgain() {
    Rollout aborted = closed().abort("Wrong unit").commit();

    assertThat(aborted.state()).isEqualTo(Rollout.State.ABORTED);
    assertThat(orders()).hasSize(3);
    publishOneByOne(3, 4);
    assertThat(orders()).hasSize(4);
    assertThat(json("major/1")).contains("ACTIVE").doesNotContain("publishedWith");
    assertWhole();
  }

  @Test
  void anAbortWaitsForReadersOfTheNewMajorVersion() {
    Rollout parallel = inParallel();
    MeshClient finance = registerFinance();
    all(finance.read(ORDERS).majorVersion(2).as(OrderInCents.class));

    assertConflict(() -> parallel.abort("Late").commit(), "finance/@ uses major version 2");
    clock.advance(Duration.ofDays(36));
    assertThat(codes(parallel.abort("Late").plan())).isEmpty();
    finance.linkResource(ORDERS).into("finance_db").commit();
    assertThat(codes(parallel.abort("Late").plan())).isEmpty();
    finance.links().unlink("finance_db.orders").commit();
    announced(ORDERS);
    parallel.close().commit();
    finance.linkResource(ORDERS).into("finance_db").commit();
    assertConflict(() -> parallel.abort("Late").commit(), "finance_db.orders");
    finance.links().unlink("finance_db.orders").commit();

    assertThat(parallel.abort("Late").commit().state()).isEqualTo(Rollout.State.ABORTED);
  }

  @Test
  void anAbortLosesNoRowsThatOnlyTheNewMajorVersionHas() {
    Rollout retired = retired();
    publishNew(3, 5);
    Rollout restored = retired.restore("A report still needs it").commit();

    assertThat(codes(restored.abort("Wrong unit").plan())).containsExactly("OLD_MAJOR_BEHIND");
    assertConflict(
        () -> restored.abort("Wrong unit").commit(), "lacks the rows", "2026-11-20", "retire()");
    assertThat(current()).hasSize(5);
  }

  @Test
  void theFindingsOfAnAbortNameRowsOfTheNewMajorVersionAlone() {
    Rollout parallel = inParallel();
    shop()
        .publish(ORDERS)
        .majorVersion(2)
        .records(List.of(new OrderInCents(7, "Zoe", 1)))
        .onlyTo(2, "An order without an amount")
        .commit();

    Plan<Rollout> plan = parallel.abort("Wrong unit").plan();

    assertThat(codes(plan)).containsExactly("ROWS_WITHDRAWN");
    assertThat(plan.toString()).contains("major version 2 alone are withdrawn with it");
    assertThat(plan.commit().state()).isEqualTo(Rollout.State.ABORTED);
  }

  @Test
  void anAbortThatIsUndoneLeavesTheNewMajorVersionTheCurrentOne() {
    inParallel();
    MeshClient finance = registerFinance();
    Rollout parallel = rollout().makeCurrent().commit();
    faults.on(Port.REGISTRY_COMMIT).nth(2).meanwhile(() -> all(finance.read(ORDERS).as(Ids.class)));

    assertConflict(() -> parallel.abort("Wrong unit").commit(), "finance/@ uses", "was undone");
    faults.clear();

    assertThat(rollout().state()).isEqualTo(Rollout.State.PARALLEL);
    assertThat(currentVersion()).hasToString("2.0.0");
    assertThat(json("major/2")).doesNotContain("wasCurrent");
    publishBoth(3, 5);
    assertThat(old()).hasSize(5);
    assertThat(current()).hasSize(5);
    assertWhole();
  }

  @Test
  void thePlanOfAnAbortWarnsOfCopiesOfErasedRows() {
    defineOrders(FIRST.noticePeriod(Period.ofDays(30)));
    publishOneByOne(0, 25); // more files than one round copies
    shop().rollOut(ORDERS).contract(SECOND).because(REASON).commit();
    rollout()
        .backFill(Order.class, OrderInCents::of)
        .within(Duration.ofMinutes(1))
        .onProgress((phase, done, total) -> clock.advance(Duration.ofMinutes(2)))
        .commit();
    assertThat(rollout().cutOver()).isEmpty();
    assertThat(codes(rollout().abort("Wrong unit").plan())).isEmpty();
    shop().publish(ORDERS).erasingWhere("id = 1", "They asked.").commit();

    Plan<Rollout> plan = rollout().abort("Wrong unit").plan();
    plan.commit();

    assertThat(codes(plan)).containsExactly("COPIES_REMAIN");
    assertThat(current()).extracting(OrderInCents::id).contains(1L);
    rollout().purge("Copies of persons").commit();
    assertRetired(this::current);
    assertWhole();
  }
}
