package io.meshwork.internal.runtime;

import io.meshwork.error.MeshException;

/**
 * Observes the operations of this process, for tests and to find leaked readers. The threads that
 * run operations call it concurrently, so it must return quickly and must not throw. It receives
 * names, IDs, and counts, never field values. By default, each method does nothing.
 */
public interface MeshObserver {
  /** Observes nothing. */
  MeshObserver NONE = new MeshObserver() {};

  /** Settings of a mesh that take an observer, as every {@code Mesh.Builder} does. */
  interface Settings {
    /** Observes the operations of this process. Default: no observer. */
    void observe(MeshObserver watcher);
  }

  /**
   * A change of rows was committed, or had been committed under the same idempotency key.
   *
   * @param by the principal, as account and role
   * @param what the action, such as {@code publish to commerce/orders}
   * @param result what the operation returns, such as a receipt
   */
  default void committed(String by, String what, Object result) {}

  /**
   * A change of rows failed; the caller gets the exception next.
   *
   * @param by the principal, as account and role
   * @param what the action, such as {@code publish to commerce/orders}
   */
  default void refused(String by, String what, MeshException why) {}

  /**
   * An operation was created; called on the thread that creates it.
   *
   * @param by the principal, as account and role
   * @param what the action, such as {@code publish to commerce/orders}
   * @return is run when the operation is planned or committed, or its caller gets an exception;
   *     never for an operation that the caller abandons
   */
  default Runnable created(String by, String what) {
    return () -> {};
  }

  /**
   * The mesh is closed, and an operation was neither planned nor committed: it did nothing. Called
   * once for each principal and action.
   *
   * @param by the principal, as account and role
   * @param what the action, such as {@code publish to commerce/orders}
   */
  default void uncommitted(String by, String what) {}

  /**
   * A reader was opened; called before the caller gets it.
   *
   * @param by the principal, as account and role
   * @param what the action, such as {@code read commerce/orders}
   * @return is run each time the reader is closed
   */
  default Runnable opened(String by, String what) {
    return () -> {};
  }
}
