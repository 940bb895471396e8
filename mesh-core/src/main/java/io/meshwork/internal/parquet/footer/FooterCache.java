package io.meshwork.internal.parquet.footer;

import io.meshwork.internal.runtime.SoftValueCache;
import java.util.Optional;

/**
 * The footers of the files that were read last. For files that never change: the footer of a known
 * file is not read again. Entries are soft references, of at most a given number of bytes.
 * Thread-safe.
 */
public final class FooterCache {
  private static final long BYTES_PER_CHUNK = 600;
  private static final long BYTES_PER_FILE = 2_000;

  private final SoftValueCache<String, FileFooter> footers;

  /**
   * A cache of this many bytes, as estimated from the stored end of the file and the number of
   * column chunks; 0 for none.
   */
  public FooterCache(long limit) {
    footers = new SoftValueCache<>(limit);
  }

  /** A cache of a 64th of the heap, at most 32 MiB. */
  public static FooterCache ofHeap() {
    return new FooterCache(Math.min(32L << 20, Runtime.getRuntime().maxMemory() / 64));
  }

  /** Returns the footer of a file that was published with this length; empty if it is not here. */
  public Optional<FileFooter> find(String location, long length) {
    return footers.find(location, length);
  }

  /** Adds a footer, and removes the footers used least recently. */
  public void add(String location, long length, FileFooter footer) {
    footers.add(location, length, footer, size(footer));
  }

  private static long size(FileFooter footer) {
    long chunks = (long) footer.groups().size() * footer.schema().leaves().size();
    return BYTES_PER_FILE + footer.tail().length() + BYTES_PER_CHUNK * chunks;
  }
}
