package io.meshwork.operation;

/**
 * A change that is being described. Nothing happens before {@link #commit()}. Use it once, from one
 * thread; setters return the operation itself.
 *
 * @param <R> what exists after the change
 */
public interface Operation<R> {
  /**
   * Does it, all or nothing, and returns what now exists. Said twice, by name or by key, it does
   * nothing more and returns the same.
   *
   * @throws io.meshwork.error.MeshException cut by what the caller does next
   */
  R commit();
}
