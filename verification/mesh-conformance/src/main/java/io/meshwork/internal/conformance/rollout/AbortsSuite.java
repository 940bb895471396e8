package io.meshwork.internal.conformance.rollout;

import static io.meshwork.contract.Rule.atLeast;
import static io.meshwork.internal.conformance.fixture.AmendedOrders.FIRST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.conformance.fixture.AmendedOrders.Ids;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.OrderInCents;
import io.meshwork.internal.conformance.fixture.RetirementFixture;
import io.meshwork.operation.Plan;
import io.meshwork.publish.Erase;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.Rollout;
import io.meshwork.testkit.Faults.Death;
import io.meshwork.testkit.Faults.Phase;
import io.meshwork.testkit.Faults.Port;
import io.meshwork.testkit.SimulatedCrash;
import java.time.Duration;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** An abort withdraws the new major version, without loss of rows or of a running read. */
public abstract class AbortsSuite extends RetirementFixture {
  /** The same with an abort, which withdraws the new major version. */
  @Test
  void maintenanceUndoesAnAbortDuringARead() {
    MajorRollout parallel = inParallel();
    MeshClient finance = registerFinance();
    faults
        .on(Port.REGISTRY_COMMIT)
        .nth(2)
        .meanwhile(() -> all(finance.read(ORDERS).majorVersion(2).as(Ids.class)));
    faults.on(Port.REGISTRY_COMMIT).nth(2).crash(Phase.AFTER, Death.THROW);
    assertThatThrownBy(() -> parallel.abort().because("Late").commit())
        .isInstanceOf(SimulatedCrash.class);
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
    inParallel().abort().because("Wrong unit").commit();

    PublishReceipt erased = shop().erase(ORDERS).where("id = 1").because("They asked.").commit();

    assertThat(erased.otherVersions()).extracting(PublishReceipt::major).containsExactly(2);
    assertThat(old()).extracting(Order::id).containsExactlyInAnyOrder(0L, 2L);
    assertThat(current()).extracting(OrderInCents::id).containsExactlyInAnyOrder(0L, 2L);
    publishOneByOne(3, 4);
    assertThat(current()).hasSize(2);
    assertRefused(
        ErrorCode.FILTER_INVALID,
        () -> shop().erase(ORDERS).where("amount > 2").because("They asked.").commit(),
        "major version 2",
        "amount",
        "where(2, filter)");
    shop()
        .erase(ORDERS)
        .where("amount > 2 and id = 2")
        .because("They asked.")
        .where(2, "id = 2")
        .commit();
    assertThat(current()).extracting(OrderInCents::id).containsExactly(0L);
    rollout().purge().because("Copies of persons").commit();
    assertThat(shop().erase(ORDERS).where("id = 0").because("They asked.").commit().otherVersions())
        .isEmpty();
    assertWhole();
  }

  @Test
  void anAbortAfterTheClosureMakesTheOldMajorVersionCurrentAgain() {
    MajorRollout aborted = closed().abort().because("Wrong unit").commit();

    assertThat(aborted.state()).isEqualTo(Rollout.State.ABORTED);
    assertThat(orders()).hasSize(3);
    publishOneByOne(3, 4);
    assertThat(orders()).hasSize(4);
    assertThat(json("major/1")).contains("ACTIVE").doesNotContain("publishedWith");
    assertWhole();
  }

  @Test
  void anAbortWaitsForReadersOfTheNewMajorVersion() {
    MajorRollout parallel = inParallel();
    MeshClient finance = registerFinance();
    all(finance.read(ORDERS).majorVersion(2).as(OrderInCents.class));

    assertConflict(
        () -> parallel.abort().because("Late").commit(),
        "finance/@ uses major version 2",
        "read major version 1 with majorVersion(1)",
        "35 days");
    clock.advance(Duration.ofDays(36));
    assertThat(codes(parallel.abort().because("Late").plan())).isEmpty();
    finance.linkResource(ORDERS).database("finance_db").commit();
    assertThat(codes(parallel.abort().because("Late").plan())).isEmpty();
    finance.unlinkResource("finance_db.orders").commit();
    announced(ORDERS);
    parallel.close().commit();
    finance.linkResource(ORDERS).database("finance_db").commit();
    assertConflict(
        () -> parallel.abort().because("Late").commit(), "unlinkResource(\"finance_db.orders\")");
    finance.unlinkResource("finance_db.orders").commit();

    assertThat(parallel.abort().because("Late").commit().state()).isEqualTo(Rollout.State.ABORTED);
  }

