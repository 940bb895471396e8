package io.meshwork.internal.rollout.retirement;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.catalog.MajorEntry;
import io.meshwork.internal.catalog.MajorEntry.Companions;
import io.meshwork.internal.catalog.MajorEntry.End;
import io.meshwork.internal.catalog.MajorEntry.Retirement;
import io.meshwork.internal.catalog.MajorEntry.Status;
import io.meshwork.internal.catalog.MajorEntry.Succession;
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
import java.util.OptionalInt;

/** The documents of major versions as a rollout changes them. Stateless. */
public final class MajorDocuments {
  private MajorDocuments() {}

  /** The replaced major version of a rollout that starts. */
  public static ObjectNode rolledOut(VersionEntry from, RolloutEntry rollout) {
    return from.document(from.entry().rollouts().in(OptionalInt.of(rollout.number())));
  }

  /** A major version once each publish to it also writes others. */
  public static ObjectNode publishedWith(VersionEntry major, Collection<Integer> added) {
    return major.document(major.entry().companions().with(added));
  }

  /** A major version once publishes to it no longer write another one. */
  static ObjectNode publishedWithout(VersionEntry major, int removed) {
    return major.document(major.entry().companions().without(removed));
  }

  /** The replaced major version once the new one is active. */
  public static ObjectNode deprecated(VersionEntry from, RolloutEntry rollout) {
    return from.document(
        in(MajorState.DEPRECATED, from),
        from.entry().companions().with(List.of(rollout.to())),
        announced(rollout, Optional.of(rollout.to()), Optional.empty()));
  }

  private static Succession announced(
      RolloutEntry rollout, Optional<Integer> successor, Optional<End> end) {
    return new Succession(
        successor, Optional.of(rollout.because()), Optional.of(rollout.retireAfter()), end);
  }

  /** The replaced major version with another last day, if it has one. */
  static ObjectNode retiringAfter(VersionEntry from, LocalDate date) {
    Succession now = from.entry().succession();
    Optional<LocalDate> changed = now.retireAfter().map(before -> date);
    return from.document(new Succession(now.successor(), now.because(), changed, now.end()));
  }

  /** The major version of a product that ends, once its consumers were notified. */
  static ObjectNode ending(VersionEntry from, RolloutEntry rollout) {
    return from.document(
        in(MajorState.DEPRECATED, from),
        announced(rollout, Optional.empty(), Optional.of(new End(rollout.elsewhere()))));
  }

  /** The major version that a rollout no longer replaces, as it was before. */
  static ObjectNode released(VersionEntry from, RolloutEntry rollout) {
    return from.document(
        in(MajorState.ACTIVE, from),
        from.entry().companions().without(rollout.newMajor().orElse(0)),
        from.entry().rollouts().in(OptionalInt.empty()),
        new Succession(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
  }

  /** The major version once the announced amendment of its contract took effect. */
  static ObjectNode amended(VersionEntry from, ContractVersion version) {
    return from.document(
        open(from).amended(version), from.entry().rollouts().in(OptionalInt.empty()));
  }

  /** The new major version once it is active. */
  public static ObjectNode activated(
      VersionEntry to, RolloutEntry rollout, Collection<Integer> others) {
    return to.document(
        in(MajorState.ACTIVE, to),
        to.entry().companions().with(others),
        to.entry().succession().because(Optional.empty()),
        new Retirement(Optional.empty(), Optional.empty(), false),
        to.entry().rollouts().replacing(OptionalInt.of(rollout.from())));
  }

  /** The old major version of a rollout whose abort was undone. */
  static ObjectNode reinstated(VersionEntry from, RolloutEntry rollout, boolean closed) {
    return from.document(
        in(closed ? MajorState.CLOSING : MajorState.DEPRECATED, from),
        from.entry().companions().with(List.of(rollout.to())),
        announced(rollout, Optional.of(rollout.to()), Optional.empty()),
        from.entry().rollouts().in(OptionalInt.of(rollout.number())));
  }

  /** The old major version of a rollout once it accepts no new subscriptions. */
  static ObjectNode closed(VersionEntry from) {
    return from.document(in(MajorState.CLOSING, from));
  }

  /** A major version while its consumers are counted for the last time. */
  static ObjectNode fenced(VersionEntry major) {
    Status before = major.entry().status();
    Optional<MajorState> state =
        before.state() == MajorState.RETIRING ? before.fencedIn() : Optional.of(before.state());
    return major.document(
        new Status(before.major(), MajorState.RETIRING, before.contractVersion(), state));
  }

  /** A fenced major version as it was before the fence. */
  static ObjectNode unfenced(VersionEntry major) {
    return major.document(open(major));
  }

  private static Status open(VersionEntry fenced) {
    return unfenced(fenced.entry().status().fencedIn().orElse(MajorState.CLOSING), fenced);
  }

  private static Status unfenced(MajorState state, VersionEntry major) {
    return new Status(major.major(), state, major.version(), Optional.empty());
  }

  /** The old major version of a rollout once consumers can no longer read it. */
  static ObjectNode retired(
      VersionEntry from, RolloutEntry rollout, RowsAtRetirement rows, Instant at) {
    return from.document(
        unfenced(MajorState.RETIRED, from),
        new Companions(List.of()),
        from.entry().rollouts().replacing(OptionalInt.empty()),
        from.entry().succession().because(Optional.of(rollout.because())),
        new Retirement(Optional.of(at), rows.version(), false));
  }

  /**
   * The new major version once it is the only one of its rollout. No abort can withdraw it then, so
   * that the fence of an interrupted one is removed.
   */
  static ObjectNode settled(VersionEntry to, int retired) {
    MajorEntry entry = to.entry();
    boolean fencedByAbort = to.state() == MajorState.RETIRING && to.rollout().isEmpty();
    return to.document(
        fencedByAbort ? open(to) : entry.status(),
        entry.companions().without(retired),
        to.entry().rollouts().replacing(OptionalInt.empty()));
  }

  /** The new major version once the old one is readable again. */
  static ObjectNode unsettled(VersionEntry to, RolloutEntry rollout, Collection<Integer> others) {
    return to.document(
        to.entry().companions().with(others),
        to.entry().rollouts().replacing(OptionalInt.of(rollout.from())));
  }

  /** A retired major version that consumers read again, closed to new subscriptions. */
  static ObjectNode restored(VersionEntry from, RolloutEntry rollout, Collection<Integer> others) {
    return from.document(
        in(MajorState.CLOSING, from),
        from.entry().companions().with(others),
        new Retirement(Optional.empty(), Optional.empty(), false),
        from.entry().succession().because(Optional.of(rollout.because())));
  }

  /** A major version that was taken out of use, once its data is deleted. */
  static ObjectNode purged(VersionEntry major) {
    return major.document(in(MajorState.PURGED, major));
  }

  /** The new major version of an aborted rollout. */
  static ObjectNode withdrawn(
      VersionEntry to, String because, RowsAtRetirement rows, Instant at, boolean current) {
    return to.document(
        unfenced(MajorState.WITHDRAWN, to),
        new Companions(List.of()),
        to.entry().rollouts().replacing(OptionalInt.empty()),
        to.entry().succession().because(Optional.of(because)),
        new Retirement(Optional.of(at), rows.version(), current));
  }

  private static Status in(MajorState state, VersionEntry major) {
    return major.entry().status().in(state);
  }
}
