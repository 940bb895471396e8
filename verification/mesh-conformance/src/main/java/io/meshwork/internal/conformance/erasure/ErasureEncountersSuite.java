package io.meshwork.internal.conformance.erasure;

import static io.meshwork.internal.conformance.erasure.PersonalOrders.FILTER;
import static io.meshwork.internal.conformance.erasure.PersonalOrders.LENIENT;
import static io.meshwork.internal.conformance.erasure.PersonalOrders.PERSON;
import static io.meshwork.internal.conformance.erasure.PersonalOrders.next;
import static io.meshwork.internal.conformance.erasure.PersonalOrders.ofPerson;
import static io.meshwork.internal.conformance.fixture.AmendedOrders.FIRST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.OrderInCents;
import io.meshwork.internal.conformance.fixture.RetirementFixture;
import io.meshwork.local.LocalMesh;
import io.meshwork.operation.Plan;
import io.meshwork.publish.Erase;
import io.meshwork.publish.Erase.Proof;
import io.meshwork.publish.Feed;
import io.meshwork.publish.Publish;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.publish.StagedPublish;
import io.meshwork.testkit.Faults.Port;
import io.meshwork.testkit.TestBackend;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** An erasure meets what others do with the product: it covers it, waits for it, or names it. */
public abstract class ErasureEncountersSuite extends RetirementFixture {
  private final PersonalOrders person = new PersonalOrders(this);

  private static final String ID_FILTER = "id = 1";

  /** Runs something once, directly before the n-th commit from now on. */
  private void beforeCommitOfAny(int nth, Runnable happens) {
    faults.clear();
    faults.on(Port.REGISTRY_COMMIT).nth(nth).meanwhile(happens);
  }

  private Erase.WithProof erasureOfOne() {
    return shop().erase(ORDERS).where(ID_FILTER).because("asked").idempotencyKey("one").withProof();
  }

  private void assertGone() throws IOException {
    assertThat(person.filesWithPerson()).isEmpty();
    assertThat(orders()).noneMatch(order -> order.customer().equals(PERSON));
    assertThat(registry.documents().values())
        .noneMatch(document -> document.json().contains(PERSON));
    assertWhole();
  }

  @Test
  void rowsThatArePublishedBeforeAnyOfItsCommitsAreErasedToo() throws IOException {
    for (int nth = 1; nth <= 4; nth++) {
      reopen(settings -> settings);
      defineOrders(LENIENT);
      person.publishPerson();
      beforeCommitOfAny(nth, () -> toOrders().records(List.of(ofPerson(20, 5))).commit());

      Proof proof = person.erasure().withProof().commit();

      faults.clear();
      assertThat(proof.rowsErased()).as("before commit %s", nth).isEqualTo(2);
      assertGone();
    }
  }

  @Test
  void anErasureGoesAgainAfterAConflictWithAPublish() throws IOException {
    defineOrders(LENIENT);
    person.publishPerson();
    beforeCommitOfAny(
        1, () -> toOrders().records(List.of(ofPerson(20, -5), Order.of(21))).commit());

    Proof proof = person.erasure().withProof().commit();

    assertThat(proof.rowsErased()).isEqualTo(1);
    assertThat(all(shop().quarantine(ORDERS))).isEmpty();
    assertGone();
  }

  @Test
  void publishesThatNeverEndAreNamed() {
    defineOrders(LENIENT);
    person.publishPerson();
    AtomicBoolean publishing = new AtomicBoolean();
    faults
        .on(Port.REGISTRY_COMMIT)
        .meanwhile(
            () -> {
              if (publishing.compareAndSet(false, true)) {
                toOrders().records(List.of(ofPerson(20, -5), Order.of(21))).commit();
                publishing.set(false);
              }
            });

    assertThatThrownBy(() -> person.erasure().withProof().commit())
        .isInstanceOfSatisfying(
            ConflictException.class, again -> assertThat(again.retryable()).isTrue())
        .hasMessageContainingAll("kept publishing", "same key");

    faults.clear();
    assertThat(person.erasure().withProof().commit().rowsErased()).isEqualTo(1);
    assertWhole();
  }

  @Test
  void rowsThatAreStagedMeanwhileEndWithTheErasure() throws IOException {
    for (int nth = 1; nth <= 3; nth++) {
      reopen(settings -> settings);
      defineOrders(LENIENT);
      person.publishPerson();
      beforeCommitOfAny(nth, () -> toOrders().records(List.of(ofPerson(30, 1))).stage());

      person.erasure().withProof().commit();

      faults.clear();
      assertThat(shop().stagedPublishes(ORDERS))
          .as("before commit %s", nth)
          .singleElement()
          .satisfies(staged -> assertThat(staged.erasedBy()).isPresent());
      assertGone();
    }
  }

