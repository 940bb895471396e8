package io.meshwork.internal.table;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.iceberg.LocationProviders;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;

/**
 * Table operations whose commit only keeps the metadata. They never move by themselves, so Iceberg
 * never retries. Belongs to one thread.
 */
final class CapturingOperations implements TableOperations {
  private final RecordingFileIO files;
  private final String attemptId;
  private final String seed;
  private final TableMetadata base;
  private TableMetadata current;
  private int ids;

  /**
   * Operations of one attempt.
   *
   * @param attemptId goes into the names of manifests, so that it is known whose they are
   * @param seed from which snapshot ids are drawn, so that a seeded mesh draws the same each time
   */
  CapturingOperations(TableMetadata base, RecordingFileIO files, String attemptId, String seed) {
    this.base = base;
    this.current = base;
    this.files = files;
    this.attemptId = attemptId;
    this.seed = seed;
  }

  /** True once an update was captured. */
  boolean changed() {
    return current != base;
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
  public void commit(TableMetadata expected, TableMetadata next) {
    if (expected != current) {
      throw new IllegalStateException("An update was built on metadata that has moved on");
    }
    current = next;
  }

  @Override
  public FileIO io() {
    return files;
  }

  /** Where a manifest or a manifest list is written, which Iceberg names by an id of its own. */
  @Override
  public String metadataFileLocation(String fileName) {
    return location(attemptId + "-" + fileName);
  }

  /** Where the metadata file of this name is. */
  String location(String fileName) {
    return current.location() + "/metadata/" + fileName;
  }

  @Override
  public LocationProvider locationProvider() {
    return LocationProviders.locationsFor(current.location(), current.properties());
  }

  @Override
  public long newSnapshotId() {
    UUID drawn = UUID.nameUUIDFromBytes((seed + "/" + ids++).getBytes(StandardCharsets.UTF_8));
    long id = (drawn.getMostSignificantBits() ^ drawn.getLeastSignificantBits()) & Long.MAX_VALUE;
    return id == 0 ? newSnapshotId() : id;
  }
}
