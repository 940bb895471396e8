package io.meshwork.internal.conformance.rollout;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.publish.Erase;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.rollout.StartRollout;
import io.meshwork.testkit.Faults.Port;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Major versions share rows: what an erase selects by the name of one of them is readable in none,
 * whatever their states are, and does not return when one of them opens.
 */
public abstract class SharedErasuresSuite extends ThreeVersionsFixture {
  private static final String PEOPLE = "commerce/people";
  private static final String PARCELS = "commerce/parcels";

  /** Payments whose column has the name that another one had before. */
  record PaymentToCustomer(long id, String payer, String customer) {}

  private PublishReceipt erase(int major, String filter) {
    return shop().erase(ORDERS).majorVersion(major).where(filter).because("They asked.").commit();
  }

  /** The next version is prepared, and each publish writes it, too. */
  private void prepareThird() {
    shop()
        .startRollout(ORDERS)
        .contract(contract(PaymentOfPayer.class))
        .renameColumn("buyer", "payer")
        .because("Names")
        .commit();
    shop().rollout(ORDERS).backFill().commit();
  }

  @Test
  void anEraseOfARestoredVersionThatLacksRowsReachesOneThatIsPrepared() {
    defined();
    second();
    retire(1);
    publish(2, new PaymentOfBuyer(3, "joe"));
    assertThat(rollout(1).restore().because("A report").commit().newOnlySince()).isPresent();
    prepareThird();
    assertIds(3, 0L, 1L, 2L, 3L);

    PublishReceipt erased = erase(1, "id = 1");

    assertThat(erased.otherVersions()).extracting(PublishReceipt::major).containsExactly(2, 3);
    assertIds(1, 0L, 2L);
    assertIds(2, 0L, 2L, 3L);
    assertIds(3, 0L, 2L, 3L);
    shop().rollout(ORDERS).activate().commit();
    assertThat(all(as("finance").read(ORDERS).majorVersion(3).asMaps())).hasSize(3);
    assertWhole();
  }

  @Test
  void aRowThatARetiredVersionNeverHadIsErasedAlthoughThatVersionHasMoreRows() {
    defined();
    second();
    retire(1);
    shop()
        .publish(ORDERS)
        .majorVersion(2)
        .records(List.of(new PaymentOfBuyer(0, "ann"), new PaymentOfBuyer(7, "joe")))
        .replaceAll()
        .commit();

    shop()
        .erase(ORDERS)
        .majorVersion(2)
        .where("buyer = 'joe'")
        .where(1, "customer = 'joe'")
        .because("They asked.")
        .commit();

    assertIds(1, 0L, 1L, 2L);
    assertIds(2, 0L);
    assertWhole();
  }

  record Parcel(long id, long weight) {}

  /** A parcel of the second major version, whose weight is in grams. */
  record ParcelInGrams(long id, long weight) {
    static ParcelInGrams of(Parcel parcel) {
      return new ParcelInGrams(parcel.id(), parcel.weight() * 1_000);
    }
  }

