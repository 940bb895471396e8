package io.meshwork.internal.runtime;

import java.lang.reflect.UndeclaredThrowableException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;

/** Runs tasks on an executor and on the calling thread, each on whichever is available first. */
public final class ParallelTasks {
  private ParallelTasks() {}

  /**
   * Runs all tasks and returns after the last has ended. The calling thread runs tasks too, so that
   * a busy executor, or one that rejects tasks, causes no delay. An interrupt is preserved until
   * the end, because running tasks still use their arguments.
   *
   * @throws RuntimeException the exception of the first task in order that failed, after all have
   *     ended; as the cause if it is a checked exception
   */
  public static void run(Executor executor, List<Runnable> tasks) {
    List<FutureTask<Boolean>> futures = new ArrayList<>(tasks.size());
    for (Runnable task : tasks) {
      futures.add(new FutureTask<>(task, true));
    }
    for (FutureTask<Boolean> future :
        futures.subList(Math.min(1, futures.size()), futures.size())) {
      try {
        executor.execute(future);
      } catch (RuntimeException | OutOfMemoryError e) {
        break; // The executor rejects tasks, or has no thread: the caller runs the rest.
      }
    }
    futures.forEach(FutureTask::run); // No effect on tasks that have started.
    Throwable first = null;
    boolean interrupted = false;
    for (FutureTask<Boolean> future : futures) {
      while (true) {
        try {
          future.get();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          first = first == null ? e.getCause() : first;
          break;
        } catch (OutOfMemoryError e) {
          if (future.isDone()) { // It failed, and its exception does not fit into memory.
            first = first == null ? e : first;
            break;
          }
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (first instanceof RuntimeException failure) {
      throw failure;
    } else if (first instanceof Error error) {
      throw error;
    } else if (first != null) {
      throw new UndeclaredThrowableException(first, "A task threw an undeclared exception");
    }
  }
}
