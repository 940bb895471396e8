package io.meshwork.internal.rollout;

import io.meshwork.internal.catalog.PositionEntry.Place;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The places in both major versions of a rollout at which they have the same rows. From there on,
 * each change is in both, until one changes alone. Immutable.
 *
 * @param entry the sequence of the log entry of the change since which they have
 * @param from the place in the replaced major version
 * @param to the place in the new one
 * @param until the sequence of the first change since then that is in one of them alone; empty if
 *     there is none
 */
public record SynchronizedPositions(long entry, Place from, Place to, OptionalLong until) {
  /** The places of a change, after which none is in one of them alone. */
  public SynchronizedPositions(long entry, Place from, Place to) {
    this(entry, from, to, OptionalLong.empty());
  }

  /** The same, if no change is in one of them alone yet, until this one. */
  SynchronizedPositions until(long sequence) {
    return until.isPresent()
        ? this
        : new SynchronizedPositions(entry, from, to, OptionalLong.of(sequence));
  }

  /** True if both have the same changes up to this log entry. */
  boolean reaches(long sequence) {
    return entry <= sequence && (until.isEmpty() || sequence < until.getAsLong());
  }

  /** The place in one of the two major versions. */
  Place in(int major) {
    return major == from.major() ? from : to;
  }

  /** The place in one of the two major versions; empty if it had no rows. */
  Optional<Place> withRows(int major) {
    return Optional.of(in(major)).filter(place -> place.snapshotId().isPresent());
  }
}
