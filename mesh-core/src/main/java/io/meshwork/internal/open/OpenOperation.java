package io.meshwork.internal.open;

import io.meshwork.internal.open.OpenOperations.UncommittedOperation;
import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tracks whether an operation was started and never committed. It is open from {@link #begin()}
 * until the first plan or commit, whatever its outcome, or until its thread receives an exception
 * of Meshwork, which guarantees that nothing was changed. Thread-safe; holds only the operation's
 * name.
 */
public final class OpenOperation {
  /** Weak, so that a long-lived thread does not retain a closed mesh. */
  private static final ThreadLocal<@Nullable WeakReference<OpenOperation>> LATEST =
      new ThreadLocal<>();

  private enum State {
    NEW,
    OPEN,
    SETTLED
  }

  private final OpenOperations all;
  private final String by;
  private final String what;
  private final Supplier<Runnable> onBegin;
  private final AtomicReference<State> state = new AtomicReference<>(State.NEW);
  private volatile @Nullable UncommittedOperation counted;
  private volatile Runnable onSettle = () -> {};

  OpenOperation(OpenOperations all, String by, String what, Supplier<Runnable> onBegin) {
    this.all = all;
    this.by = by;
    this.what = what;
    this.onBegin = onBegin;
  }

  /** Opens the operation. Has no effect the second time. */
  public synchronized OpenOperation begin() {
    if (state.compareAndSet(State.NEW, State.OPEN)) {
      counted = all.count(new UncommittedOperation(by, what));
      LATEST.set(new WeakReference<>(this));
      onSettle = onBegin.get();
    }
    return this;
  }

  /** Settles the operation: it was planned or committed, or its caller received an exception. */
  public synchronized void settle() {
    State before = state.getAndSet(State.SETTLED);
    UncommittedOperation name = counted;
    if (before == State.OPEN && name != null) {
      all.uncount(name);
      WeakReference<OpenOperation> latest = LATEST.get();
      if (latest != null && latest.refersTo(this)) {
        LATEST.remove();
      }
      onSettle.run();
    }
  }

  /**
   * Settles the operation that this thread began last, because an exception is about to be thrown.
   */
  public static void settleLatest() {
    WeakReference<OpenOperation> latest = LATEST.get();
    OpenOperation operation = latest == null ? null : latest.get();
    if (operation != null) {
      operation.settle();
    } else if (latest != null) {
      LATEST.remove();
    }
  }
}
