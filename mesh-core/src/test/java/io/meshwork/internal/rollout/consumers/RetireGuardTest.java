package io.meshwork.internal.rollout.consumers;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.rollout.RolloutTerms;
import io.meshwork.internal.rollout.consumers.TrackFacts.Offer;
import io.meshwork.internal.stewards.ForcedRetirementRequest;
import io.meshwork.product.Principal;
import io.meshwork.rollout.Rollout;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RetireGuardTest {
  private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
  private static final LocalDate DATE = LocalDate.parse("2026-03-31");
  private static final RolloutTerms TERMS = new RolloutTerms(1, 2, START, Period.ofDays(30));
  private static final Instant OVER = Instant.parse("2026-04-01T00:00:00Z");
  private static final TrackFacts MOVED = facts("sales/moved", DATE).on(2).read(2, once(3));
  private static final TrackFacts WAITING = facts("sales/waiting", DATE).read(1, once(3));

  private static TrackFacts facts(String consumer, LocalDate date) {
    return TrackFacts.of(consumer, OptionalInt.of(1), START, new Offer(1, date, START));
  }

  private static ReadHistory once(int day) {
    Instant at = START.plus(Duration.ofDays(day));
    return new ReadHistory(at, at, Optional.empty());
  }

  private static RetireGuard guard(
      Rollout.State state, boolean apart, Instant now, TrackFacts... facts) {
    List<TrackStatus> tracks =
        List.of(facts).stream().map(each -> TrackRules.derive(each, TERMS, now)).toList();
    return new RetireGuard(TERMS, state, apart, tracks);
  }

  private static List<String> codes(List<Finding> findings) {
    return findings.stream().map(finding -> finding.code() + " " + finding.where()).toList();
  }

  private static ForcedRetirementRequest request(
      String steward, String reason, Set<String> tracks) {
    return new ForcedRetirementRequest(
        Principal.of("commerce", "owner"),
        Set.of("commerce"),
        steward.isEmpty() ? Optional.empty() : Optional.of(Principal.of(steward, "eva")),
        reason,
        tracks);
  }

  @Test
  void aVersionIsRetiredAtOnceIfAllHaveMoved() {
    Instant now = START.plus(Duration.ofDays(4));

    assertThat(guard(Rollout.State.CLOSING, false, now, MOVED).retire(now)).isEmpty();
    assertThat(codes(guard(Rollout.State.PARALLEL, false, now, MOVED).retire(now)))
        .containsExactly("ROLLOUT_STATE rollout");
    assertThat(codes(guard(Rollout.State.CLOSING, true, now, MOVED).retire(now)))
        .containsExactly("VERSIONS_APART rollout");
  }

  @Test
  void theRejectionNamesEachConsumerThatHasNotMovedAndWhatToDo() {
    List<Finding> findings = guard(Rollout.State.CLOSING, false, OVER, MOVED, WAITING).retire(OVER);

    assertThat(codes(findings)).containsExactly("CONSUMER_NOT_RELEASED sales/waiting");
    assertThat(findings.get(0).what()).contains("sales/waiting", "2026-03-04");
    assertThat(findings.get(0).fix()).isNotBlank();
  }

  @Test
  void aReleasedConsumerThatDidNotMoveKeepsTheNoticeAndItsLaterDate() {
    LocalDate later = DATE.plusDays(10);
    TrackFacts dormant =
        TrackFacts.of(
                "sales/dormant",
                OptionalInt.of(1),
                START.minus(Duration.ofDays(200)),
                new Offer(1, later, START))
            .dormant(new TrackFacts.Dormancy(START, Optional.of("audit/eva")));
    Instant before = OVER.minusSeconds(1);

    assertThat(codes(guard(Rollout.State.CLOSING, false, before, dormant).retire(before)))
        .containsExactly("NOTICE_RUNNING rollout", "DATE_NOT_REACHED sales/dormant");
    assertThat(codes(guard(Rollout.State.CLOSING, false, OVER, dormant).retire(OVER)))
        .containsExactly("DATE_NOT_REACHED sales/dormant");
    Instant end = RolloutTerms.endOf(later);
    assertThat(guard(Rollout.State.CLOSING, false, end, dormant).retire(end)).isEmpty();
    assertThat(guard(Rollout.State.CLOSING, false, OVER, dormant).earliestRetirement())
        .isEqualTo(later);
    assertThat(guard(Rollout.State.CLOSING, false, OVER, MOVED).earliestRetirement())
        .isEqualTo(DATE);
  }

  @Test
  void forceNeedsAStewardOfAnotherDomainAReasonAndTheExactList() {
    RetireGuard guard = guard(Rollout.State.CLOSING, false, OVER, MOVED, WAITING);
    Set<String> named = Set.of("sales/waiting");

    assertThat(guard.overridden()).isEqualTo(new TreeSet<>(named));
    assertThat(guard.retireByForce(request("audit", "it ends", named), OVER)).isEmpty();
    assertThat(codes(guard.retireByForce(request("", "it ends", named), OVER)))
        .containsExactly("APPROVAL_MISSING steward");
    assertThat(codes(guard.retireByForce(request("commerce", "it ends", named), OVER)))
        .containsExactly("APPROVAL_BY_OWNER commerce/eva");
    assertThat(codes(guard.retireByForce(request("audit", " ", named), OVER)))
        .containsExactly("REASON_MISSING reason");
    assertThat(codes(guard.retireByForce(request("audit", "it ends", Set.of()), OVER)))
        .containsExactly("CONSUMERS_DIFFER tracks");
  }

  @Test
  void forceWaitsForTheNoticeAndAgreedDates() {
    Instant now = START.plus(Duration.ofDays(5));
    RetireGuard guard = guard(Rollout.State.CLOSING, true, now, WAITING);
    ForcedRetirementRequest plain = request("audit", "it ends", Set.of("sales/waiting"));

    assertThat(codes(guard.retireByForce(plain, now)))
        .containsExactly(
            "VERSIONS_APART rollout", "NOTICE_RUNNING rollout", "DATE_NOT_REACHED sales/waiting");
  }

  @Test
  void anAnnouncementNeedsAFreeVersionAndTheNoticePeriod() {
    RolloutGuard.Announcement good =
        new RolloutGuard.Announcement(TERMS, DATE, Set.of(2), 2, List.of());
    RolloutGuard.Announcement bad =
        new RolloutGuard.Announcement(
            TERMS, DATE.minusDays(1), Set.of(1), 3, List.of("sales/daily"));

    assertThat(RolloutGuard.announce(Rollout.State.PLANNED, good)).isEmpty();
    List<Finding> findings = RolloutGuard.announce(Rollout.State.ABORTED, bad);
    assertThat(findings)
        .extracting(Finding::code)
        .containsExactly(
            FindingCode.ROLLOUT_STATE,
            FindingCode.ROLLOUT_OPEN,
            FindingCode.TOO_MANY_MAJORS,
            FindingCode.DATE_WITHIN_NOTICE,
            FindingCode.CONTACT_MISSING);
    assertThat(findings.get(4).severity()).isEqualTo(Finding.Severity.WARNING);
  }

  @Test
  void anExtensionIsLaterThanNowAndThanEachDate() {
    TrackFacts later = facts("sales/later", DATE.plusDays(20));
    List<TrackStatus> tracks = guard(Rollout.State.PARALLEL, false, START, WAITING, later).tracks();

    assertThat(RolloutGuard.extend(Rollout.State.PARALLEL, TERMS, tracks, DATE.plusDays(20), START))
        .isEmpty();
    assertThat(
            codes(
                RolloutGuard.extend(
                    Rollout.State.PARALLEL, TERMS, tracks, DATE.plusDays(19), START)))
        .containsExactly("DATE_EARLIER sales/later");
    assertThat(codes(RolloutGuard.extend(Rollout.State.RETIRED, TERMS, List.of(), DATE, OVER)))
        .containsExactly("ROLLOUT_STATE rollout", "DATE_PAST rollout");
  }

  @Test
  void aRetirementIsUndoneWithin14DaysAndItsDataDeletedOnlyAfterwards() {
    Instant in = START.plus(Duration.ofDays(14)).minusSeconds(1);
    Instant after = START.plus(Duration.ofDays(14));

    assertThat(RolloutGuard.restore(Rollout.State.RETIRED, START, in)).isEmpty();
    assertThat(codes(RolloutGuard.restore(Rollout.State.RETIRED, START, after)))
        .containsExactly("UNDO_WINDOW_OVER rollout");
    assertThat(
            codes(
                RolloutGuard.purge(
                    Rollout.State.RETIRED, START, Optional.of(after), List.of("case-7"), in)))
        .containsExactly(
            "UNDO_WINDOW_OPEN rollout", "RETENTION_RUNNING rollout", "LEGAL_HOLD case-7");
    assertThat(
            RolloutGuard.purge(Rollout.State.RETIRED, START, Optional.of(after), List.of(), after))
        .isEmpty();
  }

  @Test
  void remindersFollowTheTimeSinceTheOfferAndAreSentOnce() {
    TrackFacts facts =
        TrackFacts.of(
            "sales/daily",
            OptionalInt.of(1),
            START,
            new Offer(1, LocalDate.parse("2026-06-08"), Instant.parse("2026-03-01T00:00:00Z")));
    Set<String> sent = new TreeSet<>();
    StringBuilder days = new StringBuilder();
    for (int day = 0; day < 110; day++) {
      Instant now = Instant.parse("2026-03-01T00:00:00Z").plus(Duration.ofDays(day));
      TrackStatus track = TrackRules.derive(facts, TERMS, now);
      ReminderSchedule.due(7, track, sent, now)
          .ifPresent(
              due -> {
                assertThat(sent.add(due.id())).as(due.id()).isTrue();
                days.append(Duration.between(START, now).toDays() + 1);
                days.append(due.toDomainOwner() ? "+owner " : " ");
              });
    }

    assertThat(days.toString().strip())
        .isEqualTo("50 80+owner 95+owner 97+owner 98+owner 99+owner");
    assertThat(sent).allMatch(id -> id.startsWith("rollout.7.sales/daily.2026-06-08."));
  }

  @Test
  void aReleasedConsumerIsNotReminded() {
    Instant now = START.plus(Duration.ofDays(29));

    assertThat(ReminderSchedule.due(1, TrackRules.derive(MOVED, TERMS, now), Set.of(), now))
        .isEmpty();
    assertThat(ReminderSchedule.due(1, TrackRules.derive(WAITING, TERMS, now), Set.of(), now))
        .isPresent();
    assertThat(ReminderSchedule.due(1, TrackRules.derive(WAITING, TERMS, OVER), Set.of(), OVER))
        .isEmpty();
  }
}
