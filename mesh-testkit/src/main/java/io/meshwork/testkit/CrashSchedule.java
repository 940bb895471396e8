package io.meshwork.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The crashes of one run of a scenario.
 *
 * @param first where the scenario crashes
 * @param second where the first recovery crashes; null if it does not
 */
record CrashSchedule(CrashPoint first, @Nullable CrashPoint second) {
  private static final String THEN = " then ";

  /** Half of the crashes of a recovery are in this many first calls; later calls mostly read. */
  private static final int FIRST_CALLS = 16;

  static List<CrashSchedule> once(List<CrashPoint> points) {
    return points.stream().map(point -> new CrashSchedule(point, null)).toList();
  }

  /**
   * Returns random pairs of crashes. A recovery makes other calls than the scenario, so the second
   * crash may be after its end and have no effect.
   *
   * @param points the crash points of the scenario
   * @param calls the number of its calls
   * @param count the number of pairs
   */
  static List<CrashSchedule> twice(List<CrashPoint> points, int calls, int count, long seed) {
    Random random = new Random(seed);
    List<CrashSchedule> schedules = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      CrashPoint first = points.get(random.nextInt(points.size()));
      CrashPoint second = points.get(random.nextInt(points.size()));
      int within = random.nextBoolean() ? Math.min(FIRST_CALLS, calls) : calls;
      schedules.add(new CrashSchedule(first, second.at(1 + random.nextInt(within))));
    }
    return schedules;
  }

  /** Returns the text that {@link #parse} parses. */
  @Override
  public String toString() {
    return second == null ? first.toString() : first + THEN + second;
  }

  static CrashSchedule parse(String text) {
    int then = text.indexOf(THEN);
    return then < 0
        ? new CrashSchedule(CrashPoint.parse(text), null)
        : new CrashSchedule(
            CrashPoint.parse(text.substring(0, then)),
            CrashPoint.parse(text.substring(then + THEN.length())));
  }
}
