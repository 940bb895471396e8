package io.meshwork.internal.rollouts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.catalog.MajorState;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.rollout.RolloutEntry;
import java.time.Instant;

/** The documents of major versions as a rollout changes them. Stateless. */
final class MajorDocuments {
  private static final String ROLLOUT = "rollout";
  private static final String SUCCESSOR = "successor";
  private static final String BECAUSE = "because";
  private static final String RETIRE_AFTER = "retireAfter";
  private static final String RETIRED_AT = "retiredAt";

  private MajorDocuments() {}

  /** The number of the rollout that replaces a major version; 0 if there is none. */
  static int rollout(VersionEntry major) {
    return major.majorStored().json().path(ROLLOUT).asInt();
  }

  /** The replaced major version of a rollout that starts. */
  static ObjectNode rolledOut(VersionEntry from, RolloutEntry rollout) {
    return from.majorStored().json().deepCopy().put(ROLLOUT, rollout.number());
  }

  /** The replaced major version once the new one is active. */
  static ObjectNode deprecated(VersionEntry from, RolloutEntry rollout) {
    return in(MajorState.DEPRECATED, from)
        .put(SUCCESSOR, rollout.to())
        .put(BECAUSE, rollout.because())
        .put(RETIRE_AFTER, rollout.retireAfter().toString());
  }

  /** The major version that a rollout no longer replaces, as it was before. */
  static ObjectNode released(VersionEntry from) {
    ObjectNode json = in(MajorState.ACTIVE, from);
    json.remove(ROLLOUT);
    json.remove(SUCCESSOR);
    json.remove(BECAUSE);
    json.remove(RETIRE_AFTER);
    return json;
  }

  /** The new major version once it is active. */
  static ObjectNode activated(VersionEntry to) {
    return in(MajorState.ACTIVE, to);
  }

  /** The new major version of an aborted rollout. */
  static ObjectNode withdrawn(VersionEntry to, String because, Instant at) {
    return in(MajorState.WITHDRAWN, to).put(BECAUSE, because).put(RETIRED_AT, at.toString());
  }

  private static ObjectNode in(MajorState state, VersionEntry major) {
    ObjectNode json = major.majorStored().json().deepCopy();
    VersionEntry.writeMajor(json, major.major(), state.name(), major.version());
    return json;
  }
}
