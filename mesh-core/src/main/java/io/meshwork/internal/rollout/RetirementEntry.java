package io.meshwork.internal.rollout;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a rollout's document states about the major version that was taken out of use: the old one
 * by a retirement, or the new one by an abort. Immutable.
 *
 * @param remaining the version of the table document of the other major version at that time; empty
 *     if none was taken out of use
 * @param overridden the consumers that still needed the old one, as {@code domain/subscription};
 *     empty unless it was retired by force
 * @param newOnlySince since when rows are published to the new one alone, although the old one is
 *     readable again; empty if both have the same rows
 * @param synchronizedUntil the version of the log entry of the retirement, up to which both had the
 *     same rows; empty if it was not retired since
 * @param purgedAt when the data was deleted; empty if it is retained
 * @param restoration how the last retirement was undone; empty if it was not
 */
public record RetirementEntry(
    Optional<String> remaining,
    List<String> overridden,
    Optional<Instant> newOnlySince,
    @JsonProperty("levelUntil") Optional<String> synchronizedUntil,
    Optional<Instant> purgedAt,
    @JsonUnwrapped Optional<Restoration> restoration) {
  /** Of a rollout that took no major version out of use. */
  public static final RetirementEntry NONE =
      new RetirementEntry(
          Optional.empty(),
          List.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  /**
   * The undoing of a retirement by the owner.
   *
   * @param restoredAt when the old major version became readable again
   * @param restoredBecause the reason
   */
  public record Restoration(Instant restoredAt, String restoredBecause) {}

  public RetirementEntry {
    overridden = List.copyOf(overridden);
  }

  /** The same, after another major version was taken out of use, too. */
  public RetirementEntry withRemaining(Optional<String> version) {
    return new RetirementEntry(
        version, overridden, newOnlySince, synchronizedUntil, purgedAt, restoration);
  }

  /**
   * The same, after the old major version was retired.
   *
   * @param entry the version of the log entry of the retirement
   */
  public RetirementEntry retired(Optional<String> version, List<String> consumers, String entry) {
    return new RetirementEntry(
        version,
        consumers,
        newOnlySince,
        isBehind() ? synchronizedUntil : Optional.of(entry),
        purgedAt,
        Optional.empty());
  }

  /**
   * The same, after the old major version was made readable again.
   *
   * @param haveSameRows true if both have the same rows
   * @param retiredAt when it was retired
   */
  public RetirementEntry restored(boolean haveSameRows, Optional<Instant> retiredAt) {
    return new RetirementEntry(
        Optional.empty(),
        List.of(),
        haveSameRows ? Optional.empty() : newOnlySince.or(() -> retiredAt),
        haveSameRows ? Optional.empty() : synchronizedUntil,
        purgedAt,
        Optional.empty());
  }

  /** The same, with when and why the owner undid the retirement. */
  public RetirementEntry withRestoration(Restoration undone) {
    return new RetirementEntry(
        remaining, overridden, newOnlySince, synchronizedUntil, purgedAt, Optional.of(undone));
  }

  /** The same, after a back-fill gave the old major version all rows of the new one. */
  public RetirementEntry withSameRows() {
    return new RetirementEntry(
        remaining, overridden, Optional.empty(), Optional.empty(), purgedAt, restoration);
  }

  /** The same, after the data was deleted. */
  public RetirementEntry purged(Instant at) {
    return new RetirementEntry(
        remaining, overridden, newOnlySince, synchronizedUntil, Optional.of(at), restoration);
  }

  /** Returns true if the old major version lacks rows of the new one. */
  public boolean isBehind() {
    return newOnlySince.isPresent();
  }
}