  @Test
  void aStagedReplacementWhoseFilterWasRemovedIsNotPromoted() throws IOException {
    defineOrders();
    toOrders().records(Order.range(0, 5)).commit();
    String filter = "id = 7 or " + FILTER;
    StagedPublish before = toOrders().records(Order.range(7, 8)).replaceWhere(filter).stage();
    person.erasure().withProof().commit();

    StagedPublish after = shop().stagedPublishes(ORDERS).get(0);
    assertThat(after.erasedBy()).isEmpty();
    for (StagedPublish staged : List.of(before, after)) {
      assertConflict(() -> staged.promote().plan(), "removed the filter", "Discard it");
      assertConflict(() -> staged.promote().commit(), "removed the filter", "Discard it");
    }
    assertThat(orders()).hasSize(5);
    after.discard();
    toOrders().records(Order.range(7, 8)).replaceWhere("id = 7").stage().promote().commit();
    assertThat(orders()).hasSize(6);
    assertGone();
  }

  @Test
  void aReplacementWhoseFilterIsRemovedDuringItsPromotionIsNotPublished() throws IOException {
    defineOrders();
    toOrders().records(Order.range(0, 5)).commit();
    StagedPublish staged =
        toOrders().records(Order.range(7, 8)).replaceWhere("id = 7 or " + FILTER).stage();
    beforeCommitOfAny(
        1,
        () -> {
          faults.clear();
          person.erasure().withProof().commit();
        });

    assertConflict(() -> staged.promote().commit(), "removed the filter", "Discard it");

    faults.clear();
    assertThat(orders()).hasSize(5);
    assertGone();
  }

  @Test
  void theReceiptOfAStagedReplacementIsReturnedAlsoWithoutItsFilter() {
    defineOrders();
    UnaryOperator<Publish<?>> keyed =
        publish ->
            publish.replaceWhere("id = 7 or " + FILTER).idempotencyKey("k").contentDigest("d");
    StagedPublish staged = keyed.apply(toOrders().records(Order.range(7, 8))).stage();
    PublishReceipt receipt = keyed.apply(toOrders().records(Order.range(7, 8))).commit();
    person.erasure().withProof().commit();

    assertThat(staged.promote().commit().publishId()).isEqualTo(receipt.publishId());
    assertThat(staged.promote().plan().isAccepted()).isTrue();
  }

  @Test
  void aKeyWithARemovedFilterIsNotReportedAsOneWithAnotherFilter() {
    defineOrders();
    IntFunction<Publish<?>> keyed =
        id ->
            toOrders()
                .records(Order.range(id, id + 1))
                .replaceWhere("id >= 7 or " + FILTER)
                .idempotencyKey("k")
                .contentDigest("digest " + id);
    keyed.apply(7).commit();
    person.erasure().withProof().commit();

    assertThat(keyed.apply(7).commit().replayed()).isTrue();
    assertThatThrownBy(() -> keyed.apply(8).commit())
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContaining("its filter, rows, files, or content digest were different");
  }

  @Test
  void aPlanNamesStagedReplacementsThatLoseTheirFilterAndCountsAllReceipts() {
    defineOrders();
    String filter = "id = 7 or " + FILTER;
    for (int i = 0; i < 41; i++) {
      toOrders().records(Order.range(7, 8)).replaceWhere(filter).commit();
    }
    StagedPublish staged = toOrders().records(Order.range(7, 8)).replaceWhere(filter).stage();
    StagedPublish ended = toOrders().records(List.of(ofPerson(7, 1))).replaceWhere(filter).stage();

    Plan<Proof> plan = person.erasure().withProof().plan();

    assertThat(plan.toString())
        .contains(
            "the filters of 41 receipts", staged.id(), "cannot be promoted", "1 staged publish")
        .doesNotContain(ended.id(), PERSON);
    plan.commit();
    assertConflict(() -> staged.promote().commit(), "removed the filter", "Discard it");
  }

  @Test
  void aMajorVersionThatAppearsBeforeAnyOfItsCommitsIsCovered() {
    for (int nth = 1; nth <= 4; nth++) {
      reopen(settings -> settings);
      defineOrders();
      toOrders().records(Order.range(0, 3)).commit();
      beforeCommitOfAny(
          nth,
          () -> {
            shop().startRollout(ORDERS).contract(SECOND).because(REASON).commit();
            shop().rollout(ORDERS).backFill(Order.class, OrderInCents::of).commit();
            shop().rollout(ORDERS).activate().commit();
            shop()
                .publish(ORDERS)
                .majorVersion(1)
                .<Order>records(List.of(Order.of(1), Order.of(7)))
                .alsoTo(2, OrderInCents::of)
                .commit();
          });

      Proof proof = erasureOfOne().commit();

      faults.clear();
      assertThat(old()).as("before commit %s", nth).extracting(Order::id).containsOnly(0L, 2L, 7L);
      assertThat(current()).extracting(OrderInCents::id).containsOnly(0L, 2L, 7L);
      assertThat(proof.rowsRead()).as("rows of both versions").isEqualTo(6);
      assertWhole();
    }
  }

