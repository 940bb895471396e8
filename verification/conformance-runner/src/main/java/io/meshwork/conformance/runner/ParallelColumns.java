package io.meshwork.conformance.runner;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.parquet.read.ParquetReader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the columns of a file on all processors, each of which takes the next one. After an error,
 * no further column is begun. Used once.
 */
final class ParallelColumns {
  private final ParquetReader file;
  private final ColumnRead read;
  private final @Nullable ObjectNode[] answers;
  private int next;
  private int firstFailed = Integer.MAX_VALUE;
  private @Nullable Throwable failure;

  /** Reads a column. */
  interface ColumnRead {
    ObjectNode read(ParquetReader reader, int column);
  }

  ParallelColumns(ParquetReader file, ColumnRead read) {
    this.file = file;
    this.read = read;
    this.answers = new ObjectNode[file.columns().size()];
  }

  /**
   * Returns what was read of each column; throws the error of the first column that has one.
   *
   * @param time limits how long other threads are waited for: one that runs out of memory may not
   *     end
   */
  List<ObjectNode> answers(TimeLimit time) {
    int others = Math.min(answers.length, Runtime.getRuntime().availableProcessors()) - 1;
    List<ForkJoinTask<?>> tasks =
        IntStream.range(0, Math.max(0, others))
            .<ForkJoinTask<?>>mapToObj(i -> ForkJoinPool.commonPool().submit(this::readNext))
            .toList();
    readNext();
    tasks.forEach(task -> await(task, time));
    synchronized (this) {
      if (failure instanceof Error error) {
        throw error;
      } else if (failure instanceof RuntimeException failed) {
        throw failed;
      }
      List<ObjectNode> all = new ArrayList<>();
      for (ObjectNode answer : answers) {
        if (answer == null) {
          throw new IllegalStateException("a column was not read");
        }
        all.add(answer);
      }
      return all;
    }
  }

  private void readNext() {
    int column = -1;
    try (ParquetReader reader = file.openAgain()) {
      for (column = take(); column < answers.length; column = take()) {
        ObjectNode answer = read.read(reader, column);
        synchronized (this) {
          answers[column] = answer;
        }
      }
    } catch (RuntimeException | Error e) {
      fail(column, e);
    }
  }

  private synchronized int take() {
    return failure == null ? next++ : answers.length;
  }

  private synchronized void fail(int column, Throwable e) {
    if (failure == null || column < firstFailed) {
      failure = e;
      firstFailed = column;
    }
  }

  private static void await(ForkJoinTask<?> task, TimeLimit time) {
    while (true) {
      try {
        task.get(100, TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException e) {
        time.check();
      } catch (ExecutionException e) {
        throw new IllegalStateException("a column was not read", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    }
  }
}
