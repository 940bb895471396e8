package io.meshwork.internal.rollout;

import io.meshwork.internal.catalog.PositionEntry;
import io.meshwork.internal.catalog.PositionEntry.Place;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.MovedTables;
import io.meshwork.internal.ledger.MovedTables.MovedTable;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.ProductName;
import io.meshwork.publish.PublishReceipt.PublishMode;
import io.meshwork.rollout.Rollout;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Maps places in one major version of a product to the corresponding places in another: a consumer
 * that received everything up to one of them received everything up to the other. The log decides:
 * a publish while a rollout runs is one entry, which names the snapshots of all major versions.
 * Reads the rollouts once, when it is created.
 */
public final class PlaceMapping {
  private final Ledger ledger;
  private final ProductName product;
  private final List<ParallelRollout> rollouts = new ArrayList<>();

  /** A rollout that reached its cut-over, and the places at which both have the same rows. */
  private record ParallelRollout(int from, int to, List<SynchronizedPositions> positions) {}

  /**
   * The corresponding place, or why there is none.
   *
   * @param gap a clause; empty if there is a place
   */
  private record Counterpart(Optional<Place> place, String gap) {
    static Counterpart of(Place place) {
      return new Counterpart(Optional.of(place), "");
    }

    static Counterpart of(Optional<Place> place) {
      return place
          .map(Counterpart::of)
          .orElseGet(() -> none("the other version had no rows when both had the same rows"));
    }

    static Counterpart none(String gap) {
      return new Counterpart(Optional.empty(), gap);
    }
  }

  /**
   * Reads the rollouts of a product.
   *
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  public PlaceMapping(Ledger ledger, ProductName product) {
    this.ledger = ledger;
    this.product = product;
    for (VersionedDocument stored :
        ledger.list(RegistryKeys.partition(product), RegistryKeys.ROLLOUTS)) {
      RolloutEntry entry = RolloutEntry.of(stored);
      if (entry.state() != Rollout.State.ABORTED && entry.dates().cutOver().isPresent()) {
        rollouts.add(
            new ParallelRollout(entry.from(), entry.to(), entry.differences().positions()));
      }
    }
  }

  /**
   * Returns the corresponding place; empty if there is none, because the place is before the time
   * at which both major versions had the same rows, or because the other one has rows that this one
   * did not have up to the place.
   *
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  public Optional<Place> find(Place place, int major) {
    return counterpart(place, major).place();
  }

  /**
   * Returns why no place corresponds to a place, and what to do, as a clause; empty if one does.
   *
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  public Optional<String> gap(Place place, int major) {
    return Optional.of(counterpart(place, major).gap()).filter(gap -> !gap.isEmpty());
  }

  private Counterpart counterpart(Place place, int major) {
    Place at = place;
    while (at.major() != major) {
      Optional<ParallelRollout> rollout = next(at.major(), major);
      if (rollout.isEmpty()) {
        return Counterpart.none(
            "no rollout leads from major version " + at.major() + " to " + major);
      }
      Counterpart step = step(at, rollout.get());
      if (step.place().isEmpty()) {
        return step;
      }
      at = step.place().get();
    }
    return Counterpart.of(at);
  }

  /**
   * Returns the sequence above which a position in another major version requires snapshots of this
   * one, so that the position can move; empty if it requires none.
   *
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  public OptionalLong requiredAfter(PositionEntry position, int major) {
    Optional<Place> next = find(position.place(), major);
    if (next.isEmpty()) {
      return OptionalLong.empty();
    }
    // After a rollback the batch may end before the place where it begins.
    long end =
        position
            .pending()
            .flatMap(batch -> find(batch.end(), major))
            .map(place -> place.sequence() - 1)
            .orElse(Long.MAX_VALUE);
    return OptionalLong.of(Math.max(0, Math.min(next.get().sequence(), end)));
  }

  /** The rollout that leads from a major version towards another. */
  private Optional<ParallelRollout> next(int major, int target) {
    return rollouts.stream()
        .filter(
            rollout ->
                target > major
                    ? rollout.from() == major && rollout.to() <= target
                    : rollout.to() == major && rollout.from() >= target)
        .findFirst();
  }

