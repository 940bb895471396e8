package io.meshwork.operation;

import io.meshwork.error.MeshException;

/**
 * Watches a mesh at work in this process, for tests and for hunting leaks: what was published, what
 * was refused, which readers were opened and closed. Called by the thread that does it, at once and
 * by several threads; it must be quick and must not throw. Names, ids and counts are all that it is
 * told, never a field's value. Every method does nothing unless it is overridden.
 */
public interface Witness {
  /** Looks away. */
  Witness NONE = new Witness() {};

  /**
   * A change of rows was committed, or had been under the same key.
   *
   * @param by who did it, as account and role
   * @param what what was done, such as {@code publish to commerce/orders}
   * @param result what the operation gives, such as a receipt
   */
  default void committed(String by, String what, Object result) {}

  /**
   * A change of rows ended with an error, which the caller gets next.
   *
   * @param by who asked for it, as account and role
   * @param what what was asked for, such as {@code publish to commerce/orders}
   */
  default void refused(String by, String what, MeshException why) {}

  /**
   * A reader was opened; called before its owner has it.
   *
   * @param by who reads, as account and role
   * @param what what is read, such as {@code read commerce/orders}
   * @return run when the reader is closed, each time it is
   */
  default Runnable opened(String by, String what) {
    return () -> {};
  }
}
