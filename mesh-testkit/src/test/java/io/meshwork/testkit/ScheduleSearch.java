package io.meshwork.testkit;

import io.meshwork.testkit.CallTurns.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.BiPredicate;

/**
 * Finds schedules of two processes with few preemptions: each preempts the last turn of one that
 * was run. A schedule is the number of calls in each turn, see {@link CallTurns}; if the first is
 * 0, the second process begins. Not thread-safe.
 *
 * <p>A reduced search leaves out a schedule if another one that it runs has the same result. It
 * preempts a process only before a step that conflicts with a step of the turn that follows. If
 * none conflicts, the step can be moved before that turn, which leaves all results as they are and
 * needs no more preemptions. Moves end, because they make earlier turns longer. So each schedule
 * equals one in which each preempted step conflicts with the turn that follows, and the search runs
 * all of these.
 *
 * <p>What the turn that follows accesses is known before it is run: preempted one step later, it is
 * the same unless the step between conflicts with it.
 */
final class ScheduleSearch {
  private final Random random;
  private final int mostPreemptions;
  private final BiPredicate<Accesses, Accesses> conflict;
  private final List<Candidate> once = new ArrayList<>();
  private final List<Candidate> more = new ArrayList<>();
  private boolean preferOnce;

  private ScheduleSearch(long seed, int mostPreemptions, BiPredicate<Accesses, Accesses> conflict) {
    random = new Random(seed);
    this.mostPreemptions = mostPreemptions;
    this.conflict = conflict;
  }

  /** Creates a search for all schedules, which chooses by a seed what is run next. */
  static ScheduleSearch full(long seed, int mostPreemptions) {
    return new ScheduleSearch(seed, mostPreemptions, (step, other) -> true);
  }

  /** Creates a search for schedules with all results, which chooses by a seed what is run next. */
  static ScheduleSearch reduced(long seed, int mostPreemptions) {
    return new ScheduleSearch(seed, mostPreemptions, Accesses::conflictsWith);
  }

  /**
   * A schedule that was run.
   *
   * @param steps all steps in their order
   * @param last the steps of the last turn
   * @param rest the steps of the other process after the last turn
   * @param fewest the fewest calls of the last turn with which the preemption before it matters
   */
  private record Run(
      int[] schedule, List<Accesses> steps, List<Accesses> last, List<Accesses> rest, int fewest) {
    static Run of(int[] schedule, List<Step> steps) {
      int before = Arrays.stream(schedule).sum();
      int process = schedule.length % 2;
      int end = before;
      while (end < steps.size() && steps.get(end).process() == process) {
        end++;
      }
      List<Accesses> accesses = steps.stream().map(Step::accesses).toList();
      return new Run(
          schedule,
          accesses,
          accesses.subList(before, end),
          accesses.subList(end, accesses.size()),
          1);
    }

    private Run withFewest(int calls) {
      return new Run(schedule, steps, last, rest, calls);
    }
  }

  /** A schedule that preempts the last turn of another one after so many calls. */
  private record Candidate(Run preempted, int calls) {
    int[] schedule() {
      int[] schedule = Arrays.copyOf(preempted.schedule, preempted.schedule.length + 1);
      schedule[preempted.schedule.length] = calls;
      return schedule;
    }

    /** The step before which the process is preempted. */
    Accesses step() {
      return preempted.last.get(calls);
    }
  }

  /**
   * The number of schedules of two processes that always make so many calls, at least 1 each, with
   * at most three preemptions.
   */
  static long estimate(long callsOfFirst, long callsOfSecond) {
    return beginning(callsOfFirst, callsOfSecond) + beginning(callsOfSecond, callsOfFirst);
  }

  /** One process is preempted up to twice, and the other once between. */
  private static long beginning(long callsOfFirst, long callsOfSecond) {
    long first = Math.max(1, callsOfFirst) - 1;
    long second = Math.max(1, callsOfSecond) - 1;
    return 1 + first + first * second + first * (first - 1) / 2 * second;
  }

  /** A runner of one schedule. */
  interface Runner {
    /** Runs a schedule and returns the steps of both processes. */
    List<Step> run(int[] schedule);
  }

  /** Runs a schedule without a preemption, and adds what preempts it. */
  List<Step> start(int[] schedule, Runner runner) {
    List<Step> steps = runner.run(schedule);
    Run run = Run.of(schedule, steps);
    add(run, run.last.size() - 1, run.rest);
    return steps;
  }

  /**
   * Runs by turns a schedule with one preemption, and one with more; adds what preempts it, and the
   * next one that preempts the same turn earlier.
   */
  void next(Runner runner) {
    Candidate candidate = choose();
    int[] schedule = candidate.schedule();
    Run run = Run.of(schedule, runner.run(schedule));
    checkBeginning(candidate.preempted, run);
    add(candidate.preempted, candidate.calls - 1, run.last);
    int fewest = 1;
    while (fewest <= run.last.size()
        && !conflict.test(candidate.step(), run.last.get(fewest - 1))) {
      fewest++;
    }
    add(run.withFewest(fewest), run.last.size() - 1, run.rest);
  }

  /** The same calls in the same order access the same. */
  private static void checkBeginning(Run preempted, Run run) {
    int before = Arrays.stream(run.schedule).sum();
    for (int step = 0; step < before; step++) {
      if (!run.steps.get(step).equals(preempted.steps.get(step))) {
        throw new AssertionError(
            "step %d of the same schedule was \n%s\nand then \n%s"
                .formatted(step, preempted.steps.get(step), run.steps.get(step)));
      }
    }
  }

  /**
   * Adds the schedule that preempts the last turn as late as it matters.
   *
   * @param most the most calls before the preemption
   * @param following the steps of the other process, if it is preempted one call later
   */
  private void add(Run run, int most, List<Accesses> following) {
    int preemptions = preemptions(run.schedule) + 1;
    if (preemptions > mostPreemptions) {
      return;
    }
    for (int calls = most; calls >= run.fewest; calls--) {
      Accesses step = run.last.get(calls);
      if (following.stream().anyMatch(other -> conflict.test(step, other))) {
        (preemptions == 1 ? once : more).add(new Candidate(run, calls));
        return;
      }
    }
  }

  private static int preemptions(int[] schedule) {
    return schedule.length > 0 && schedule[0] == 0 ? schedule.length - 1 : schedule.length;
  }

  /** Returns true if all schedules were run. */
  boolean isComplete() {
    return once.isEmpty() && more.isEmpty();
  }

  private Candidate choose() {
    preferOnce = !preferOnce;
    List<Candidate> from = more.isEmpty() || (preferOnce && !once.isEmpty()) ? once : more;
    int last = from.size() - 1;
    Collections.swap(from, random.nextInt(from.size()), last);
    return from.remove(last);
  }
}
