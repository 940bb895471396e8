package io.meshwork.internal.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.catalog.PositionEntry.Place;
import io.meshwork.internal.ledger.VersionedDocument;
import java.util.Optional;

/**
 * The places in both major versions of a rollout at which they had the same rows for the first
 * time. Stored in the rollout's document. Immutable.
 *
 * @param entry the sequence of the log entry of that change
 * @param from the place in the replaced major version
 * @param to the place in the new one
 */
public record LevelPlaces(long entry, Place from, Place to) {
  private static final String LEVEL = "level";
  private static final String ENTRY = "entry";
  private static final String FROM = "from";
  private static final String TO = "to";

  /** Reads them from the document of a rollout; empty if both never had the same rows. */
  static Optional<LevelPlaces> of(VersionedDocument rollout) {
    JsonNode level = rollout.json().path(LEVEL);
    return level.isObject()
        ? Optional.of(
            new LevelPlaces(
                level.path(ENTRY).asLong(),
                Place.read(level.path(FROM)),
                Place.read(level.path(TO))))
        : Optional.empty();
  }

  /** Writes them into the document of a rollout. */
  public ObjectNode writeTo(ObjectNode rollout) {
    ObjectNode level = rollout.putObject(LEVEL);
    level.put(ENTRY, entry);
    from.write(level.putObject(FROM));
    to.write(level.putObject(TO));
    return rollout;
  }

  /** Returns the place in one of the two major versions. */
  Place in(int major) {
    return major == from.major() ? from : to;
  }
}
