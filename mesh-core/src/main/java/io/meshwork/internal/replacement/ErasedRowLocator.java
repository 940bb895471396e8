package io.meshwork.internal.replacement;

import io.meshwork.internal.ingest.write.RowRemoval;
import io.meshwork.internal.table.Manifests;
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
 * Locates the rows of one erase in all snapshots of a table. Snapshots and manifests are immutable,
 * so each is read once, even if the commit is attempted again. Not thread-safe.
 */
final class ErasedRowLocator {
  private final RowRemoval removal;
  private final Map<Long, Set<String>> bySnapshot = new HashMap<>();
  private final Map<String, Set<String>> byManifest = new HashMap<>();

  ErasedRowLocator(RowRemoval removal) {
    this.removal = removal;
  }

  /** The locations of the rows in the current state of a table. */
  ErasedRowLocations locate(Table table) {
    Set<String> files = new HashSet<>();
    for (Snapshot snapshot : table.snapshots()) {
      files.addAll(matchingFiles(table, snapshot));
    }
    Set<String> refs = new TreeSet<>();
    for (Map.Entry<String, SnapshotRef> ref : table.refs().entrySet()) {
      Set<String> matching = bySnapshot.getOrDefault(ref.getValue().snapshotId(), Set.of());
      if (!ref.getKey().equals(SnapshotRef.MAIN_BRANCH) && !matching.isEmpty()) {
        refs.add(ref.getKey());
      }
    }
    return new ErasedRowLocations(files, new ArrayList<>(refs));
  }

  /** Locations of a snapshot's files that contain some of the rows. */
  private Set<String> matchingFiles(Table table, Snapshot snapshot) {
    Set<String> cached = bySnapshot.get(snapshot.snapshotId());
    if (cached == null) {
      cached = new HashSet<>();
      for (ManifestFile manifest : Manifests.ofData(table, snapshot)) {
        cached.addAll(matchingFiles(table, snapshot, manifest));
      }
      bySnapshot.put(snapshot.snapshotId(), cached);
    }
    return cached;
  }

  private Set<String> matchingFiles(Table table, Snapshot snapshot, ManifestFile manifest) {
    Set<String> cached = byManifest.get(manifest.path());
    if (cached == null) {
      Set<String> files = new HashSet<>();
      Manifests.forEach(
          table,
          snapshot,
          manifest,
          file -> {
            if (removal.matches(file)) {
              files.add(file.location());
            }
          });
      cached = files;
      byManifest.put(manifest.path(), cached);
    }
    return cached;
  }
}
