package io.meshwork.product;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How fresh a product is against what its contract promises, and whom to ask when it is late.
 * Immutable, as of when it was asked for.
 *
 * @param status where it stands
 * @param lastUpdated when rows were last added or replaced, or a publish of none said up to when
 *     the rows are complete; erasing and laying out anew do not count, and after a rollback it is
 *     the time of the rows that came back
 * @param completeUpTo the producer stated that all rows of an event time before this are there;
 *     empty if nothing was stated
 * @param lateBy by how much the promise is broken; zero if it is kept or there is none
 * @param contact whom to ask
 */
public record Freshness(
    Status status,
    Optional<Instant> lastUpdated,
    Optional<Instant> completeUpTo,
    Duration lateBy,
    String contact) {
  /** Where a product stands. */
  public enum Status {
    /** It is as fresh as it promises. */
    FRESH,
    /** It is older than it promises. */
    LATE,
    /** It promises to be fresh, and nothing was published yet. */
    NEVER_PUBLISHED,
    /** It promises nothing. */
    UNBOUND
  }

  /** True if no promise is broken. */
  public boolean isFresh() {
    return status == Status.FRESH || status == Status.UNBOUND;
  }

  /** True if the producer stated that all rows of an event time before this are there. */
  public boolean isCompleteUpTo(Instant eventTime) {
    return completeUpTo.filter(stated -> !stated.isBefore(eventTime)).isPresent();
  }
}
