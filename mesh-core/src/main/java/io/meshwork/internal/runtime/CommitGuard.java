package io.meshwork.internal.runtime;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Guards an operation that is committed once and by one thread: rejects a second commit, and a
 * commit while another thread's is in progress.
 */
public final class CommitGuard {
  private final MeshAction action;
  private final String again;
  private final AtomicReference<@Nullable String> thread = new AtomicReference<>();
  private volatile boolean ended;

  /**
   * Creates a guard for an operation with an idempotency key, such as {@code publish to
   * commerce/orders}.
   */
  public CommitGuard(MeshAction action) {
    this(action, "Create a new operation; the same idempotency key returns the first receipt.");
  }

  private CommitGuard(MeshAction action, String again) {
    this.action = action;
    this.again = again;
  }

  /** Creates a guard for an operation without an idempotency key. */
  public static CommitGuard withoutKey(MeshAction action) {
    return new CommitGuard(action, "Create a new operation.");
  }

  /**
   * Begins the commit.
   *
   * @throws InvalidRequestException if there was one, or if another thread's is in progress
   */
  public void begin() {
    String current = Thread.currentThread().getName();
    String first = thread.compareAndExchange(null, current);
    if (first == null) {
      return;
    }
    if (ended) {
      throw Failure.of(action.on("with this object again"))
          .because("it was committed already")
          .fix(again)
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    throw Failure.of(action.on("from thread '" + current + "'"))
        .because("thread '" + first + "' is committing the same object")
        .fix("Use a separate operation for each thread.")
        .invalidRequest(ErrorCode.CONCURRENT_USE);
  }

  /** Runs the commit between {@link #begin()} and {@link #end()}. */
  public <R> R run(Supplier<R> commit) {
    begin();
    try {
      return commit.get();
    } finally {
      end();
    }
  }

  /** Ends the commit, whatever its outcome. */
  public void end() {
    ended = true;
  }
}
