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
 * Which rules of the contract in force the rows of a table are known to break, since a rollback
 * brought them back and was told to. Each snapshot says it again until the rows are fixed.
 */
public final class BrokenRules {
  /** The snapshot property that holds their ids; blank if the rows keep all rules again. */
  public static final String PROPERTY = "meshwork.broken-rules";

  private BrokenRules() {}

  /** The ids as of a snapshot, which may be null; one that says nothing changes nothing. */
  public static List<String> asOf(Table table, @Nullable Snapshot snapshot) {
    if (snapshot == null) {
      return List.of();
    }
    for (Snapshot each : SnapshotUtil.ancestorsOf(snapshot.snapshotId(), table::snapshot)) {
      String said = each.summary().get(PROPERTY);
      if (said != null) {
        return saidBy(each);
      }
    }
    return List.of();
  }

  /** What this snapshot says itself; empty if it says that there are none, or nothing at all. */
  public static List<String> saidBy(Snapshot snapshot) {
    String said = snapshot.summary().getOrDefault(PROPERTY, "");
    return said.isBlank() ? List.of() : List.of(said.split(","));
  }

  /** Has a snapshot say that its rows break these rules, and no others. */
  public static void addTo(Collection<String> ids, Map<String, String> summary) {
    summary.put(PROPERTY, String.join(",", new TreeSet<>(ids)));
  }

  /** Says it again, unless the summary says otherwise. */
  static void carry(Table table, Map<String, String> summary) {
    List<String> known = asOf(table, table.currentSnapshot());
    if (!known.isEmpty() && !summary.containsKey(PROPERTY)) {
      addTo(known, summary);
    }
  }
}
