package io.meshwork.internal.table;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;
import org.jspecify.annotations.Nullable;

/**
 * Up to which event time a producer stated that all rows are there. Each snapshot says it again, so
 * that it is not forgotten with the one that said it first.
 */
public final class CompletenessStatement {
  /** The snapshot property that holds it; blank if what was stated no longer holds. */
  public static final String PROPERTY = "meshwork.complete-up-to";

  private CompletenessStatement() {}

  /** What holds as of a snapshot, which may be null; one that says nothing changes nothing. */
  public static Optional<Instant> asOf(Table table, @Nullable Snapshot snapshot) {
    if (snapshot == null) {
      return Optional.empty();
    }
    for (Snapshot each : SnapshotUtil.ancestorsOf(snapshot.snapshotId(), table::snapshot)) {
      String stated = each.summary().get(PROPERTY);
      if (stated != null) {
        return read(stated);
      }
    }
    return Optional.empty();
  }

  /** The property's value for a state, from {@link #asOf}. */
  public static String text(Optional<Instant> stated) {
    return stated.map(Instant::toString).orElse("");
  }

  /** What holds when this is stated now: it never goes back by being stated. */
  public static String stated(Table table, Instant upTo) {
    return text(
        Optional.of(
            asOf(table, table.currentSnapshot())
                .filter(before -> before.isAfter(upTo))
                .orElse(upTo)));
  }

  private static Optional<Instant> read(String stated) {
    try {
      return stated.isBlank() ? Optional.empty() : Optional.of(Instant.parse(stated));
    } catch (DateTimeParseException e) {
      return Optional.empty(); // an engine may write what it likes into its snapshots
    }
  }
}
