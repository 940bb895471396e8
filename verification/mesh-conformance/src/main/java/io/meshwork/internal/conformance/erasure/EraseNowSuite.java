package io.meshwork.internal.conformance.erasure;

import static io.meshwork.internal.conformance.erasure.PersonalOrders.FILTER;
import static io.meshwork.internal.conformance.erasure.PersonalOrders.LENIENT;
import static io.meshwork.internal.conformance.erasure.PersonalOrders.PERSON;
import static io.meshwork.internal.conformance.erasure.PersonalOrders.next;
import static io.meshwork.internal.conformance.erasure.PersonalOrders.ofPerson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscription;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.RetirementFixture;
import io.meshwork.operation.Plan;
import io.meshwork.publish.Erase;
import io.meshwork.publish.Erase.Proof;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** An owner erases rows now: no file contains them afterwards, and the proof says so. */
public abstract class EraseNowSuite extends RetirementFixture {
  private final PersonalOrders person = new PersonalOrders(this);

  @Test
  void noFileAndNoDocumentContainsTheRowsAfterwards() throws IOException {
    defineOrders(LENIENT);
    person.publishPerson();
    toOrders().records(List.of(ofPerson(20, -1), Order.of(21))).commit();
    toOrders().records(List.of(ofPerson(11, 200))).replaceWhere(FILTER).commit();
    toOrders().records(List.of(ofPerson(30, 1))).stage();
    assertThat(person.filesWithPerson()).hasSizeGreaterThan(5);

    Proof proof = person.erasure().withProof().commit();

    assertThat(person.filesWithPerson()).isEmpty();
    assertThat(registry.documents().values())
        .noneMatch(document -> document.json().contains(PERSON));
    assertThat(orders()).hasSize(9).noneMatch(order -> order.customer().equals(PERSON));
    assertThat(all(shop().quarantine(ORDERS))).isEmpty();
    assertThat(proof.rowsErased()).isEqualTo(1);
    assertThat(proof.snapshotsExpired()).isGreaterThan(3);
    assertThat(proof.filesDeleted()).isGreaterThan(5);
    assertThat(proof.filesRead()).isPositive();
    assertThat(proof.rowsRead()).isEqualTo(9);
    assertThat(proof.readersPassed()).isEmpty();
    assertThat(proof.outOfReach()).singleElement().asString().contains("Backups");
    assertWhole();
    assertThat(person.erasure().withProof().commit()).isEqualTo(proof);
    assertThat(shop().events(ORDERS).list())
        .extracting(MeshEvent::type)
        .contains(MeshEvent.Type.PRODUCT_ERASURE_PROVED, MeshEvent.Type.RECEIPTS_REDACTED);
    assertThatThrownBy(() -> person.erasure().where("id = 1").withProof().commit())
        .isInstanceOf(AlreadyExistsException.class);
    maintain();
    assertWhole();
  }

  @Test
  void aPlanShowsWhatIsErasedAndChangesNothing() {
    defineOrders();
    MeshClient finance = registerFinance();
    person.publishPerson();
    State before = state();

    Plan<Proof> plan = person.erasure().withProof().plan();

    assertNothingChanged(before);
    assertThat(plan.toString()).contains("erase from", "1 row", "expire").doesNotContain(PERSON);
    assertThat(plan.findings()).isEmpty();
    toOrders().records(List.of(ofPerson(40, 1))).commit();
    assertThatThrownBy(plan::commit).isInstanceOf(ConflictException.class);
    assertThat(person.erasure().withProof().plan().commit().rowsErased()).isEqualTo(2);
    assertThatThrownBy(() -> finance.erase(ORDERS).where(FILTER).because("x").withProof().commit())
        .isInstanceOf(AccessDeniedException.class);
  }