  @Test
  void aFilterThatSelectsAnotherRowWithAMappedValueErasesNone() {
    MeshClient shop = registerShop();
    shop.defineProduct(PARCELS).contract(Contract.of(Parcel.class).primaryKey("id")).commit();
    shop.publish(PARCELS).records(List.of(new Parcel(1, 1_000), new Parcel(2, 1))).commit();
    shop.startRollout(PARCELS)
        .contract(Contract.of(ParcelInGrams.class).primaryKey("id"))
        .because("Grams")
        .commit();
    shop.rollout(PARCELS).backFill(Parcel.class, ParcelInGrams::of).commit();

    assertThatThrownBy(
            () -> shop.erase(PARCELS).where("weight = 1000").because("They asked.").commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("1 in major version 1 and 1 in major version 2");

    shop.erase(PARCELS).where("id = 1").because("They asked.").commit();
    assertThat(all(shop.read(PARCELS).majorVersion(2).asMaps()))
        .extracting(parcel -> parcel.get("id"))
        .containsExactly(2L);
  }

  record Person(long id, String name) {}

  /** A person of the second major version, whose name is in lower case. */
  record LowerCasePerson(long id, String name) {
    static LowerCasePerson of(Person person) {
      return new LowerCasePerson(person.id(), person.name().toLowerCase(Locale.ROOT));
    }
  }

  private static final Person[] PEOPLE_OF_EACH_CASE = {
    new Person(1, "Ada"), new Person(2, "bob"), new Person(3, "eve")
  };

  private MeshClient definePeople(Person... people) {
    MeshClient shop = registerShop();
    shop.defineProduct(PEOPLE).contract(Contract.of(Person.class)).commit();
    if (people.length > 0) {
      shop.publish(PEOPLE).records(List.of(people)).commit();
    }
    return shop;
  }

  private StartRollout startPeople(Class<?> row) {
    return shop().startRollout(PEOPLE).contract(Contract.of(row)).because("Case");
  }

  private void copyMapped() {
    startPeople(LowerCasePerson.class)
        .commit()
        .backFill(Person.class, LowerCasePerson::of)
        .commit();
  }

  private void copyByColumn() {
    startPeople(SamePerson.class).commit().backFill().commit().activate().commit();
  }

  private void retireFirst() {
    rollout(1).close().commit();
    clock.advance(Duration.ofDays(120));
    rollout(1).retire().commit();
  }

  private void assertNotErased(String filter) {
    for (boolean proof : List.of(false, true)) {
      Erase erase = shop().erase(PEOPLE).where(filter).because("They asked.");
      assertThatThrownBy(() -> (proof ? erase.idempotencyKey(filter).withProof() : erase).commit())
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("1 is not selected in the other one");
    }
  }

  @Test
  void aFilterThatSelectsAMappedRowInOneVersionOnlyErasesNone() {
    definePeople(PEOPLE_OF_EACH_CASE);
    copyMapped();

    assertMappedRowIsErasedFromBothOnly();
  }

  @Test
  void aFilterThatSelectsARowOfAMappedPublishInOneVersionOnlyErasesNone() {
    MeshClient shop = definePeople(new Person(9, "joe"));
    startPeople(LowerCasePerson.class).withoutHistory().commit().activate().commit();
    shop.publish(PEOPLE)
        .<Person>records(List.of(PEOPLE_OF_EACH_CASE))
        .alsoTo(2, LowerCasePerson::of)
        .commit();

    assertNotErased("name = 'Ada'");
    shop.erase(PEOPLE).where("id = 9").where(2, "id = 9").because("They asked.").commit();
    assertMappedRowIsErasedFromBothOnly();
  }

  @Test
  void aFilterThatSelectsAMappedRowAndOtherRowsOfTheOtherVersionErasesNone() {
    MeshClient shop = definePeople(new Person(8, "ada"), new Person(9, "ada"));
    startPeople(LowerCasePerson.class).withoutHistory().commit().activate().commit();
    shop.publish(PEOPLE)
        .<Person>records(List.of(new Person(1, "Ada")))
        .alsoTo(2, LowerCasePerson::of)
        .commit();

    assertNotErased("name = 'ada'");
  }

  @Test
  void aFilterThatSelectsAMappedRowInARetiredVersionOnlyErasesNone() {
    MeshClient shop = definePeople(PEOPLE_OF_EACH_CASE);
    copyMapped();
    shop.rollout(PEOPLE).activate().commit().announce().commit();
    retireFirst();
    shop.publish(PEOPLE).records(List.of(new LowerCasePerson(4, "joe"))).commit();

    assertNotErased("name = 'ada'");

    shop.erase(PEOPLE).where("id = 1").because("They asked.").commit();
    assertThat(all(shop.read(PEOPLE).majorVersion(1).asMaps())).hasSize(2);
  }

  @Test
  void aRowThatARetiredMappedVersionLacksIsErasedByAFilterForEach() {
    MeshClient shop = definePeople(PEOPLE_OF_EACH_CASE);
    copyMapped();
    shop.rollout(PEOPLE).activate().commit().announce().commit();
    retireFirst();
    shop.publish(PEOPLE)
        .records(List.of(new LowerCasePerson(2, "bob"), new LowerCasePerson(4, "joe")))
        .replaceAll()
        .commit();

    assertNotErased("id = 4");

    shop.erase(PEOPLE)
        .where("id = 4")
        .where(1, "id = 4")
        .because("They asked.")
        .idempotencyKey("four")
        .withProof()
        .commit();
    assertThat(all(shop.read(PEOPLE).as(LowerCasePerson.class)))
        .containsExactly(new LowerCasePerson(2, "bob"));
  }

  @Test
  void aReplacementOfRowsThatAnotherVersionGotMappedReplacesNone() {
    MeshClient shop = definePeople();
    for (Class<?> row : List.of(LowerCasePerson.class, SamePerson.class)) {
      startPeople(row).withoutHistory().commit().activate().commit().announce().commit();
    }
    shop.publish(PEOPLE)
        .<Person>records(List.of(PEOPLE_OF_EACH_CASE))
        .majorVersion(1)
        .alsoTo(2, LowerCasePerson::of)
        .commit();
    retireFirst();

    assertThatThrownBy(
            () ->
                shop.publish(PEOPLE)
                    .records(List.of(new SamePerson(10, "Ada")))
                    .majorVersion(3)
                    .replaceWhere("name = 'Ada' OR name = 'bob'")
                    .commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("1 is not selected in the other one");
  }

  /** A person of another major version, with the same name. */
  record SamePerson(long id, String name) {}

  /** Publishes a row to version 1 alone, and another to the other version alone. */
  private void publishToEachAlone(int other) {
    shop()
        .publish(PEOPLE)
        .records(List.of(new Person(6, "kim")))
        .onlyMajorVersion(1)
        .because("Late")
        .commit();
    shop()
        .publish(PEOPLE)
        .records(List.of(new SamePerson(7, "lee")))
        .onlyMajorVersion(other)
        .because("Early")
        .commit();
  }

  /** Erases a row that only version 1 has; version 2 has another one. */
  private void assertErasedAlone() {
    publishToEachAlone(2);

    shop().erase(PEOPLE).where("id = 6").because("They asked.").commit();

    assertThat(all(shop().read(PEOPLE).majorVersion(1).where("id = 6").asMaps())).isEmpty();
  }

  @Test
  void aMappingThatIsNotCalledYetMapsNoRows() {
    MeshClient shop = definePeople(PEOPLE_OF_EACH_CASE);
    startPeople(SamePerson.class).commit();
    shop.publish(PEOPLE)
        .<Person>records(List.of(new Person(5, "Joe")))
        .alsoTo(2, LowerCasePerson::of)
        .commit();
    shop.rollout(PEOPLE).backFill().commit().activate().commit();

    assertErasedAlone();
  }

  @Test
  void rowsThatReplaceAllMappedOnesAreComparedByTheirValues() {
    MeshClient shop = definePeople(PEOPLE_OF_EACH_CASE);
    copyByColumn();
    shop.publish(PEOPLE)
        .<Person>records(List.of(new Person(5, "Joe")))
        .alsoTo(2, LowerCasePerson::of)
        .commit();
    shop.publish(PEOPLE).records(List.of(new Person(5, "Joe"))).replaceAll().commit();

    assertErasedAlone();
  }

  @Test
  void aMappedVersionThatWasAbortedSaysNothingOfOthers() {
    MeshClient shop = definePeople(PEOPLE_OF_EACH_CASE);
    copyMapped();
    shop.rollout(PEOPLE).abort().because("Too early").commit();
    copyByColumn();
    publishToEachAlone(3);

    shop.erase(PEOPLE).where("id = 6").where(2, "id = 6").because("They asked.").commit();

    assertThat(all(shop.read(PEOPLE).majorVersion(1).where("id = 6").asMaps())).isEmpty();
  }

  private void assertMappedRowIsErasedFromBothOnly() {
    MeshClient shop = shop();
    for (String filter : List.of("name = 'Ada'", "name = 'Ada' OR name = 'bob'")) {
      assertThatThrownBy(() -> shop.erase(PEOPLE).where(filter).because("They asked.").commit())
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("1 is not selected in the other one");
    }
    shop.erase(PEOPLE)
        .where("name = 'Ada'")
        .where(2, "name = 'ada'")
        .because("They asked.")
        .commit();

    for (int major : List.of(1, 2)) {
      assertThat(all(shop.read(PEOPLE).majorVersion(major).asMaps()))
          .extracting(person -> person.get("name"))
          .containsExactly("bob", "eve");
    }
  }

  @Test
  void anEraseOfAPreparedVersionReachesARetiredOne() {
    defined();
    second();
    retire(1);
    prepareThird();

    PublishReceipt erased = erase(3, "id = 1");

    assertThat(erased.otherVersions()).extracting(PublishReceipt::major).containsExactly(2, 1);
    assertIds(1, 0L, 2L);
    assertIds(2, 0L, 2L);
    assertIds(3, 0L, 2L);
    rollout(1).restore().because("A report").commit();
    assertIds(1, 0L, 2L);
    assertWhole();
  }

  /** The history of two files, of which a back-fill copied some before it ended. */
  private void partlyCopied() {
    defined();
    for (long id = 3; id < 28; id++) {
      publish(1, new Payment(id, "joe"));
    }
    shop()
        .startRollout(ORDERS)
        .contract(contract(PaymentOfBuyer.class))
        .renameColumn("customer", "buyer")
        .because("Names")
        .commit();
    shop()
        .rollout(ORDERS)
        .backFill()
        .timeout(Duration.ofMinutes(1))
        .onProgress((phase, done, total) -> clock.advance(Duration.ofMinutes(2)))
        .commit();
    assertThat(shop().rollout(ORDERS).cutOver()).isEmpty();
  }

  private List<Object> names(int major, String column) {
    return all(shop().read(ORDERS).majorVersion(major).asMaps()).stream()
        .map(row -> row.get(column))
        .toList();
  }

  @Test
  void anEraseBeforeTheCutOverRemovesTheCopiesOfItsRowsWithoutAFilterOnTheirColumns() {
    partlyCopied();
    assertThat(names(2, "buyer")).contains("bob");

    PublishReceipt erased = erase(1, "customer = 'bob'");

    assertThat(erased.otherVersions()).isEmpty();
    assertThat(names(2, "buyer")).isNotEmpty().doesNotContain("bob");
    shop().rollout(ORDERS).backFill().commit();
    assertThat(names(2, "buyer")).hasSize(27).contains("ann").doesNotContain("bob");
    assertWhole();
  }

  @Test
  void aBackFillDoesNotCommitACopyOfAFileWhoseRowsWereErasedMeanwhile() {
    defined();
    shop()
        .startRollout(ORDERS)
        .contract(contract(PaymentOfBuyer.class))
        .renameColumn("customer", "buyer")
        .because("Names")
        .commit();
    faults.on(Port.REGISTRY_COMMIT).nth(1).meanwhile(() -> erase(1, "customer = 'bob'"));
    faults
        .on(Port.REGISTRY_COMMIT)
        .nth(3)
        .meanwhile(() -> assertThat(names(2, "buyer")).doesNotContain("bob"));

    shop().rollout(ORDERS).backFill().commit();
    faults.clear();

    assertThat(names(2, "buyer")).containsExactlyInAnyOrder("ann", "eve");
    assertWhole();
  }

  /** The name of the old column is that of a new one, which has other values. */
  private void prepareOtherCustomers() {
    defined();
    shop()
        .startRollout(ORDERS)
        .contract(contract(PaymentToCustomer.class))
        .renameColumn("customer", "payer")
        .because("Names")
        .commit();
    shop()
        .rollout(ORDERS)
        .backFill(
            Payment.class, row -> new PaymentToCustomer(row.id(), row.customer(), "of " + row.id()))
        .commit();
  }

  @Test
  void aFilterThatNamesAnotherColumnInAnotherVersionIsRejected() {
    prepareOtherCustomers();

    assertThatThrownBy(() -> erase(1, "customer = 'bob'"))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.FILTER_INVALID))
        .hasMessageContainingAll("major version 2", "names another column", "where(2, ");
    shop()
        .erase(ORDERS)
        .majorVersion(1)
        .where("customer = 'bob'")
        .because("They asked.")
        .where(2, "payer = 'bob'")
        .commit();

    assertIds(1, 0L, 2L);
    assertIds(2, 0L, 2L);
    assertWhole();
  }

