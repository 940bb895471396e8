package io.meshwork.internal.table;

import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.metadata.CopiedJson;
import io.meshwork.internal.runtime.SoftValueCache;
import io.meshwork.registry.Registry;
import java.util.Optional;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;

/**
 * The metadata of the tables that an open mesh used last, because parsing the metadata of a table
 * with many snapshots takes longer than a small publish. A metadata file never changes, and the
 * pointer has its location and hash, so that an entry is valid as long as both are the same.
 * Iceberg retains the manifest lists that it read in the metadata, so the entries are soft
 * references. Thread-safe.
 */
final class MetadataCache {
  private static final long BYTES_PER_SNAPSHOT = 2_000;
  private static final long BYTES_PER_COLUMN = 500;
  private static final long BYTES_PER_TABLE = 20_000;

  private final SoftValueCache<Registry.Key, MetadataFile> files;
  private final SoftValueCache<Registry.Key, Snapshot> newest;

  /**
   * A cache of this many bytes, as estimated from the numbers of snapshots and columns, and the
   * stored JSON; newest snapshots take up to a sixteenth more.
   */
  MetadataCache(long limit) {
    files = new SoftValueCache<>(limit);
    newest = new SoftValueCache<>(limit / 16);
  }

  /** A cache of a 32nd of the heap, at most 64 MiB. */
  static MetadataCache ofHeap() {
    return new MetadataCache(Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 32));
  }

  /** Returns the metadata that a pointer names; empty if it is not here. */
  Optional<MetadataFile> find(VersionedDocument pointer) {
    return files.find(
        pointer.key(),
        new Version(
            TablePointer.metadataLocation(pointer), TablePointer.of(pointer).metadataHash()));
  }

  /** Returns the metadata of a table that was read or written last; empty if it is not here. */
  Optional<MetadataFile> latest(Registry.Key pointer) {
    return files.find(pointer);
  }

  /**
   * Keeps a metadata file of a table instead of what is known of it, and removes what was used
   * least recently. Does nothing for metadata that is larger than the cache.
   *
   * @param pointer the key of the table's pointer
   * @param hash the hash of the metadata file
   */
  void add(Registry.Key pointer, String hash, MetadataFile file) {
    files.add(
        pointer,
        new Version(file.metadata().metadataFileLocation(), hash),
        file.kept(),
        size(file));
  }

  /** The newest snapshot as a pointer has it; empty if it does not. A version is parsed once. */
  Optional<Snapshot> newestSnapshot(VersionedDocument pointer) {
    Optional<Snapshot> newestSnapshot = newest.find(pointer.key(), pointer.version());
    if (newestSnapshot.isPresent()) {
      return newestSnapshot;
    }
    Optional<Snapshot> parsed = TablePointer.of(pointer).newest();
    parsed.ifPresent(
        snapshot -> newest.add(pointer.key(), pointer.version(), snapshot, BYTES_PER_SNAPSHOT));
    return parsed;
  }

  private static long size(MetadataFile file) {
    TableMetadata metadata = file.metadata();
    Optional<CopiedJson> stored = file.copied();
    long columns = (long) metadata.schema().columns().size() * metadata.schemas().size();
    return BYTES_PER_TABLE
        + BYTES_PER_SNAPSHOT
            * stored
                .map(each -> each.snapshots().count())
                .orElseGet(() -> metadata.snapshots().size())
        + stored.map(CopiedJson::size).orElse(0)
        + BYTES_PER_COLUMN * columns;
  }

  private record Version(String location, String hash) {}
}
