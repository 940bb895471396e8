package io.meshwork.internal.rollout.retirement;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.catalog.MajorState;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.copies.RowsAtRetirement;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.product.ContractVersion;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The documents of major versions as a rollout changes them. Stateless. */
public final class MajorDocuments {
  private static final String ROLLOUT = "rollout";
  private static final String SUCCESSOR = "successor";
  private static final String BECAUSE = "because";
  private static final String RETIRE_AFTER = "retireAfter";
  private static final String RETIRED_AT = "retiredAt";
  private static final String FENCED_IN = "fencedIn";
  private static final String WAS_CURRENT = "wasCurrent";

  private MajorDocuments() {}

  /** The number of the rollout that replaces a major version; 0 if there is none. */
  public static int rollout(VersionEntry major) {
    return major.rollout().orElse(0);
  }

  /** The replaced major version of a rollout that starts. */
  public static ObjectNode rolledOut(VersionEntry from, RolloutEntry rollout) {
    return from.majorStored().json().deepCopy().put(ROLLOUT, rollout.number());
  }

  /** A major version once each publish to it also writes others. */
  public static ObjectNode publishedWith(VersionEntry major, Collection<Integer> added) {
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
  public static ObjectNode deprecated(VersionEntry from, RolloutEntry rollout) {
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

  /** The major version of a product that ends, once its consumers were notified. */
  static ObjectNode ending(VersionEntry from, RolloutEntry rollout) {
    ObjectNode json =
        in(MajorState.DEPRECATED, from)
            .put(BECAUSE, rollout.because())
            .put(RETIRE_AFTER, rollout.retireAfter().toString());
    VersionEntry.writeEnd(json, rollout.elsewhere());
    return json;
  }

  /** The major version that a rollout no longer replaces, as it was before. */
  static ObjectNode released(VersionEntry from, RolloutEntry rollout) {
    ObjectNode json = in(MajorState.ACTIVE, from);
    rollout.newMajor().ifPresent(to -> withoutPublished(json, from, to));
    json.remove(ROLLOUT);
    json.remove(SUCCESSOR);
    json.remove(BECAUSE);
    json.remove(RETIRE_AFTER);
    VersionEntry.removeEnd(json);
    return json;
  }

  /** The major version once the announced amendment of its contract took effect. */
  static ObjectNode amended(VersionEntry from, ContractVersion version) {
    ObjectNode json = unfenced(from);
    VersionEntry.writeMajor(json, from.major(), stateBefore(from), version);
    json.remove(ROLLOUT);
    return json;
  }

  /** The new major version once it is active. */
  public static ObjectNode activated(
      VersionEntry to, RolloutEntry rollout, Collection<Integer> others) {
    ObjectNode json = withPublished(in(MajorState.ACTIVE, to), to, others);
    json.remove(BECAUSE);
    json.remove(WAS_CURRENT);
    json.remove(RETIRED_AT);
    VersionEntry.writeRetiredTable(json, Optional.empty());
    VersionEntry.writeReplaces(json, rollout.from());
    return json;
  }

  /** The old major version of a rollout whose abort was undone. */
  static ObjectNode reinstated(VersionEntry from, RolloutEntry rollout, boolean closed) {
    ObjectNode json = deprecated(from, rollout).put(ROLLOUT, rollout.number());
    if (closed) {
      VersionEntry.writeMajor(json, from.major(), MajorState.CLOSING, from.version());
    }
    return json;
  }

  /** The old major version of a rollout once it accepts no new subscriptions. */
  static ObjectNode closed(VersionEntry from) {
    return in(MajorState.CLOSING, from);
  }

  /** A major version while its consumers are counted for the last time. */
  static ObjectNode fenced(VersionEntry major) {
    ObjectNode json = in(MajorState.RETIRING, major);
    return major.state() == MajorState.RETIRING ? json : json.put(FENCED_IN, major.state().name());
  }

  /** A fenced major version as it was before the fence. */
  static ObjectNode unfenced(VersionEntry major) {
    ObjectNode json = in(stateBefore(major), major);
    json.remove(FENCED_IN);
    return json;
  }

  private static MajorState stateBefore(VersionEntry fenced) {
    return MajorState.valueOf(
        fenced.majorStored().json().path(FENCED_IN).asText(MajorState.CLOSING.name()));
  }

  /** The old major version of a rollout once consumers can no longer read it. */
  static ObjectNode retired(
      VersionEntry from, RolloutEntry rollout, RowsAtRetirement rows, Instant at) {
    ObjectNode json = out(MajorState.RETIRED, from, rollout.because(), at);
    VersionEntry.writeRetiredTable(json, rows.version());
    return rollout.endsProduct() ? json : json.put(SUCCESSOR, rollout.to());
  }

  /**
   * The new major version once it is the only one of its rollout. No abort can withdraw it then, so
   * that the fence of an interrupted one is removed.
   */
  static ObjectNode settled(VersionEntry to, int retired) {
    boolean fencedByAbort = to.state() == MajorState.RETIRING && rollout(to) == 0;
    ObjectNode json =
        withoutPublished(
            fencedByAbort ? unfenced(to) : to.majorStored().json().deepCopy(), to, retired);
    VersionEntry.writeReplaces(json, 0);
    return json;
  }

  /** The new major version once the old one is readable again. */
  static ObjectNode unsettled(VersionEntry to, RolloutEntry rollout, Collection<Integer> others) {
    ObjectNode json = withPublished(to.majorStored().json().deepCopy(), to, others);
    VersionEntry.writeReplaces(json, rollout.from());
    return json;
  }

  /** A retired major version that consumers read again, closed to new subscriptions. */
  static ObjectNode restored(VersionEntry from, RolloutEntry rollout, Collection<Integer> others) {
    ObjectNode json = withPublished(in(MajorState.CLOSING, from), from, others);
    json.remove(RETIRED_AT);
    VersionEntry.writeRetiredTable(json, Optional.empty());
    return json.put(BECAUSE, rollout.because());
  }

  /** A major version that was taken out of use, once its data is deleted. */
  static ObjectNode purged(VersionEntry major) {
    return in(MajorState.PURGED, major);
  }

  /** The new major version of an aborted rollout. */
  static ObjectNode withdrawn(
      VersionEntry to, String because, RowsAtRetirement rows, Instant at, boolean current) {
    ObjectNode json = out(MajorState.WITHDRAWN, to, because, at);
    VersionEntry.writeRetiredTable(json, rows.version());
    return current ? json.put(WAS_CURRENT, true) : json;
  }

  /** Returns true if a withdrawn major version was the current one until then. */
  static boolean wasCurrent(VersionEntry withdrawn) {
    return withdrawn.majorStored().json().path(WAS_CURRENT).asBoolean();
  }

  private static ObjectNode out(MajorState state, VersionEntry major, String because, Instant at) {
    ObjectNode json = alone(in(state, major));
    json.remove(FENCED_IN);
    VersionEntry.writeReplaces(json, 0);
    return json.put(BECAUSE, because).put(RETIRED_AT, at.toString());
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