  @Test
  void aSubscriptionThatNeedsASnapshotIsNamedAndWaitedFor() throws IOException {
    defineOrders();
    Subscription<Order> totals = person.subscription();
    toOrders().records(Order.range(60, 62)).commit();
    next(totals);
    person.publishPerson();

    assertThatThrownBy(() -> person.erasure().withProof().commit())
        .isInstanceOfSatisfying(
            ConflictException.class,
            blocked ->
                assertThat(blocked.findings())
                    .extracting(finding -> finding.code())
                    .containsOnly(FindingCode.ERASURE_BLOCKED))
        .hasMessageContainingAll("finance/totals", "since", "ignoreReaders()");

    assertThat(orders()).noneMatch(order -> order.customer().equals(PERSON));
    while (next(totals).isPresent()) {
      clock.advance(Duration.ofMinutes(1));
    }
    toOrders().records(List.of(ofPerson(50, 1))).commit();
    next(totals);
    clock.advance(Duration.ofHours(26));
    assertThatThrownBy(() -> person.erasure().withProof().commit())
        .hasMessageContaining("finance/totals");
    next(totals);
    Proof proof = person.erasure().withProof().commit();
    assertThat(proof.publishIds()).as("rows that were published meanwhile").hasSize(2);
    assertThat(proof.rowsErased()).isEqualTo(2);
    assertThat(person.filesWithPerson()).isEmpty();
    assertWhole();
  }

  @Test
  void readersAreNotWaitedForIfTheOwnerSaysSo() throws IOException {
    defineOrders();
    Subscription<Order> totals = person.subscription();
    person.publishPerson();
    next(totals);

    Proof proof = person.erasure().withProof().ignoreReaders().commit();

    assertThat(proof.readersPassed()).singleElement().asString().contains("finance/totals");
    assertThat(person.filesWithPerson()).isEmpty();
    assertThat(next(totals)).contains(Batch.Kind.RESET);
    assertWhole();
  }

  @Test
  void rowsOfARetiredMajorVersionAreErasedToo() {
    retired();
    String file = shop().read(ORDERS).majorVersion(1).files().get(0);

    Proof proof = shop().erase(ORDERS).where("id = 1").because("They asked.").withProof().commit();

    assertThat(proof.rowsErased()).isEqualTo(2);
    assertThat(files.present()).doesNotContainKey(file);
    assertThat(old()).hasSize(2);
    assertWhole();
  }

  @Test
  void aRowThatOnlyWaitsInTheQuarantineIsCountedByTheProofUnderItsKey() {
    defineOrders(LENIENT);
    toOrders().records(List.of(Order.of(1), ofPerson(20, -1))).commit();

    Proof proof = person.erasure().withProof().commit();

    assertThat(proof.rowsErased()).isZero();
    assertThat(proof.quarantinedRowsErased()).isEqualTo(1);
    assertThat(person.erasure().withProof().commit().quarantinedRowsErased()).isEqualTo(1);
    assertThat(all(shop().quarantine(ORDERS))).isEmpty();
    assertWhole();
  }

  @Test
  void aFilterWithoutColumnsErasesEveryRowWhereverItIs() throws IOException {
    defineOrders(LENIENT);
    person.publishPerson();
    toOrders().records(List.of(ofPerson(20, -1), ofPerson(21, 1))).commit();
    toOrders().records(List.of(ofPerson(30, 1))).stage();
    long quarantined = all(shop().quarantine(ORDERS)).size();
    assertThat(quarantined).isPositive();
    assertThat(fromOrders().where("TRUE").because("all").plan().quarantineRowsRemoved())
        .isEqualTo(quarantined);
    assertThat(fromOrders().where("FALSE").because("none").plan().rowsRemoved()).isZero();

    Proof proof = person.erasure().where("TRUE").withProof().commit();

    assertThat(orders()).isEmpty();
    assertThat(all(shop().quarantine(ORDERS))).isEmpty();
    assertThat(person.filesWithPerson()).isEmpty();
    assertThat(proof.rowsErased()).isPositive();
    assertThat(proof.quarantinedRowsErased()).isEqualTo(quarantined);
    assertWhole();
  }

