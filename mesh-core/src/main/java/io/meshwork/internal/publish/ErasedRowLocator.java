package io.meshwork.internal.publish;

import io.meshwork.internal.ingest.RowRemoval;
import io.meshwork.internal.scan.SnapshotFiles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;

/**
 * Locates the rows of one erase in all snapshots of a table. Snapshots and manifests never change,
 * so each is read once: an attempt to commit reads only what is new since the one before. One
 * thread.
 */
final class ErasedRowLocator {
  private final RowRemoval removal;
  private final Map<Long, Set<String>> bySnapshot = new HashMap<>();
  private final Map<String, Set<String>> byManifest = new HashMap<>();

  ErasedRowLocator(RowRemoval removal) {
    this.removal = removal;
  }

  /** Where the rows lie in a table as it is now. */
  ErasedRows in(Table table) {
    Set<String> files = new HashSet<>();
    for (Snapshot snapshot : table.snapshots()) {
      files.addAll(holding(table, snapshot));
    }
    Set<String> refs = new TreeSet<>();
    for (Map.Entry<String, SnapshotRef> ref : table.refs().entrySet()) {
      Set<String> holding = bySnapshot.getOrDefault(ref.getValue().snapshotId(), Set.of());
      if (!ref.getKey().equals(SnapshotRef.MAIN_BRANCH) && !holding.isEmpty()) {
        refs.add(ref.getKey());
      }
    }
    return new ErasedRows(files, new ArrayList<>(refs));
  }

  /** Locations of a snapshot's files that hold some of the rows. */
  private Set<String> holding(Table table, Snapshot snapshot) {
    Set<String> known = bySnapshot.get(snapshot.snapshotId());
    if (known == null) {
      known = new HashSet<>();
      for (ManifestFile manifest : SnapshotFiles.manifests(table, snapshot)) {
        known.addAll(holding(table, snapshot, manifest));
      }
      bySnapshot.put(snapshot.snapshotId(), known);
    }
    return known;
  }

  private Set<String> holding(Table table, Snapshot snapshot, ManifestFile manifest) {
    Set<String> known = byManifest.get(manifest.path());
    if (known == null) {
      Set<String> found = new HashSet<>();
      SnapshotFiles.forEach(
          table,
          snapshot,
          manifest,
          file -> {
            if (removal.holds(file)) {
              found.add(file.location());
            }
          });
      known = found;
      byManifest.put(manifest.path(), known);
    }
    return known;
  }
}
