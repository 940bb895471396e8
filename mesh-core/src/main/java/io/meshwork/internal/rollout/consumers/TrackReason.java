package io.meshwork.internal.rollout.consumers;

import io.meshwork.internal.rollout.RolloutTerms;
import io.meshwork.internal.rollout.consumers.TrackFacts.Departure;
import io.meshwork.internal.rollout.consumers.TrackFacts.Dormancy;
import io.meshwork.internal.text.Count;
import io.meshwork.rollout.Rollout.Track.State;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** Writes why a rollout waits for a consumer or not, in one sentence for its page. */
record TrackReason(TrackFacts facts, RolloutTerms terms, Instant now) {

  /** The day of a time in UTC. */
  static LocalDate day(Instant at) {
    return LocalDate.ofInstant(at, ZoneOffset.UTC);
  }

  /**
   * Writes the sentence.
   *
   * @param noticeEnded whether only the end of the notice releases the consumer
   * @param date the date that holds for it
   */
  String sentence(State state, boolean noticeEnded, LocalDate date) {
    return switch (state) {
      case FORCED -> forced();
      case DETACHED -> facts.departure().map(TrackReason::departed).orElse("");
      case MIGRATED -> migrated();
      case DORMANT -> facts.dormancy().map(this::dormant).orElse("");
      case MIGRATING, WAITING ->
          terms.amendsContract()
              ? amended(noticeEnded, date)
              : noticeEnded
                  ? (facts.subscribed()
                          ? "It agreed to the end of the product after "
                          : "It reads without a subscription, and its notice ended on ")
                      + date
                      + "."
                  : state == State.MIGRATING ? migrating() : waiting();
    };
  }

  private static String amended(boolean dateIsOver, LocalDate date) {
    return dateIsOver
        ? "Its date, " + date + ", is over."
        : "It keeps the current contract until " + date + ".";
  }

  private String forced() {
    return "Major version "
        + terms.from()
        + " was retired by force on "
        + facts.forcedAt().map(TrackReason::day).map(LocalDate::toString).orElse("an unknown day")
        + ".";
  }

  private static String departed(Departure how) {
    return (how.revoked() ? "Its right to read was revoked by " : "Its subscription was closed by ")
        + how.by()
        + " on "
        + day(how.at())
        + ".";
  }

  private String migrated() {
    ReadHistory older = facts.reads().get(terms.from());
    String moved = facts.movedAt().map(at -> day(at).toString()).orElse("");
    if (facts.reads().isEmpty()) {
      return "It declared its move on " + moved + "; it has no recorded reads.";
    }
    String newer = "It read " + replacement() + " on " + lastNewer();
    if (older == null) {
      return newer + " and never read version " + terms.from() + ".";
    } else if (TrackRules.hasDeclared(facts, older)) {
      return newer + " and declared its move on " + moved + ".";
    }
    return newer
        + " and last read version "
        + terms.from()
        + " on "
        + day(older.last())
        + ", at least "
        + Count.of(QuietPeriod.of(older).toDays(), "day")
        + " ago.";
  }

  private String dormant(Dormancy request) {
    return "It was last active on "
        + day(facts.lastActivity())
        + "; "
        + request.approvedBy().orElse("")
        + " approved to continue without it.";
  }

  private String migrating() {
    if (TrackRules.hasReturned(facts, terms)) {
      return "It read the new major version on "
          + lastNewer()
          + ", and its subscription is on version "
          + terms.from()
          + " again.";
    }
    ReadHistory older = facts.reads().get(terms.from());
    String read =
        "It read "
            + replacement()
            + " on "
            + lastNewer()
            + " and still read version "
            + terms.from()
            + " on "
            + (older == null ? "an unknown day" : day(older.last()));
    boolean returned =
        older != null
            && facts
                .lastReadFrom(terms.newer())
                .filter(at -> at.isBefore(older.last()))
                .isPresent();
    return returned
        ? read + "; its last read must be of the new one."
        : read
            + "; it counts as moved without another such read until "
            + (older == null ? "then" : day(QuietPeriod.end(older)))
            + ".";
  }

  private String waiting() {
    ReadHistory older = facts.reads().get(terms.from());
    int pinned = facts.pinned().orElse(0);
    boolean moved = terms.to() > 0 && pinned >= terms.newer();
    String own = "Its subscription is on version " + pinned;
    if (facts.reads().isEmpty()) {
      return moved
          ? own + ", and it has no recorded reads."
          : "It has no recorded reads, and it has not declared its move.";
    }
    String missing =
        terms.withoutSuccessor()
            ? "It has not ended its subscription"
            : moved
                ? own + ", which it has not read"
                : facts.returned()
                    ? "Its subscription was moved back to version " + terms.from()
                    : "It has not read "
                        + (terms.to() > 0 ? "version " + terms.to() : replacement());
    return older == null
        ? missing + "."
        : missing + "; it last read version " + terms.from() + " on " + day(older.last()) + ".";
  }

  private String replacement() {
    return terms.to() > 0 ? "the new major version" : terms.replacement();
  }

  private String lastNewer() {
    return facts.lastReadFrom(terms.newer()).map(at -> day(at).toString()).orElse("an unknown day");
  }
}
