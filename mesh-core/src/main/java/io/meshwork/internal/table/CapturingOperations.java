package io.meshwork.internal.table;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;

/**
 * Table operations whose commit only captures the metadata. The metadata never changes otherwise,
 * so Iceberg never retries. Not thread-safe.
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
   * @param attemptId becomes part of the names of manifests, which identifies their attempt
   * @param seed the seed of snapshot IDs, so that a seeded mesh always has the same IDs
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
      throw new IllegalStateException("An update was built on outdated metadata");
    }
    current = next;
  }

  @Override
  public FileIO io() {
    return files;
  }

  /** The location of a new manifest or manifest list. */
  @Override
  public String metadataFileLocation(String fileName) {
    return location(attemptId + "-" + fileName);
  }

  /** The location of the metadata file with this name. */
  String location(String fileName) {
    return current.location() + "/metadata/" + fileName;
  }

  @Override
  public LocationProvider locationProvider() {
    return DataLocations.of(current.location(), current.properties());
  }

  @Override
  public long newSnapshotId() {
    UUID uuid = UUID.nameUUIDFromBytes((seed + "/" + ids++).getBytes(StandardCharsets.UTF_8));
    long id = (uuid.getMostSignificantBits() ^ uuid.getLeastSignificantBits()) & Long.MAX_VALUE;
    return id == 0 ? newSnapshotId() : id;
  }
}
