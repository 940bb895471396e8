package io.meshwork.internal.conformance.rollout;

import static io.meshwork.contract.Rule.atLeast;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.OrderInCents;
import io.meshwork.publish.Publish;
import io.meshwork.publish.StagedPublish;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.MajorRollout.BackFill;
import io.meshwork.rollout.Rollout;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A back-fill copies the history to the new major version while jobs publish to the old one. */
public abstract class BackFillsSuite extends MeshFixture {
  private static final Contract SECOND =
      Contract.of(OrderInCents.class).onViolation(OnViolation.QUARANTINE).maxQuarantineShare(90);

  private MeshClient rollOut(Contract second) {
    MeshClient shop = defineOrders();
    publishOneByOne(0, 5);
    shop.startRollout(ORDERS).contract(second).because("Amounts in cents").commit();
    return shop;
  }

  private MeshClient rollOut() {
    return rollOut(SECOND);
  }

  private BackFill backFill() {
    return shop().rollout(ORDERS).backFill(Order.class, OrderInCents::of);
  }

  private List<OrderInCents> second() {
    return all(shop().read(ORDERS).majorVersion(2).as(OrderInCents.class));
  }

  private void assertLevel() {
    assertThat(second())
        .containsExactlyInAnyOrderElementsOf(
            all(shop().read(ORDERS).majorVersion(1).as(Order.class)).stream()
                .map(OrderInCents::of)
                .toList());
  }

  @Test
  void theHistoryIsInBothMajorVersionsAndThenEachPublishToo() {
    MeshClient shop = rollOut();

    MajorRollout rollout = backFill().commit();

    assertThat(rollout.cutOver()).isPresent();
    assertThat(rollout.state()).isEqualTo(Rollout.State.PLANNED);
    assertThat(second()).hasSize(5);
    assertLevel();
    assertRefused(
        ErrorCode.VERSION_LEFT_OUT,
        () -> toOrders().records(Order.range(5, 6)).commit(),
        "alsoTo(2");
    shop.publish(ORDERS).<Order>records(Order.range(5, 7)).alsoTo(2, OrderInCents::of).commit();
    assertThat(second()).hasSize(7);
    assertLevel();
    rollout.activate().commit();
    assertLevel();
    assertWhole();
  }

  @Test
  void jobsPublishToTheOldMajorVersionMeanwhile() {
    rollOut();
    int[] step = {0};

    backFill()
        .onProgress(
            (phase, done, total) -> {
              clock.advance(Duration.ofSeconds(2));
              switch (step[0]++) {
                case 0 -> toOrders().records(Order.range(10, 12)).commit();
                case 1 -> toOrders().records(Order.range(2, 3)).replaceWhere("id = 2").commit();
                case 2 ->
                    fromOrders().where("id = 3").because("Requested by the customer").commit();
                case 3 -> assertThat(mesh.maintain()).isNotNull();
                default -> {}
              }
            })
        .commit();

    assertThat(second())
        .extracting(OrderInCents::id)
        .containsExactlyInAnyOrder(0L, 1L, 2L, 4L, 10L, 11L);
    assertLevel();
    assertWhole();
  }

  @Test
  void aMappingThatIsDeployedEarlyWaitsForTheCutOver() {
    MeshClient shop = rollOut();

    shop.publish(ORDERS).<Order>records(Order.range(5, 6)).alsoTo(2, OrderInCents::of).commit();

    assertThat(second()).isEmpty();
    backFill().commit();
    assertThat(second()).hasSize(6);
    assertLevel();
  }

  @Test
  void aBackFillContinuesWhereItStopped() {
    MeshClient shop = defineOrders();
    publishOneByOne(0, 45); // more files than one round copies
    shop.startRollout(ORDERS).contract(SECOND).because("Amounts in cents").commit();

    MajorRollout stopped =
        backFill()
            .timeout(Duration.ofMinutes(1))
            .onProgress((phase, done, total) -> clock.advance(Duration.ofMinutes(2)))
            .commit();

    assertThat(stopped.cutOver()).isEmpty();
    assertThat(second()).hasSize(20);
    assertThat(backFill().commit().cutOver()).isPresent();
    assertThat(second()).hasSize(45);
    assertLevel();
    assertWhole();
  }

