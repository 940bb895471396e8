package io.meshwork.internal.rollout.consumers;

import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.rollout.RolloutTerms;
import io.meshwork.internal.stewards.ForcedRetirementRequest;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Rollout.Track.State;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Decides whether the old major version may be retired, as planned or by force. Returns everything
 * that prevents it: who, why, and what to do.
 *
 * @param state the state of the rollout
 * @param mayDiffer whether the two versions may differ since a publish to one of them only
 * @param tracks all tracks of the rollout, counted after the version was fenced
 */
public record RetireGuard(
    RolloutTerms terms, Rollout.State state, boolean mayDiffer, List<TrackStatus> tracks) {
  public RetireGuard {
    tracks = List.copyOf(tracks);
  }

  /** Returns what prevents the retirement; empty if nothing does. */
  public List<Finding> retire(Instant now) {
    List<Finding> findings = new ArrayList<>();
    checkState(Set.of(Rollout.State.CLOSING), findings);
    checkSameRows(findings);
    for (TrackStatus track : tracks) {
      if (!track.released()) {
        findings.add(unreleased(track));
      }
    }
    if (!haveAllLeft()) {
      checkNotice(now, findings);
      checkDates(now, findings);
    }
    return List.copyOf(findings);
  }

  /**
   * Returns what prevents the announced amendment of the contract; empty if nothing does. The date
   * of a consumer releases it, whatever it answered.
   */
  public List<Finding> amend(Instant now) {
    List<Finding> findings = new ArrayList<>();
    checkState(Set.of(Rollout.State.ANNOUNCED), findings);
    if (!haveAllLeft()) {
      checkNotice(now, findings);
      checkDates(now, findings);
    }
    return List.copyOf(findings);
  }

  /** Returns what prevents the retirement by force; empty if nothing does. */
  public List<Finding> retireByForce(ForcedRetirementRequest request, Instant now) {
    List<Finding> findings = new ArrayList<>(request.findings());
    checkState(Set.of(Rollout.State.CLOSING), findings);
    checkSameRows(findings);
    checkNotice(now, findings);
    checkDates(now, findings);
    Set<String> overridden = overridden();
    if (!request.tracks().equals(overridden)) {
      findings.add(
          Finding.error(
              FindingCode.CONSUMERS_DIFFER,
              "tracks",
              "The request names the consumers "
                  + new TreeSet<>(request.tracks())
                  + ", but the retirement overrides "
                  + overridden
                  + ".",
              "Plan again, and name exactly the consumers that the plan lists."));
    }
    return List.copyOf(findings);
  }

  /** Returns the consumers that still need the old major version: the ones that force overrides. */
  public Set<String> overridden() {
    Set<String> consumers = new TreeSet<>();
    for (TrackStatus track : tracks) {
      if (!track.released()) {
        consumers.add(track.consumer());
      }
    }
    return consumers;
  }

  /** Returns the first day after whose end a retirement is possible, as the tracks are now. */
  public LocalDate earliestRetirement() {
    LocalDate earliest = terms.noticeDate();
    for (TrackStatus track : tracks) {
      if (isDue(track) && track.date().isAfter(earliest)) {
        earliest = track.date();
      }
    }
    return earliest;
  }

  /** Returns the first day that the answers allow, for a retirement or amendment that waits. */
  public Finding earliest(ProductName product) {
    String change =
        terms.amendsContract()
            ? "the contract of major version " + terms.from() + " can be amended"
            : "major version " + terms.from() + " can be retired";
    return new Finding(
        FindingCode.EARLIEST_RETIREMENT,
        Severity.NOTE,
        product.toString(),
        "As the answers are now, "
            + change
            + " after "
            + earliestRetirement()
            + (terms.amendsContract() ? "." : ", once no consumer needs it."),
        0,
        List.of(),
        terms.kind().reader(product) + ".waitingFor() lists the consumers.");
  }

  private boolean haveAllLeft() {
    return tracks.stream().allMatch(TrackRules::hasLeft);
  }

  /** Returns true if the date of a track still binds the owner. */
  private static boolean isDue(TrackStatus track) {
    return !TrackRules.hasLeft(track) && track.state() != State.FORCED;
  }

  private void checkState(Set<Rollout.State> allowed, List<Finding> findings) {
    if (!allowed.contains(state)) {
      findings.add(
          Finding.error(
              FindingCode.ROLLOUT_STATE,
              "rollout",
              "The rollout is " + state + ".",
              state == Rollout.State.PARALLEL
                  ? "Close major version " + terms.from() + " with close() first."
                  : "Retire a version of a rollout that is " + new TreeSet<>(allowed) + "."));
    }
  }

  private void checkSameRows(List<Finding> findings) {
    if (mayDiffer) {
      findings.add(
          Finding.error(
              FindingCode.VERSIONS_APART,
              "rollout",
              "A publish wrote only one of the major versions "
                  + terms.from()
                  + " and "
                  + terms.to()
                  + ", and their rows were not compared since.",
              "Commit verify(..), whose findings show the rows that only one of them has; publish"
                  + " them with onlyMajorVersion(..) to the other, or erase them, and commit it again."));
    }
  }

  private void checkNotice(Instant now, List<Finding> findings) {
    if (!terms.noticeIsOver(now)) {
      findings.add(
          Finding.error(
              FindingCode.NOTICE_RUNNING,
              "rollout",
              "The notice period ends on "
                  + terms.noticeDate()
                  + ", and not all consumers have "
                  + (terms.amendsContract() ? "left." : "moved or left."),
              "Retire after that day."));
    }
  }

  private void checkDates(Instant now, List<Finding> findings) {
    for (TrackStatus track : tracks) {
      if (isDue(track) && !RolloutTerms.isOver(track.date(), now)) {
        findings.add(
            Finding.error(
                FindingCode.DATE_NOT_REACHED,
                track.consumer(),
                track.consumer() + " keeps " + terms.replaced() + " until " + track.date() + ".",
                "Retire after that day, or ask the consumer to agree to an earlier one."));
      }
    }
  }

  private Finding unreleased(TrackStatus track) {
    return Finding.error(
        FindingCode.CONSUMER_NOT_RELEASED,
        track.consumer(),
        TrackedConsumer.described(track.consumer())
            + " still needs major version "
            + terms.from()
            + ". "
            + track.reason(),
        fix(track));
  }

  private String fix(TrackStatus track) {
    if (track.state() == State.MIGRATING) {
      return "Wait until it stops reading the old version, or ask it to call moved().";
    }
    return switch (track.answer()) {
      case OBJECTED -> "Resolve its objection, offer a later date, or abort the rollout.";
      case COUNTERED -> "Accept the date that it asks for, or offer another one.";
      default ->
          terms.withoutSuccessor()
              ? "Ask it to end its subscription or to agree to the date, or offer a later date."
              : "Ask it to read " + terms.replacement() + ", or offer a later date.";
    };
  }
}
