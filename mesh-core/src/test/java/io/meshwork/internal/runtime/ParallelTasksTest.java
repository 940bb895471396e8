package io.meshwork.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ParallelTasksTest {
  private final AtomicInteger done = new AtomicInteger();

  @Test
  void everyTaskRunsOnceOnAPool() {
    ExecutorService pool = Executors.newFixedThreadPool(3);
    try {
      ParallelTasks.run(pool, tasks(100));
    } finally {
      pool.shutdownNow();
    }
    assertThat(done).hasValue(100);
  }

  @Test
  void everyTaskRunsOnceOnACallingThreadExecutor() {
    ParallelTasks.run(Runnable::run, tasks(10));

    assertThat(done).hasValue(10);
  }

  @Test
  void executorThatNeverRunsOrRejectsCausesNoDelay() {
    ParallelTasks.run(task -> {}, tasks(5));
    assertThat(done).hasValue(5);

    ParallelTasks.run(
        task -> {
          throw new RejectedExecutionException("shut down");
        },
        tasks(5));
    assertThat(done).hasValue(10);
  }

  @Test
  void anExecutorWithoutAThreadLeavesNoTaskBehind() {
    AtomicInteger asked = new AtomicInteger();
    ExecutorService pool = Executors.newFixedThreadPool(1);
    try {
      ParallelTasks.run(
          task -> {
            if (asked.incrementAndGet() > 1) {
              throw new OutOfMemoryError("unable to create native thread");
            }
            pool.execute(task);
          },
          tasks(5));
    } finally {
      pool.shutdownNow();
    }

    assertThat(done).hasValue(5);
    assertThat(asked).hasValue(2);
  }

  @Test
  void firstFailureIsThrownAfterAllHaveEnded() {
    List<Runnable> tasks = tasks(4);
    tasks.add(
        1,
        () -> {
          throw new IllegalStateException("first");
        });
    tasks.add(
        () -> {
          throw new IllegalStateException("second");
        });

    assertThatThrownBy(() -> ParallelTasks.run(Runnable::run, tasks)).hasMessage("first");
    assertThat(done).hasValue(4);
  }

  @Test
  void checkedExceptionOfATaskIsThrownAsACause() {
    Exception undeclared = new Exception("undeclared");
    List<Runnable> tasks = tasks(2);
    tasks.add(() -> ParallelTasksTest.<RuntimeException>fail(undeclared));

    assertThatThrownBy(() -> ParallelTasks.run(Runnable::run, tasks)).hasCause(undeclared);
    assertThat(done).hasValue(2);
  }

  @SuppressWarnings("unchecked")
  private static <X extends Throwable> void fail(Throwable what) throws X {
    throw (X) what;
  }

  @Test
  void interruptIsPreservedUntilAllHaveEnded() {
    Thread.currentThread().interrupt();

    ParallelTasks.run(task -> {}, tasks(3));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(done).hasValue(3);
  }

  private List<Runnable> tasks(int count) {
    List<Runnable> tasks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      tasks.add(done::incrementAndGet);
    }
    return tasks;
  }
}
