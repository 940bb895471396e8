package io.meshwork.internal.conformance.rollout;

import static io.meshwork.contract.Rule.atLeast;
import static io.meshwork.contract.Rule.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.OrderInCents;
import io.meshwork.operation.Operation;
import io.meshwork.product.Classification;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.MajorRollout.RowDifference;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** While a rollout runs, its owner verifies that both major versions have the same rows. */
public abstract class RowVerificationsSuite extends MeshFixture {
  private static final Contract SECOND =
      Contract.of(OrderInCents.class)
          .require(unique("id"))
          .classification(Classification.CONFIDENTIAL, "customer")
          .onViolation(OnViolation.QUARANTINE)
          .maxQuarantineShare(90);

  private MajorRollout rollout() {
    return shop().rollout(ORDERS);
  }

  private Operation<MajorRollout.Verification> verify() {
    return rollout().verify(1, Order.class, OrderInCents::of);
  }

  private MeshClient rollOut(Contract second) {
    MeshClient shop = defineOrders();
    publishOneByOne(0, 3);
    shop.startRollout(ORDERS).contract(second).because("Amounts in cents").commit();
    rollout().backFill(Order.class, OrderInCents::of).commit();
    return shop;
  }

  private MeshClient parallel() {
    MeshClient shop = rollOut(SECOND);
    rollout().activate().commit();
    shop.publish(ORDERS).<Order>records(Order.range(3, 6)).alsoTo(2, OrderInCents::of).commit();
    return shop;
  }

  @Test
  void bothMajorVersionsHaveTheSameRowsWhateverTheirFilesAre() {
    parallel();
    State before = state();

    MajorRollout.Verification forth = verify().commit();
    MajorRollout.Verification back =
        rollout().verify(2, OrderInCents.class, OrderInCents::toOrder).commit();

    assertThat(forth.isEqual()).isTrue();
    assertThat(forth.oldRows()).isEqualTo(6);
    assertThat(forth.newRows()).isEqualTo(6);
    assertThat(forth.oldSnapshot()).contains(newestSnapshot(1));
    assertThat(forth.newSnapshot()).contains(newestSnapshot(2));
    assertThat(forth.keysOnlyInOld()).hasValue(0);
    assertThat(forth.findings()).isEmpty();
    assertThat(back.keysOnlyInNew()).isEmpty();
    assertThat(back.unmappedRows()).isZero();
    assertNothingChanged(before);
  }

  private String newestSnapshot(int major) {
    return shop().read(ORDERS).majorVersion(major).snapshots().get(0).id();
  }

