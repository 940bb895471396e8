package io.meshwork.internal.table;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;
import org.jspecify.annotations.Nullable;

/**
 * The rules of the current contract that a table's rows are known to break, because a rollback
 * restored these rows. Each snapshot repeats them in its properties until the rows are fixed.
 */
public final class BrokenRules {
  /** The snapshot property with their IDs; blank if no rule is broken. */
  public static final String PROPERTY = "meshwork.broken-rules";

  private BrokenRules() {}

  /** The IDs as of a snapshot, which may be null: from the nearest ancestor with the property. */
  public static List<String> asOf(Table table, @Nullable Snapshot snapshot) {
    if (snapshot == null) {
      return List.of();
    }
    for (Snapshot ancestor : SnapshotUtil.ancestorsOf(snapshot.snapshotId(), table::snapshot)) {
      if (ancestor.summary().containsKey(PROPERTY)) {
        return recordedIn(ancestor);
      }
    }
    return List.of();
  }

  /** The IDs in a snapshot's own properties; empty if there are none. */
  public static List<String> recordedIn(Snapshot snapshot) {
    String ids = snapshot.summary().getOrDefault(PROPERTY, "");
    return ids.isBlank() ? List.of() : List.of(ids.split(","));
  }

  /** Adds the IDs of all broken rules to a snapshot's properties. */
  public static void addTo(Collection<String> ids, Map<String, String> summary) {
    summary.put(PROPERTY, String.join(",", new TreeSet<>(ids)));
  }

  /**
   * Copies the IDs of the current snapshot, unless the summary has its own.
   *
   * @param blank whether blank is copied if there are no IDs
   */
  static void copyTo(Table table, boolean blank, Map<String, String> summary) {
    if (!summary.containsKey(PROPERTY)) {
      List<String> ids = asOf(table, table.currentSnapshot());
      if (blank || !ids.isEmpty()) {
        addTo(ids, summary);
      }
    }
  }
}
