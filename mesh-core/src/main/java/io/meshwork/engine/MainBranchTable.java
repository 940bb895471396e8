package io.meshwork.engine;

import java.util.HashSet;
import java.util.Set;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * A table as other domains see it: main and what led to it. Branches, tags and what is only staged
 * are the owner's, since nobody judged these rows, or since they were erased from main.
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
    TableMetadata.Builder shown = TableMetadata.buildFrom(metadata);
    boolean changed = !hidden.isEmpty();
    for (String ref : metadata.refs().keySet()) {
      if (!ref.equals(SnapshotRef.MAIN_BRANCH)) {
        shown.removeRef(ref);
        changed = true;
      }
    }
    if (!changed) {
      return metadata;
    }
    String location = metadata.metadataFileLocation();
    return shown.removeSnapshots(hidden).discardChanges().withMetadataLocation(location).build();
  }
}
