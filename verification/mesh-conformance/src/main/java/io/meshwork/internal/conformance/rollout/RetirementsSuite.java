package io.meshwork.internal.conformance.rollout;

import static io.meshwork.internal.conformance.fixture.AmendedOrders.FIRST;
import static io.meshwork.internal.conformance.fixture.AmendedOrders.subscribe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.MeshClient;
import io.meshwork.card.ProductConsumer;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.FindingCode;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.conformance.fixture.AmendedOrders.Customers;
import io.meshwork.internal.conformance.fixture.AmendedOrders.Ids;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.OrderInCents;
import io.meshwork.internal.conformance.fixture.RetirementFixture;
import io.meshwork.operation.Plan;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.Principal;
import io.meshwork.publish.Publish;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.Rollout;
import io.meshwork.testkit.Faults.Death;
import io.meshwork.testkit.Faults.Phase;
import io.meshwork.testkit.Faults.Port;
import io.meshwork.testkit.SimulatedCrash;
import java.time.Duration;
import java.time.Period;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** A major version is retired when no consumer needs it, and a read at the last moment keeps it. */
public abstract class RetirementsSuite extends RetirementFixture {
  @Test
  void aClosedMajorVersionAcceptsNoSubscriptionsAndTheNewOneIsCurrent() {
    prepared();
    MeshClient finance = registerFinance();
    Subscription<Customers> subscription = subscribe(finance, "kept", Customers.class);
    MajorRollout parallel = opened();
    announced(ORDERS);

    MajorRollout closed = parallel.close().commit();

    assertThat(closed.state()).isEqualTo(Rollout.State.CLOSING);
    assertThat(finance.describe(ORDERS).versions().get(0).version()).hasToString("2.0.0");
    readAll(subscription);
    assertConflict(
        () -> finance.subscribe(ORDERS).name("late").purpose("x").majorVersion(1).commit(),
        "closed to new subscriptions",
        "major version 2");
    assertThat(all(shop().read(ORDERS).as(OrderInCents.class))).hasSize(3);
    publishBoth(3, 5);
    assertThat(old()).hasSize(5);
    assertThat(current()).hasSize(5);
    assertConflict(() -> closed.close().commit(), "CLOSING");
    assertWhole();
  }

  @Test
  void aRetirementNeedsAClosedMajorVersionAndAnAnnouncement() {
    MajorRollout parallel = inParallel();
    assertConflict(() -> parallel.retire().commit(), "PARALLEL");

    MajorRollout unannounced = parallel.close().commit();

    assertConflict(() -> unannounced.retire().commit(), "were not notified");
    assertThat(codes(unannounced.retire().plan())).containsExactly(FindingCode.NOT_ANNOUNCED);
  }

  @Test
  void aRetirementIsRefusedWithEachConsumerThatItWaitsFor() {
    prepared();
    MeshClient finance = registerFinance();
    readAll(subscribe(finance, "customers", Customers.class));
    MajorRollout parallel = opened();
    all(finance.read(ORDERS).majorVersion(1).as(Ids.class));
    announced(ORDERS);
    MajorRollout closed = parallel.close().commit();
    State before = state();

    Plan<MajorRollout> plan = closed.retire().plan();

    assertThat(plan.steps()).isEmpty();
    assertThat(plan.findings())
        .extracting(finding -> finding.code() + " " + finding.where())
        .contains(
            "CONSUMER_NOT_RELEASED finance/customers",
            "CONSUMER_NOT_RELEASED finance/@",
            "NOTICE_RUNNING rollout");
    assertThat(plan.toString()).contains("finance/customers", "can be retired after 2026-12-20");
    assertConflict(
        () -> closed.retire().commit(),
        "finance/@ (reads without a subscription) still needs major version 1");
    assertNothingChanged(before);
    afterTheNotice();
    assertConflict(() -> closed.retire().commit(), "finance/customers still needs");
    assertThat(closed.retire().plan().findings())
        .extracting(finding -> finding.where())
        .doesNotContain("finance/@");
    assertThat(all(finance.read(ORDERS).majorVersion(1).as(Ids.class))).hasSize(3);
  }

