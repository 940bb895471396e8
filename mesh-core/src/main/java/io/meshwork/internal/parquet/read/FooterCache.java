package io.meshwork.internal.parquet.read;

import java.lang.ref.SoftReference;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The footers of the files that were read last. For files that never change: the footer of a known
 * file is not read again. Entries are soft references, of at most a given number of bytes.
 * Thread-safe.
 */
public final class FooterCache {
  private static final long BYTES_PER_CHUNK = 600;
  private static final long BYTES_PER_FILE = 2_000;

  private final long limit;
  private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  /**
   * A cache of this many bytes, as estimated from the end of the file that is kept and the number
   * of column chunks; 0 for none.
   */
  public FooterCache(long limit) {
    this.limit = limit;
  }

  /** A cache of a 64th of the heap, at most 32 MiB. */
  public static FooterCache ofHeap() {
    return new FooterCache(Math.min(32L << 20, Runtime.getRuntime().maxMemory() / 64));
  }

  /** Returns the footer of a file that was published with this length; empty if it is not here. */
  synchronized Optional<FileFooter> find(String location, long length) {
    return Optional.ofNullable(entries.get(location))
        .filter(entry -> entry.length() == length)
        .map(entry -> entry.footer().get());
  }

  /** Keeps a footer, and removes those that were used least recently. */
  synchronized void add(String location, long length, FileFooter footer) {
    long size = size(footer);
    if (size > limit) {
      return;
    }
    Entry replaced = entries.put(location, new Entry(length, new SoftReference<>(footer), size));
    bytes += size - (replaced == null ? 0 : replaced.bytes());
    Iterator<Entry> oldest = entries.values().iterator();
    while (bytes > limit) {
      bytes -= oldest.next().bytes();
      oldest.remove();
    }
  }

  private static long size(FileFooter footer) {
    long chunks = (long) footer.groups().size() * footer.schema().leaves().size();
    return BYTES_PER_FILE + footer.tail().length() + BYTES_PER_CHUNK * chunks;
  }

  private record Entry(long length, SoftReference<FileFooter> footer, long bytes) {}
}
