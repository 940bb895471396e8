package io.meshwork.internal.runtime;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Guards an operation that is used once and by one thread: a second commit is refused, and so is a
 * commit while another thread's is going on.
 */
public final class OneCommit {
  private final String doing;
  private final String again;
  private final AtomicReference<@Nullable String> thread = new AtomicReference<>();
  private volatile boolean ended;

  /** A guard for an operation with an idempotency key, such as {@code publish to commerce/orders}. */
  public OneCommit(String doing) {
    this(doing, "Describe a new operation; the same idempotency key gives the first receipt.");
  }

  private OneCommit(String doing, String again) {
    this.doing = doing;
    this.again = again;
  }

  /** A guard for an operation that has no idempotency key. */
  public static OneCommit withoutKey(String doing) {
    return new OneCommit(doing, "Describe a new operation.");
  }

  /**
   * Begins the one commit.
   *
   * @throws InvalidRequestException if there was one, or another thread's is going on
   */
  public void begin() {
    String current = Thread.currentThread().getName();
    String first = thread.compareAndExchange(null, current);
    if (first == null) {
      return;
    }
    if (ended) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot "
              + doing
              + " with this object again: it was committed already. "
              + again);
    }
    throw new InvalidRequestException(
        ErrorCode.CONCURRENT_USE,
        "Cannot "
            + doing
            + " from thread '"
            + current
            + "': thread '"
            + first
            + "' is committing the same object. Give each thread an operation of its own.");
  }

  /** Ends it, however it went. */
  public void end() {
    ended = true;
  }
}
