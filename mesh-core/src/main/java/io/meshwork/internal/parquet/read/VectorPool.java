package io.meshwork.internal.parquet.read;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/**
 * The vectors of the batches of a reader: each batch gets vectors that no valid earlier batch uses.
 * Parts of a column that take turns together get vectors that belong together. Not thread-safe.
 *
 * @param <T> one vector, or several that belong together
 */
final class VectorPool<T> {
  /** The most vectors to fill again: further ones belong to their batches alone. */
  private static final int MOST = 3;

  private final Deque<T> valid = new ArrayDeque<>();
  private final Deque<T> idle = new ArrayDeque<>();

  /**
   * Returns the vectors of the next batch.
   *
   * @param current the vectors of the last batch
   * @param count how many of the last batches remain valid
   * @param create creates vectors
   */
  T next(T current, int count, Supplier<T> create) {
    valid.add(current);
    while (valid.size() > count) {
      idle.push(valid.remove());
    }
    while (valid.size() > MOST) {
      valid.remove();
    }
    while (idle.size() > MOST) {
      idle.removeLast();
    }
    T next = idle.poll();
    return next == null ? create.get() : next;
  }
}
