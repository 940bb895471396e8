package io.meshwork.internal.conformance.rollout;

import static io.meshwork.internal.conformance.fixture.AmendedOrders.subscribe;
import static io.meshwork.internal.conformance.fixture.TrackedRollout.EARLIEST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Subscription;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.NotFoundException;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.conformance.fixture.AmendedOrders.Customers;
import io.meshwork.internal.conformance.fixture.AmendedOrders.Ids;
import io.meshwork.internal.conformance.fixture.RolloutFixture;
import io.meshwork.internal.conformance.fixture.TrackedRollout;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.event.EventDetailsCodec;
import io.meshwork.notice.Notice;
import io.meshwork.notice.Notice.Kind;
import io.meshwork.operation.Operation;
import io.meshwork.product.Principal;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.Rollout.Track;
import io.meshwork.rollout.Rollout.Track.Answer;
import io.meshwork.testkit.Faults.Port;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each consumer of a rollout has a track: its answer, its date, and what its reads prove. */
public abstract class TracksSuite extends RolloutFixture {
  private final TrackedRollout tracked = new TrackedRollout(this);

  @Test
  void aConsumerSeesAndAnswersItsOwnTracksOnly() {
    tracked.planned().announce().commit();

    assertThat(tracked.finance().rollout(ORDERS).tracks())
        .extracting(Track::consumer)
        .containsExactly("finance/customers", "finance/ids");
    assertThat(tracked.sales().rollout(ORDERS).tracks())
        .extracting(Track::consumer)
        .containsExactly("sales/@");
    assertThat(tracked.sales().rollout(ORDERS).toString()).doesNotContain("finance/");
    assertThat(tracked.track(tracked.sales(), "@").subscribed()).isFalse();
    assertThatThrownBy(() -> tracked.track(tracked.sales(), "finance/ids"))
        .isInstanceOf(NotFoundException.class);
    Track.Move seenByOwner = tracked.track(shop(), "finance/ids");
    State before = state();
    assertThatThrownBy(() -> seenByOwner.agree().commit())
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> seenByOwner.moved().because("Yes").commit())
        .isInstanceOf(AccessDeniedException.class);
    Track own = tracked.track(tracked.finance(), "ids");
    assertThatThrownBy(() -> own.accept().commit()).isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> own.offer(EARLIEST.plusDays(9)).commit())
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> tracked.finance().rollout(ORDERS).announce().commit())
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(
            () -> tracked.finance().rollout(ORDERS).extend(EARLIEST.plusDays(9)).commit())
        .isInstanceOf(AccessDeniedException.class);
    assertNothingChanged(before);
  }

  @Test
  void aReadByAHostWhoseClockIsBehindIsNoEarlierThanTheReadsBefore() {
    assumeTrue(existingMesh().isPresent(), "the mesh cannot be opened again");
    Instant before = clock.instant().minus(Duration.ofMinutes(4));
    tracked.planned();

    try (Mesh behind = prepared(existingMesh().orElseThrow(), () -> before).open()) {
      all(behind.clientAs(Principal.of("sales", "other")).read(ORDERS).as(Ids.class));
    }

    assertThat(shop().rollout(ORDERS).announce().commit().tracks())
        .filteredOn(track -> track.consumer().equals("sales/@"))
        .extracting(Track::state)
        .containsExactly(Track.State.WAITING);
  }

  @Test
  void aCounterOfferHoldsOnceTheOwnerAcceptsIt() {
    tracked.planned().announce().commit();
    tracked.notified(Kind.ROLLOUT_OFFERED);
    LocalDate later = EARLIEST.plusDays(20);

    Track countered =
        tracked.track(tracked.finance(), "ids").counter(later).because("Year end").commit();

    assertThat(countered.answer()).isEqualTo(Answer.COUNTERED);
    assertThat(countered.requestedDate()).contains(later);
    assertThat(countered.date()).as("not accepted yet").isEqualTo(EARLIEST);
    assertThat(countered).isEqualTo(tracked.track(tracked.finance(), "ids"));
    assertThat(tracked.notified(Kind.ROLLOUT_ANSWERED))
        .singleElement()
        .satisfies(
            notice -> {
              assertThat(notice.to()).isEqualTo("shop@example.org");
              assertThat(notice.text()).contains("finance/ids asks for 2027-01-09", "accept()");
              assertThat(notice.facts()).containsEntry("answer", "COUNTERED");
            });

    Track accepted = tracked.track(shop(), "finance/ids").accept().commit();

    assertThat(accepted.date()).isEqualTo(later);
    assertThat(accepted.answer()).isEqualTo(Answer.AGREED);
    assertThat(accepted.dateAccepted()).isTrue();
    assertThat(tracked.track(tracked.finance(), "ids")).isEqualTo(accepted);
    assertThat(tracked.track(tracked.finance(), "customers").date()).isEqualTo(EARLIEST);
    assertThat(tracked.notified(Kind.ROLLOUT_OFFERED))
        .singleElement()
        .satisfies(notice -> assertThat(notice.text()).contains("2027-01-09", "finance/ids"));
    assertThat(tracked.finance().events(consumerLog("finance")).list())
        .filteredOn(event -> event.type() == MeshEvent.Type.ROLLOUT_ANSWERED)
        .singleElement()
        .satisfies(
            event ->
                assertThat(
                        ((EventDetails.RolloutChange) EventDetailsCodec.detailsOf(event)).because())
                    .contains("Year end"));
    assertConflict(
        () -> tracked.track(shop(), "finance/ids").accept().commit(),
        "Cannot accept the date that finance/ids asks for in rollout 1",
        "does not ask",
        "AGREED");
    assertWhole();
  }

  @Test
  void anOfferInReturnHoldsAtOnceAndTheConsumerAgreesToIt() {
    tracked.planned().announce().commit();
    tracked
        .track(tracked.finance(), "ids")
        .counter(EARLIEST.plusDays(60))
        .because("Year end")
        .commit();
    LocalDate between = EARLIEST.plusDays(30);

    Track offered = tracked.track(shop(), "finance/ids").offer(between).commit();

    assertThat(offered.date()).isEqualTo(between);
    assertThat(offered.answer()).isEqualTo(Answer.NONE);
    assertThat(tracked.track(tracked.finance(), "ids").agree().commit().dateAccepted()).isTrue();
    Track again = tracked.track(tracked.finance(), "ids").agree().commit();
    assertThat(again.answer()).isEqualTo(Answer.AGREED);
    assertThat(tracked.finance().events(consumerLog("finance")).list())
        .as("a repeated answer does not create an event")
        .filteredOn(event -> event.type() == MeshEvent.Type.ROLLOUT_ANSWERED)
        .hasSize(2);
  }

  @Test
  void anAnswerToASupersededOfferIsAConflictThatNamesTheNewDate() {
    tracked.planned().announce().commit();
    Track read = tracked.track(tracked.finance(), "ids");
    Track readByOwner = tracked.track(shop(), "finance/ids");
    tracked.track(shop(), "finance/ids").offer(EARLIEST.plusDays(7)).commit();

    assertConflict(() -> read.agree().commit(), "2026-12-27", "Read the track again");
    assertConflict(() -> read.counter(EARLIEST.plusDays(9)).because("No").commit(), "2026-12-27");
    assertConflict(() -> read.object().because("No").commit(), "2026-12-27");
    tracked
        .track(tracked.finance(), "ids")
        .counter(EARLIEST.plusDays(40))
        .because("Year end")
        .commit();

    assertConflict(
        () -> readByOwner.offer(EARLIEST.plusDays(8)).commit(), "COUNTERED", "2027-01-29");
  }

  @Test
  void anOfferThatCommitsDuringAnAnswerIsNotAnswered() {
    tracked.planned().announce().commit();
    for (int read = 1; read <= 8; read *= 2) {
      LocalDate date = tracked.track(shop(), "finance/ids").date().plusDays(1);
      var answer = tracked.track(tracked.finance(), "ids").object().because("No " + read);
      faults
          .on(Port.REGISTRY_READ)
          .nth(read)
          .meanwhile(() -> tracked.track(shop(), "finance/ids").offer(date).commit());
      assertConflict(answer::commit, date.toString());
      faults.clear();
    }
    assertThat(tracked.track(tracked.finance(), "ids").answer()).isEqualTo(Answer.NONE);
  }

  @Test
  void anObjectionKeepsTheDateAndReachesTheOwner() {
    tracked.planned().announce().commit();
    tracked.notified(Kind.ROLLOUT_OFFERED);

    Track objected = tracked.track(tracked.sales(), "@").object().because("We need euros").commit();

    assertThat(objected.answer()).isEqualTo(Answer.OBJECTED);
    assertThat(objected.answerReason()).contains("We need euros");
    assertThat(objected.date()).isEqualTo(EARLIEST);
    assertThat(tracked.notified(Kind.ROLLOUT_ANSWERED))
        .extracting(Notice::text)
        .singleElement()
        .asString()
        .contains("sales/@ objects: We need euros", "offer(date)");
    assertThat(shop().rollout(ORDERS).toString()).contains("OBJECTED: We need euros");
  }

  @Test
  void silenceAcceptsTheDateAndProvesNothing() {
    tracked.planned().announce().commit();
    clock.advance(Duration.ofDays(14));
    assertThat(tracked.track(tracked.finance(), "ids").dateAccepted()).isFalse();
    clock.advance(Duration.ofDays(2));

    Track silent = tracked.track(tracked.finance(), "ids");

    assertThat(silent.dateAccepted()).isTrue();
    assertThat(silent.answer()).isEqualTo(Answer.NONE);
    assertThat(silent.state()).isEqualTo(Track.State.WAITING);
    assertThat(silent.released()).isFalse();
    clock.advance(Duration.ofDays(40));
    assertThat(tracked.track(tracked.finance(), "ids").released())
        .as("a subscription is waited for")
        .isFalse();
    assertThat(tracked.track(tracked.sales(), "@").released()).as("its notice ended").isTrue();
  }

  @Test
  void anEarlierDateNeedsTheAgreementOfTheConsumer() {
    tracked.planned().announce().commit();
    LocalDate later = EARLIEST.plusDays(30);
    tracked.track(shop(), "finance/ids").offer(later).commit();

    Track proposed = tracked.track(shop(), "finance/ids").offer(EARLIEST).commit();

    assertThat(proposed.date()).isEqualTo(later);
    assertThat(proposed.earlierDate()).contains(EARLIEST);
    Track agreed = tracked.track(tracked.finance(), "ids").agree().commit();
    assertThat(agreed.date()).isEqualTo(EARLIEST);
    assertThat(agreed.earlierDate()).isEmpty();
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> tracked.track(shop(), "finance/ids").offer(EARLIEST.minusDays(1)).commit(),
        "2026-12-19",
        "notice period",
        "Offer 2026-12-20");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> tracked.track(tracked.finance(), "ids").counter(EARLIEST).because("Earlier").commit(),
        "not after 2026-12-20",
        "agree()");
  }

  @Test
  void anExtensionGivesAllConsumersALaterDate() {
    MajorRollout announced = tracked.planned().announce().commit();
    LocalDate later = EARLIEST.plusDays(10);
    tracked.track(shop(), "sales/@").offer(EARLIEST.plusDays(20)).commit();

    assertConflict(() -> announced.extend(later).commit(), "sales/@", "2027-01-09");
    MajorRollout extended = announced.extend(EARLIEST.plusDays(25)).commit();

    assertThat(extended.retireAfter()).isEqualTo(EARLIEST.plusDays(25));
    assertThat(extended.tracks()).extracting(Track::date).containsOnly(EARLIEST.plusDays(25));
    assertConflict(() -> announced.extend(EARLIEST).commit(), "2027-01-14", "offer(..)");
    MajorRollout active = shop().rollout(ORDERS).activate().commit();
    assertThat(document("major/1").json()).contains("2027-01-14");
    active.extend(EARLIEST.plusDays(26)).commit();
    assertThat(document("major/1").json()).contains("2027-01-15");
    assertThat(tracked.track(tracked.finance(), "ids").date()).isEqualTo(EARLIEST.plusDays(26));
  }

  @Test
  void readsProveAMoveAndADeclarationReplacesTheQuietPeriodOnly() {
    tracked.planned().announce().commit().activate().commit();

    assertConflict(
        () -> tracked.track(tracked.sales(), "@").moved().because("Done").commit(),
        "no read of major version 2",
        "first");
    all(tracked.sales().read(ORDERS).majorVersion(2).as(Buyers.class));
    assertThat(tracked.track(tracked.sales(), "@").state()).isEqualTo(Track.State.MIGRATING);

    Track moved =
        tracked.track(tracked.sales(), "@").moved().because("The job reads cents").commit();

    assertThat(moved.state()).isEqualTo(Track.State.MIGRATED);
    assertThat(moved.released()).isTrue();
    assertThat(shop().rollout(ORDERS).waitingFor())
        .extracting(Track::consumer)
        .containsExactly("finance/customers", "finance/ids");
    clock.advance(Duration.ofDays(1));
    all(tracked.sales().read(ORDERS).as(Customers.class));
    assertThat(tracked.track(tracked.sales(), "@").state())
        .as("it reads the old one")
        .isEqualTo(Track.State.MIGRATING);
  }

  @Test
  void aReadOfTheOldVersionOnTheDayOfADeclarationRefutesIt() {
    tracked.planned().announce().commit().activate().commit();
    MeshClient sales = tracked.sales();
    all(sales.read(ORDERS).majorVersion(1).as(Customers.class));
    clock.advance(Duration.ofHours(1));
    all(sales.read(ORDERS).majorVersion(2).as(Buyers.class));
    clock.advance(Duration.ofMinutes(5));
    tracked.track(sales, "@").moved().because("The job reads cents").commit();
    assertThat(tracked.track(sales, "@").state()).isEqualTo(Track.State.MIGRATED);
    clock.advance(Duration.ofHours(1));

    all(sales.read(ORDERS).majorVersion(1).as(Customers.class));

    assertThat(tracked.track(sales, "@").state()).isEqualTo(Track.State.MIGRATING);
    assertThat(shop().rollout(ORDERS).waitingFor()).extracting(Track::consumer).contains("sales/@");
    State before = state();
    all(sales.read(ORDERS).majorVersion(1).as(Customers.class));
    assertNothingChanged(before);
    assertThat(tracked.track(sales, "@").moved().because("Now it does").commit().state())
        .isEqualTo(Track.State.MIGRATED);
  }

  @Test
  void aConsumerThatLeavesIsNotWaitedFor() {
    tracked.planned().announce().commit();
    tracked.finance().unsubscribe(ORDERS, "ids").because("Replaced").commit();

    Track track = tracked.track(shop(), "finance/ids");

    assertThat(track.state()).isEqualTo(Track.State.DETACHED);
    assertThat(track.released()).isTrue();
    assertThat(track.reason()).contains("finance/etl", "closed");
    assertConflict(() -> tracked.track(tracked.finance(), "ids").agree().commit(), "DETACHED");
    subscribe(tracked.finance(), "ids", Ids.class);
    assertThat(tracked.track(tracked.finance(), "ids").state()).isEqualTo(Track.State.WAITING);
  }

  @Test
  void aConsumerWhoseRightIsRevokedIsNotWaitedForAndThePageNamesWhoRevokedIt() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS).contract(OLD).commit();
    MeshClient finance = registerFinance();
    String grant =
        shop.grant(ORDERS).to(finance.principal()).because("Accounts").commit().get(0).id();
    subscribe(finance, "ids", Ids.class);
    rollOut(shop).commit().announce().commit();
    assertThat(tracked.track(finance, "ids").state()).isEqualTo(Track.State.WAITING);
    clock.advance(Duration.ofDays(1));

    shop.revoke(grant).commit();

    Track revoked = tracked.track(shop, "finance/ids");
    assertThat(revoked.state()).isEqualTo(Track.State.DETACHED);
    assertThat(revoked.reason()).contains("revoked by commerce/etl", "2026-11-21");
  }

  @Test
  void theEndOfAGrantIsNotConfusedWithAChangeOfOtherRights() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS).contract(OLD).commit();
    MeshClient finance = registerFinance();
    String invoices = "finance/invoices";
    finance.defineProduct(invoices).contract(OLD).commit();
    finance.governance().defineTag("use", "reports").commit();
    Principal etl = finance.principal();
    Instant end = clock.instant().plus(Duration.ofDays(2));
    shop.grant(ORDERS).to(etl).until(end).because("Accounts").commit();
    String toShop =
        finance.grant(invoices).to(shop.principal()).because("Sales").commit().get(0).id();
    subscribe(finance, "ids", Ids.class);
    rollOut(shop).commit().announce().commit();
    clock.advance(Duration.ofDays(1));
    finance.access().tag(invoices).set("use", "reports").commit();
    finance.revoke(toShop).commit();

    clock.advance(Duration.ofDays(2));

    Track track = tracked.track(shop, "finance/ids");
    assertThat(track.state()).isEqualTo(Track.State.DETACHED);
    assertThat(track.reason()).contains("the end of its grant").doesNotContain("finance/etl");
  }

  @Test
  void anAnswerIsCheckedAndCommittedOnce() {
    tracked.planned().announce().commit();
    Track read = tracked.track(tracked.finance(), "ids");

    assertThatThrownBy(() -> read.counter(EARLIEST.plusDays(1)).because(" "))
        .isInstanceOf(InvalidRequestException.class);
    var seen = read.seen();
    assertThat(seen.commit().answer()).isEqualTo(Answer.SEEN);
    assertThatThrownBy(seen::commit).isInstanceOf(InvalidRequestException.class);
    assertThat(tracked.track(tracked.finance(), "ids").dateAccepted()).isFalse();
    assertThat(Optional.of(tracked.track(tracked.finance(), "ids").answer())).contains(Answer.SEEN);
  }

  @Test
  void anEscalationNotifiesTheOwnersOfBothDomainsAndChangesNothingElse() {
    tracked.planned().announce().commit();
    tracked
        .finance()
        .registerDomain("finance")
        .owner("finance@example.org")
        .steward("cfo@example.org")
        .commit();
    tracked.track(tracked.finance(), "ids").object().because("Year end").commit();
    tracked.notified(Kind.ROLLOUT_OFFERED);

    Track escalated =
        tracked.track(shop(), "finance/ids").escalate().because("No date was found").commit();

    assertThat(escalated.escalatedBecause()).contains("No date was found");
    assertThat(escalated.escalatedAt()).contains(clock.instant());
    assertThat(escalated.answer()).isEqualTo(Answer.OBJECTED);
    assertThat(escalated.date()).isEqualTo(EARLIEST);
    assertThat(escalated.released()).isFalse();
    assertThat(tracked.track(tracked.finance(), "ids")).isEqualTo(escalated);
    assertThat(tracked.track(tracked.finance(), "customers").escalatedBecause()).isEmpty();
    assertThat(shop().rollout(ORDERS).toString())
        .contains("escalated on 2026-11-20: No date was found");
    List<Notice> sent = tracked.notified(Kind.ROLLOUT_ESCALATED);
    assertThat(sent)
        .extracting(Notice::to)
        .containsExactly("finance@example.org", "cfo@example.org", "shop@example.org");
    assertThat(sent).extracting(Notice::id).doesNotHaveDuplicates();
    assertThat(sent)
        .allSatisfy(
            notice -> {
              assertThat(notice.text())
                  .contains(
                      "for finance/ids: No date was found",
                      "proposed to retire after 2026-12-20",
                      "Its answer is OBJECTED");
              assertThat(notice.facts())
                  .containsEntry("consumer", "finance/ids")
                  .containsEntry("answer", "OBJECTED");
            });
    assertThat(shop().events(ORDERS).list())
        .filteredOn(event -> event.type() == MeshEvent.Type.ROLLOUT_ESCALATED)
        .singleElement()
        .satisfies(
            event -> {
              EventDetails.RolloutChange details =
                  (EventDetails.RolloutChange) EventDetailsCodec.detailsOf(event);
              assertThat(details.because()).contains("No date was found");
              assertThat(details.consumers()).containsExactly("finance/ids");
              assertThat(details.answer()).contains(EventDetails.ConsumerAnswer.OBJECTED);
            });

    State before = state();
    tracked.track(shop(), "finance/ids").escalate().because("No date was found").commit();
    assertNothingChanged(before);
    clock.advance(Duration.ofHours(1));
    tracked
        .track(tracked.finance(), "ids")
        .counter(EARLIEST.plusDays(30))
        .because("After the year end")
        .commit();
    escalated =
        tracked.track(shop(), "finance/ids").escalate().because("No date was found").commit();
    assertThat(escalated.escalatedAt()).as("the answer is another one").contains(clock.instant());
    assertThat(tracked.notified(Kind.ROLLOUT_ESCALATED)).hasSize(3);
    tracked.track(shop(), "finance/ids").offer(EARLIEST.plusDays(7)).commit();
    assertThat(tracked.track(shop(), "finance/ids").escalatedAt())
        .isEqualTo(escalated.escalatedAt());
    tracked.track(shop(), "finance/customers").escalate().because("It does not answer").commit();
    assertThat(tracked.notified(Kind.ROLLOUT_ESCALATED))
        .allSatisfy(notice -> assertThat(notice.text()).contains("It has not answered"));
    assertWhole();
  }

  @Test
  void onlyTheOwnerEscalatesTheLatestAnswerOfAConsumerThatItWaitsFor() {
    MajorRollout planned = tracked.planned();
    planned.announce().commit();
    Track read = tracked.track(shop(), "finance/ids");
    State before = state();
    assertThatThrownBy(
            () -> tracked.track(tracked.finance(), "ids").escalate().because("No").commit())
        .isInstanceOf(AccessDeniedException.class);
    assertNothingChanged(before);
    tracked
        .track(tracked.finance(), "ids")
        .counter(EARLIEST.plusDays(20))
        .because("Year end")
        .commit();

    assertConflict(
        () -> read.escalate().because("No").commit(), "COUNTERED", "Read the track again");
    Subscription<?> late = subscribe(tracked.finance(), "late", Ids.class);
    assertConflict(
        () -> tracked.track(shop(), "finance/late").escalate().because("No").commit(),
        "not notified");
    planned.announce().commit();
    tracked.track(shop(), "finance/late").escalate().because("No").commit();
    tracked.finance().unsubscribe(ORDERS, late.name()).commit();
    assertConflict(
        () -> tracked.track(shop(), "finance/late").escalate().because("Again").commit(),
        "DETACHED");
    clock.advance(Duration.ofDays(31));
    assertConflict(
        () -> tracked.track(shop(), "sales/@").escalate().because("No").commit(),
        "does not wait for sales/@");
    planned.abort().because("No").commit();
    assertConflict(
        () -> tracked.track(shop(), "finance/ids").escalate().because("No").commit(), "ABORTED");
  }

  @Test
  void anAnswerOfTheWrongSideNamesItsVerbAndThatOfTheOwnSide() {
    tracked.planned().announce().commit();
    Track.Move own = tracked.track(tracked.finance(), "ids");
    Track.Move ofOwner = tracked.track(shop(), "finance/ids");
    LocalDate later = EARLIEST.plusDays(9);

    assertDenied(own.accept(), "Cannot accept the date that finance/ids asks for", "agree()");
    assertDenied(own.offer(later), "Cannot offer a date to finance/ids", "counter(date)");
    assertDenied(own.escalate().because("No"), "Cannot escalate", "object()");
    assertDenied(own.dormant().because("No"), "Cannot continue", "unsubscribe(..)");
    assertDenied(ofOwner.agree(), "Cannot agree to the date of finance/ids", "accept()");
    assertDenied(ofOwner.counter(later).because("x"), "Cannot counter the date", "offer(date)");
    assertDenied(ofOwner.object().because("x"), "Cannot object to rollout 1", "abort()");
    assertDenied(ofOwner.seen(), "Cannot confirm the notice of rollout 1", "Only the consumer");
    assertDenied(
        ofOwner.moved().because("x"), "Cannot declare the move of finance/ids", "its reads");
    assertConflict(
        () -> {
          shop().rollout(ORDERS).abort().because("No").commit();
          own.counter(later).because("x").commit();
        },
        "Cannot counter the date of finance/ids",
        "major version 1 is not retired");
  }

  private static void assertDenied(Operation<Track> call, String... words) {
    assertThatThrownBy(call::commit)
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContainingAll(words);
  }

  @Test
  void anUnknownTrackListsTheConsumersAndSuggestsTheNearest() {
    tracked.planned().announce().commit();

    assertThatThrownBy(() -> tracked.track(shop(), "ids"))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContainingAll(
            "the track of commerce/ids",
            "finance/customers, finance/ids, sales/@",
            "Did you mean 'finance/ids'?");
    assertThatThrownBy(() -> tracked.track(tracked.finance(), "costumers"))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContainingAll(
            "finance/customers, finance/ids", "Did you mean 'finance/customers'?");
    assertThatThrownBy(() -> tracked.track(shop(), "id"))
        .hasMessageContaining("Did you mean 'finance/ids'?");
    assertThatThrownBy(() -> tracked.track(tracked.sales(), "x"))
        .hasMessageContaining("sales/@")
        .hasMessageNotContaining("finance/");
  }

  @Test
  void anAgreementIsNotEscalatedBeforeItsDateIsOver() {
    tracked.planned().announce().commit();
    tracked.track(tracked.finance(), "ids").agree().commit();

    assertConflict(
        () -> tracked.track(shop(), "finance/ids").escalate().because("Hurry").commit(),
        "finance/ids agreed to 2026-12-20",
        "escalate afterwards");

    clock.advance(Duration.ofDays(32));
    assertThat(
            tracked
                .track(shop(), "finance/ids")
                .escalate()
                .because("It did not move")
                .commit()
                .escalatedBecause())
        .isPresent();
  }
}
