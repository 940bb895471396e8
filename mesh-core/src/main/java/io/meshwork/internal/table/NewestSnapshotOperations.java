package io.meshwork.internal.table;

import io.meshwork.internal.metadata.LazySnapshots;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;

/**
 * The operations of an attempt for an update that needs no snapshot but the newest. Iceberg copies
 * and indexes all snapshots that a table has with each update. Not thread-safe.
 */
final class NewestSnapshotOperations implements TableOperations {
  private final CapturingOperations all;
  private final LazySnapshots snapshots;
  private TableMetadata current;

  /**
   * Operations for one update.
   *
   * @param all capture the update; without an update so far
   * @param base the file of their metadata
   */
  NewestSnapshotOperations(CapturingOperations all, MetadataFile base) {
    this.all = all;
    this.snapshots = base.snapshots();
    this.current = base.withNewestSnapshot();
  }

  @Override
  public TableMetadata current() {
    return current;
  }

  @Override
  public TableMetadata refresh() {
    return current;
  }

  @Override
  public void commit(TableMetadata base, TableMetadata next) {
    LazySnapshots every = snapshots.plus(next.currentSnapshot());
    all.commit(all.current(), every.metadata(next));
    current = next;
  }

  @Override
  public FileIO io() {
    return all.io();
  }

  @Override
  public String metadataFileLocation(String fileName) {
    return all.metadataFileLocation(fileName);
  }

  @Override
  public LocationProvider locationProvider() {
    return all.locationProvider();
  }

  @Override
  public long newSnapshotId() {
    return all.newSnapshotId();
  }
}