  @Test
  void anAbortThatWaitsForASubscriptionNamesTheCallThatEndsItsUse() {
    MajorRollout parallel = inParallel();
    MeshClient finance = registerFinance();
    finance
        .subscribe(ORDERS)
        .name("new")
        .majorVersion(2)
        .purpose("x")
        .contact("f@example.org")
        .commit();

    assertConflict(
        () -> parallel.abort().because("Late").commit(),
        "finance call subscribe(\"commerce/orders\").name(\"new\").majorVersion(1)"
            + ".allowDeprecated().because(reason).commit()");
    finance
        .subscribe(ORDERS)
        .name("new")
        .majorVersion(1)
        .allowDeprecated()
        .because("It ends")
        .commit();
    finance.subscribe(ORDERS).name("new").majorVersion(2).commit();
    assertConflict(
        () -> parallel.abort().because("Late").commit(), ".name(\"new\").majorVersion(1).commit()");
    finance.subscribe(ORDERS).name("late").majorVersion(2).contact("f@x").purpose("x").commit();
    announced(ORDERS);
    parallel.close().commit();
    assertConflict(
        () -> parallel.abort().because("Late").commit(),
        "finance call unsubscribe(\"commerce/orders\", \"late\")");

    finance.subscribe(ORDERS).name("new").majorVersion(1).commit();
    finance.unsubscribe(ORDERS, "late").because("It ends").commit();
    assertThat(parallel.abort().because("Late").commit().state()).isEqualTo(Rollout.State.ABORTED);
  }

  @Test
  void anAbortLosesNoRowsThatOnlyTheNewMajorVersionHas() {
    MajorRollout retired = retired();
    publishNew(3, 5);
    MajorRollout restored = retired.restore().because("A report still needs it").commit();

    assertThat(codes(restored.abort().because("Wrong unit").plan()))
        .containsExactly(FindingCode.OLD_MAJOR_BEHIND);
    assertConflict(
        () -> restored.abort().because("Wrong unit").commit(),
        "lacks the rows",
        "2026-11-20",
        "retire()");
    assertThat(current()).hasSize(5);
  }

  @Test
  void theFindingsOfAnAbortNameRowsOfTheNewMajorVersionAlone() {
    MajorRollout parallel = inParallel();
    shop()
        .publish(ORDERS)
        .majorVersion(2)
        .records(List.of(new OrderInCents(7, "Zoe", 1)))
        .onlyMajorVersion(2)
        .because("An order without an amount")
        .commit();

    Plan<MajorRollout> plan = parallel.abort().because("Wrong unit").plan();

    assertThat(codes(plan)).containsExactly(FindingCode.ROWS_WITHDRAWN);
    assertThat(plan.toString()).contains("major version 2 alone are withdrawn with it");
    assertThat(plan.commit().state()).isEqualTo(Rollout.State.ABORTED);
  }

