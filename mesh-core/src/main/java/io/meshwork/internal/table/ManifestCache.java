package io.meshwork.internal.table;

import io.meshwork.internal.runtime.SoftValueCache;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.types.Types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * The live data files of the manifests that readers and writers of an open mesh read last, because
 * parsing a manifest takes longer than reading a page of each column. A manifest never changes, so
 * an entry is valid as long as a manifest list has the same manifest. Entries are soft references,
 * of at most a given number of bytes. Thread-safe.
 */
final class ManifestCache {
  /** Keeps nothing. */
  static final ManifestCache NONE = new ManifestCache(0);

  private static final long BYTES_PER_FILE = 600;
  private static final long BYTES_PER_COUNT = 80;
  private static final long BYTES_PER_BOUND = 130;

  private final long limit;
  private final SoftValueCache<String, List<DataFile>> files;

  /**
   * A cache of this many bytes, as estimated from the numbers of files, counts, and bounds; 0 for
   * none.
   */
  ManifestCache(long limit) {
    this.limit = limit;
    this.files = new SoftValueCache<>(limit);
  }

  /** A cache of a 64th of the heap, at most 32 MiB. */
  static ManifestCache ofHeap() {
    return new ManifestCache(Math.min(32L << 20, Runtime.getRuntime().maxMemory() / 64));
  }

  /**
   * Returns the live data files of a manifest; empty if they are not here. Do not modify them.
   *
   * @param partition the type of their partitions, which changes with the table's columns
   */
  Optional<List<DataFile>> find(ManifestFile manifest, StructType partition) {
    return files.find(manifest.path(), Version.of(manifest, partition));
  }

  /**
   * Starts to collect the live data files of a manifest while it is read.
   *
   * @param partition the type of their partitions
   */
  LiveFiles collect(ManifestFile manifest, StructType partition) {
    return new LiveFiles(manifest.path(), Version.of(manifest, partition));
  }

  /** The live data files of a manifest that is being read. Not thread-safe. */
  final class LiveFiles {
    private final String path;
    private final Version version;
    private @Nullable List<DataFile> copies = new ArrayList<>();
    private long bytes;

    private LiveFiles(String path, Version version) {
      this.path = path;
      this.version = version;
    }

    /**
     * Adds a file, which is valid during this call only. Returns the copy that will be stored;
     * empty if the manifest is larger than the cache.
     */
    Optional<DataFile> add(DataFile file) {
      if (copies == null) {
        return Optional.empty();
      }
      bytes += size(file);
      if (bytes > limit) {
        copies = null;
        return Optional.empty();
      }
      DataFile copy = file.copy();
      copies.add(copy);
      return Optional.of(copy);
    }

    /** Stores the files, once all were added, and removes the files used least recently. */
    void keep() {
      if (copies != null) {
        files.add(path, version, List.copyOf(copies), bytes);
      }
    }
  }

  private static long size(DataFile file) {
    return BYTES_PER_FILE
        + file.location().length()
        + BYTES_PER_COUNT
            * (size(file.columnSizes())
                + size(file.valueCounts())
                + size(file.nullValueCounts())
                + size(file.nanValueCounts()))
        + boundsSize(file.lowerBounds())
        + boundsSize(file.upperBounds());
  }

  private static long size(@Nullable Map<Integer, Long> counts) {
    return counts == null ? 0 : counts.size();
  }

  private static long boundsSize(@Nullable Map<Integer, ByteBuffer> bounds) {
    return bounds == null
        ? 0
        : bounds.values().stream().mapToLong(each -> BYTES_PER_BOUND + each.capacity()).sum();
  }

  /** What a manifest list and a table say of a manifest, and files have from them. */
  private record Version(
      long length,
      int specId,
      StructType partition,
      long sequenceNumber,
      @Nullable Long snapshotId,
      @Nullable Long firstRowId) {
    static Version of(ManifestFile manifest, StructType partition) {
      return new Version(
          manifest.length(),
          manifest.partitionSpecId(),
          partition,
          manifest.sequenceNumber(),
          manifest.snapshotId(),
          manifest.firstRowId());
    }
  }
}