  @Test
  void anErasureNowRejectsAFilterThatNamesAnotherColumnInAnotherVersion() {
    prepareOtherCustomers();
    shop().rollout(ORDERS).activate().commit();
    var erasure =
        shop()
            .erase(ORDERS)
            .where("customer = 'bob'")
            .because("asked")
            .idempotencyKey("one")
            .withProof();

    assertThatThrownBy(erasure::commit)
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("major version 2", "names another column", "where(2, filter)");
    assertIds(1, 0L, 1L, 2L);
    assertIds(2, 0L, 1L, 2L);
    shop()
        .erase(ORDERS)
        .where("customer = 'bob'")
        .where(2, "payer = 'bob'")
        .because("asked")
        .idempotencyKey("two")
        .withProof()
        .commit();
    assertIds(1, 0L, 2L);
    assertIds(2, 0L, 2L);
    assertWhole();
  }

  @Test
  void anEraseByTheNameOfARetiredVersionReachesTheOthers() {
    defined();
    second();
    retire(1);

    PublishReceipt erased = erase(1, "id = 1");

    assertThat(erased.otherVersions()).extracting(PublishReceipt::major).containsExactly(2);
    assertIds(1, 0L, 2L);
    assertIds(2, 0L, 2L);
    assertThat(rollout(1).restore().because("A report").commit().newOnlySince()).isEmpty();
    publish(1, new Payment(3, "joe"));
    assertIds(1, 0L, 2L, 3L);
    assertIds(2, 0L, 2L, 3L);
    assertWhole();
  }