  @Test
  void anAbortThatIsUndoneLeavesTheNewMajorVersionTheCurrentOne() {
    inParallel();
    MeshClient finance = registerFinance();
    MajorRollout parallel = rollout().makeCurrent().commit();
    faults.on(Port.REGISTRY_COMMIT).nth(2).meanwhile(() -> all(finance.read(ORDERS).as(Ids.class)));

    assertConflict(
        () -> parallel.abort().because("Wrong unit").commit(), "finance/@ uses", "was undone");
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
  void anAbortRemovesCopiesOfReplacedRows() {
    partlyCopied(SECOND);
    assertThat(copiedIds()).contains(1L);
    assertThat(steps(rollout().abort().because("Wrong unit").plan()))
        .containsExactly("withdraw", "keep");
    List<Long> rest = new ArrayList<>(copiedIds());
    rest.remove(1L);
    toOrders().records(Order.range(1, 2)).replaceWhere("id = 1").commit();
    assertThat(copiedIds()).contains(1L);

    Plan<MajorRollout> plan = rollout().abort().because("Wrong unit").plan();
    rollout().abort().because("Wrong unit").commit();

    assertThat(plan.findings()).isEmpty();
    assertThat(steps(plan)).containsExactly("withdraw", "remove copies", "keep");
    assertThat(plan.toString()).contains("major version 1 no longer has");
    assertThat(rest).isNotEmpty();
    assertThat(copiedIds()).containsExactlyInAnyOrderElementsOf(rest);
    assertWhole();
    rollout().purge().because("Copies of persons").commit();
    assertRetired(this::current);
    assertWhole();
  }

  @Test
  void anEraseRemovesTheCopiesOfItsRows() {
    partlyCopied(SECOND);
    assertThat(copiedIds()).contains(1L);

    erasing().commit();

    assertThat(copiedIds()).isNotEmpty().doesNotContain(1L);
    assertThat(steps(rollout().abort().because("Wrong unit").plan()))
        .containsExactly("withdraw", "keep");
    assertWhole();
  }

  @Test
  void anEraseRemovesTheQuarantinedCopiesOfItsRows() {
    partlyCopied(SECOND.require(atLeast("cents", 1_000_000).id("much")));
    assertThat(quarantined()).anyMatch(row -> row.startsWith("{\"id\":1,"));

    erasing().commit();

    assertThat(quarantined()).isNotEmpty().noneMatch(row -> row.startsWith("{\"id\":1,"));
    assertWhole();
  }

  @Test
  void anAbortRemovesCopiesOfRowsThatAreErasedMeanwhile() {
    partlyCopied(SECOND);
    assertThat(copiedIds()).contains(1L);
    faults.on(Port.REGISTRY_COMMIT).nth(1).meanwhile(() -> erasing().commit());

    rollout().abort().because("Wrong unit").commit();
    faults.clear();

    assertThat(old()).hasSize(24).extracting(Order::id).doesNotContain(1L);
    assertThat(copiedIds()).isNotEmpty().doesNotContain(1L);
    assertWhole();
  }

  @Test
  void anEraseDuringAnAbortReachesTheWithdrawnMajorVersion() {
    partlyCopied(SECOND);
    assertThat(copiedIds()).contains(1L);

    assertErasedAgain(
        () ->
            beforeCommit(erasing(), () -> rollout().abort().because("Wrong unit").commit())
                .commit());
  }

  @Test
  void anEraseAtTheCommitOfAnAbortReachesTheWithdrawnMajorVersion() {
    partlyCopied(SECOND);
    assertThat(copiedIds()).contains(1L);
    faults
        .on(Port.REGISTRY_COMMIT)
        .nth(1)
        .meanwhile(() -> rollout().abort().because("Wrong unit").commit());

    assertErasedAgain(() -> erasing().commit());
  }

  private void assertErasedAgain(ThrowingCallable erase) {
    assertThatThrownBy(erase)
        .isInstanceOf(ConflictException.class)
        .hasMessageContainingAll(
            "major version 2 to WITHDRAWN", "Nothing was erased.", "Run it again");
    faults.clear();
    assertThat(rollout().state()).isEqualTo(Rollout.State.ABORTED);
    assertThat(old()).extracting(Order::id).contains(1L);

    PublishReceipt erased = erasing().commit();

    assertThat(erased.replayed()).isFalse();
    assertThat(erased.otherVersions()).extracting(PublishReceipt::major).containsExactly(2);
    assertThat(old()).extracting(Order::id).doesNotContain(1L);
    assertThat(copiedIds()).isNotEmpty().doesNotContain(1L);
    assertWhole();
  }

  /** A back-fill that did not end: the new major version has copies of some files. */
  private void partlyCopied(Contract contract) {
    defineOrders(FIRST.noticePeriod(Period.ofDays(30)));
    publishOneByOne(0, 25); // more files than one round copies
    shop().startRollout(ORDERS).contract(contract).because(REASON).commit();
    rollout()
        .backFill(Order.class, OrderInCents::of)
        .timeout(Duration.ofMinutes(1))
        .onProgress((phase, done, total) -> clock.advance(Duration.ofMinutes(2)))
        .commit();
    assertThat(rollout().cutOver()).isEmpty();
  }

  private Erase erasing() {
    return shop().erase(ORDERS).where("id = 1").because("They asked.").idempotencyKey("erase-1");
  }

  private List<Long> copiedIds() {
    return current().stream().map(OrderInCents::id).toList();
  }

  /** The quarantined orders of the new major version in JSON. */
  private List<String> quarantined() {
    return all(shop().quarantine(ORDERS).majorVersion(2).asMaps()).stream()
        .map(row -> String.valueOf(row.get("row")))
        .toList();
  }

  private static List<String> steps(Plan<?> plan) {
    return plan.steps().stream().map(Plan.Step::verb).toList();
  }
}
