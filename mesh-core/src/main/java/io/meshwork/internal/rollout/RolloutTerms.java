package io.meshwork.internal.rollout;

import io.meshwork.internal.rollout.RolloutEntry.Kind;
import io.meshwork.product.MajorVersion;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * What is fixed when a rollout is announced. All dates are in UTC and mean the end of the day.
 *
 * @param kind what the rollout changes
 * @param from the major version that is replaced
 * @param to the major version that replaces it; 0 if there is none
 * @param elsewhere what replaces a product that ends, in another product; else empty
 * @param announcedAt when the consumers received their first notice
 * @param notice the notice period of the contract that was current then, of {@code from}
 */
public record RolloutTerms(
    Kind kind,
    int from,
    int to,
    Optional<MajorVersion> elsewhere,
    Instant announcedAt,
    Period notice) {
  /** Checks the order of the versions. */
  public RolloutTerms {
    if (to != 0 && to <= from) {
      throw new IllegalArgumentException("major version " + to + " does not follow " + from);
    }
  }

  /** The terms of a rollout to a new major version. */
  public RolloutTerms(int from, int to, Instant announcedAt, Period notice) {
    this(Kind.NEW_MAJOR_VERSION, from, to, Optional.empty(), announcedAt, notice);
  }

  /** Returns true if the product ends, and nothing replaces it. */
  public boolean withoutSuccessor() {
    return kind == Kind.END && elsewhere.isEmpty();
  }

  /** Returns true if only the contract of the major version is amended. */
  public boolean amendsContract() {
    return kind == Kind.AMENDMENT;
  }

  /** Returns what consumers have until their dates. */
  public String replaced() {
    return (amendsContract() ? "the current contract of " : "") + "major version " + from;
  }

  /**
   * Returns the first major version whose reads prove a move, in the facts of a track. If the
   * product ends, the facts have the reads of its successor in another product under this number.
   */
  public int newer() {
    return to > 0 ? to : from + 1;
  }

  /** Returns what a consumer is to read in its place; empty if nothing replaces it. */
  public String replacement() {
    return to > 0 ? "major version " + to : elsewhere.map(MajorVersion::toString).orElse("");
  }

  /** Returns the last day of the notice period: the earliest date of a retirement. */
  public LocalDate noticeDate() {
    return LocalDate.ofInstant(announcedAt, ZoneOffset.UTC).plus(notice);
  }

  /** Returns true if the notice period is over. */
  public boolean noticeIsOver(Instant now) {
    return isOver(noticeDate(), now);
  }

  /** Returns when silence accepts a date that was offered at a time: after half the notice. */
  public Instant answerDeadline(Instant offeredAt) {
    return offeredAt.plus(Duration.between(announcedAt, endOf(noticeDate())).dividedBy(2));
  }

  /** Returns the end of a day in UTC. */
  public static Instant endOf(LocalDate date) {
    return date.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  /** Returns true if the end of a day in UTC has passed. */
  public static boolean isOver(LocalDate date, Instant now) {
    return !now.isBefore(endOf(date));
  }
}
