package io.meshwork.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Finds all schedules of two processes with at most three preemptions: each preempts the last turn
 * of one that was run. A schedule is the number of calls in each turn, see {@link CallTurns}; if
 * the first is 0, the second process begins. Not thread-safe.
 */
final class ScheduleSearch {
  private static final int MOST_PREEMPTIONS = 3;

  private final Random random;
  private final List<int[]> once = new ArrayList<>();
  private final List<int[]> more = new ArrayList<>();
  private boolean preferOnce;

  /** Creates a search that chooses by a seed what is run next. */
  ScheduleSearch(long seed) {
    random = new Random(seed);
  }

  /** The number of schedules of two processes that always make so many calls, at least 1 each. */
  static long estimate(long callsOfFirst, long callsOfSecond) {
    return beginning(callsOfFirst, callsOfSecond) + beginning(callsOfSecond, callsOfFirst);
  }

  /** One process is preempted up to twice, and the other once between. */
  private static long beginning(long callsOfFirst, long callsOfSecond) {
    long first = Math.max(1, callsOfFirst) - 1;
    long second = Math.max(1, callsOfSecond) - 1;
    return 1 + first + first * second + first * (first - 1) / 2 * second;
  }

  /** Adds the schedules that preempt the last turn of one that was run. */
  void add(int[] schedule, int callsOfLastTurn) {
    int preemptions = preemptions(schedule) + 1;
    if (preemptions > MOST_PREEMPTIONS) {
      return;
    }
    for (int calls = 1; calls < callsOfLastTurn; calls++) {
      int[] next = Arrays.copyOf(schedule, schedule.length + 1);
      next[schedule.length] = calls;
      (preemptions == 1 ? once : more).add(next);
    }
  }

  private static int preemptions(int[] schedule) {
    return schedule.length > 0 && schedule[0] == 0 ? schedule.length - 1 : schedule.length;
  }

  /** Returns true if all that were found were chosen. */
  boolean isComplete() {
    return once.isEmpty() && more.isEmpty();
  }

  /** Returns true if all that were found with one preemption were chosen. */
  boolean hasAllPreemptedOnce() {
    return once.isEmpty();
  }

  /** Chooses by turns a schedule with one preemption, and one with more. */
  int[] next() {
    preferOnce = !preferOnce;
    List<int[]> from = more.isEmpty() || (preferOnce && !once.isEmpty()) ? once : more;
    int last = from.size() - 1;
    Collections.swap(from, random.nextInt(from.size()), last);
    return from.remove(last);
  }
}
