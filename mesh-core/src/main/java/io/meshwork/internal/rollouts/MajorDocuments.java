package io.meshwork.internal.rollouts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.catalog.MajorState;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.rollout.RolloutEntry;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Set;
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

  /** A major version once each publish to it also writes others. */
  static ObjectNode publishedWith(VersionEntry major, Collection<Integer> added) {
    return withPublished(major.majorStored().json().deepCopy(), major, added);
  }

  /** A major version once publishes to it no longer write another one. */
  static ObjectNode publishedWithout(VersionEntry major, int removed) {
    return withoutPublished(major.majorStored().json().deepCopy(), major, removed);
  }

  private static ObjectNode withPublished(
      ObjectNode json, VersionEntry major, Collection<Integer> added) {
    TreeSet<Integer> others = new TreeSet<>(major.publishedWith());
    others.addAll(added);
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
    return withPublished(in(MajorState.DEPRECATED, from), from, Set.of(rollout.to()))
        .put(SUCCESSOR, rollout.to())
        .put(BECAUSE, rollout.because())
        .put(RETIRE_AFTER, rollout.retireAfter().toString());
  }

  /** The replaced major version with another last day, if it has one. */
  static ObjectNode retiringAfter(VersionEntry from, LocalDate date) {
    ObjectNode json = from.majorStored().json().deepCopy();
    return json.has(RETIRE_AFTER) ? json.put(RETIRE_AFTER, date.toString()) : json;
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
  static ObjectNode activated(VersionEntry to, Collection<Integer> others) {
    return withPublished(in(MajorState.ACTIVE, to), to, others);
  }

  /** The new major version of an aborted rollout. */
  static ObjectNode withdrawn(VersionEntry to, String because, Instant at) {
    return alone(in(MajorState.WITHDRAWN, to)).put(BECAUSE, because).put(RETIRED_AT, at.toString());
  }

  private static ObjectNode alone(ObjectNode json) {
    VersionEntry.writePublishedWith(json, List.of());
    return json;
  }

  private static ObjectNode in(MajorState state, VersionEntry major) {
    ObjectNode json = major.majorStored().json().deepCopy();
    VersionEntry.writeMajor(json, major.major(), state, major.version());
    return json;
  }
}