  /** The corresponding place in the other major version of a rollout. */
  private Counterpart step(Place place, ParallelRollout rollout) {
    int target = place.major() == rollout.from() ? rollout.to() : rollout.from();
    if (place.snapshotId().isEmpty()) {
      return Counterpart.of(Place.start(target));
    }
    List<SynchronizedPositions> newestFirst = new ArrayList<>(rollout.positions());
    Collections.reverse(newestFirst);
    for (SynchronizedPositions positions : newestFirst) {
      if (place.snapshotId().equals(positions.in(place.major()).snapshotId())) {
        return Counterpart.of(positions.withRows(target));
      }
    }
    Optional<VersionedDocument> entry = entryOf(place);
    if (entry.isEmpty()) {
      return Counterpart.none("the log no longer has the change at the position");
    }
    for (SynchronizedPositions positions : newestFirst) {
      if (positions.reaches(Ledger.sequence(entry.get()))) {
        return Counterpart.of(
            newest(entry, target, positions).or(() -> positions.withRows(target)));
      }
    }
    return rollout.positions().stream()
        .filter(positions -> positions.entry() > Ledger.sequence(entry.get()))
        .findFirst()
        .filter(positions -> !movedRowsSince(entry.get(), place.major(), positions))
        .map(positions -> Counterpart.of(positions.withRows(target)))
        .orElseGet(() -> Counterpart.none(gap(entry.get(), rollout)));
  }

  private static String gap(VersionedDocument entry, ParallelRollout rollout) {
    if (rollout.positions().isEmpty()) {
      return "major version "
          + rollout.to()
          + " does not have the same rows as major version "
          + rollout.from();
    }
    return Ledger.sequence(entry) < rollout.positions().get(0).entry()
        ? "rows changed after it and before both versions had the same rows; poll and acknowledge"
            + " a batch after activate() and before you move, and the position continues"
        : "rows before it are in one version only; the positions of other subscriptions continue"
            + " once verify() finds the same rows in both versions";
  }

  /** The log entry of the change that created the snapshot of a place. */
  private Optional<VersionedDocument> entryOf(Place place) {
    String partition = RegistryKeys.partition(product);
    Instant at = place.committedAt().orElse(Instant.MAX);
    Optional<VersionedDocument> entry =
        place.committedAt().isPresent()
            ? ledger.newestEntry(partition, at)
            : ledger.newestEntry(partition);
    while (entry.isPresent() && !names(entry.get(), place)) {
      entry =
          place.committedAt().isPresent() && Ledger.time(entry.get()).isBefore(at)
              ? Optional.empty()
              : ledger.entryBefore(entry.get());
    }
    return entry;
  }

  private static boolean names(VersionedDocument entry, Place place) {
    return MovedTables.find(entry, place.major())
        .flatMap(MovedTable::snapshotId)
        .equals(place.snapshotId());
  }

  /** Returns true if rows changed after an entry and before both had the same rows. */
  private boolean movedRowsSince(
      VersionedDocument entry, int major, SynchronizedPositions positions) {
    Optional<VersionedDocument> each =
        ledger.entry(entry.key().partition(), positions.entry()).flatMap(ledger::entryBefore);
    while (each.isPresent() && Ledger.sequence(each.get()) > Ledger.sequence(entry)) {
      if (movesRows(each.get(), major)) {
        return true;
      }
      each = ledger.entryBefore(each.get());
    }
    return false;
  }

  /**
   * The newest snapshot of a major version, from an entry back to when both had the same publishes.
   */
  private Optional<Place> newest(
      Optional<VersionedDocument> entry, int major, SynchronizedPositions positions) {
    Optional<VersionedDocument> each = entry;
    while (each.isPresent() && Ledger.sequence(each.get()) > positions.entry()) {
      Optional<MovedTable> table = MovedTables.find(each.get(), major);
      if (table.isPresent()) {
        return Optional.of(
            new Place(
                major,
                table.get().snapshotId(),
                table.get().details().path("sequence").asLong(),
                Optional.of(Ledger.time(each.get()))));
      }
      each = ledger.entryBefore(each.get());
    }
    return Optional.empty();
  }

  private static boolean movesRows(VersionedDocument entry, int major) {
    return MovedTables.find(entry, major)
        .filter(table -> !table.mode().equals(Optional.of(PublishMode.COMPACTION.text())))
        .isPresent();
  }
}
