package io.meshwork.internal.table;

import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.registry.Registry;
import java.lang.ref.SoftReference;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.TableMetadata;

/**
 * The metadata of the tables that an open mesh used last, because parsing the metadata of a table
 * with many snapshots takes longer than a small publish. A metadata file never changes, and the
 * pointer has its location and hash, so that an entry is valid as long as both are the same.
 * Iceberg keeps the manifest lists that it read in the metadata, so the entries are soft
 * references. Thread-safe.
 */
final class MetadataCache {
  private static final long BYTES_PER_SNAPSHOT = 2_000;
  private static final long BYTES_PER_COLUMN = 500;
  private static final long BYTES_PER_TABLE = 20_000;

  private final long limit;
  private final Map<Registry.Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  /** A cache of this many bytes, as estimated from the numbers of snapshots and columns. */
  MetadataCache(long limit) {
    this.limit = limit;
  }

  /** A cache of a 32nd of the heap, at most 64 MiB. */
  static MetadataCache ofHeap() {
    return new MetadataCache(Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 32));
  }

  /** Returns the metadata that a pointer names; empty if it is not here. */
  synchronized Optional<MetadataFile> find(VersionedDocument pointer) {
    return Optional.ofNullable(entries.get(pointer.key()))
        .filter(entry -> entry.location().equals(TablePointer.metadataLocation(pointer)))
        .filter(entry -> entry.hash().equals(TablePointer.hash(pointer)))
        .map(entry -> entry.file().get());
  }

  /**
   * Keeps a metadata file of a table instead of what is known of it, and removes what was used
   * least recently. Does nothing for metadata that is larger than the cache.
   *
   * @param pointer the key of the table's pointer
   * @param hash the hash of the metadata file
   */
  synchronized void add(Registry.Key pointer, String hash, MetadataFile file) {
    TableMetadata metadata = file.metadata();
    long size = size(file);
    if (size > limit) {
      return;
    }
    String location = metadata.metadataFileLocation();
    Entry added = new Entry(location, hash, new SoftReference<>(file.kept()), size);
    Entry replaced = entries.put(pointer, added);
    bytes += size - (replaced == null ? 0 : replaced.bytes());
    Iterator<Entry> oldest = entries.values().iterator();
    while (bytes > limit) {
      bytes -= oldest.next().bytes();
      oldest.remove();
    }
  }

  private static long size(MetadataFile file) {
    TableMetadata metadata = file.metadata();
    Optional<StoredSnapshots> stored = file.snapshots();
    long columns = (long) metadata.schema().columns().size() * metadata.schemas().size();
    return BYTES_PER_TABLE
        + BYTES_PER_SNAPSHOT
            * stored.map(StoredSnapshots::count).orElseGet(() -> metadata.snapshots().size())
        + stored.map(known -> known.json().length).orElse(0)
        + BYTES_PER_COLUMN * columns;
  }

  private record Entry(
      String location, String hash, SoftReference<MetadataFile> file, long bytes) {}
}
