package io.meshwork.internal.rollout.consumers;

import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.rollout.RolloutTerms;
import io.meshwork.internal.rollout.consumers.TrackFacts.Dormancy;
import io.meshwork.rollout.Rollout.Track.Answer;
import io.meshwork.rollout.Rollout.Track.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Derives the track of a consumer from stored facts. Pure: nothing about a track is stored except
 * what its owner and its consumer did.
 */
public final class TrackRules {
  private static final Duration DORMANT_AFTER = Duration.ofDays(90);
  private static final int DORMANT_GAPS = 3;

  private TrackRules() {}

  /** Derives the track of one consumer at a time. */
  public static TrackStatus derive(TrackFacts facts, RolloutTerms terms, Instant now) {
    DateAgreement agreement = DateAgreement.of(facts);
    State state = state(facts, terms, now);
    boolean silent =
        agreement.answer() == Answer.NONE
            && !now.isBefore(terms.answerDeadline(agreement.offeredAt()));
    boolean noticeEnded =
        (terms.amendsContract() || !facts.subscribed() || agreesToEnd(terms, agreement))
            && RolloutTerms.isOver(agreement.date(), now);
    return new TrackStatus(
        facts.consumer(),
        facts.subscribed(),
        state,
        agreement,
        silent,
        !facts.reads().isEmpty(),
        isReleasedBy(state) || noticeEnded,
        new TrackReason(facts, terms, now).sentence(state, noticeEnded, agreement.date()));
  }

  /** Without a successor there is no move to prove, so that the consumer's agreement suffices. */
  private static boolean agreesToEnd(RolloutTerms terms, DateAgreement agreement) {
    return terms.withoutSuccessor() && agreement.answer() == Answer.AGREED;
  }

  /** Returns true if a state releases a track whatever the time. */
  private static boolean isReleasedBy(State state) {
    return switch (state) {
      case MIGRATED, DETACHED, DORMANT, FORCED -> true;
      case WAITING, MIGRATING -> false;
    };
  }

  /** Returns true if the consumer needs the old major version no more, as it moved or left. */
  public static boolean hasLeft(TrackStatus track) {
    return track.state() == State.MIGRATED || track.state() == State.DETACHED;
  }

  private static State state(TrackFacts facts, RolloutTerms terms, Instant now) {
    if (facts.forcedAt().isPresent()) {
      return State.FORCED;
    } else if (facts.departure().isPresent()) {
      return State.DETACHED;
    } else if (terms.amendsContract()) {
      return State.WAITING; // for its date: no one moves
    } else if (isMigrated(facts, terms, now)) {
      return State.MIGRATED;
    } else if (isDormant(facts, now)) {
      return State.DORMANT;
    }
    return facts.lastReadFrom(terms.newer()).isPresent() ? State.MIGRATING : State.WAITING;
  }

  /**
   * The reads prove a move, or, if no read was ever recorded, its declaration. A later major
   * version counts as the new one. The last read must be of the new one, and the subscription must
   * not be on the old one again: a consumer that tried the new one and returned did not move,
   * however long it pauses, and whatever it declared before.
   */
  private static boolean isMigrated(TrackFacts facts, RolloutTerms terms, Instant now) {
    Optional<Instant> newer = facts.lastReadFrom(terms.newer());
    ReadHistory older = facts.reads().get(terms.from());
    if (newer.isEmpty()) {
      return facts.reads().isEmpty() && facts.movedAt().isPresent();
    }
    if (hasReturned(facts, terms)) {
      return false;
    }
    return older == null
        || hasDeclared(facts, older)
        || (!newer.get().isBefore(older.last()) && QuietPeriod.isOver(older, now));
  }

  /** Returns true if the subscription read the new version, and is on the old one again. */
  static boolean hasReturned(TrackFacts facts, RolloutTerms terms) {
    return terms.to() > 0
        && facts.pinned().equals(OptionalInt.of(terms.from()))
        && facts.lastReadFrom(terms.to()).isPresent();
  }

  /** Returns true if the consumer declared its move and did not read the old version since. */
  static boolean hasDeclared(TrackFacts facts, ReadHistory older) {
    return facts.movedAt().isPresent() && !older.last().isAfter(facts.movedAt().get());
  }

  private static boolean isDormant(TrackFacts facts, Instant now) {
    Optional<Dormancy> request = facts.dormancy();
    return request.isPresent()
        && request.get().approvedBy().isPresent()
        && !facts.lastActivity().isAfter(request.get().askedAt())
        && !now.isBefore(dormantFrom(facts));
  }

  /** Returns when the reads prove that the consumer is no longer active. */
  private static Instant dormantFrom(TrackFacts facts) {
    Duration longest = DORMANT_AFTER;
    for (ReadHistory history : facts.reads().values()) {
      Duration gaps = history.largestGap().orElse(Duration.ZERO).multipliedBy(DORMANT_GAPS);
      longest = longest.compareTo(gaps) >= 0 ? longest : gaps;
    }
    return facts.lastActivity().plus(longest);
  }

  /** Returns what prevents the owner from asking to continue without a consumer. */
  public static List<Finding> dormant(TrackFacts facts, RolloutTerms terms, Instant now) {
    TrackStatus track = derive(facts, terms, now);
    if (track.released()) {
      return List.of(
          Finding.error(
              FindingCode.CONSUMER_RELEASED,
              facts.consumer(),
              "The rollout does not wait for " + facts.consumer() + ". " + track.reason(),
              "Continue without a request."));
    } else if (now.isBefore(dormantFrom(facts))) {
      return List.of(
          Finding.error(
              FindingCode.CONSUMER_ACTIVE,
              facts.consumer(),
              facts.consumer()
                  + " read, answered, or subscribed on "
                  + TrackReason.day(facts.lastActivity())
                  + ", which is too recent.",
              "Ask again after " + TrackReason.day(dormantFrom(facts)) + " if it stays inactive."));
    }
    return List.of();
  }

  /**
   * Returns true if a consumer uses a major version: its subscription names it, or it read it
   * within the quiet period. Its withdrawal waits for the consumer.
   */
  static boolean isOn(TrackFacts facts, int major, Instant now) {
    if (facts.departure().isPresent()) {
      return false;
    }
    ReadHistory reads = facts.reads().get(major);
    boolean pinned = facts.subscribed() && facts.pinned().getAsInt() == major;
    return pinned || (reads != null && !QuietPeriod.isOver(reads, now));
  }
}
