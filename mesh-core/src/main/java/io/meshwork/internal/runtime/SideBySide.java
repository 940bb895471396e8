package io.meshwork.internal.runtime;

import java.lang.reflect.UndeclaredThrowableException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;

/** Runs tasks on an executor and in the calling thread, whichever comes first to each. */
public final class SideBySide {
  private SideBySide() {}

  /**
   * Runs all tasks and returns when the last has ended. The caller takes part, so that an executor
   * without a free thread, or one that refuses, delays nothing. An interruption is kept for later,
   * since tasks that are under way still use what they were given.
   *
   * @throws RuntimeException what the first task in order threw, after all have ended; as the cause
   *     if tasks cannot declare it
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
      } catch (RejectedExecutionException e) {
        break; // the caller does the rest
      }
    }
    futures.forEach(FutureTask::run); // does nothing for those that have begun
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
      throw new UndeclaredThrowableException(first, "A task threw what it does not declare");
    }
  }
}
