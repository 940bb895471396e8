package io.meshwork.internal.rollout.consumers;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.rollout.RolloutEntry.Kind;
import io.meshwork.internal.rollout.RolloutTerms;
import io.meshwork.internal.rollout.consumers.TrackFacts.Departure;
import io.meshwork.internal.rollout.consumers.TrackFacts.Dormancy;
import io.meshwork.internal.rollout.consumers.TrackFacts.Offer;
import io.meshwork.internal.rollout.consumers.TrackFacts.Reply;
import io.meshwork.rollout.Rollout.Track.Answer;
import io.meshwork.rollout.Rollout.Track.State;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class TrackRulesTest {
  private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
  private static final LocalDate DATE = LocalDate.parse("2026-03-31");
  private static final RolloutTerms TERMS = new RolloutTerms(1, 2, START, Period.ofDays(30));
  private static final TrackFacts SUBSCRIPTION =
      TrackFacts.of("sales/daily", OptionalInt.of(1), day(-100), new Offer(1, DATE, START));

  private static Instant day(int day) {
    return START.plus(Duration.ofDays(day));
  }

  private static ReadHistory reads(int first, int last, int gap) {
    return new ReadHistory(day(first), day(last), Optional.of(Duration.ofDays(gap)));
  }

  private static ReadHistory once(int day) {
    return new ReadHistory(day(day), day(day), Optional.empty());
  }

  private static TrackStatus at(int day, TrackFacts facts) {
    return TrackRules.derive(facts, TERMS, day(day));
  }

  private static TrackFacts answered(TrackFacts facts, Answer answer, LocalDate date, int day) {
    return facts.replied(
        new Reply(
            facts.latestOffer(), answer, Optional.ofNullable(date), Optional.of("why"), day(day)));
  }

  @Test
  void aConsumerThatReadsOnlyTheOldVersionIsWaitedFor() {
    TrackStatus track = at(40, SUBSCRIPTION.read(1, reads(-90, 39, 1)));

    assertThat(track.state()).isEqualTo(State.WAITING);
    assertThat(track.released()).isFalse();
    assertThat(track.reason()).contains("2026-04-09");
  }

  @Test
  void aConsumerWhoseSubscriptionMovedIsWaitedForUntilItReads() {
    TrackFacts moved =
        TrackFacts.of("sales/daily", OptionalInt.of(2), day(-100), new Offer(1, DATE, START));

    assertThat(at(5, moved).state()).isEqualTo(State.WAITING);
    assertThat(at(5, moved).reason())
        .isEqualTo("Its subscription is on version 2, and it has no recorded reads.");
    assertThat(at(5, SUBSCRIPTION).reason())
        .isEqualTo("It has no recorded reads, and it has not declared its move.");
    assertThat(at(5, moved.read(1, reads(-90, 4, 1))).reason())
        .isEqualTo(
            "Its subscription is on version 2, which it has not read; it last read version 1 on"
                + " 2026-03-05.");
  }

  @Test
  void anAmendmentIsReleasedByTheDateOfTheConsumerAlone() {
    RolloutTerms amendment =
        new RolloutTerms(Kind.AMENDMENT, 1, 0, Optional.empty(), START, Period.ofDays(30));
    LocalDate date = SUBSCRIPTION.offers().get(0).date();
    TrackFacts facts =
        SUBSCRIPTION
            .read(1, reads(-90, 10, 7))
            .read(2, once(11))
            .replied(
                new TrackFacts.Reply(
                    1, Answer.OBJECTED, Optional.empty(), Optional.of("No"), day(1)));

    TrackStatus before =
        TrackRules.derive(facts, amendment, RolloutTerms.endOf(date).minusSeconds(1));
    TrackStatus after = TrackRules.derive(facts, amendment, RolloutTerms.endOf(date));

    assertThat(before.state()).isEqualTo(State.WAITING);
    assertThat(before.released()).isFalse();
    assertThat(before.reason()).contains("current contract until " + date);
    assertThat(after.state()).isEqualTo(State.WAITING);
    assertThat(after.released()).isTrue();
    assertThat(after.answer()).isEqualTo(Answer.OBJECTED);
    assertThat(after.reason()).contains(date + ", is over");
  }

  @Test
  void aReadOfTheNewVersionAndAQuietPeriodProveAMove() {
    TrackFacts facts = SUBSCRIPTION.read(1, reads(-90, 10, 7)).on(2).read(2, once(11));

    assertThat(at(23, facts).state()).isEqualTo(State.MIGRATING);
    assertThat(at(24, facts).state()).isEqualTo(State.MIGRATED);
    assertThat(at(24, facts).released()).isTrue();
    assertThat(at(26, facts.read(1, reads(-90, 25, 15))).state()).isEqualTo(State.MIGRATING);
  }

  @Test
  void aReadOfALaterVersionCountsAsTheNewOne() {
    assertThat(at(24, SUBSCRIPTION.read(1, reads(-90, 10, 7)).on(3).read(3, once(11))).state())
        .isEqualTo(State.MIGRATED);
  }

  @Test
  void aSubscriptionThatReturnedDidNotMoveWhateverItDeclaredBefore() {
    TrackFacts moved =
        SUBSCRIPTION.read(1, reads(-90, 10, 7)).on(2).read(2, once(11)).moved(day(12));
    assertThat(at(13, moved).state()).isEqualTo(State.MIGRATED);

    TrackStatus returned = at(200, moved.on(1));

    assertThat(returned.state()).isEqualTo(State.MIGRATING);
    assertThat(returned.released()).isFalse();
    assertThat(returned.reason()).contains("2026-03-12", "is on version 1 again");
    assertThat(at(13, moved.on(1).moved(day(13))).state()).isEqualTo(State.MIGRATING);
  }

  @Test
  void aConsumerThatTriedTheNewVersionAndReturnedDidNotMoveHoweverLongItPauses() {
    TrackStatus track = at(200, SUBSCRIPTION.read(1, reads(-90, 20, 1)).on(2).read(2, once(11)));

    assertThat(track.state()).isEqualTo(State.MIGRATING);
    assertThat(track.reason()).contains("last read must be of the new one");
  }

  @Test
  void aDeclarationReplacesTheQuietPeriodAndNotTheRead() {
    TrackFacts reading = SUBSCRIPTION.read(1, reads(-90, 10, 7));

    assertThat(at(12, reading.moved(day(12))).state()).isEqualTo(State.WAITING);
    assertThat(at(12, reading.on(2).read(2, once(11)).moved(day(12))).state())
        .isEqualTo(State.MIGRATED);
    assertThat(
            at(13, reading.on(2).read(2, once(11)).moved(day(12)).read(1, reads(-90, 13, 7)))
                .state())
        .isEqualTo(State.MIGRATING);
  }

  @Test
  void onlyADeclarationProvesTheMoveOfAnUnobservedConsumer() {
    assertThat(at(200, SUBSCRIPTION).state()).isEqualTo(State.WAITING);
    assertThat(at(200, SUBSCRIPTION).observed()).isFalse();
    assertThat(at(5, SUBSCRIPTION.moved(day(4))).state()).isEqualTo(State.MIGRATED);
    assertThat(at(6, SUBSCRIPTION.moved(day(4)).read(1, once(5))).state()).isEqualTo(State.WAITING);
  }

  @Test
  void theQuietPeriodIsTwiceTheLargestGapWithinLimits() {
    assertThat(QuietPeriod.of(reads(0, 9, 7))).isEqualTo(Duration.ofDays(14));
    assertThat(QuietPeriod.of(new ReadHistory(day(0), day(1), Optional.of(Duration.ofHours(1)))))
        .isEqualTo(Duration.ofDays(2));
    assertThat(QuietPeriod.of(reads(0, 90, 31))).isEqualTo(Duration.ofDays(35));
    assertThat(QuietPeriod.of(once(3))).isEqualTo(Duration.ofDays(35));
  }

  @Test
  void theLargestGapIsThatOfTheLast90Days() {
    List<LocalDate> days =
        List.of(DATE, DATE.minusDays(200), DATE.minusDays(80), DATE.minusDays(30));

    assertThat(ReadHistory.of(day(-200), day(0), days).largestGap()).contains(Duration.ofDays(50));
    assertThat(ReadHistory.of(day(0), day(0), List.of(DATE)).largestGap()).isEmpty();
  }

  @Test
  void aClosedSubscriptionAndARevokedRightDetach() {
    TrackStatus closed = at(5, SUBSCRIPTION.left(new Departure(false, "sales/ana", day(4))));
    TrackStatus revoked = at(5, SUBSCRIPTION.left(new Departure(true, "commerce/bo", day(4))));

    assertThat(closed.state()).isEqualTo(State.DETACHED);
    assertThat(closed.reason()).contains("closed", "sales/ana", "2026-03-05");
    assertThat(revoked.reason()).contains("revoked", "commerce/bo");
    assertThat(revoked.released()).isTrue();
  }

  @Test
  void aDormantConsumerNeedsAStewardAndASignOfLifeUndoesIt() {
    TrackFacts silent = SUBSCRIPTION.read(1, reads(-99, -40, 20));
    TrackFacts asked = silent.dormant(new Dormancy(day(55), Optional.empty()));
    TrackFacts approved = silent.dormant(new Dormancy(day(55), Optional.of("audit/eva")));

    assertThat(TrackRules.dormant(silent, TERMS, day(49)))
        .extracting(Finding::code)
        .containsExactly(FindingCode.CONSUMER_ACTIVE);
    assertThat(TrackRules.dormant(silent, TERMS, day(50))).isEmpty();
    assertThat(at(56, asked).state()).isEqualTo(State.WAITING);
    assertThat(at(56, approved).state()).isEqualTo(State.DORMANT);
    assertThat(at(56, approved).reason()).contains("audit/eva");
    assertThat(at(58, approved.read(1, reads(-99, 57, 20))).state()).isEqualTo(State.WAITING);
    assertThat(at(200, answered(approved, Answer.SEEN, null, 57)).state()).isEqualTo(State.WAITING);
  }

  @Test
  void threeGapsAreAwaitedBeforeAConsumerIsDormant() {
    TrackFacts quarterly = SUBSCRIPTION.read(1, reads(-100, -10, 40));

    assertThat(TrackRules.dormant(quarterly, TERMS, day(109))).isNotEmpty();
    assertThat(TrackRules.dormant(quarterly, TERMS, day(110))).isEmpty();
  }

  @Test
  void aForcedTrackStaysForced() {
    TrackStatus track = at(50, SUBSCRIPTION.on(2).read(2, once(45)).forced(day(40)));

    assertThat(track.state()).isEqualTo(State.FORCED);
  }

  @Test
  void aReaderWithoutASubscriptionIsWaitedForUntilItsNoticeEnds() {
    TrackFacts reader =
        TrackFacts.of("sales/@", OptionalInt.empty(), START, new Offer(1, DATE, START))
            .read(1, reads(-90, 29, 1));
    Instant end = Instant.parse("2026-04-01T00:00:00Z");

    assertThat(TrackRules.derive(reader, TERMS, end.minusMillis(1)).released()).isFalse();
    assertThat(TrackRules.derive(reader, TERMS, end).released()).isTrue();
    assertThat(TrackRules.derive(reader, TERMS, end).state()).isEqualTo(State.WAITING);
  }

  @Test
  void silenceAfterHalfTheNoticeAcceptsTheDateAndNothingElse() {
    TrackFacts facts = SUBSCRIPTION.read(1, reads(-90, -1, 1));

    assertThat(at(15, facts).dateAccepted()).isFalse();
    assertThat(at(16, facts).dateAccepted()).isTrue();
    assertThat(at(16, facts).answer()).isEqualTo(Answer.NONE);
    assertThat(at(400, facts).state()).isEqualTo(State.WAITING);
    assertThat(at(400, facts).released()).isFalse();
  }

  @Test
  void aCounterOfferHoldsOnceTheOwnerOffersItsDateOrALaterOne() {
    TrackFacts countered = answered(SUBSCRIPTION, Answer.COUNTERED, DATE.plusDays(20), 3);

    assertThat(at(4, countered).date()).isEqualTo(DATE);
    assertThat(at(4, countered).requestedDate()).contains(DATE.plusDays(20));
    assertThat(at(4, countered).answerReason()).contains("why");
    TrackStatus accepted = at(5, countered.offered(DATE.plusDays(21), day(5)));
    assertThat(accepted.date()).isEqualTo(DATE.plusDays(21));
    assertThat(accepted.answer()).isEqualTo(Answer.AGREED);
    TrackStatus declined = at(5, countered.offered(DATE.plusDays(10), day(5)));
    assertThat(declined.date()).isEqualTo(DATE.plusDays(10));
    assertThat(declined.answer()).isEqualTo(Answer.NONE);
  }

  @Test
  void aDateIsExtendedByTheOwnerAloneAndShortenedOnlyWithConsent() {
    TrackFacts agreed = answered(SUBSCRIPTION, Answer.AGREED, null, 3);
    TrackFacts extended = agreed.offered(DATE.plusDays(30), day(5));
    TrackFacts shortened = extended.offered(DATE.plusDays(5), day(6));

    assertThat(at(6, extended).date()).isEqualTo(DATE.plusDays(30));
    assertThat(at(6, extended).answer()).isEqualTo(Answer.AGREED);
    assertThat(at(7, shortened).date()).isEqualTo(DATE.plusDays(30));
    assertThat(at(7, shortened).earlierDate()).contains(DATE.plusDays(5));
    assertThat(at(8, answered(shortened, Answer.SEEN, null, 7)).date())
        .isEqualTo(DATE.plusDays(30));
    assertThat(at(8, answered(shortened, Answer.AGREED, null, 7)).date())
        .isEqualTo(DATE.plusDays(5));
  }

  @Test
  void aMoverMayObject() {
    TrackFacts facts =
        answered(SUBSCRIPTION.on(2).read(2, once(5)), Answer.OBJECTED, null, 6)
            .offered(DATE, day(7));

    assertThat(at(8, facts).state()).isEqualTo(State.MIGRATED);
    assertThat(at(8, facts).answer()).isEqualTo(Answer.OBJECTED);
  }
}
