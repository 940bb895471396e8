package io.meshwork.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SerialTasksTest {
  private final ExecutorService pool = Executors.newFixedThreadPool(1);
  private final List<String> done = new ArrayList<>();

  @AfterEach
  void close() {
    pool.shutdownNow();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void tasksRunInOrderAndTheCallerGoesOnMeanwhile() {
    SerialTasks tasks = new SerialTasks(pool);
    CountDownLatch callerWentOn = new CountDownLatch(1);
    tasks.start(
        () -> {
          await(callerWentOn);
          done.add("first");
        });
    assertThat(tasks.isRunning()).isTrue();
    callerWentOn.countDown();
    tasks.start(() -> done.add("second"));
    tasks.await();

    assertThat(tasks.isRunning()).isFalse();
    assertThat(done).containsExactly("first", "second");
  }

  @Test
  void aTaskOfACallingThreadExecutorEndsBeforeStartReturns() {
    SerialTasks tasks = new SerialTasks(Runnable::run);
    tasks.start(() -> done.add("first"));

    assertThat(done).containsExactly("first");
    assertThat(tasks.isRunning()).isFalse();
    assertThatThrownBy(
            () ->
                tasks.start(
                    () -> {
                      throw new IllegalStateException("second");
                    }))
        .hasMessage("second");
  }

  @Test
  void anExecutorThatNeverRunsOrRejectsCausesNoDelay() {
    SerialTasks never = new SerialTasks(task -> {});
    never.start(() -> done.add("first"));
    assertThat(done).isEmpty();
    never.start(() -> done.add("second"));
    assertThat(done).containsExactly("first");
    never.await();

    SerialTasks rejecting =
        new SerialTasks(
            task -> {
              throw new RejectedExecutionException("shut down");
            });
    rejecting.start(() -> done.add("third"));
    assertThat(done).containsExactly("first", "second", "third");
  }

  @Test
  void aFailureIsThrownOnceByTheNextCall() {
    SerialTasks tasks = new SerialTasks(pool);
    tasks.start(
        () -> {
          throw new IllegalStateException("first");
        });

    assertThatThrownBy(() -> tasks.start(() -> done.add("second"))).hasMessage("first");
    tasks.await();
    assertThat(done).isEmpty();
  }

  @Test
  void aStoppedTaskThatHasNotStartedNeverStarts() {
    Queue<Runnable> waiting = new ArrayDeque<>();
    SerialTasks tasks = new SerialTasks(waiting::add);
    tasks.start(() -> done.add("first"));
    tasks.stop();
    waiting.remove().run();

    assertThat(done).isEmpty();
  }

  @Test
  void stopWaitsForARunningTaskAndThrowsNothing() {
    SerialTasks tasks = new SerialTasks(pool);
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch stopping = new CountDownLatch(1);
    tasks.start(
        () -> {
          started.countDown();
          await(stopping);
          done.add("first");
          throw new IllegalStateException("first");
        });
    await(started);
    stopping.countDown();
    tasks.stop();

    assertThat(done).containsExactly("first");
  }

  @Test
  void aWaitingThreadRunsPartsAndKeepsItsInterrupt() {
    SerialTasks tasks = new SerialTasks(pool);
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch partRan = new CountDownLatch(1);
    // The only thread of the pool waits for a part that only the caller can run.
    tasks.start(
        () -> {
          started.countDown();
          tasks.partsExecutor().execute(new FutureTask<>(partRan::countDown, true));
          await(partRan);
          done.add("first");
        });
    await(started);
    Thread.currentThread().interrupt();
    tasks.await();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(done).containsExactly("first");
  }
}
