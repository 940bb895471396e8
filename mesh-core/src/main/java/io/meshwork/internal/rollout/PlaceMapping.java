package io.meshwork.internal.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.catalog.PositionEntry;
import io.meshwork.internal.catalog.PositionEntry.Place;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.session.MovedTables;
import io.meshwork.internal.session.MovedTables.MovedTable;
import io.meshwork.product.ProductName;
import io.meshwork.publish.PublishMode;
import io.meshwork.rollout.Rollout;
import java.time.Instant;
import java.util.ArrayList;
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

  private static final String ROWS_LEFT_OUT = "rowsLeftOut";

  private final Ledger ledger;
  private final ProductName product;
  private final List<LevelRollout> rollouts = new ArrayList<>();

  /**
   * A rollout whose major versions were level.
   *
   * @param apart true if rows were published to one of them only, or the old one was restored and
   *     lacks rows
   * @param partial true if the new one lacks rows of the old one
   * @param leavesOut true if the old one lacks rows of the new one
   */
  private record LevelRollout(
      int from, int to, boolean apart, boolean partial, boolean leavesOut, LevelPlaces level) {}

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
      if (entry.state() != Rollout.State.ABORTED) {
        LevelPlaces.of(stored)
            .ifPresent(
                level ->
                    rollouts.add(
                        new LevelRollout(
                            entry.from(),
                            entry.to(),
                            entry.apart() || entry.retirement().isBehind(),
                            entry.withoutHistory().isPresent() || entry.unfitRows() > 0,
                            entry.leftOut().isPresent(),
                            level)));
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
      Optional<LevelRollout> rollout = next(at.major(), major);
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
  private Optional<LevelRollout> next(int major, int target) {
    return rollouts.stream()
        .filter(
            rollout ->
                target > major
                    ? rollout.from() == major && rollout.to() <= target
                    : rollout.to() == major && rollout.from() >= target)
        .findFirst();
  }

  /** The corresponding place in the other major version of a rollout. */
  private Counterpart step(Place place, LevelRollout rollout) {
    LevelPlaces level = rollout.level();
    int target = place.major() == rollout.from() ? rollout.to() : rollout.from();
    if (place.snapshotId().isEmpty()) {
      return Counterpart.of(Place.start(target));
    }
    if (place.major() == rollout.to() && rollout.partial()) {
      return Counterpart.none(
          "major version " + rollout.to() + " lacks rows of major version " + rollout.from());
    }
    Optional<Place> whenLevel =
        Optional.of(level.in(target)).filter(other -> other.snapshotId().isPresent());
    if (place.snapshotId().equals(level.in(place.major()).snapshotId())) {
      return Counterpart.of(whenLevel);
    }
    Optional<VersionedDocument> entry = entryOf(place);
    if (entry.isEmpty()) {
      return Counterpart.none("the log no longer has the change at the position");
    } else if (sequence(entry.get()) < level.entry()) {
      return movedRowsSince(entry.get(), place.major(), level)
          ? Counterpart.none(
              "rows changed after it and before both versions had the same rows; poll and"
                  + " acknowledge a batch after activate() and before you move, and the position"
                  + " continues")
          : Counterpart.of(whenLevel);
    } else if (rollout.apart() && !moveTogether(entry.get(), rollout)) {
      return Counterpart.none(
          "rows before it were published to one version only; the positions of other"
              + " subscriptions continue once the owner publishes the missing rows and verify()"
              + " finds the same rows in both versions");
    } else if (place.major() == rollout.from() && leavesOutRows(entry.get(), rollout)) {
      return Counterpart.none(
          "major version "
              + rollout.to()
              + " has rows before it that this rollout leaves out of "
              + rollout.from());
    }
    return Counterpart.of(newest(entry, target, level).or(() -> whenLevel));
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

  /** Returns true if rows changed after an entry and before the major versions were level. */
  private boolean movedRowsSince(VersionedDocument entry, int major, LevelPlaces level) {
    Optional<VersionedDocument> each =
        ledger.entry(entry.key().partition(), level.entry()).flatMap(ledger::entryBefore);
    while (each.isPresent() && sequence(each.get()) > sequence(entry)) {
      if (movesRows(each.get(), major)) {
        return true;
      }
      each = ledger.entryBefore(each.get());
    }
    return false;
  }

  /** Returns true if each change of rows up to an entry was in both major versions. */
  private boolean moveTogether(VersionedDocument entry, LevelRollout rollout) {
    Optional<VersionedDocument> each = Optional.of(entry);
    while (each.isPresent() && sequence(each.get()) > rollout.level().entry()) {
      if (movesRows(each.get(), rollout.from()) != movesRows(each.get(), rollout.to())) {
        return false;
      }
      each = ledger.entryBefore(each.get());
    }
    return true;
  }

  /** Returns true if a publish up to an entry wrote rows that the old major version lacks. */
  private boolean leavesOutRows(VersionedDocument entry, LevelRollout rollout) {
    Optional<VersionedDocument> each = rollout.leavesOut() ? Optional.of(entry) : Optional.empty();
    while (each.isPresent() && sequence(each.get()) > rollout.level().entry()) {
      boolean leavesOut =
          MovedTables.find(each.get(), rollout.from())
              .filter(table -> table.details().path(ROWS_LEFT_OUT).asLong() > 0)
              .isPresent();
      if (leavesOut) {
        return true;
      }
      each = ledger.entryBefore(each.get());
    }
    return false;
  }

  /** The newest snapshot of a major version, from an entry back to when both were level. */
  private Optional<Place> newest(Optional<VersionedDocument> entry, int major, LevelPlaces level) {
    Optional<VersionedDocument> each = entry;
    while (each.isPresent() && sequence(each.get()) > level.entry()) {
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

  private static long sequence(VersionedDocument entry) {
    return entry.json().path("sequence").asLong();
  }
}
