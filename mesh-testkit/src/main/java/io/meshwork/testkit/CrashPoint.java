package io.meshwork.testkit;

import io.meshwork.testkit.Faults.Call;
import io.meshwork.testkit.Faults.Death;
import io.meshwork.testkit.Faults.Phase;
import io.meshwork.testkit.Faults.Port;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * One crash at one call.
 *
 * @param call the number of the call, from 1
 * @param phase when the process ends
 * @param death how the process ends
 * @param share the part of a torn call that takes effect
 * @param deliveredFirst whether a delayed commit arrives before the recovery
 */
record CrashPoint(int call, Phase phase, Death death, double share, boolean deliveredFirst) {
  /** One byte or file, half of them, all but one. */
  private static final double[] SHARES = {Double.MIN_VALUE, 0.5, 1};

  /**
   * Returns all crashes at these calls. Calls without parts are not torn, and reads have no phase
   * after them.
   */
  static List<CrashPoint> of(List<Call> calls) {
    List<CrashPoint> points = new ArrayList<>();
    for (int i = 0; i < calls.size(); i++) {
      int number = i + 1;
      Call call = calls.get(i);
      for (Death death : Death.values()) {
        points.add(new CrashPoint(number, Phase.BEFORE, death, 0, false));
        if (call.size() > 1) {
          for (double share : SHARES) {
            points.add(new CrashPoint(number, Phase.TORN, death, share, false));
          }
        }
        if (call.port() == Port.REGISTRY_COMMIT) {
          points.add(new CrashPoint(number, Phase.DELAYED, death, 0, false));
          points.add(new CrashPoint(number, Phase.DELAYED, death, 0, true));
        }
        boolean silent = death == Death.NONE && call.port() != Port.REGISTRY_COMMIT;
        if (changes(call.port()) && !silent) {
          points.add(new CrashPoint(number, Phase.AFTER, death, 0, false));
        }
        if (changes(call.port()) && death != Death.THROW) {
          points.add(new CrashPoint(number, Phase.REPLY_LOST, death, 0, false));
        }
      }
    }
    points.add(new CrashPoint(calls.size() + 1, Phase.BEFORE, Death.KILL, 0, false));
    return points;
  }

  private static boolean changes(Port port) {
    return switch (port) {
      case REGISTRY_READ, REGISTRY_LIST, FILE_READ, FILE_LIST -> false;
      case REGISTRY_COMMIT, REGISTRY_RESOLVE, FILE_WRITE, FILE_CLOSE, FILE_DELETE, NOTIFY -> true;
    };
  }

  /**
   * Returns a random sample: up to one half at commits and at the end, the others spread evenly
   * over the list.
   */
  static List<CrashPoint> sample(List<CrashPoint> all, List<Call> calls, int limit, long seed) {
    if (all.size() <= limit) {
      return all;
    }
    Random random = new Random(seed);
    List<CrashPoint> decisive = all.stream().filter(point -> point.decides(calls)).toList();
    List<CrashPoint> others = all.stream().filter(point -> !point.decides(calls)).toList();
    List<CrashPoint> chosen = new ArrayList<>(spread(decisive, limit / 2, random));
    chosen.addAll(spread(others, limit - chosen.size(), random));
    return chosen;
  }

  /**
   * Returns a random crash at every {@code step}-th call, from a random first call, and some more
   * at commits and at the end.
   */
  static List<CrashPoint> oneAtEvery(
      int step, List<CrashPoint> all, List<Call> calls, int decisive, long seed) {
    Random random = new Random(seed);
    int offset = random.nextInt(step);
    Map<Integer, List<CrashPoint>> byCall = new TreeMap<>();
    for (CrashPoint point : all) {
      if ((point.call + offset) % step == 0) {
        byCall.computeIfAbsent(point.call, call -> new ArrayList<>()).add(point);
      }
    }
    Set<CrashPoint> chosen = new LinkedHashSet<>();
    byCall.values().forEach(points -> chosen.add(points.get(random.nextInt(points.size()))));
    chosen.addAll(
        spread(all.stream().filter(point -> point.decides(calls)).toList(), decisive, random));
    return List.copyOf(chosen);
  }

  private boolean decides(List<Call> calls) {
    return call > calls.size()
        || calls.get(call - 1).port() == Port.REGISTRY_COMMIT
        || calls.get(call - 1).port() == Port.REGISTRY_RESOLVE;
  }

  /** Returns the same crash at another call. */
  CrashPoint at(int number) {
    return new CrashPoint(number, phase, death, share, deliveredFirst);
  }

  private static List<CrashPoint> spread(List<CrashPoint> points, int limit, Random random) {
    if (points.size() <= limit) {
      return points;
    }
    List<CrashPoint> chosen = new ArrayList<>();
    for (int i = 0; i < limit; i++) {
      int from = (int) ((long) i * points.size() / limit);
      int to = (int) ((i + 1L) * points.size() / limit);
      chosen.add(points.get(from + random.nextInt(to - from)));
    }
    return chosen;
  }

  InjectedFault fault() {
    return InjectedFault.at(phase, death, share);
  }

  /** Returns the text that {@link #parse} parses. */
  @Override
  public String toString() {
    return call + " " + phase + " " + death + " " + share + " " + deliveredFirst;
  }

  static CrashPoint parse(String text) {
    String[] words = text.trim().split(" ", -1);
    if (words.length != 5) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a crash point: use the five words that the failed test printed");
    }
    return new CrashPoint(
        Integer.parseInt(words[0]),
        Phase.valueOf(words[1]),
        Death.valueOf(words[2]),
        Double.parseDouble(words[3]),
        Boolean.parseBoolean(words[4]));
  }
}
