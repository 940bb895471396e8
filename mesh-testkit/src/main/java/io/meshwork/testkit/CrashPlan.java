package io.meshwork.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * How one run of a scenario dies.
 *
 * @param first where the scenario dies
 * @param second where the recovery dies, before the next one; null if it does not
 */
record CrashPlan(CrashPoint first, @Nullable CrashPoint second) {
  private static final String THEN = " then ";

  /** Of a recovery half of the deaths lie within so many calls, as most of it is looking. */
  private static final int SOON = 16;

  static List<CrashPlan> once(List<CrashPoint> points) {
    return points.stream().map(point -> new CrashPlan(point, null)).toList();
  }

  /**
   * So many pairs by chance. A recovery makes other calls than the scenario, so the second death
   * may lie beyond its end; then it is none.
   *
   * @param points where a scenario can die
   * @param calls how many calls it makes
   */
  static List<CrashPlan> twice(List<CrashPoint> points, int calls, int most, long seed) {
    Random random = new Random(seed);
    List<CrashPlan> plans = new ArrayList<>();
    for (int i = 0; i < most; i++) {
      CrashPoint first = points.get(random.nextInt(points.size()));
      CrashPoint second = points.get(random.nextInt(points.size()));
      int within = random.nextBoolean() ? Math.min(SOON, calls) : calls;
      plans.add(new CrashPlan(first, second.at(1 + random.nextInt(within))));
    }
    return plans;
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return second == null ? first.toString() : first + THEN + second;
  }

  static CrashPlan parse(String text) {
    int then = text.indexOf(THEN);
    return then < 0
        ? new CrashPlan(CrashPoint.parse(text), null)
        : new CrashPlan(
            CrashPoint.parse(text.substring(0, then)),
            CrashPoint.parse(text.substring(then + THEN.length())));
  }
}