  @Test
  void rowsOfOneMajorVersionOnlyAreCountedAndShownWithoutConfidentialValues() {
    MeshClient shop = parallel();
    shop.publish(ORDERS)
        .records(Order.range(6, 8))
        .onlyMajorVersion(1)
        .because("A repair")
        .commit();

    MajorRollout.Verification verified = verify().commit();

    assertThat(verified.isEqual()).isFalse();
    assertThat(verified.onlyInOld()).isEqualTo(2);
    assertThat(verified.onlyInNew()).isZero();
    assertThat(verified.keysOnlyInOld()).hasValue(2);
    assertThat(verified.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo(FindingCode.ROWS_DIFFER);
              assertThat(finding.samples()).containsExactlyInAnyOrder("{\"id\":6}", "{\"id\":7}");
            });
    assertThat(verified.toString()).contains("DIFFER").doesNotContain("customer");
    assertThat(rollout().mayDiffer()).isTrue();
  }

  @Test
  void aRowWithTheSameKeyAndOtherValuesDiffers() {
    MeshClient shop = parallel();
    Order first = Order.range(0, 1).get(0);
    shop.publish(ORDERS)
        .records(List.of(new OrderInCents(0, first.customer(), 1)))
        .majorVersion(2)
        .replaceWhere("id = 0")
        .onlyMajorVersion(2)
        .because("A repair")
        .commit();

    MajorRollout.Verification verified = verify().commit();

    assertThat(verified.onlyInOld()).isEqualTo(1);
    assertThat(verified.onlyInNew()).isEqualTo(1);
    assertThat(verified.keysOnlyInOld()).hasValue(0);
    assertThat(verified.keysOnlyInNew()).hasValue(0);
    assertThat(verified.findings())
        .extracting(Finding::where)
        .containsExactly("major version 1", "major version 2");
  }

  @Test
  void versionsThatWereApartAreLevelOnceAllTheirRowsAreReplacedByTheSame() {
    MeshClient shop = parallel();
    shop.publish(ORDERS)
        .records(Order.range(6, 8))
        .onlyMajorVersion(1)
        .because("A repair")
        .commit();
    assertThat(rollout().mayDiffer()).isTrue();

    shop.publish(ORDERS)
        .records(Order.range(0, 4))
        .alsoTo(2, OrderInCents::of)
        .replaceAll()
        .commit();

    assertThat(rollout().mayDiffer()).isFalse();
    assertThat(rollout().differences()).isEmpty();
    assertThat(verify().commit().isEqual()).isTrue();
  }

  @Test
  void versionsThatWereApartAreLevelOnceTheyAreVerified() {
    MeshClient shop = parallel();
    shop.publish(ORDERS)
        .records(Order.range(6, 8))
        .onlyMajorVersion(1)
        .because("A repair")
        .commit();
    shop.publish(ORDERS)
        .records(Order.range(6, 8).stream().map(OrderInCents::of).toList())
        .onlyMajorVersion(2)
        .because("The same rows")
        .commit();
    assertThat(rollout().mayDiffer()).isTrue();

    assertThat(verify().commit().isEqual()).isTrue();

    assertThat(rollout().mayDiffer()).isFalse();
    assertThat(shop.events(ORDERS).list())
        .last()
        .extracting(MeshEvent::type)
        .isEqualTo(MeshEvent.Type.ROLLOUT_VERIFIED);
    assertWhole();
  }

  @Test
  void rowsThatTheOwnerAcceptedAlthoughRejectedDoNotCount() {
    rollOut(
        Contract.of(OrderInCents.class)
            .require(atLeast("id", 1))
            .onViolation(OnViolation.QUARANTINE)
            .maxQuarantineShare(90));
    rollout().activateWithout(1).because("A test order").commit();

    MajorRollout.Verification verified = verify().commit();

    assertThat(verified.onlyInOld()).isEqualTo(1);
    assertThat(verified.isEqual()).isTrue();
  }

  @Test
  void aMissingRowIsNotTakenForOneThatTheOwnerAccepted() {
    MeshClient shop = shop();
    rollOut(
        Contract.of(OrderInCents.class)
            .require(atLeast("id", 1))
            .onViolation(OnViolation.QUARANTINE)
            .maxQuarantineShare(90));
    rollout().activateWithout(1).because("A test order").commit();
    assertThat(rollout().differences())
        .extracting(RowDifference::reason)
        .containsExactly(RowDifference.Reason.UNFIT);
    shop.erase(ORDERS).where("id = 0").where(2, "id = 0").because("They asked").commit();
    shop.erase(ORDERS).where("id = 1").onlyMajorVersion(2).because("A slip").commit();

    MajorRollout.Verification verified = verify().commit();

    assertThat(verified.onlyInOld()).isEqualTo(1);
    assertThat(verified.isEqual()).isFalse();
    assertThat(rollout().mayDiffer()).isTrue();
    shop.erase(ORDERS).where("id = 1").onlyMajorVersion(1).because("Too").commit();
    assertThat(verify().commit().isEqual()).isTrue();
    assertThat(rollout().differences()).isEmpty();
    assertWhole();
  }

  private void acceptOne() {
    rollOut(
        Contract.of(OrderInCents.class)
            .require(atLeast("id", 1))
            .onViolation(OnViolation.QUARANTINE)
            .maxQuarantineShare(90));
    rollout().activateWithout(1).because("A test order").commit();
  }

  @Test
  void aRejectedRowThatWasPublishedAloneIsNotTakenForOneThatTheOwnerAccepted() {
    acceptOne();
    MeshClient shop = shop();
    shop.erase(ORDERS).where("id = 0").onlyMajorVersion(1).because("They asked").commit();
    shop.publish(ORDERS)
        .records(List.of(order(-5)))
        .onlyMajorVersion(1)
        .because("A repair")
        .commit();

    MajorRollout.Verification verified = verify().commit();

    assertThat(verified.onlyInOld()).isEqualTo(1);
    assertThat(verified.isEqual()).isFalse();
    assertThat(rollout().mayDiffer()).isTrue();
    shop.erase(ORDERS).where("id = -5").onlyMajorVersion(1).because("A slip").commit();
    assertThat(verify().commit().isEqual()).isTrue();
    assertThat(rollout().differences()).isEmpty();
    assertWhole();
  }

  @Test
  void aRejectedRowIsNotTakenForAnAcceptedOneThatLeftTheQuarantine() {
    acceptOne();
    MeshClient shop = shop();
    shop.erase(ORDERS)
        .majorVersion(2)
        .quarantineWhere("rules LIKE '%'")
        .because("Cleared")
        .commit();
    shop.publish(ORDERS)
        .records(List.of(order(-5)))
        .onlyMajorVersion(1)
        .because("A repair")
        .commit();
    shop.erase(ORDERS).where("id = 0").onlyMajorVersion(1).because("They asked").commit();

    MajorRollout.Verification verified = verify().commit();

    assertThat(verified.onlyInOld()).isEqualTo(1);
    assertThat(verified.isEqual()).isFalse();
    assertThat(rollout().mayDiffer()).isTrue();
  }

  @Test
  void anAcceptedRowThatWasCorrectedDiffersUntilTheOldVersionHasTheCorrection() {
    acceptOne();
    MeshClient shop = shop();
    shop.publish(ORDERS)
        .onlyMajorVersion(2)
        .because("Corrected")
        .republish(
            "rules LIKE '%'",
            row -> {
              row.put("id", 9L);
              return row;
            })
        .commit();

    MajorRollout.Verification verified = verify().commit();
    assertThat(verified.onlyInOld()).isEqualTo(1);
    assertThat(verified.onlyInNew()).isEqualTo(1);
    assertThat(verified.isEqual()).isFalse();

    List<Order> corrected =
        Order.range(0, 1).stream()
            .map(order -> new Order(9, order.customer(), order.amount(), order.note()))
            .toList();
    shop.publish(ORDERS)
        .records(corrected)
        .replaceWhere("id = 0 OR id = 9")
        .onlyMajorVersion(1)
        .because("Corrected there, too")
        .commit();
    assertThat(verify().commit().isEqual()).isTrue();
    assertThat(rollout().differences()).isEmpty();
    assertWhole();
  }

  @Test
  void anAcceptedRowStaysInTheQuarantineWhileTheRolloutIsOpen() {
    acceptOne();
    clock.advance(Duration.ofDays(120));
    mesh.maintain().trustClock().commit();
    MeshClient shop = shop();
    shop.publish(ORDERS)
        .records(List.of(order(-5)))
        .onlyMajorVersion(1)
        .because("A repair")
        .commit();
    assertThat(verify().commit().isEqual()).isFalse();
    shop.erase(ORDERS).where("id = -5").onlyMajorVersion(1).because("A slip").commit();

    assertThat(verify().commit().isEqual()).isTrue();
  }

  private static Order order(long id) {
    return new OrderInCents(id, "bob", 500).toOrder();
  }

  @Test
  void anAcceptedRowIsKnownAfterTheVersionsWereApart() {
    acceptOne();
    MeshClient shop = shop();
    shop.publish(ORDERS)
        .records(List.of(order(7)))
        .onlyMajorVersion(1)
        .because("A repair")
        .commit();
    assertThat(verify().commit().isEqual()).isFalse();
    shop.publish(ORDERS)
        .records(List.of(OrderInCents.of(order(7))))
        .onlyMajorVersion(2)
        .because("The same row")
        .commit();

    MajorRollout.Verification back =
        rollout().verify(2, OrderInCents.class, OrderInCents::toOrder).commit();
    assertThat(back.isEqual()).isFalse();
    assertThat(back.findings())
        .filteredOn(finding -> finding.where().equals("major version 1"))
        .singleElement()
        .satisfies(finding -> assertThat(finding.fix()).contains("verify(1, ..)"));
    MajorRollout.Verification verified = verify().commit();

    assertThat(verified.onlyInOld()).isEqualTo(1);
    assertThat(verified.isEqual()).isTrue();
    assertThat(rollout().mayDiffer()).isFalse();
    assertThat(rollout().differences())
        .extracting(RowDifference::reason, RowDifference::rows)
        .containsExactly(tuple(RowDifference.Reason.UNFIT, 1L));
    assertWhole();
  }

  private static OrderInCents free(long id) {
    return new OrderInCents(id, "ann", 0);
  }

  /** A mapping of rows that are not declared for the new version alone. */
  private static Order notFree(OrderInCents order) {
    if (order.id() >= 10) {
      throw new IllegalStateException("a free order that version 1 cannot have");
    }
    return order.toOrder();
  }

  private void assertLevelInBothDirections(boolean level) {
    for (Operation<MajorRollout.Verification> each :
        List.of(
            verify(), rollout().verify(2, OrderInCents.class, RowVerificationsSuite::notFree))) {
      MajorRollout.Verification verified = each.commit();
      assertThat(verified.isEqual()).as(verified.toString()).isEqualTo(level);
    }
  }

  @Test
  void rowsOfTheOldVersionThatMatchTheFilterOfLeftOutRowsAreInBoth() {
    MeshClient shop = defineOrders();
    OrderInCents paid = new OrderInCents(1, "bob", 500);
    shop.publish(ORDERS).records(List.of(paid.toOrder(), free(2).toOrder())).commit();
    shop.startRollout(ORDERS)
        .contract(SECOND)
        .excludeRows("cents = 0")
        .because("Amounts in cents")
        .commit();
    rollout().backFill(Order.class, OrderInCents::of).commit();
    rollout().activate().commit();
    assertLevelInBothDirections(true);

    shop.publish(ORDERS)
        .<OrderInCents>records(List.of(free(10)))
        .majorVersion(2)
        .alsoTo(1, RowVerificationsSuite::notFree)
        .commit();
    assertLevelInBothDirections(true);

    shop.erase(ORDERS).where("id = 2").onlyMajorVersion(2).because("A slip").commit();
    assertLevelInBothDirections(false);
  }

  @Test
  void aVerificationNeedsAMappingUnlessColumnsFollowFromEachOther() {
    rollOut(SECOND);

    assertRefused(
        ErrorCode.VERSION_LEFT_OUT, () -> rollout().verify().commit(), "without a mapping");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> rollout().verify(3, OrderInCents.class, OrderInCents::toOrder),
        "Use 1 or 2");
  }

  @Test
  void onlyTheOwnerVerifiesAndNotBeforeTheCutOver() {
    MeshClient shop = defineOrders();
    publishOneByOne(0, 1);
    shop.startRollout(ORDERS)
        .contract(SECOND)
        .because("Amounts in cents")
        .commit()
        .announce()
        .commit();
    MeshClient finance = registerFinance();

    assertThatThrownBy(
            () -> finance.rollout(ORDERS).verify(1, Order.class, OrderInCents::of).commit())
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> verify().commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("backFill");
    rollout().abort().because("Not now").commit();
    assertThatThrownBy(() -> verify().commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("ABORTED");
  }
}
