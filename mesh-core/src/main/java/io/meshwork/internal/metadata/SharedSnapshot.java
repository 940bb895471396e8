package io.meshwork.internal.metadata;

import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotParser;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot that several versions of metadata have. Iceberg's snapshot never releases the
 * manifests that it read, so each version reads them with a copy, which is gone with that version.
 * Thread-safe.
 */
@SuppressWarnings("deprecation") // Iceberg's interface has methods that it deprecates
final class SharedSnapshot implements Snapshot {
  private static final long serialVersionUID = 1L;

  private final Snapshot stored;
  private transient volatile @Nullable Snapshot reading;

  private SharedSnapshot(Snapshot stored) {
    this.stored = stored;
  }

  /** The same snapshots for another version of metadata. */
  static List<Snapshot> copies(List<Snapshot> snapshots) {
    return snapshots.stream()
        .<Snapshot>map(
            each ->
                new SharedSnapshot(each instanceof SharedSnapshot shared ? shared.stored : each))
        .toList();
  }

  private Snapshot reading() {
    Snapshot copy = reading;
    if (copy == null) {
      copy = SnapshotParser.fromJson(SnapshotParser.toJson(stored));
      reading = copy;
    }
    return copy;
  }

  @Override
  public long sequenceNumber() {
    return stored.sequenceNumber();
  }

  @Override
  public long snapshotId() {
    return stored.snapshotId();
  }

  @Override
  public @Nullable Long parentId() {
    return stored.parentId();
  }

  @Override
  public long timestampMillis() {
    return stored.timestampMillis();
  }

  @Override
  public List<ManifestFile> allManifests(FileIO io) {
    return reading().allManifests(io);
  }

  @Override
  public List<ManifestFile> dataManifests(FileIO io) {
    return reading().dataManifests(io);
  }

  @Override
  public List<ManifestFile> deleteManifests(FileIO io) {
    return reading().deleteManifests(io);
  }

  @Override
  public String operation() {
    return stored.operation();
  }

  @Override
  public Map<String, String> summary() {
    return stored.summary();
  }

  @Override
  public Iterable<DataFile> addedDataFiles(FileIO io) {
    return reading().addedDataFiles(io);
  }

  @Override
  public Iterable<DataFile> removedDataFiles(FileIO io) {
    return reading().removedDataFiles(io);
  }

  @Override
  public Iterable<DeleteFile> addedDeleteFiles(FileIO io) {
    return reading().addedDeleteFiles(io);
  }

  @Override
  public Iterable<DeleteFile> removedDeleteFiles(FileIO io) {
    return reading().removedDeleteFiles(io);
  }

  @Override
  public String manifestListLocation() {
    return stored.manifestListLocation();
  }

  @Override
  public @Nullable Integer schemaId() {
    return stored.schemaId();
  }

  @Override
  public @Nullable Long firstRowId() {
    return stored.firstRowId();
  }

  @Override
  public @Nullable Long addedRows() {
    return stored.addedRows();
  }

  @Override
  public @Nullable String keyId() {
    return stored.keyId();
  }

  @Override
  public String toString() {
    return stored.toString();
  }
}