  @Test
  void anEraseByTheNameOfAWithdrawnVersionReachesTheOthersAndAsksForTheirFilter() {
    defined();
    second();
    shop().rollout(ORDERS).abort().because("Wrong names").commit();

    assertThatThrownBy(() -> erase(2, "buyer = 'bob'"))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.FILTER_INVALID))
        .hasMessageContainingAll("major version 1", "where(1");
    assertIds(2, 0L, 1L, 2L);
    shop()
        .erase(ORDERS)
        .majorVersion(2)
        .where(1, "customer = 'bob'")
        .where("buyer = 'bob'")
        .because("They asked.")
        .commit();

    assertIds(1, 0L, 2L);
    assertIds(2, 0L, 2L);
    assertWhole();
  }

  private static final Rule POSITIVE = Rule.atLeast("id", 0).id("positive");

  private static Contract quarantining(Class<?> rows) {
    return contract(rows)
        .require(POSITIVE)
        .onViolation(OnViolation.QUARANTINE)
        .maxQuarantineShare(100);
  }

  /** Two versions, whose quarantines have the rows -1 and -2. */
  private void quarantined() {
    defineOrders(quarantining(Payment.class))
        .publish(ORDERS)
        .records(List.of(new Payment(0, "ann")))
        .commit();
    registerFinance();
    shop()
        .startRollout(ORDERS)
        .contract(quarantining(PaymentOfBuyer.class))
        .renameColumn("customer", "buyer")
        .because("Names")
        .commit();
    shop().rollout(ORDERS).backFill().commit().activate().commit().announce().commit();
    publish(1, new Payment(-1, "bob"), new Payment(-2, "eve"), new Payment(1, "joe"));
    assertQuarantined(1, 1, 2);
    assertQuarantined(2, 1, 2);
  }

  private void assertQuarantined(int major, Integer... numbers) {
    assertThat(all(shop().quarantine(ORDERS).majorVersion(major).asMaps()))
        .as("quarantine of major version %s", major)
        .extracting(row -> ((Number) requireNonNull(row.get("row_number"))).intValue())
        .containsExactlyInAnyOrder(numbers);
  }

  private PublishReceipt eraseQuarantine(int major, String filter) {
    return shop()
        .erase(ORDERS)
        .majorVersion(major)
        .quarantineWhere(filter)
        .because("They asked.")
        .commit();
  }

  private PublishReceipt republish(int major, String filter) {
    return shop()
        .publish(ORDERS)
        .majorVersion(major)
        .republish(
            filter,
            row -> {
              row.put("id", 10 - (Long) Objects.requireNonNull(row.get("id")));
              return row;
            })
        .commit();
  }

  @Test
  void anEraseOfQuarantinedRowsReachesTheQuarantineOfEachVersion() {
    quarantined();

    assertThat(eraseQuarantine(1, "row_number = 1").rowsRemoved()).isEqualTo(1);
    assertQuarantined(1, 2);
    assertQuarantined(2, 2);

    retire(1);
    assertThat(eraseQuarantine(2, "row_number = 2").rowsRemoved()).isEqualTo(1);
    assertQuarantined(1);
    assertQuarantined(2);
    assertWhole();
  }

  @Test
  void anEraseByTheNameOfAWithdrawnVersionReachesTheQuarantineOfTheOthers() {
    quarantined();
    shop().rollout(ORDERS).abort().because("Wrong names").commit();

    eraseQuarantine(2, "row_number = 1");
    erase(2, "id = -2");

    assertQuarantined(1);
    assertQuarantined(2);
    assertWhole();
  }

  @Test
  void anEraseOfACopiedRowReachesTheQuarantineOfAnAbortedRollout() {
    defineOrders(contract(Payment.class))
        .publish(ORDERS)
        .records(List.of(new Payment(-1, "bob"), new Payment(-2, "eve"), new Payment(1, "joe")))
        .commit();
    backFillWithRule();
    shop().rollout(ORDERS).abort().because("Too early").commit();
    backFillWithRule();
    assertQuarantined(2, 1, 2);
    assertQuarantined(3, 1, 2);

    eraseQuarantine(3, "row_number = 1");

    assertQuarantined(2, 2);
    assertQuarantined(3, 2);
    assertWhole();
  }

  private void backFillWithRule() {
    shop()
        .startRollout(ORDERS)
        .contract(quarantining(PaymentOfBuyer.class))
        .renameColumn("customer", "buyer")
        .because("Names")
        .commit()
        .backFill()
        .commit();
  }

  @Test
  void aRepublishedRowLeavesTheQuarantineOfARetiredVersionToo() {
    quarantined();
    retire(1);

    assertThat(republish(2, "row_number = 1").rowsAccepted()).isEqualTo(1);

    assertQuarantined(1, 2);
    assertQuarantined(2, 2);
    rollout(1).restore().because("A report").commit();
    shop().rollout(ORDERS).backFill().commit();
    assertThat(republish(1, "row_number > 0").rowsAccepted()).isEqualTo(1);
    assertIds(1, 0L, 1L, 11L, 12L);
    assertIds(2, 0L, 1L, 11L, 12L);
    assertQuarantined(1);
    assertQuarantined(2);
    assertWhole();
  }

  @Test
  void aRowThatIsRepublishedToOneVersionAloneLeavesEachQuarantine() {
    quarantined();

    shop()
        .publish(ORDERS)
        .onlyMajorVersion(1)
        .because("It has another name in the other")
        .republish(
            "row_number = 1",
            row -> {
              row.put("id", 5L);
              return row;
            })
        .commit();

    assertQuarantined(1, 2);
    assertQuarantined(2, 2);
    assertThat(shop().rollout(ORDERS).mayDiffer()).isTrue();
  }
}
