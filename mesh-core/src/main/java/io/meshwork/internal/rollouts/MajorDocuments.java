package io.meshwork.internal.rollouts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.catalog.MajorState;
import io.meshwork.internal.catalog.VersionEntry;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;

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

  /** A major version once each publish to it also writes another one. */
  static ObjectNode publishedWith(VersionEntry major, int other) {
    return withPublished(major.majorStored().json().deepCopy(), major, other);
  }

  private static ObjectNode withPublished(ObjectNode json, VersionEntry major, int other) {
    TreeSet<Integer> others = new TreeSet<>(major.publishedWith());
    others.add(other);
    VersionEntry.writePublishedWith(json, List.copyOf(others));
    return json;
  }

  private static ObjectNode withoutPublished(ObjectNode json, VersionEntry major, int other) {
    TreeSet<Integer> others = new TreeSet<>(major.publishedWith());
    others.remove(other);
    VersionEntry.writePublishedWith(json, List.copyOf(others));
    return json;
  }

  /** The replaced major version once the new one is active. */
  static ObjectNode deprecated(VersionEntry from, RolloutEntry rollout) {
    return withPublished(in(MajorState.DEPRECATED, from), from, rollout.to())
        .put(SUCCESSOR, rollout.to())
        .put(BECAUSE, rollout.because())
        .put(RETIRE_AFTER, rollout.retireAfter().toString());
  }

  /** The major version that a rollout no longer replaces, as it was before. */
  static ObjectNode released(VersionEntry from, RolloutEntry rollout) {
    ObjectNode json = withoutPublished(in(MajorState.ACTIVE, from), from, rollout.to());
    json.remove(ROLLOUT);
    json.remove(SUCCESSOR);
    json.remove(BECAUSE);
    json.remove(RETIRE_AFTER);
    return json;
  }

  /** The new major version once it is active. */
  static ObjectNode activated(VersionEntry to, RolloutEntry rollout) {
    return withPublished(in(MajorState.ACTIVE, to), to, rollout.from());
  }

  /** The new major version of an aborted rollout. */
  static ObjectNode withdrawn(VersionEntry to, RolloutEntry rollout, String because, Instant at) {
    return withoutPublished(in(MajorState.WITHDRAWN, to), to, rollout.from())
        .put(BECAUSE, because)
        .put(RETIRED_AT, at.toString());
  }

  private static ObjectNode in(MajorState state, VersionEntry major) {
    ObjectNode json = major.majorStored().json().deepCopy();
    VersionEntry.writeMajor(json, major.major(), state, major.version());
    return json;
  }
}
