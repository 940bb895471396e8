package io.meshwork.internal.parquet.page;

import io.meshwork.internal.runtime.ParallelTasks;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Runs steps of several columns, which share no state but the file, its decompressor, and its
 * memory: on an executor and the calling thread, or one after the other.
 *
 * @param executor null for the calling thread alone
 */
public record ColumnTasks(@Nullable Executor executor) {
  /** Runs all steps on the calling thread. */
  public static final ColumnTasks ON_CALLER = new ColumnTasks(null);

  /** Fewer values than this are decoded in less time than another thread needs to start. */
  private static final long LEAST_VALUES = 8 << 10;

  /**
   * Runs the steps of all columns, and returns when all have ended.
   *
   * @param rows the rows that each step reads
   * @throws RuntimeException of the first column that failed
   */
  public void run(List<Runnable> steps, long rows) {
    if (rows * steps.size() < LEAST_VALUES) {
      steps.forEach(Runnable::run);
    } else {
      runAll(steps);
    }
  }

  /**
   * Runs all steps, however short they are, and returns when all have ended.
   *
   * @throws RuntimeException of the first step that failed
   */
  void runAll(List<Runnable> steps) {
    if (executor == null || steps.size() < 2) {
      steps.forEach(Runnable::run);
    } else {
      ParallelTasks.run(executor, steps);
    }
  }
}
