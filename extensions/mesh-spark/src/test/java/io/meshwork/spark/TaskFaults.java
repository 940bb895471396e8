package io.meshwork.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.TaskContext;

/** What goes wrong in tasks, which SQL calls by {@code reflect}. Each returns true. */
public final class TaskFaults {
  private static final long PATIENCE = TimeUnit.MINUTES.toNanos(2);

  private TaskFaults() {}

  /** Fails the first attempt of a task at one row. */
  public static boolean failOnce(long id, long at) {
    if (id == at && TaskContext.get().attemptNumber() == 0) {
      throw new IllegalStateException("a task fails at row " + at);
    }
    return true;
  }

  /** Says by a file that a task is at one row, and waits there until another file exists. */
  public static boolean hold(long id, long at, String reached, String gate) throws IOException {
    if (id == at) {
      mark(Path.of(reached));
      await(Path.of(gate));
    }
    return true;
  }

  /** Lets the attempts of a task wait at one row for each other, until there are two. */
  public static boolean meet(long id, long at, String folder) throws IOException {
    if (id == at) {
      int attempt = TaskContext.get().attemptNumber();
      mark(Path.of(folder, "attempt-" + attempt));
      await(Path.of(folder, "attempt-" + (1 - attempt)));
    }
    return true;
  }

  /** Takes longer than a number of milliseconds at one row. */
  public static boolean outlast(long id, long at, long milliseconds) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(milliseconds);
    while (id == at && System.nanoTime() < end) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
    return true;
  }

  private static void mark(Path file) throws IOException {
    if (!Files.exists(file)) {
      Files.createFile(file);
    }
  }

  private static void await(Path file) {
    long start = System.nanoTime();
    while (!Files.exists(file)) {
      if (System.nanoTime() - start > PATIENCE) {
        throw new IllegalStateException("nothing made " + file);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }
}
