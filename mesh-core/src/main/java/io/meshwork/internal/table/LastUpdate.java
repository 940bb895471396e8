package io.meshwork.internal.table;

import io.meshwork.internal.text.InstantText;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;
import org.jspecify.annotations.Nullable;

/**
 * The last publish that added or replaced rows of a table. Each snapshot repeats it in its
 * properties, so that it survives snapshot expiration; a rollback restores it with the snapshot.
 * Immutable.
 *
 * @param at when it was committed, by the mesh's clock
 * @param keyHash SHA-256 of the idempotency key of the publish; empty if it is unknown
 */
public record LastUpdate(Instant at, Optional<String> keyHash) {
  private static final String AT = "meshwork.updated-at";
  private static final String KEY = "meshwork.updated-key";
  private static final String PUBLISHED_AT = "meshwork.published-at";

  /** The value in a snapshot's own properties; empty for old snapshots and snapshots of engines. */
  public static Optional<LastUpdate> recordedIn(Snapshot snapshot) {
    String at = snapshot.summary().getOrDefault(AT, "");
    String key = snapshot.summary().getOrDefault(KEY, "");
    try {
      return at.isBlank()
          ? Optional.empty()
          : Optional.of(
              new LastUpdate(
                  InstantText.parse(at), Optional.of(key).filter(hash -> !hash.isBlank())));
    } catch (DateTimeParseException e) {
      return Optional.empty(); // an engine may write any text
    }
  }

  /** The last update as of a snapshot, which may be null; empty if it is unknown. */
  public static Optional<LastUpdate> asOf(Table table, @Nullable Snapshot snapshot) {
    if (snapshot == null) {
      return Optional.empty();
    }
    for (Snapshot ancestor : SnapshotUtil.ancestorsOf(snapshot.snapshotId(), table::snapshot)) {
      if (ancestor.summary().containsKey(AT)) {
        return recordedIn(ancestor);
      }
      if (changesRows(ancestor)) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /**
   * When the last publish was committed as of a snapshot, which may be null, even if it had no
   * rows. Principals that may read only some rows may see this time. Empty if it is unknown.
   */
  public static Optional<Instant> publishedAsOf(Table table, @Nullable Snapshot snapshot) {
    if (snapshot == null) {
      return Optional.empty();
    }
    for (Snapshot ancestor : SnapshotUtil.ancestorsOf(snapshot.snapshotId(), table::snapshot)) {
      if (ancestor.summary().containsKey(PUBLISHED_AT)) {
        return publishedIn(ancestor);
      }
      if (changesRows(ancestor)) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** When the last publish was committed, as a snapshot states it; empty if it does not. */
  public static Optional<Instant> publishedIn(Snapshot snapshot) {
    String at = snapshot.summary().getOrDefault(PUBLISHED_AT, "");
    try {
      return at.isBlank() ? Optional.empty() : Optional.of(InstantText.parse(at));
    } catch (DateTimeParseException e) {
      return Optional.empty(); // an engine may write any text
    }
  }

  static boolean changesRows(Snapshot snapshot) {
    return snapshot.operation().equals(DataOperations.APPEND)
        || snapshot.operation().equals(DataOperations.OVERWRITE);
  }

  /** Adds the time of the last publish to a snapshot's properties. */
  public static void addPublishedAt(Instant at, Map<String, String> summary) {
    summary.put(PUBLISHED_AT, at.toString());
  }

  /** True for a publish that had no rows and did not state that the data is complete. */
  public static boolean isOfNoRows(Snapshot snapshot) {
    return snapshot.summary().containsKey(PUBLISHED_AT) && !snapshot.summary().containsKey(AT);
  }

  /** Adds the last update to a snapshot's properties; empty if it is unknown. */
  public static void addTo(Optional<LastUpdate> update, Map<String, String> summary) {
    summary.put(AT, update.map(last -> last.at().toString()).orElse(""));
    summary.put(KEY, update.flatMap(LastUpdate::keyHash).orElse(""));
  }

  static void copyTo(Table table, Map<String, String> summary) {
    if (!summary.containsKey(AT)) {
      asOf(table, table.currentSnapshot()).ifPresent(last -> addTo(Optional.of(last), summary));
    }
    if (!summary.containsKey(PUBLISHED_AT)) {
      publishedAsOf(table, table.currentSnapshot()).ifPresent(at -> addPublishedAt(at, summary));
    }
  }
}