  @Test
  void aListOfValuesIsReadAndErasedAndNoDocumentHasIt() throws IOException {
    defineOrders(LENIENT);
    Subscription<Order> totals = person.subscription();
    person.publishPerson();
    toOrders().records(List.of(ofPerson(20, -1), ofPerson(21, 1))).commit();
    while (next(totals).isPresent()) {
      clock.advance(Duration.ofMinutes(1));
    }
    List<String> persons =
        Stream.concat(
                IntStream.range(0, 100_000).mapToObj(i -> "c'" + i), Stream.of(PERSON, PERSON))
            .toList();
    assertThat(all(shop().read(ORDERS).asMaps().whereIn("customer", persons))).hasSize(2);
    assertThat(fromOrders().whereIn("customer", persons).because("x").plan().rowsRemoved())
        .isEqualTo(2);

    PublishReceipt receipt =
        fromOrders()
            .whereIn("customer", List.of(PERSON))
            .because("request 4711")
            .idempotencyKey("a")
            .commit();
    PublishReceipt again =
        fromOrders()
            .whereIn("customer", List.of(PERSON))
            .because("request 4711")
            .idempotencyKey("a")
            .commit();
    assertThat(again.publishId()).isEqualTo(receipt.publishId());
    assertThat(List.of(receipt, again))
        .extracting(PublishReceipt::scope)
        .containsOnly(Optional.of("customer IN (1 value)"));
    assertThat(shop().publishHistory(ORDERS).changes())
        .filteredOn(change -> change.mode() == PublishMode.ERASE)
        .extracting(change -> change.scope())
        .containsExactly(Optional.of("customer IN (1 value)"));
    assertThatThrownBy(
            () ->
                fromOrders()
                    .whereIn("customer", List.of("another"))
                    .because("request 4711")
                    .idempotencyKey("a")
                    .commit())
        .isInstanceOf(AlreadyExistsException.class);

    assertThat(receipt.rowsRemoved()).isEqualTo(2);
    assertThat(orders()).noneMatch(order -> order.customer().equals(PERSON));
    assertThat(all(shop().quarantine(ORDERS))).isEmpty();
    assertThat(registry.documents().values())
        .noneMatch(document -> document.json().contains(PERSON));
    assertThat(next(totals)).contains(Batch.Kind.RESET);

    toOrders().records(List.of(ofPerson(50, 1))).commit();
    next(totals);
    clock.advance(Duration.ofHours(26));
    Proof proof =
        shop()
            .erase(ORDERS)
            .whereIn("customer", persons)
            .because("request 4711")
            .withProof()
            .ignoreReaders()
            .commit();

    assertThat(proof.rowsErased()).isEqualTo(1);
    assertThat(person.filesWithPerson()).isEmpty();
    assertThat(registry.documents().values())
        .noneMatch(document -> document.json().contains(PERSON));
    assertWhole();
  }

  @Test
  void aPlanRejectsFiltersOfVersionsThatTheEraseRejects() {
    defineOrders();
    toOrders().records(Order.range(0, 2)).commit();
    for (int major : new int[] {1, 9}) {
      Erase.WithProof erasure =
          shop().erase(ORDERS).where("id = 1").where(major, "id = 1").because("x").withProof();
      assertThatThrownBy(erasure::plan).as("%s", major).isInstanceOf(MeshException.class);
      assertThatThrownBy(erasure::commit).as("%s", major).isInstanceOf(MeshException.class);
    }
  }

  @Test
  void aListWithoutValuesOrOfAnotherTypeIsRejected() {
    defineOrders();
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> shop().read(ORDERS).whereIn("id", List.of()),
            () -> shop().erase(ORDERS).whereIn("id", List.of()),
            () -> fromOrders().whereIn("id", List.of()).because("x"),
            () -> shop().read(ORDERS).whereIn("id", Arrays.asList(1, null)),
            () -> shop().read(ORDERS).whereIn("id", List.of(new Object())),
            () -> shop().read(ORDERS).whereIn("customer", List.of("a\uFFFD")),
            () -> shop().read(ORDERS).whereIn("id", List.of(new BigDecimal("1e2147483647"))),
            () -> shop().read(ORDERS).whereIn("id", List.of("1")).rows(),
            () ->
                shop().erase(ORDERS).whereIn("id", List.of("1")).because("x").withProof().commit(),
            () -> fromOrders().whereIn("id", List.of("1")).because("x").commit())) {
      assertThatThrownBy(call)
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageNotContaining(PERSON);
    }
  }
}
