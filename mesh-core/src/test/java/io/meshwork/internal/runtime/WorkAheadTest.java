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
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkAheadTest {
  private static final Runnable NOTHING = () -> {};

  private final ExecutorService pool = Executors.newFixedThreadPool(1);
  private final List<String> done = new ArrayList<>();

  @AfterEach
  void close() {
    pool.shutdownNow();
  }

  private Supplier<Boolean> adding(String text) {
    return () -> done.add(text);
  }

  private static Supplier<Boolean> failing(String message) {
    return () -> {
      throw new IllegalStateException(message);
    };
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void theCallerGoesOnWhileWorkRuns() {
    WorkAhead<String> ahead = new WorkAhead<>(pool);
    CountDownLatch callerWentOn = new CountDownLatch(1);
    ahead.start(
        () -> {
          await(callerWentOn);
          return "result";
        });
    assertThat(ahead.isRunning()).isTrue();
    callerWentOn.countDown();

    assertThat(ahead.take(NOTHING)).isEqualTo("result");
    assertThat(ahead.isRunning()).isFalse();
    assertThat(ahead.isPending()).isFalse();
  }

  @Test
  void workOfACallingThreadExecutorEndsBeforeStartReturns() {
    WorkAhead<Boolean> ahead = new WorkAhead<>(Runnable::run);
    ahead.start(adding("first"));

    assertThat(done).containsExactly("first");
    assertThat(ahead.isRunning()).isFalse();
    assertThat(ahead.isPending()).isTrue();
    assertThat(ahead.take(NOTHING)).isTrue();
  }

  @Test
  void workOfAnExecutorThatNeverRunsOrRejectsRunsWhereItIsTaken() {
    WorkAhead<Boolean> never = new WorkAhead<>(task -> {});
    never.start(adding("first"));
    assertThat(done).isEmpty();
    never.take(NOTHING);

    WorkAhead<Boolean> rejecting =
        new WorkAhead<>(
            task -> {
              throw new RejectedExecutionException("shut down");
            });
    rejecting.start(adding("second"));
    assertThat(rejecting.isRunning()).isTrue();
    rejecting.take(NOTHING);

    assertThat(done).containsExactly("first", "second");
  }

  @Test
  void aFailureIsThrownOnce() {
    WorkAhead<Boolean> ahead = new WorkAhead<>(pool);
    ahead.start(failing("first"));

    assertThatThrownBy(() -> ahead.take(NOTHING)).hasMessage("first");
    assertThat(ahead.isPending()).isFalse();
    ahead.start(adding("second"));
    assertThat(ahead.take(NOTHING)).isTrue();
  }

  @Test
  void discardedWorkThatHasNotStartedNeverStarts() {
    Queue<Runnable> waiting = new ArrayDeque<>();
    WorkAhead<Boolean> ahead = new WorkAhead<>(waiting::add);
    ahead.start(adding("first"));
    ahead.discard();
    ahead.discard();
    waiting.remove().run();

    assertThat(done).isEmpty();
    assertThat(ahead.isPending()).isFalse();
  }

  @Test
  void discardWaitsForRunningWorkAndThrowsNothing() {
    WorkAhead<Boolean> ahead = new WorkAhead<>(pool);
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch discarding = new CountDownLatch(1);
    ahead.start(
        () -> {
          started.countDown();
          await(discarding);
          done.add("first");
          return failing("first").get();
        });
    await(started);
    discarding.countDown();
    ahead.discard();

    assertThat(done).containsExactly("first");
  }

  @Test
  void aWaitingThreadRunsTasksOfTheWorkAndKeepsItsInterrupt() {
    WorkAhead<Boolean> ahead = new WorkAhead<>(pool);
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch taskRan = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    // The only thread of the pool waits for a task that only the caller can run.
    ahead.start(
        () -> {
          started.countDown();
          await(interrupted);
          ahead.execute(new FutureTask<>(taskRan::countDown, true));
          await(taskRan);
          return done.add("first");
        });
    await(started);
    Thread.currentThread().interrupt();
    ahead.take(interrupted::countDown);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(done).containsExactly("first");
  }
}
