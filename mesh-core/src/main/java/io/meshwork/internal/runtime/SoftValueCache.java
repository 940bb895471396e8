package io.meshwork.internal.runtime;

import java.lang.ref.SoftReference;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The values that were used last, as soft references, up to a number of bytes that their owner
 * estimates. Thread-safe.
 *
 * @param <K> the keys
 * @param <V> the values
 */
public final class SoftValueCache<K, V> {
  private final long limit;
  private final Map<K, Entry<V>> entries = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  /** A cache of a number of bytes; 0 for one that stores nothing. */
  public SoftValueCache(long limit) {
    this.limit = limit;
  }

  /** Returns the value that was added for a key with this version; empty if it is not here. */
  public synchronized Optional<V> find(K key, Object version) {
    return Optional.ofNullable(entries.get(key))
        .filter(entry -> entry.version().equals(version))
        .map(entry -> entry.value().get());
  }

  /** Returns the value that was added last for a key; empty if it is not here. */
  public synchronized Optional<V> find(K key) {
    return Optional.ofNullable(entries.get(key)).map(entry -> entry.value().get());
  }

  /**
   * Stores a value instead of the known one for its key, and removes the values that were used
   * least recently. Does nothing for a value that is larger than the cache.
   *
   * @param version what distinguishes this value from others with the same key
   * @param size an estimate of its bytes
   */
  public synchronized void add(K key, Object version, V value, long size) {
    if (size > limit) {
      return;
    }
    Entry<V> replaced = entries.put(key, new Entry<>(version, new SoftReference<>(value), size));
    bytes += size - (replaced == null ? 0 : replaced.bytes());
    Iterator<Entry<V>> oldest = entries.values().iterator();
    while (bytes > limit) {
      bytes -= oldest.next().bytes();
      oldest.remove();
    }
  }

  private record Entry<V>(Object version, SoftReference<V> value, long bytes) {}
}
