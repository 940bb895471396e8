package io.meshwork.product;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How fresh a product is compared with its contract, and whom to contact if it is late. The age is
 * that of {@code dataTime} or {@code completeUpTo}, whichever is later, if {@code dataTime} is
 * known, otherwise that of {@code lastUpdated}. Immutable: it describes the time of the call.
 *
 * @param status the status
 * @param lastUpdated when rows were last added or replaced, or a publish without rows declared
 *     until when the rows are complete; erasing and compaction do not count, and after a rollback
 *     it is the time of the snapshot that was rolled back to
 * @param dataTime the newest event time of the rows, at most the time of its publish; empty if the
 *     contract names no column of it, nothing was published since it does, or the caller may not
 *     read all rows of the column
 * @param completeUpTo the producer declared that all rows with an earlier event time are published;
 *     empty if nothing was declared
 * @param lateBy how late the product is; zero if it is not, or promises nothing
 * @param contact whom to contact
 */
public record Freshness(
    Status status,
    Optional<Instant> lastUpdated,
    Optional<Instant> dataTime,
    Optional<Instant> completeUpTo,
    Duration lateBy,
    String contact) {
  /** The status of a product. */
  public enum Status {
    /** It is as fresh as promised. */
    FRESH,
    /** It is older than promised. */
    LATE,
    /** It promises freshness, but nothing was published yet. */
    NEVER_PUBLISHED,
    /** It promises nothing. */
    UNBOUND
  }

  /** Returns true if no promise is broken. */
  public boolean isFresh() {
    return status == Status.FRESH || status == Status.UNBOUND;
  }

  /** Returns true if the producer declared all rows with an earlier event time published. */
  public boolean isCompleteUpTo(Instant eventTime) {
    return completeUpTo.filter(declared -> !declared.isBefore(eventTime)).isPresent();
  }
}
