package io.meshwork.internal.runtime;

import java.lang.reflect.UndeclaredThrowableException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs one piece of work at a time on an executor before its result is needed. The thread that
 * needs the result runs the work itself if it has not started. If it has, the thread runs tasks
 * that the work passes to this executor, until the work ends. So a busy executor, or one that
 * rejects tasks, causes neither delay nor deadlock. Used by one thread; only {@link #execute} is
 * thread-safe.
 *
 * @param <T> the type of results
 */
public final class WorkAhead<T extends @Nullable Object> implements Executor {
  private static final Runnable WAKE = () -> {};

  private final Executor executor;

  /** The tasks of the work that the waiting thread may run; each runs once, wherever it starts. */
  private final BlockingQueue<Runnable> shared = new LinkedBlockingQueue<>();

  private volatile @Nullable Work pending;

  /** Creates an instance without work. */
  public WorkAhead(Executor executor) {
    this.executor = executor;
  }

  /** Runs a task of the work on the executor, or on the thread that waits for the work. */
  @Override
  public void execute(Runnable task) {
    if (pending != null) {
      shared.add(task);
    }
    executor.execute(task);
  }

  /** Returns true if work was started whose result was not taken. */
  public boolean isPending() {
    return pending != null;
  }

  /** Returns true if the pending work has not ended; false if none is pending. */
  public boolean isRunning() {
    Work work = pending;
    return work != null && !work.isDone();
  }

  /**
   * Starts work, if the executor has a thread for it. No other is pending. An executor that runs
   * tasks in the calling thread makes it end before this returns.
   */
  public void start(Supplier<T> work) {
    if (pending != null) {
      throw new IllegalStateException("work is pending");
    }
    Work started = new Work(work);
    pending = started;
    try {
      executor.execute(started);
    } catch (RuntimeException | OutOfMemoryError e) {
      // The executor rejects tasks, or has no thread: the work runs when its result is needed.
    }
  }

  /**
   * Returns the result of the pending work as soon as it has ended. An interrupt is preserved until
   * then, because the work still uses its arguments.
   *
   * @param onInterrupt called if this thread is interrupted, to end the work earlier; the thread
   *     stays interrupted
   * @throws RuntimeException the work's
   */
  public T take(Runnable onInterrupt) {
    Work work = work();
    work.run();
    await(work, onInterrupt);
    try {
      return work.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      } else if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new UndeclaredThrowableException(e.getCause(), "Work threw an undeclared exception");
    } catch (InterruptedException e) {
      throw new IllegalStateException("ended work does not wait", e);
    }
  }

  /** Drops pending work: it never starts, or has ended when this returns. */
  public void discard() {
    Work work = pending;
    if (work == null) {
      return;
    }
    if (work.claimed.compareAndSet(false, true)) {
      work.cancel(false);
    }
    await(work, WAKE);
  }

  private Work work() {
    Work work = pending;
    if (work == null) {
      throw new IllegalStateException("no work is pending");
    }
    return work;
  }

  /** Runs tasks of the work until it has ended. */
  private void await(Work work, Runnable onInterrupt) {
    boolean interrupted = false;
    while (!work.isDone()) {
      try {
        shared.take().run();
      } catch (InterruptedException e) {
        interrupted = true;
        onInterrupt.run();
      }
    }
    pending = null;
    shared.clear();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Work that runs once, on the thread that claims it first. */
  private final class Work extends FutureTask<T> {
    private final AtomicBoolean claimed = new AtomicBoolean();

    Work(Supplier<T> work) {
      super(work::get);
    }

    @Override
    public void run() {
      if (claimed.compareAndSet(false, true)) {
        super.run();
      }
    }

    @Override
    protected void done() {
      shared.add(WAKE);
    }
  }
}