  @Test
  void aRetiredMajorVersionIsReadByItsOwnerAlone() {
    prepared();
    MeshClient finance = registerFinance();
    Subscription<Customers> gone = subscribe(finance, "gone", Customers.class);
    readAll(gone);
    MajorRollout parallel = opened();
    finance.linkResource(ORDERS).database("finance_db").commit();
    announced(ORDERS);
    MajorRollout closed = parallel.close().commit();
    finance.unsubscribe(ORDERS, "gone").commit();

    MajorRollout retired = closed.retire().commit();

    assertThat(retired.state()).isEqualTo(Rollout.State.RETIRED);
    assertThat(retired.retiredAt()).contains(clock.instant());
    assertThat(rollout()).isEqualTo(retired);
    String[] facts = {"retired at 2026-11-20", REASON, "major version 2 replaces it"};
    assertRetired(() -> finance.read(ORDERS).majorVersion(1).rows(), facts);
    assertRetired(() -> finance.read("finance_db.orders").rows());
    assertRetired(
        () -> shop().publish(ORDERS).majorVersion(1).records(Order.range(8, 9)).commit(), facts);
    assertThat(old()).hasSize(3);
    assertThat(shop().read(ORDERS).majorVersion(1).files()).isNotEmpty();
    assertThat(finance.describe(ORDERS).versions())
        .extracting(version -> version.state())
        .containsExactlyInAnyOrder(MajorVersion.State.ACTIVE, MajorVersion.State.RETIRED);
    publishNew(3, 5);
    PublishReceipt idle =
        shop()
            .publish(ORDERS)
            .<OrderInCents>records(List.of(new OrderInCents(9, "Zoe", 1)))
            .alsoTo(1, OrderInCents::toOrder)
            .commit();
    assertThat(idle.otherVersions()).isEmpty();
    assertThat(current()).hasSize(6);
    assertThat(old()).hasSize(3);
    finance.unlinkResource("finance_db.orders").commit();
    assertWhole();
  }

  @Test
  void aRetirementWithoutConsumersDoesNotWaitForTheNotice() {
    assertThat(retired().state()).isEqualTo(Rollout.State.RETIRED);
    assertThat(json("major/2")).doesNotContain("publishedWith", "replaces");
    assertThat(json("major/1")).contains("RETIRED").doesNotContain("publishedWith", "fencedIn");
  }

  @Test
  void aStalePlanIsNotCommitted() {
    Plan<MajorRollout> plan = closed().retire().plan();
    shop()
        .amendContract(ORDERS)
        .majorVersion(2)
        .change(change -> change.description("Orders"))
        .commit();

    assertThatThrownBy(plan::commit)
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("as planned");
    assertThat(rollout().state()).isEqualTo(Rollout.State.CLOSING);
    Plan<MajorRollout> again = rollout().retire().plan();
    assertThat(again.commit().state()).isEqualTo(Rollout.State.RETIRED);
  }

