package io.meshwork.testkit;

import io.meshwork.Mesh;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Runs two operations of different processes in interleavings with at most three preemptions, each
 * on a copy of the same place. Not thread-safe.
 *
 * @param limit the most interleavings; if there are more, some are chosen by a seed
 */
record Interleavings(MemoryPlace start, ManualClock clock, int limit, long seed) {
  private static final long TIMEOUT_SECONDS = 60;
  private static final long FIRST_PROCESS = 7_001;

  /** What remains after both operations ended. */
  interface Check {
    /**
     * Checks the place.
     *
     * @param mesh the place, opened by a third process
     * @param first why the first operation failed; empty if it was committed
     * @param second the same for the second operation
     */
    void check(Mesh mesh, Optional<RuntimeException> first, Optional<RuntimeException> second);
  }

  /**
   * Runs them all.
   *
   * @return the number of interleavings
   */
  int run(Consumer<Mesh> first, Consumer<Mesh> second, Check check) {
    CallTurns serial = run(new int[0], first, second, check);
    List<int[]> schedules =
        schedules(serial.callsOf(0), Math.max(1, serial.callsOf(1)), limit, new Random(seed));
    for (int[] schedule : schedules) {
      try {
        run(schedule, first, second, check);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("turns of " + List.of(box(schedule)) + " calls: " + e, e);
      }
    }
    return schedules.size() + 1;
  }

  private static Integer[] box(int[] schedule) {
    Integer[] boxed = new Integer[schedule.length];
    for (int i = 0; i < boxed.length; i++) {
      boxed[i] = schedule[i];
    }
    return boxed;
  }

  /**
   * All schedules with at most three preemptions, or, if the limit is lower, some of them: up to
   * half of them with one preemption.
   */
  private static List<int[]> schedules(int ofFirst, int ofSecond, int limit, Random random) {
    List<int[]> once = new ArrayList<>();
    List<int[]> more = new ArrayList<>();
    for (int one = 0; one < ofFirst; one++) {
      once.add(new int[] {one});
      for (int two = 1; two < ofSecond; two++) {
        more.add(new int[] {one, two});
        for (int three = 1; three < ofFirst - one; three++) {
          more.add(new int[] {one, two, three});
        }
      }
    }
    List<int[]> schedules = new ArrayList<>();
    choose(once, Math.max(limit / 2, limit - more.size()), random, schedules);
    choose(more, limit - schedules.size(), random, schedules);
    return schedules;
  }

  private static void choose(List<int[]> all, int most, Random random, List<int[]> chosen) {
    for (int i = 0; i < most && !all.isEmpty(); i++) {
      int last = all.size() - 1;
      Collections.swap(all, random.nextInt(all.size()), last);
      chosen.add(all.remove(last));
    }
  }

  private CallTurns run(int[] schedule, Consumer<Mesh> first, Consumer<Mesh> second, Check check) {
    MemoryPlace place = (MemoryPlace) start.copy().orElseThrow();
    ManualClock time = ManualClock.at(clock.instant());
    CallTurns turns = new CallTurns(schedule);
    List<Optional<RuntimeException>> failures;
    try (Mesh one = open(place, time, turns, 0);
        Mesh other = open(place, time, turns, 1)) {
      turns.start();
      failures =
          inParallel(
              () -> turns.run(0, () -> first.accept(one)),
              () -> turns.run(1, () -> second.accept(other)));
    }
    try (Mesh mesh = place.open().clock(time).open()) {
      check.check(mesh, failures.get(0), failures.get(1));
    }
    return turns;
  }

  private static Mesh open(MemoryPlace place, ManualClock time, CallTurns turns, int process) {
    return place
        .open()
        .clock(time)
        .testing()
        .sleeper(time::advance)
        .testing()
        .seededIds(FIRST_PROCESS + process)
        .testing()
        .throughRegistry(real -> turns.registry(real, process))
        .open();
  }

  private static List<Optional<RuntimeException>> inParallel(Runnable... operations) {
    ExecutorService threads = Executors.newFixedThreadPool(operations.length);
    try {
      List<CompletableFuture<Void>> running = new ArrayList<>();
      for (Runnable operation : operations) {
        running.add(CompletableFuture.runAsync(operation, threads));
      }
      List<Optional<RuntimeException>> failures = new ArrayList<>();
      for (CompletableFuture<Void> each : running) {
        failures.add(failure(each));
      }
      return failures;
    } finally {
      threads.shutdownNow();
    }
  }

  private static Optional<RuntimeException> failure(CompletableFuture<Void> operation) {
    try {
      operation.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      return Optional.empty();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        return Optional.of(failure);
      }
      throw new AssertionError(e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("an operation did not end", e);
    }
  }
}
