package io.meshwork.internal.rollout.consumers;

import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.RolloutTerms;
import io.meshwork.rollout.Rollout;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides whether a step of a rollout other than the retirement is possible. Each method returns
 * everything that prevents it; empty if nothing does.
 */
public final class RolloutGuard {
  /** How long a retirement can be undone. */
  public static final Duration UNDO_WINDOW = Duration.ofDays(14);

  /** The most major versions of a product that are read at the same time. */
  public static final int MAX_LIVE_MAJORS = 3;

  private RolloutGuard() {}

  /**
   * What is known when a rollout is announced.
   *
   * @param terms the terms, announced now
   * @param retireAfter the date that the owner proposes
   * @param openFrom the major versions that other open rollouts replace
   * @param liveMajors the number of major versions that are read now, without the new one
   * @param unreachable the consumers without a contact for notices
   */
  public record Announcement(
      RolloutTerms terms,
      LocalDate retireAfter,
      Set<Integer> openFrom,
      int liveMajors,
      List<String> unreachable) {
    public Announcement {
      openFrom = Set.copyOf(openFrom);
      unreachable = List.copyOf(unreachable);
    }
  }

  /**
   * Checks an announcement. A consumer without a contact is a warning: its domain receives the
   * notice instead.
   */
  public static List<Finding> announce(Rollout.State state, Announcement announcement) {
    List<Finding> findings = new ArrayList<>();
    RolloutTerms terms = announcement.terms();
    checkState(
        EnumSet.of(Rollout.State.PLANNED, Rollout.State.PARALLEL, Rollout.State.CLOSING),
        state,
        findings);
    if (announcement.openFrom().contains(terms.from())) {
      findings.add(
          rollout(
              FindingCode.ROLLOUT_OPEN,
              "Another rollout replaces major version " + terms.from() + ".",
              "Complete or abort that rollout first."));
    }
    if (announcement.liveMajors() >= MAX_LIVE_MAJORS) {
      findings.add(
          rollout(
              FindingCode.TOO_MANY_MAJORS,
              "The product has "
                  + announcement.liveMajors()
                  + " major versions that are read; at most "
                  + MAX_LIVE_MAJORS
                  + " are possible.",
              "Retire the oldest one first."));
    }
    if (announcement.retireAfter().isBefore(terms.noticeDate())) {
      findings.add(
          rollout(
              FindingCode.DATE_WITHIN_NOTICE,
              "The date "
                  + announcement.retireAfter()
                  + " is before the end of the notice period of the current contract.",
              "Call extend(..) with " + terms.noticeDate() + " or a later date first."));
    }
    for (String consumer : announcement.unreachable()) {
      findings.add(
          new Finding(
              FindingCode.CONTACT_MISSING,
              Severity.WARNING,
              consumer,
              consumer + " has no contact for notices.",
              0,
              List.of(),
              "Its domain receives the notice."));
    }
    return List.copyOf(findings);
  }

  /** Checks a later date for all tracks. An earlier date is offered to each track instead. */
  public static List<Finding> extend(
      Rollout.State state,
      RolloutTerms terms,
      List<TrackStatus> tracks,
      LocalDate date,
      Instant now) {
    List<Finding> findings = new ArrayList<>();
    checkState(
        EnumSet.of(Rollout.State.ANNOUNCED, Rollout.State.PARALLEL, Rollout.State.CLOSING),
        state,
        findings);
    if (RolloutTerms.isOver(date, now)) {
      findings.add(
          rollout(FindingCode.DATE_PAST, "The date " + date + " has passed.", "Use a later date."));
    }
    if (date.isBefore(terms.noticeDate())) {
      findings.add(
          rollout(
              FindingCode.DATE_WITHIN_NOTICE,
              "The date " + date + " is before the end of the notice period.",
              "Use " + terms.noticeDate() + " or a later date."));
    }
    for (TrackStatus track : tracks) {
      if (!TrackRules.hasLeft(track) && date.isBefore(track.date())) {
        findings.add(
            Finding.error(
                FindingCode.DATE_EARLIER,
                track.consumer(),
                track.consumer()
                    + " keeps "
                    + terms.replaced()
                    + " until "
                    + track.date()
                    + ", which is later.",
                "Offer it the earlier date; it holds once the consumer agrees."));
      }
    }
    return List.copyOf(findings);
  }

  /** Checks that a retirement can be undone. */
  public static List<Finding> restore(Rollout.State state, Instant retiredAt, Instant now) {
    List<Finding> findings = new ArrayList<>();
    checkState(EnumSet.of(Rollout.State.RETIRED), state, findings);
    Instant end = retiredAt.plus(UNDO_WINDOW);
    if (!now.isBefore(end)) {
      findings.add(
          rollout(
              FindingCode.UNDO_WINDOW_OVER,
              "The retirement could be undone until " + end + ".",
              "As the owner, read the data until purge() deletes it."));
    }
    return List.copyOf(findings);
  }

  /**
   * Checks that the data of a version that was taken out of use can be deleted: the old one of a
   * retirement, or the new one of an aborted rollout, which cannot be undone.
   *
   * @param retainedUntil when the retention of the data ends; empty if the contract states none
   * @param holds the legal holds on the product
   */
  public static List<Finding> purge(
      Rollout.State state,
      Instant retiredAt,
      Optional<Instant> retainedUntil,
      List<String> holds,
      Instant now) {
    List<Finding> findings = new ArrayList<>();
    checkState(EnumSet.of(Rollout.State.RETIRED, Rollout.State.ABORTED), state, findings);
    if (state == Rollout.State.RETIRED && now.isBefore(retiredAt.plus(UNDO_WINDOW))) {
      findings.add(
          rollout(
              FindingCode.UNDO_WINDOW_OPEN,
              "The retirement can be undone until " + retiredAt.plus(UNDO_WINDOW) + ".",
              "Purge after that time."));
    }
    retainedUntil
        .filter(now::isBefore)
        .ifPresent(
            end ->
                findings.add(
                    rollout(
                        FindingCode.RETENTION_RUNNING,
                        "The data is retained until " + end + ".",
                        "Purge after that time.")));
    for (String hold : holds) {
      findings.add(
          Finding.error(
              FindingCode.LEGAL_HOLD,
              hold,
              "The hold " + hold + " retains the data.",
              "Release the hold first."));
    }
    return List.copyOf(findings);
  }

  /** Returns why no third major version joins a rollout that excludes rows. */
  public static Finding excludesRows(RolloutEntry rollout, String fix) {
    return Finding.error(
        FindingCode.ROWS_LEFT_OUT,
        rollout.product().toString(),
        "Rollout "
            + rollout.number()
            + " excludes rows from major version "
            + rollout.from()
            + ", so that rows of a third version could not be assigned.",
        fix);
  }

  private static void checkState(
      Set<Rollout.State> allowed, Rollout.State state, List<Finding> findings) {
    if (!allowed.contains(state)) {
      findings.add(
          rollout(
              FindingCode.ROLLOUT_STATE,
              "The rollout is " + state + "; the step needs one that is " + allowed + ".",
              "Check the state of the rollout."));
    }
  }

  private static Finding rollout(FindingCode code, String what, String fix) {
    return Finding.error(code, "rollout", what, fix);
  }
}