  @Test
  void aMajorVersionThatIsRetiredMeanwhileIsCovered() {
    for (int nth = 1; nth <= 3; nth++) {
      reopen(settings -> settings);
      closed();
      beforeCommitOfAny(nth, () -> rollout().retire().commit());

      Proof proof = erasureOfOne().commit();

      faults.clear();
      assertThat(proof.rowsErased()).as("before commit %s", nth).isEqualTo(2);
      assertThat(proof.rowsRead()).isEqualTo(4);
      assertThat(current()).extracting(OrderInCents::id).containsExactly(0L, 2L);
      assertWhole();
    }
  }

  @Test
  void aRolloutInProgressIsNamedAndCoveredAfterIt() {
    prepared();

    assertThatThrownBy(() -> erasureOfOne().commit())
        .isInstanceOfSatisfying(
            ConflictException.class,
            blocked ->
                assertThat(blocked.findings())
                    .extracting(finding -> finding.code())
                    .containsOnly(FindingCode.ERASURE_BLOCKED))
        .hasMessageContainingAll("A rollout copies rows", "Activate or abort");

    opened();
    erasureOfOne().commit();
    assertThat(old()).extracting(Order::id).containsExactly(0L, 2L);
    assertThat(current()).extracting(OrderInCents::id).containsExactly(0L, 2L);
    assertWhole();
  }

  @Test
  void aReadThatHoldsASnapshotIsNamedAndWaitedFor() throws IOException {
    defineOrders();
    publishOneByOne(0, 4);
    toOrders().records(List.of(ofPerson(11, 100))).commit();
    try (Rows<Order> rows = shop().read(ORDERS).as(Order.class).rows()) {
      Iterator<Order> each = rows.iterator();
      each.next();
      clock.advance(Duration.ofHours(13));
      each.next();

      assertThatThrownBy(() -> person.erasure().withProof().commit())
          .isInstanceOf(ConflictException.class)
          .hasMessageContainingAll("A read of commerce", "holds a snapshot until");

      each.forEachRemaining(row -> {});
    }
    assertThat(person.erasure().withProof().commit().rowsErased()).isEqualTo(1);
    assertGone();
  }

  @Test
  void aSubscriptionThatAcknowledgedEachBatchDoesNotDelayIt() throws IOException {
    defineOrders();
    Subscription<Order> totals = person.subscription();
    person.publishPerson();
    while (next(totals).isPresent()) {
      // until it received everything
    }
    fromOrders().where(FILTER).because("request 4710").commit();
    while (next(totals).isPresent()) {
      // also that the rows are erased
    }

    Proof proof = person.erasure().withProof().commit();

    assertThat(proof.readersPassed()).isEmpty();
    assertGone();
  }