  @Test
  void theSpeedIsLimited() {
    rollOut();
    Instant before = clock.instant();

    backFill().rowsPerSecond(1).commit();

    assertThat(Duration.between(before, clock.instant()))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void rowsThatBreakTheNewContractAreInItsQuarantine() {
    MeshClient shop = rollOut(SECOND.require(atLeast("cents", 200).id("two")));

    backFill().commit();

    assertThat(second()).extracting(OrderInCents::id).containsExactlyInAnyOrder(2L, 3L, 4L);
    assertThat(all(shop.quarantine(ORDERS).majorVersion(2).asMaps()))
        .extracting(row -> row.get("rules"))
        .containsExactly("two", "two");
    assertThat(orders()).hasSize(5);
    shop.erase(ORDERS)
        .majorVersion(2)
        .quarantineWhere("rules = 'two'")
        .because("Test rows")
        .commit();
    MajorRollout rollout = shop.rollout(ORDERS);
    assertThatThrownBy(rollout.activate()::commit)
        .isInstanceOf(ConflictException.class)
        .hasMessageContainingAll("2 rows", "2.0.0", "activateWithout(2");
    assertThatThrownBy(rollout.activateWithout(1).because("Test rows")::commit)
        .isInstanceOf(ConflictException.class)
        .hasMessageContainingAll("2 rows", "not 1");
    assertThat(rollout.activateWithout(2).because("Test rows").commit().state())
        .isEqualTo(Rollout.State.PARALLEL);
    assertWhole();
  }

  @Test
  void aHistoryThatBreaksARuleOnTheTableIsNotActivated() {
    MeshClient shop =
        rollOut(SECOND.require(Rule.unique("customer").scope(Rule.Scope.TABLE).id("one")));
    publishOneByOne(10, 14); // the customers repeat

    MajorRollout rollout = backFill().commit();

    assertThat(rollout.cutOver()).isPresent();
    assertThatThrownBy(rollout.activate()::commit)
        .isInstanceOf(ConflictException.class)
        .hasMessageContainingAll("Rule one");
    assertThat(shop.rollout(ORDERS).state()).isEqualTo(Rollout.State.PLANNED);
  }

  @Test
  void maintenanceAndTheDoctorKnowAVersionThatWasNotAnnounced() {
    MeshClient shop = defineOrders();
    publishOneByOne(0, 2);
    shop.startRollout(ORDERS).contract(SECOND).because("Amounts in cents").commit();
    clock.advance(Duration.ofDays(2));

    assertThat(mesh.maintain().commit().remaining()).isEmpty();
    assertThat(mesh.repair().commit().problems()).isEmpty();
    assertThat(mesh.doctor().problems()).isEmpty();
  }

  @Test
  void maintenanceLeavesTheCopiesAloneUntilTheCutOver() {
    MeshClient shop = defineOrders();
    publishOneByOne(0, 45);
    shop.startRollout(ORDERS).contract(SECOND).because("Amounts in cents").commit();
    backFill()
        .timeout(Duration.ofMinutes(1))
        .onProgress((phase, done, total) -> clock.advance(Duration.ofMinutes(2)))
        .commit();

    clock.advance(Duration.ofDays(30));
    assertThat(mesh.maintain()).isNotNull();
    backFill().commit();

    assertThat(second()).hasSize(45);
    assertLevel();
    assertWhole();
  }

  @Test
  void threeMajorVersionsArePublishedTogether() {
    MeshClient shop = rollOut();
    backFill().commit().activate().commit();
    shop.startRollout(ORDERS)
        .contract(Contract.of(OrderWithCurrency.class))
        .because("Currencies")
        .commit();
    shop.rollout(ORDERS)
        .backFill(OrderInCents.class, OrderWithCurrency::of)
        .commit()
        .activate()
        .commit();

    shop.publish(ORDERS)
        .<Order>records(Order.range(20, 22))
        .alsoTo(2, OrderInCents::of)
        .alsoTo(3, order -> OrderWithCurrency.of(OrderInCents.of(order)))
        .commit();

    assertRefused(
        ErrorCode.VERSION_LEFT_OUT,
        () ->
            shop.publish(ORDERS)
                .<Order>records(Order.range(22, 23))
                .alsoTo(2, OrderInCents::of)
                .commit(),
        "alsoTo(3");
    assertLevel();
    assertThat(all(shop.read(ORDERS).majorVersion(3).as(OrderWithCurrency.class)))
        .extracting(OrderWithCurrency::id)
        .containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L, 20L, 21L);
    assertWhole();
  }

  /** An order of the third major version. */
  record OrderWithCurrency(long id, String buyer, String currency, long cents) {
    static OrderWithCurrency of(OrderInCents order) {
      return new OrderWithCurrency(order.id(), order.customer(), "EUR", order.cents());
    }
  }

  @Test
  void copiesThatWereCheckedAgainstAnotherContractAreCopiedAgain() {
    MeshClient shop = defineOrders();
    publishOneByOne(0, 45);
    shop.startRollout(ORDERS).contract(SECOND).because("Amounts in cents").commit();
    backFill()
        .timeout(Duration.ofMinutes(1))
        .onProgress((phase, done, total) -> clock.advance(Duration.ofMinutes(2)))
        .commit();
    shop.amendContract(ORDERS, SECOND.description("Orders in cents")).majorVersion(2).commit();

    backFill().commit();

    assertThat(second()).hasSize(45);
    assertLevel();
    assertWhole();
  }

