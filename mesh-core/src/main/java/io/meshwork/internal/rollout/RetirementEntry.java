package io.meshwork.internal.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
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
 * @param behindSince since when rows are published to the new one alone, although the old one is
 *     readable again; empty if both have the same rows
 * @param levelUntil the version of the log entry of the retirement, up to which both had the same
 *     rows; empty if it was not retired since, or by an earlier version of the SDK
 * @param purgedAt when the data was deleted; empty if it is retained
 * @param restoration how the last retirement was undone; empty if it was not
 */
public record RetirementEntry(
    Optional<String> remaining,
    List<String> overridden,
    Optional<Instant> behindSince,
    Optional<String> levelUntil,
    Optional<Instant> purgedAt,
    Optional<Restoration> restoration) {
  /** Of a rollout that took no major version out of use. */
  public static final RetirementEntry NONE =
      new RetirementEntry(
          Optional.empty(),
          List.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  private static final String REMAINING = "remaining";
  private static final String OVERRIDDEN = "overridden";
  private static final String BEHIND_SINCE = "behindSince";
  private static final String LEVEL_UNTIL = "levelUntil";
  private static final String PURGED_AT = "purgedAt";
  private static final String RESTORED_AT = "restoredAt";
  private static final String RESTORED_BECAUSE = "restoredBecause";

  /**
   * The undoing of a retirement by the owner.
   *
   * @param at when the old major version became readable again
   * @param because the reason
   */
  public record Restoration(Instant at, String because) {}

  /** Copies the consumers. */
  public RetirementEntry {
    overridden = List.copyOf(overridden);
  }

  static RetirementEntry of(ObjectNode json) {
    List<String> consumers = new ArrayList<>();
    for (JsonNode consumer : json.path(OVERRIDDEN)) {
      consumers.add(consumer.asText());
    }
    return new RetirementEntry(
        Optional.ofNullable(json.path(REMAINING).textValue()),
        consumers,
        instant(json, BEHIND_SINCE),
        Optional.ofNullable(json.path(LEVEL_UNTIL).textValue()),
        instant(json, PURGED_AT),
        instant(json, RESTORED_AT)
            .map(at -> new Restoration(at, json.path(RESTORED_BECAUSE).asText())));
  }

  private static Optional<Instant> instant(ObjectNode json, String field) {
    return Optional.ofNullable(json.path(field).textValue()).map(Instant::parse);
  }

  void write(ObjectNode json) {
    json.remove(List.of(REMAINING, OVERRIDDEN, BEHIND_SINCE, LEVEL_UNTIL, PURGED_AT));
    json.remove(List.of(RESTORED_AT, RESTORED_BECAUSE));
    remaining.ifPresent(version -> json.put(REMAINING, version));
    if (!overridden.isEmpty()) {
      ArrayNode consumers = json.putArray(OVERRIDDEN);
      overridden.forEach(consumers::add);
    }
    behindSince.ifPresent(at -> json.put(BEHIND_SINCE, at.toString()));
    levelUntil.ifPresent(entry -> json.put(LEVEL_UNTIL, entry));
    purgedAt.ifPresent(at -> json.put(PURGED_AT, at.toString()));
    restoration.ifPresent(
        undone ->
            json.put(RESTORED_AT, undone.at().toString()).put(RESTORED_BECAUSE, undone.because()));
  }

  /** The same, after a major version was taken out of use beside this one. */
  public RetirementEntry withRemaining(Optional<String> version) {
    return new RetirementEntry(version, overridden, behindSince, levelUntil, purgedAt, restoration);
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
        behindSince,
        isBehind() ? levelUntil : Optional.of(entry),
        purgedAt,
        Optional.empty());
  }

  /**
   * The same, after the old major version was made readable again.
   *
   * @param level true if both have the same rows
   * @param retiredAt when it was retired
   */
  public RetirementEntry restored(boolean level, Optional<Instant> retiredAt) {
    return new RetirementEntry(
        Optional.empty(),
        List.of(),
        level ? Optional.empty() : behindSince.or(() -> retiredAt),
        level ? Optional.empty() : levelUntil,
        purgedAt,
        Optional.empty());
  }

  /** The same, with when and why the owner undid the retirement. */
  public RetirementEntry withRestoration(Restoration undone) {
    return new RetirementEntry(
        remaining, overridden, behindSince, levelUntil, purgedAt, Optional.of(undone));
  }

  /** The same, after a back-fill gave the old major version all rows of the new one. */
  public RetirementEntry levelled() {
    return new RetirementEntry(
        remaining, overridden, Optional.empty(), Optional.empty(), purgedAt, restoration);
  }

  /** The same, after the data was deleted. */
  public RetirementEntry purged(Instant at) {
    return new RetirementEntry(
        remaining, overridden, behindSince, levelUntil, Optional.of(at), restoration);
  }

  /** Returns true if the old major version lacks rows of the new one. */
  public boolean isBehind() {
    return behindSince.isPresent();
  }
}
