package io.meshwork.testkit;

import io.meshwork.Mesh;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Runs two operations of different processes in interleavings with at most three preemptions, each
 * on a copy of the same place. A process can be preempted before each call of the registry. Not
 * thread-safe.
 *
 * @param limit the most interleavings; if there are more, some are chosen by a seed
 * @param small all are run, whatever the limit, if there are about so many or fewer
 */
record Interleavings(MemoryPlace start, ManualClock clock, int limit, int small, long seed) {
  private static final long TIMEOUT_SECONDS = 60;
  private static final long FIRST_PROCESS = 7_001;
  private static final int[] FIRST_BEFORE_SECOND = {};
  private static final int[] SECOND_BEFORE_FIRST = {0};

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
   * How many interleavings were run.
   *
   * @param allPreemptedOnce true if all with at most one preemption are among them
   * @param complete true if these are all with at most three preemptions
   * @param estimate the number of all, if no operation calls the registry more often than in the
   *     two interleavings without a preemption
   */
  record Coverage(int run, boolean allPreemptedOnce, boolean complete, long estimate) {}

  /** Runs both operations one after the other, in either order, and then with preemptions. */
  Coverage run(Consumer<Mesh> first, Consumer<Mesh> second, Check check) {
    ScheduleSearch search = new ScheduleSearch(seed);
    CallTurns forward = runChecked(FIRST_BEFORE_SECOND, first, second, check);
    search.add(FIRST_BEFORE_SECOND, forward.callsOfLastTurn());
    CallTurns backward = runChecked(SECOND_BEFORE_FIRST, first, second, check);
    search.add(SECOND_BEFORE_FIRST, backward.callsOfLastTurn());
    long estimate =
        ScheduleSearch.estimate(
            Math.max(forward.callsOf(0), backward.callsOf(0)),
            Math.max(forward.callsOf(1), backward.callsOf(1)));
    int run = 2;
    int most = estimate <= small ? Math.max(limit, 2 * small) : limit;
    while (run < most && !search.isComplete()) {
      int[] schedule = search.next();
      search.add(schedule, runChecked(schedule, first, second, check).callsOfLastTurn());
      run++;
    }
    return new Coverage(run, search.hasAllPreemptedOnce(), search.isComplete(), estimate);
  }

  private CallTurns runChecked(
      int[] schedule, Consumer<Mesh> first, Consumer<Mesh> second, Check check) {
    try {
      return run(schedule, first, second, check);
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("turns of " + Arrays.toString(schedule) + " calls: " + e, e);
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