  @Test
  void aPublishToOneMajorVersionAlonePreventsTheActivation() {
    MeshClient shop = rollOut();
    backFill().commit();
    shop.publish(ORDERS).records(Order.range(8, 9)).onlyMajorVersion(1).because("Test").commit();

    assertThatThrownBy(shop.rollout(ORDERS).activate()::commit)
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("one of the major versions only");
  }

  @Test
  void aRollbackOfOneMajorVersionAloneIsRejected() {
    MeshClient shop = rollOut();
    String first = shop.publishHistory(ORDERS).changes().get(4).snapshotId();
    backFill().commit();

    assertThatThrownBy(() -> shop.rollBack(ORDERS).to(first).because("Test").commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContainingAll("published together with [2]");
    assertLevel();
  }

  @Test
  void onlyTheOwnerCopiesAndOnlyBeforeTheActivation() {
    MeshClient shop = rollOut();
    shop.rollout(ORDERS).announce().commit();
    MeshClient finance = registerFinance();
    State before = state();

    assertThatThrownBy(
            () -> finance.rollout(ORDERS).backFill(Order.class, OrderInCents::of).commit())
        .hasMessageContaining("finance/etl");
    assertNothingChanged(before);

    backFill().commit().activate().commit();
    assertThatThrownBy(() -> backFill().commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("PARALLEL");
    assertThat(shop.rollout(ORDERS).cutOver()).isPresent();
  }

  @Test
  void aRolloutWithoutHistoryIsNotBackFilled() {
    MeshClient shop = defineOrders();
    publishOneByOne(0, 2);
    shop.startRollout(ORDERS)
        .contract(SECOND)
        .withoutHistory()
        .because("Amounts in cents")
        .commit();

    assertThatThrownBy(() -> backFill().commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("Amounts in cents")
        .hasMessageContaining("activate()");

    assertThat(second()).isEmpty();
    assertThat(shop.rollout(ORDERS).activate().commit().isWithoutHistory()).isTrue();
    assertWhole();
  }

  private static final String PARCELS = "commerce/parcels";

  /** A parcel of the first major version, whose columns convert to those of the second. */
  record Parcel(long id, Optional<String> note) {}

  /** A parcel of the second major version. */
  record ParcelWithLabel(long id, Optional<String> label) {
    static ParcelWithLabel of(Parcel parcel) {
      return new ParcelWithLabel(parcel.id(), parcel.note());
    }
  }

  private MajorRollout rollOutParcels(int published) {
    MeshClient shop = defineOrders();
    shop.defineProduct(PARCELS).contract(Contract.of(Parcel.class)).commit();
    for (int id = 0; id < published; id++) {
      shop.publish(PARCELS).records(List.of(parcel(id))).commit();
    }
    shop.startRollout(PARCELS)
        .contract(Contract.of(ParcelWithLabel.class))
        .because("Labels")
        .commit();
    return shop.rollout(PARCELS);
  }

  private static Parcel parcel(long id) {
    return new Parcel(id, Optional.of("note " + id));
  }

  private Publish<Parcel> toParcels(long id) {
    return shop().publish(PARCELS).records(List.of(parcel(id)));
  }

  private void assertMappingNeeded() {
    State before = state();
    for (Publish<Parcel> publish :
        List.of(
            toParcels(7),
            toParcels(7).replaceAll(),
            toParcels(7).replaceWhere("id = 7"),
            toParcels(7).idempotencyKey("seven"))) {
      assertRefused(
          ErrorCode.VERSION_LEFT_OUT,
          publish::commit,
          "A back-fill with a mapping was committed",
          "alsoTo(2");
    }
    assertRefused(ErrorCode.VERSION_LEFT_OUT, toParcels(7)::plan, "alsoTo(2");
    assertNothingChanged(before);
  }

  private void assertLabels(int parcels) {
    assertThat(all(shop().read(PARCELS).majorVersion(2).as(ParcelWithLabel.class)))
        .hasSize(parcels)
        .allSatisfy(each -> assertThat(each.label()).hasValue("note " + each.id()));
  }

  @Test
  void afterAMappedBackFillAPublishNeedsTheMappingAlsoIfItsColumnsConvert() {
    MajorRollout rollout = rollOutParcels(2);
    rollout.backFill(Parcel.class, ParcelWithLabel::of).commit();
    assertMappingNeeded();

    toParcels(2).alsoTo(2, ParcelWithLabel::of).commit();
    rollout.activate().commit();

    assertMappingNeeded();
    assertLabels(3);
    assertWhole();
  }

  @Test
  void afterAMappedBackFillRowsOfTheNewMajorVersionNeedAMappingBack() {
    MajorRollout rollout = rollOutParcels(2);
    rollout.backFill(Parcel.class, ParcelWithLabel::of).commit().activate().commit();
    rollout.makeCurrent().commit();
    List<ParcelWithLabel> parcels = List.of(new ParcelWithLabel(7, Optional.of("note 7")));

    assertRefused(
        ErrorCode.VERSION_LEFT_OUT, shop().publish(PARCELS).records(parcels)::commit, "alsoTo(1");
    shop()
        .publish(PARCELS)
        .records(parcels)
        .alsoTo(1, each -> new Parcel(each.id(), each.label()))
        .commit();

    assertThat(all(shop().read(PARCELS).majorVersion(1).as(Parcel.class)))
        .contains(new Parcel(7, Optional.of("note 7")));
  }

  @Test
  void aPartOfTheHistoryThatWasMappedIsEnough() {
    MajorRollout rollout = rollOutParcels(45); // more files than one round copies
    rollout
        .backFill(Parcel.class, ParcelWithLabel::of)
        .timeout(Duration.ofMinutes(1))
        .onProgress((phase, done, total) -> clock.advance(Duration.ofMinutes(2)))
        .commit();

    assertThat(rollout.backFill().commit().cutOver()).isPresent();

    assertMappingNeeded();
  }

  @Test
  void aMappedBackFillOfNoRowsStatesHowRowsAreMapped() {
    MajorRollout rollout = rollOutParcels(0);
    StagedPublish staged = toParcels(1).stage();

    rollout.backFill(Parcel.class, ParcelWithLabel::of).commit();

    assertMappingNeeded();
    assertRefused(ErrorCode.VERSION_LEFT_OUT, staged.promote()::commit, "alsoTo(2");
    staged.promote().alsoTo(2, row -> ParcelWithLabel.of(parcel((long) row.get("id")))).commit();
    assertLabels(1);
  }

  @Test
  void afterABackFillByColumnsAPublishNeedsNoMapping() {
    rollOutParcels(2).backFill().commit();

    toParcels(2).commit();

    assertThat(all(shop().read(PARCELS).majorVersion(2).as(ParcelWithLabel.class)))
        .hasSize(3)
        .allMatch(parcel -> parcel.label().isEmpty());
  }

  @Test
  void aThirdMajorVersionWhoseRowsDescendFromMappedOnesNeedsTheMappingToo() {
    rollOutParcels(2).backFill(Parcel.class, ParcelWithLabel::of).commit().activate().commit();
    shop()
        .startRollout(PARCELS)
        .contract(Contract.of(ParcelWithWeight.class))
        .because("Weights")
        .commit()
        .backFill()
        .commit();

    assertRefused(
        ErrorCode.VERSION_LEFT_OUT,
        toParcels(2).alsoTo(2, ParcelWithLabel::of)::commit,
        "A back-fill with a mapping was committed",
        "alsoTo(3");
  }

  /** A parcel of the third major version. */
  record ParcelWithWeight(long id, Optional<String> label, Optional<Long> grams) {}

  /** A weight of the first major version. */
  record Kilograms(long id, long weight) {}

  /** A weight of the second major version, with the same columns. */
  record Grams(long id, long weight) {
    static Kilograms back(Grams each) {
      return new Kilograms(each.id(), each.weight() / 1000);
    }
  }

  @Test
  void aRestoredMajorVersionThatGotMappedRowsNeedsTheMappingBack() {
    MeshClient shop = defineOrders();
    shop.defineProduct(PARCELS).contract(Contract.of(Kilograms.class)).commit();
    shop.startRollout(PARCELS)
        .contract(Contract.of(Grams.class))
        .because("Grams")
        .commit()
        .backFill()
        .commit()
        .activate()
        .commit()
        .announce()
        .commit();
    shop.rollout(PARCELS).close().commit();
    clock.advance(Duration.ofDays(120));
    shop.rollout(PARCELS).retire().commit();
    publishGrams(1);
    shop.rollout(PARCELS).restore().because("A report still needs it").commit();

    shop.rollout(PARCELS).backFill(Grams.class, Grams::back).commit();

    assertRefused(
        ErrorCode.VERSION_LEFT_OUT,
        () -> publishGrams(2),
        "A back-fill with a mapping was committed",
        "alsoTo(1");
    assertThat(all(shop.read(PARCELS).majorVersion(1).as(Kilograms.class)))
        .containsExactly(new Kilograms(1, 1));
  }

  private void publishGrams(long id) {
    shop().publish(PARCELS).records(List.of(new Grams(id, id * 1000))).majorVersion(2).commit();
  }
}