  @Test
  void onlyTheOwnerRetiresRestoresAndPurges() {
    closed();
    MeshClient finance = registerFinance();
    MajorRollout seen = finance.rollout(ORDERS);
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> seen.close().commit(),
            () -> seen.retire().commit(),
            () -> seen.retireByForce().because("x").commit(),
            () -> seen.restore().because("x").commit(),
            () -> seen.purge().because("x").commit())) {
      assertThatThrownBy(call).isInstanceOf(io.meshwork.error.AccessDeniedException.class);
    }
  }

  /** Whenever a consumer reads the old major version first, it does not lose what it reads. */
  @Test
  void aConsumerThatReadsAtTheLastMomentKeepsTheMajorVersion() {
    MeshClient shop = registerShop();
    MeshClient finance = registerFinance();
    int accepted = 0;
    int refused = 0;
    for (int read = 1; read <= 120; read += 7) {
      String product = emptyAndClosed(shop, "commerce/reads-" + read);
      faults.on(Port.REGISTRY_READ).nth(read).meanwhile(() -> finishedRead(finance, product));
      boolean retired = retires(shop, product);
      faults.clear();

      boolean reads = finishedRead(finance, product);
      assertThat(reads).as("read %s: what a finished read proves", read).isEqualTo(!retired);
      accepted += reads ? 1 : 0;
      refused += reads ? 0 : 1;
    }
    assertThat(accepted).as("reads before the retirement").isGreaterThan(3);
    assertThat(refused).as("reads after it, or never").isPositive();
    assertWhole();
  }

  @Test
  void aSubscriptionThatMovedBackKeepsTheMajorVersionBeforeItsNextRead() {
    prepared();
    MeshClient finance = registerFinance();
    subscribe(finance, "customers", Customers.class);
    opened();
    announced(ORDERS);
    readAll(onMajor(finance, 2));
    MajorRollout closed = rollout().close().commit();
    finance.rollout(ORDERS).track("customers").moved().because("Done").commit();
    assertThat(codes(closed.retire().plan())).isEmpty();
    clock.advance(Duration.ofHours(1));

    Subscription<Customers> returned = onMajor(finance, 1);

    assertConflict(() -> closed.retire().commit(), "is on version 1 again");
    afterTheNotice();
    assertConflict(() -> closed.retire().commit(), "finance/customers still needs");
    readAll(returned);
    readAll(onMajor(finance, 2));
    finance.rollout(ORDERS).track("customers").moved().because("Done now").commit();
    assertThat(closed.retire().commit().state()).isEqualTo(Rollout.State.RETIRED);
    assertWhole();
  }

  @Test
  void aSubscriptionThatMovedBackBeforeItsFirstReadIsShownOnTheOldMajorVersion() {
    prepared();
    MeshClient finance = registerFinance();
    readAll(subscribe(finance, "customers", Customers.class));
    opened();
    announced(ORDERS);
    onMajor(finance, 2);

    onMajor(finance, 1);

    assertThat(finance.rollout(ORDERS).track("customers").toString())
        .contains("moved back to version 1")
        .doesNotContain("not read version 2");
  }

  private static Subscription<Customers> onMajor(MeshClient finance, int major) {
    return finance
        .subscribe(ORDERS)
        .name("customers")
        .purpose("x")
        .majorVersion(major)
        .as(Customers.class)
        .commit();
  }

  @Test
  void aReadBetweenTheCountAndTheRetirementUndoesIt() {
    MajorRollout closed = closed();
    MeshClient finance = registerFinance();
    faults.on(Port.REGISTRY_COMMIT).nth(2).meanwhile(() -> finishedRead(finance, ORDERS));

    assertConflict(
        () -> closed.retire().commit(),
        "finance/@ (reads without a subscription) still needs",
        "was undone");
    faults.clear();

    assertThat(rollout().state()).isEqualTo(Rollout.State.CLOSING);
    assertThat(finishedRead(finance, ORDERS)).isTrue();
    publishBoth(3, 5);
    assertThat(old()).hasSize(5);
    assertThat(current()).hasSize(5);
    assertWhole();
  }

  /** The process ends before it sees the read. */
  @Test
  void maintenanceUndoesARetirementDuringARead() {
    MajorRollout closed = closed();
    MeshClient finance = registerFinance();
    faults.on(Port.REGISTRY_COMMIT).nth(2).meanwhile(() -> finishedRead(finance, ORDERS));
    faults.on(Port.REGISTRY_COMMIT).nth(2).crash(Phase.AFTER, Death.THROW);
    assertThatThrownBy(() -> closed.retire().commit()).isInstanceOf(SimulatedCrash.class);
    faults.clear();
    assertThat(rollout().state()).isEqualTo(Rollout.State.RETIRED);
    clock.advance(Duration.ofDays(3));
    Plan<?> plan = mesh.maintain().plan();
    assertThat(plan.toString()).contains("restore", "major version 1", "finance/@ read it");

    maintain();

    assertThat(rollout().state()).isEqualTo(Rollout.State.CLOSING);
    assertThat(finishedRead(finance, ORDERS)).isTrue();
    publishBoth(3, 5);
    assertThat(old()).hasSize(5);
    assertThat(current()).hasSize(5);
    maintain();
    assertThat(rollout().state()).isEqualTo(Rollout.State.CLOSING);
    assertWhole();
  }

  /** Neither the reads of a consumer that was released, nor those of the owner, undo anything. */
  @Test
  void maintenanceKeepsARetirementOfWhichAllConsumersWereReleased() {
    prepared();
    MeshClient finance = registerFinance();
    readAll(subscribe(finance, "gone", Customers.class));
    opened();
    announced(ORDERS);
    MajorRollout closed = rollout().close().commit();
    afterTheNotice();
    all(finance.read(ORDERS).majorVersion(1).as(Ids.class));
    readAll(subscribe(finance, "gone", Customers.class));
    finance.unsubscribe(ORDERS, "gone").commit();
    closed.retire().commit();
    assertThat(old()).hasSize(3);

    maintain();

    assertThat(rollout().state()).isEqualTo(Rollout.State.RETIRED);
    assertWhole();
  }

  /** A product without rows, whose old major version is closed. */
  private String emptyAndClosed(MeshClient shop, String product) {
    shop.defineProduct(product).contract(FIRST).openToMesh().commit();
    shop.startRollout(product).contract(SECOND).because(REASON).commit().activate().commit();
    announced(product);
    shop.rollout(product).close().commit();
    return product;
  }

  private static boolean retires(MeshClient shop, String product) {
    try {
      shop.rollout(product).retire().commit();
      return true;
    } catch (ConflictException e) {
      assertThat(e)
          .hasMessageContaining(
              "finance/@ (reads without a subscription) still needs major version 1");
      return false;
    }
  }

  /** Returns false if the read was refused, because the major version is retired. */
  private static boolean finishedRead(MeshClient finance, String product) {
    try {
      all(finance.read(product).majorVersion(1).as(Ids.class));
      return true;
    } catch (NotFoundException e) {
      assertThat(e.errorCode()).isEqualTo(ErrorCode.MAJOR_RETIRED);
      return false;
    }
  }

  @Test
  void aFenceThatAProcessLeftBlocksNoOther() {
    MajorRollout closed = closed();
    MeshClient finance = registerFinance();
    faults.on(Port.REGISTRY_COMMIT).nth(2).crash(Phase.BEFORE, Death.THROW);
    assertThatThrownBy(() -> closed.retire().commit()).isInstanceOf(SimulatedCrash.class);
    faults.clear();

    assertThat(all(finance.read(ORDERS).majorVersion(1).as(Order.class))).hasSize(3);
    publishBoth(3, 5);
    clock.advance(Duration.ofDays(40));
    assertThat(rollout().retire().commit().state()).isEqualTo(Rollout.State.RETIRED);
  }

  @Test
  void aSubscriptionThatMovedBackKeepsTheOldMajorVersion() {
    prepared();
    MeshClient finance = registerFinance();
    readAll(subscribe(finance, "idle", Customers.class));
    readAll(subscribe(finance, "declared", Customers.class));
    opened();
    announced(ORDERS);
    clock.advance(Duration.ofDays(1));
    readAll(moved(finance, "idle", 2));
    readAll(moved(finance, "declared", 2));
    finance.rollout(ORDERS).track("declared").moved().because("The job was replaced").commit();

    Subscription<Customers> idle = moved(finance, "idle", 1);
    Subscription<Customers> declared = moved(finance, "declared", 1);
    clock.advance(Duration.ofDays(40));
    MajorRollout closed = rollout().close().commit();

    assertThat(closed.waitingFor())
        .extracting(track -> track.consumer())
        .containsExactly("finance/declared", "finance/idle");
    assertConflict(() -> closed.retire().commit(), "finance/declared still needs");
    readAll(idle);
    readAll(declared);
  }

  private static Subscription<Customers> moved(MeshClient finance, String name, int major) {
    return finance.subscribe(ORDERS).name(name).majorVersion(major).as(Customers.class).commit();
  }

  @Test
  void aDomainIsWaitedForAsLongAsOneOfItsReadersMayRead() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS).contract(FIRST.noticePeriod(Period.ofDays(30))).commit();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    registerFinance();
    Principal bob = Principal.of("finance", "bob");
    Principal alice = Principal.of("finance", "alice");
    shop.grant(ORDERS).to(bob).because("Reports").commit();
    String grant = shop.grant(ORDERS).to(alice).because("Reports").commit().get(0).id();
    for (Principal reader : List.of(bob, alice)) {
      all(mesh.clientAs(reader).read(ORDERS).as(Ids.class));
    }
    shop.startRollout(ORDERS).contract(SECOND).because(REASON).commit();
    rollout().backFill(Order.class, OrderInCents::of).commit();
    opened();
    announced(ORDERS);
    MajorRollout closed = rollout().close().commit();

    shop.revoke(grant).because("She left").commit();

    assertConflict(
        () -> closed.retire().commit(), "finance/@ (reads without a subscription) still needs");
    assertThat(all(mesh.clientAs(bob).read(ORDERS).majorVersion(1).as(Ids.class))).hasSize(3);
  }

  record Notes(String note) {}

  @Test
  void rulesOfOtherProductsUseTheOldMajorVersionUntilItsRetirementWhichNamesThem() {
    prepared();
    MeshClient finance = registerFinance();
    finance
        .defineProduct("finance/notes")
        .contract(
            Contract.of(Notes.class).require(Rule.references("note", ORDERS, "note").id("known")))
        .commit();
    Publish<Notes> notes =
        finance.publish("finance/notes").records(List.of(new Notes("note 1"), new Notes("note 2")));
    opened();
    announced(ORDERS);

    MajorRollout closed = rollout().close().commit();

    assertThat(notes.commit().rowsAccepted()).isEqualTo(2);
    assertThat(referringRules()).extracting(ProductConsumer::major).containsExactly(1);
    Plan<MajorRollout> plan = closed.retire().plan();
    assertThat(codes(plan)).containsExactly(FindingCode.RULE_LOSES_COLUMNS);
    assertThat(plan.toString())
        .contains("Rule known of finance/notes refers to note", "major version 2 does not have");
    assertThat(plan.commit().state()).isEqualTo(Rollout.State.RETIRED);
    assertThat(referringRules())
        .as("where the rule lacks its column")
        .extracting(ProductConsumer::major)
        .containsExactly(2);
  }

  @Test
  void rulesAreListedByTheMajorVersionOnWhichTheyAreEvaluated() {
    prepared();
    registerFinance()
        .defineProduct("finance/copies")
        .contract(
            Contract.of(Order.class)
                .require(
                    Rule.references("id", ORDERS, "id"),
                    Rule.references("note", ORDERS, "note"),
                    Rule.sameRowCount(ORDERS)))
        .commit();
    opened();
    announced(ORDERS);
    assertThat(referringRules())
        .extracting(ProductConsumer::major, ProductConsumer::columns)
        .containsExactly(tuple(1, List.of("id", "note")));

    rollout().close().commit();

    assertThat(referringRules())
        .extracting(ProductConsumer::major, ProductConsumer::columns)
        .containsExactly(tuple(1, List.of("note")), tuple(2, List.of("id")));
  }

  private List<ProductConsumer> referringRules() {
    return shop().consumers(ORDERS).stream()
        .filter(consumer -> consumer.kind() == ProductConsumer.Kind.REFERRING_RULE)
        .toList();
  }

  @Test
  void rowsOfTheRetiredVersionAreRejectedWithTheRetirement() {
    retired();
    record OtherOrder(long id, String customer, long cents, String remark) {}

    assertThatThrownBy(() -> shop().publish(ORDERS).records(Order.range(8, 9)).commit())
        .isInstanceOfSatisfying(
            ContractViolationException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.SCHEMA_MISMATCH))
        .hasMessageContainingAll(
            "major version 1 was retired by rollout 1 on 2026-11-20",
            "rows must have the columns of major version 2");
    assertThatThrownBy(
            () ->
                shop().publish(ORDERS).records(List.of(new OtherOrder(8, "Ann", 1, "x"))).commit())
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContaining("remark")
        .hasMessageNotContaining("retired");
    record Typo(long id, String buyr, long cents) {}
    assertThatThrownBy(
            () -> shop().publish(ORDERS).records(List.of(new Typo(8, "Ann", 1))).commit())
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContaining("buyr")
        .hasMessageNotContaining("retired");
    assertThat(current()).hasSize(3);
  }

  @Test
  void aClosedRolloutThatWasNotAnnouncedIsAnnounced() {
    MajorRollout closed = inParallel().close().commit();

    MajorRollout announced = closed.announce().commit();

    assertThat(announced.state()).isEqualTo(Rollout.State.CLOSING);
    assertThat(announced.announcedAt()).contains(clock.instant());
    assertThat(announced.retire().commit().state()).isEqualTo(Rollout.State.RETIRED);
    assertWhole();
  }
}