  @Test
  void aBatchThatIsNotAcknowledgedIsNamed() {
    defineOrders();
    Subscription<Order> totals = person.subscription();
    person.publishPerson();
    totals.poll().close();

    assertThatThrownBy(() -> person.erasure().withProof().commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContainingAll("finance/totals", "has not received", "acknowledged");
  }

  @Test
  void aBatchIsNamedIfTheClockOfTheHostIsFarBehindToo() {
    clock.advance(Duration.ofDays(36_500));
    mesh.maintain().trustClock().commit();
    aBatchThatIsNotAcknowledgedIsNamed();
  }

  @Test
  void aFeedContinuesAfterTheErasureOfItsRows() throws IOException {
    defineOrders();
    try (Feed<Order> feed = shop().<Order>feed(ORDERS, "tills").rowsPerCommit(100).open()) {
      feed.accept(1, ofPerson(1, 1));
      feed.accept(2, Order.of(2));
      feed.commit();
      feed.accept(3, ofPerson(3, 1));
      feed.accept(4, Order.of(4));
      beforeCommitOfAny(1, feed::commit);

      Proof proof = person.erasure().withProof().commit();

      faults.clear();
      assertThat(proof.rowsErased()).isEqualTo(2);
      assertThat(feed.accept(3, ofPerson(3, 1)))
          .as("an erased row is not published again")
          .isFalse();
      feed.accept(5, Order.of(5));
      feed.commit();
    }
    assertThat(orders()).extracting(Order::id).containsExactlyInAnyOrder(2L, 4L, 5L);
    assertGone();
  }

  @Test
  void quarantinedRowsWithTheValueInAMisnamedColumnAreErasedToo() throws IOException {
    defineOrders(LENIENT);
    toOrders()
        .records(
            List.of(
                row("id", 1L, "Customer (old, new", PERSON, "amount", BigDecimal.ONE),
                row("id", 2L, "customer", "other", "amount", BigDecimal.ONE, "x", PERSON + 2),
                row("id", 3L, "customer", "other", "amount", BigDecimal.valueOf(-1)),
                row("id", 4L, "amount", BigDecimal.ONE),
                row("id", 5L, "customer", "other", "amount", BigDecimal.ONE)))
        .commit();
    assertThat(all(shop().quarantine(ORDERS))).hasSize(4);

    person.erasure().withProof().commit();

    assertThat(all(shop().quarantine(ORDERS).asMaps()))
        .extracting(row -> row.get("row_number"))
        .as("rows whose customer is known, and one without any")
        .containsExactlyInAnyOrder(2L, 3L, 4L);
    assertWhole();
  }

  @Test
  void aRepeatedErasureReturnsTheProofAndAnotherOneProvesAgain() throws IOException {
    defineOrders();
    person.publishPerson();
    Proof first = person.erasure().withProof().commit();
    toOrders().records(List.of(ofPerson(50, 1))).commit();

    assertThat(person.erasure().withProof().commit()).as("the same key").isEqualTo(first);
    assertThat(orders()).anyMatch(order -> order.customer().equals(PERSON));

    Proof second = person.erasure().idempotencyKey("4712").withProof().commit();
    assertThat(second.rowsErased()).isEqualTo(1);
    Proof third = person.erasure().idempotencyKey("4713").withProof().commit();
    assertThat(third.rowsErased()).isZero();
    assertThat(third.rowsRead()).isEqualTo(orders().size());
    assertGone();
  }

  /** Opens the mesh with a folder of another program; returns its location. */
  private String openWithLake() throws IOException {
    if (!(backend() instanceof TestBackend.OnDisk)) {
      return place("lake") + "/clicks";
    }
    Path lake = Files.createDirectories(scratch.resolve("lake/clicks"));
    mesh.close();
    mesh = prepared(LocalMesh.builder(meshFolder(), Map.of("lake", lake.getParent()))).open();
    return lake.toString();
  }

  /** Another program has a file with these rows. */
  private void writeLake(String lake, String name, List<Order> rows) throws IOException {
    MeshClient other = as("other");
    String product = "other/" + name;
    other.defineProduct(product).contract(FIRST).commit();
    other.publish(product).records(rows).commit();
    String location = other.read(product).files().get(0);
    try (InputStream in = files.newInputFile(location).newStream()) {
      if (Files.isDirectory(Path.of(lake))) {
        Files.copy(in, Path.of(lake).resolve(name + ".parquet"));
      } else {
        try (OutputStream out =
            files.newOutputFile(lake + "/" + name + ".parquet").createOrOverwrite()) {
          in.transferTo(out);
        }
      }
    }
  }

  @Test
  void registeredFilesWithTheRowsAreNamedAndOthersAreRead() throws IOException {
    String lake = openWithLake();
    as("other").registerDomain("other").owner("other@example.org").commit();
    writeLake(lake, "a", Order.range(0, 3));
    writeLake(lake, "b", List.of(ofPerson(10, 1), Order.of(11)));
    writeLake(lake, "c", List.of(ofPerson(12, 1), Order.of(13)));
    registerShop().onboard(ORDERS).contract(FIRST).from(lake).commit();
    fromOrders().where("id = 10").because("another request").commit();
    shop()
        .erase(ORDERS)
        .where("id = 10")
        .because("x")
        .idempotencyKey("earlier")
        .withProof()
        .commit();
    Erase.WithProof erasure = person.erasure().withProof();

    assertThat(erasure.plan().findings())
        .filteredOn(finding -> finding.code() == FindingCode.ERASURE_OUT_OF_REACH)
        .hasSize(2);
    Proof proof = erasure.commit();

    assertThat(proof.outOfReach())
        .as("a file of a snapshot, one that no snapshot has, and backups")
        .hasSize(3)
        .anyMatch(sentence -> sentence.contains("/b.parquet contains the rows"))
        .anyMatch(sentence -> sentence.contains("/c.parquet contains the rows"));
    assertThat(proof.rowsRead()).as("also of registered files").isEqualTo(5);
    assertThat(proof.filesRead()).isEqualTo(3);
    assertThat(orders()).hasSize(5);
    assertThat(shop().onboard(ORDERS).refresh().commit().replayed()).isTrue();
    assertThat(mesh.doctor().problems()).isEmpty();
  }
}
