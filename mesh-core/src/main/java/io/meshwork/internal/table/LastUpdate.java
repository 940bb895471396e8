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
      if (each.operation().equals(DataOperations.APPEND)
          || each.operation().equals(DataOperations.OVERWRITE)) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** Has a snapshot say this of itself; where it is empty, that nobody knows. */
  public static void tell(Optional<LastUpdate> update, Map<String, String> summary) {
    summary.put(AT, update.map(known -> known.at().toString()).orElse(""));
    summary.put(KEY, update.flatMap(LastUpdate::keyHash).orElse(""));
  }

  /** Says it again, unless the summary says otherwise. */
  static void carry(Table table, Map<String, String> summary) {
    if (!summary.containsKey(AT)) {
      asOf(table, table.currentSnapshot()).ifPresent(known -> tell(Optional.of(known), summary));
    }
  }
}
