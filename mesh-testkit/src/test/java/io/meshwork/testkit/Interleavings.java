package io.meshwork.testkit;

import io.meshwork.Mesh;
import io.meshwork.testkit.CallTurns.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Runs two operations of different processes in interleavings with few preemptions, each on a copy
 * of the same place and with a clock of its own. A process can be preempted before each call of the
 * registry. Not thread-safe.
 *
 * @param limit the most interleavings; if there are more, the search chooses some
 * @param search used once
 */
record Interleavings(MemoryPlace start, Instant at, int limit, ScheduleSearch search) {
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

    /** What the operations returned, as text. */
    String results();

    /** Forgets what the operations returned: the next interleaving begins. */
    void reset();
  }

  /**
   * How many interleavings were run.
   *
   * @param complete true if no other interleaving with so few preemptions has another outcome
   * @param estimate the number of all with at most three preemptions, if no operation calls the
   *     registry more often than in the two interleavings without a preemption
   * @param outcomes the content, the errors, and the results with which interleavings ended
   */
  record Coverage(int run, boolean complete, long estimate, Set<String> outcomes) {
    @Override
    public String toString() {
      return "%d of about %d schedules, %scomplete, with %d outcomes"
          .formatted(run, estimate, complete ? "" : "not ", outcomes.size());
    }
  }

  /**
   * Runs both operations one after the other, in either order, and then with preemptions. What was
   * checked is not checked again.
   */
  Coverage run(Consumer<Mesh> first, Consumer<Mesh> second, Check check) {
    Set<String> outcomes = new HashSet<>();
    ScheduleSearch.Runner runner = schedule -> runChecked(schedule, first, second, check, outcomes);
    List<Step> forward = search.start(FIRST_BEFORE_SECOND, runner);
    List<Step> backward = search.start(SECOND_BEFORE_FIRST, runner);
    long estimate =
        ScheduleSearch.estimate(
            Math.max(calls(forward, 0), calls(backward, 0)),
            Math.max(calls(forward, 1), calls(backward, 1)));
    int run = 2;
    while (run < limit && !search.isComplete()) {
      search.next(runner);
      run++;
    }
    return new Coverage(run, search.isComplete(), estimate, outcomes);
  }

  private static long calls(List<Step> steps, int process) {
    return steps.stream().filter(step -> step.process() == process).count();
  }

  private List<Step> runChecked(
      int[] schedule,
      Consumer<Mesh> first,
      Consumer<Mesh> second,
      Check check,
      Set<String> outcomes) {
    try {
      return run(schedule, first, second, check, outcomes);
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("turns of " + Arrays.toString(schedule) + " calls: " + e, e);
    }
  }

  private List<Step> run(
      int[] schedule,
      Consumer<Mesh> first,
      Consumer<Mesh> second,
      Check check,
      Set<String> outcomes) {
    check.reset();
    MemoryPlace place = (MemoryPlace) start.copy().orElseThrow();
    List<ManualClock> clocks = List.of(ManualClock.at(at), ManualClock.at(at));
    CallTurns turns = new CallTurns(schedule);
    List<Optional<RuntimeException>> failures;
    try (Mesh one = open(place, clocks.get(0), turns, 0);
        Mesh other = open(place, clocks.get(1), turns, 1)) {
      turns.start();
      failures =
          inParallel(
              () -> turns.run(0, () -> first.accept(one)),
              () -> turns.run(1, () -> second.accept(other)));
      turns.stop();
    }
    Instant end = Collections.max(clocks.stream().map(ManualClock::instant).toList());
    String outcome = ComparableContent.of(place, start) + failures + check.results() + end;
    if (outcomes.add(ComparableContent.withoutRandom(outcome))) {
      try (Mesh mesh = place.open().clock(ManualClock.at(end)).open()) {
        check.check(mesh, failures.get(0), failures.get(1));
      }
    }
    return turns.steps();
  }

  private static Mesh open(MemoryPlace place, ManualClock time, CallTurns turns, int process) {
    return place
        .open()
        .clock(time)
        .testing()
        .sleeper(time::advance)
        .testing()
        .idSeed(FIRST_PROCESS + process)
        .testing()
        .wrapRegistry(real -> turns.registry(real, process))
        .testing()
        .wrapFiles(real -> turns.files(place.files(), process))
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
