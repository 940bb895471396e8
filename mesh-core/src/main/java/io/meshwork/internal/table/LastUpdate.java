package io.meshwork.internal.table;

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
 * When the rows of a table came, by the publish that added or replaced some last. Each snapshot
 * says it again, so that it is not forgotten with the one that brought them; one that brings an
 * earlier state back says what held then. Immutable.
 *
 * @param at when they were committed, by the mesh's clock
 * @param keyHash SHA-256 of the idempotency key of the publish; empty if it is not known
 */
public record LastUpdate(Instant at, Optional<String> keyHash) {
  private static final String AT = "meshwork.updated-at";
  private static final String KEY = "meshwork.updated-key";
  private static final String PUBLISHED_AT = "meshwork.published-at";

  /** What this snapshot says itself; empty if it was made by an engine, or before it was said. */
  public static Optional<LastUpdate> saidBy(Snapshot snapshot) {
    String at = snapshot.summary().getOrDefault(AT, "");
    String key = snapshot.summary().getOrDefault(KEY, "");
    try {
      return at.isBlank()
          ? Optional.empty()
          : Optional.of(
              new LastUpdate(Instant.parse(at), Optional.of(key).filter(hash -> !hash.isBlank())));
    } catch (DateTimeParseException e) {
      return Optional.empty(); // an engine may write what it likes into its snapshots
    }
  }

  /** What holds as of a snapshot, which may be null; empty if the snapshots do not say. */
  public static Optional<LastUpdate> asOf(Table table, @Nullable Snapshot snapshot) {
    if (snapshot == null) {
      return Optional.empty();
    }
    for (Snapshot each : SnapshotUtil.ancestorsOf(snapshot.snapshotId(), table::snapshot)) {
      if (each.summary().containsKey(AT)) {
        return saidBy(each);
      }
      if (bringsRows(each)) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /**
   * When something was published last as of a snapshot, which may be null, with rows or without:
   * what one may know who sees only some rows. Empty if the snapshots do not say.
   */
  public static Optional<Instant> publishedAsOf(Table table, @Nullable Snapshot snapshot) {
    if (snapshot == null) {
      return Optional.empty();
    }
    for (Snapshot each : SnapshotUtil.ancestorsOf(snapshot.snapshotId(), table::snapshot)) {
      String at = each.summary().get(PUBLISHED_AT);
      if (at != null) {
        try {
          return Optional.of(Instant.parse(at));
        } catch (DateTimeParseException e) {
          return Optional.empty(); // as in saidBy
        }
      }
      if (bringsRows(each)) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private static boolean bringsRows(Snapshot snapshot) {
    return snapshot.operation().equals(DataOperations.APPEND)
        || snapshot.operation().equals(DataOperations.OVERWRITE);
  }

  /** Has a snapshot say when something was published last. */
  public static void tellPublished(Instant at, Map<String, String> summary) {
    summary.put(PUBLISHED_AT, at.toString());
  }

  /** True for a publish that neither brought rows nor said that none were missing. */
  public static boolean isOfNoRows(Snapshot snapshot) {
    return snapshot.summary().containsKey(PUBLISHED_AT) && !snapshot.summary().containsKey(AT);
  }

  /** Has a snapshot say this of itself; where it is empty, that nobody knows. */
  public static void addTo(Optional<LastUpdate> update, Map<String, String> summary) {
    summary.put(AT, update.map(known -> known.at().toString()).orElse(""));
    summary.put(KEY, update.flatMap(LastUpdate::keyHash).orElse(""));
  }

  /** Says it again, unless the summary says otherwise. */
  static void carry(Table table, Map<String, String> summary) {
    if (!summary.containsKey(AT)) {
      asOf(table, table.currentSnapshot()).ifPresent(known -> addTo(Optional.of(known), summary));
    }
    if (!summary.containsKey(PUBLISHED_AT)) {
      publishedAsOf(table, table.currentSnapshot()).ifPresent(at -> tellPublished(at, summary));
    }
  }
}
