package io.meshwork.internal.runtime;

import java.lang.reflect.UndeclaredThrowableException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks one after the other on an executor, while the thread that starts them goes on. At most
 * one task runs or waits: starting another one waits for it. A thread that waits runs what the
 * executor has not started, so that a busy executor, or one that rejects tasks, causes no delay. An
 * executor that runs tasks in the calling thread makes each task end before {@link #start} returns.
 * Each instance belongs to one thread.
 */
public final class SerialTasks {
  private final Executor executor;
  private final Object lock = new Object();

  /** Parts of the running task, which a thread that waits for it may run. */
  private final Queue<Runnable> parts = new ArrayDeque<>();

  private @Nullable OneTask last;

  /** Creates an instance without a task. */
  public SerialTasks(Executor executor) {
    this.executor = executor;
  }

  /**
   * Returns the executor for parts of a task, which have no effect if they are run again, such as
   * those of {@link ParallelTasks}: a thread that waits for the task runs them as well.
   */
  public Executor partsExecutor() {
    return part -> {
      executor.execute(part);
      synchronized (lock) {
        parts.add(part);
        lock.notifyAll();
      }
    };
  }

  /**
   * Starts a task after the one before has ended.
   *
   * @throws RuntimeException the exception of the one before, if it failed; then the task does not
   *     start. The exception of this task if it has ended already
   */
  public void start(Runnable task) {
    await();
    OneTask next = new OneTask(task);
    last = next;
    try {
      executor.execute(next);
    } catch (RuntimeException e) {
      next.run(); // The executor rejects tasks or fails: the caller runs it, unless it has run.
    }
    if (!isRunning()) {
      await();
    }
  }

  /** Returns true if a task may not have ended. */
  public boolean isRunning() {
    OneTask task = last;
    if (task == null) {
      return false;
    }
    synchronized (lock) {
      return !task.ended;
    }
  }

  /**
   * Returns after the last task has ended. An interrupt is preserved until then, because the task
   * still uses its arguments.
   *
   * @throws RuntimeException the exception of the task if it failed and was not thrown before; as
   *     the cause if it is a checked exception
   */
  public void await() {
    OneTask task = last;
    if (task == null) {
      return;
    }
    last = null;
    task.run();
    join(task);
    Throwable failure = task.failure;
    if (failure instanceof RuntimeException thrown) {
      throw thrown;
    } else if (failure instanceof Error error) {
      throw error;
    } else if (failure != null) {
      throw new UndeclaredThrowableException(failure, "A task threw an undeclared exception");
    }
  }

  /** Returns after the last task has ended; one that has not started never starts. */
  public void stop() {
    OneTask task = last;
    last = null;
    if (task != null && task.started.getAndSet(true)) {
      join(task);
    }
  }

  /** Runs parts of a task that has started until it ends. */
  private void join(OneTask task) {
    boolean interrupted = false;
    while (true) {
      Runnable part;
      synchronized (lock) {
        while (parts.isEmpty() && !task.ended) {
          try {
            lock.wait();
          } catch (InterruptedException e) {
            interrupted = true;
          }
        }
        if (task.ended) {
          break;
        }
        part = parts.remove();
      }
      part.run();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Runs a task once, on whichever thread is the first. */
  private final class OneTask implements Runnable {
    private final Runnable body;
    private final AtomicBoolean started = new AtomicBoolean();
    private boolean ended;
    private @Nullable Throwable failure;

    OneTask(Runnable body) {
      this.body = body;
    }

    @Override
    public void run() {
      if (started.getAndSet(true)) {
        return;
      }
      Throwable thrown = null;
      try {
        body.run();
      } catch (Throwable e) {
        thrown = e;
      }
      synchronized (lock) {
        failure = thrown;
        ended = true;
        parts.clear();
        lock.notifyAll();
      }
    }
  }
}
