package io.meshwork.engine;

import java.util.HashSet;
import java.util.Set;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * A table as other domains see it: main and its ancestors. Only the owner sees branches, tags, and
 * staged snapshots, because their rows are unchecked or were erased from main.
 */
final class MainBranchTable {
  private MainBranchTable() {}

  static TableMetadata of(TableMetadata metadata) {
    Set<Long> hidden = new HashSet<>();
    metadata.snapshots().forEach(snapshot -> hidden.add(snapshot.snapshotId()));
    Snapshot newest = metadata.currentSnapshot();
    if (newest != null) {
      SnapshotUtil.ancestorsOf(newest.snapshotId(), metadata::snapshot)
          .forEach(snapshot -> hidden.remove(snapshot.snapshotId()));
    }
    TableMetadata.Builder visible = TableMetadata.buildFrom(metadata);
    boolean changed = !hidden.isEmpty();
    for (String ref : metadata.refs().keySet()) {
      if (!ref.equals(SnapshotRef.MAIN_BRANCH)) {
        visible.removeRef(ref);
        changed = true;
      }
    }
    if (!changed) {
      return metadata;
    }
    String location = metadata.metadataFileLocation();
    return visible.removeSnapshots(hidden).discardChanges().withMetadataLocation(location).build();
  }
}
