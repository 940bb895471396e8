package io.meshwork.internal.table;

import io.meshwork.internal.text.InstantText;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;
import org.jspecify.annotations.Nullable;

/**
 * A producer's statement of the event time up to which the rows are complete. Each snapshot repeats
 * it in its properties, so that it survives snapshot expiration.
 */
public final class CompletenessStatement {
  /** The snapshot property with the time; blank if there is no statement, or it was withdrawn. */
  public static final String PROPERTY = "meshwork.complete-up-to";

  private CompletenessStatement() {}

  /** The time as of a snapshot, which may be null: from the nearest ancestor with the property. */
  public static Optional<Instant> asOf(Table table, @Nullable Snapshot snapshot) {
    if (snapshot == null) {
      return Optional.empty();
    }
    for (Snapshot ancestor : SnapshotUtil.ancestorsOf(snapshot.snapshotId(), table::snapshot)) {
      String value = ancestor.summary().get(PROPERTY);
      if (value != null) {
        return parse(value);
      }
    }
    return Optional.empty();
  }

  /** The property's value for a time of {@link #asOf}. */
  public static String text(Optional<Instant> time) {
    return time.map(Instant::toString).orElse("");
  }

  /** The property's value for a new statement: the later one of this time and the current one. */
  public static String stated(Table table, Instant upTo) {
    return text(
        Optional.of(
            asOf(table, table.currentSnapshot())
                .filter(current -> current.isAfter(upTo))
                .orElse(upTo)));
  }

  /**
   * Copies the time of the current snapshot, unless the summary has its own.
   *
   * @param blank whether blank is copied if there is no time
   */
  static void copyTo(Table table, boolean blank, Map<String, String> summary) {
    if (!summary.containsKey(PROPERTY)) {
      String time = text(asOf(table, table.currentSnapshot()));
      if (blank || !time.isEmpty()) {
        summary.put(PROPERTY, time);
      }
    }
  }

  private static Optional<Instant> parse(String value) {
    try {
      return value.isBlank() ? Optional.empty() : Optional.of(InstantText.parse(value));
    } catch (DateTimeParseException e) {
      return Optional.empty(); // an engine may write any text
    }
  }
}
