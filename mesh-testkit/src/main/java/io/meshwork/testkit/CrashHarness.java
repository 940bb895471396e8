package io.meshwork.testkit;

import io.meshwork.Mesh;
import io.meshwork.MeshBuilder;
import io.meshwork.testkit.Faults.Call;
import io.meshwork.testkit.Faults.Death;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs a scenario once for every way to die at every port call that it makes: before the call, half
 * way through it, after it, with its answer lost, or with the commit delayed; killed, thrown out,
 * or going on. After each it opens the mesh again and checks that nothing is half done and that
 * nobody lied:
 *
 * <ul>
 *   <li>Rows, documents and logs are those of a run without faults, before or after one of its
 *       commits; all of it if the scenario ended well, less if it said that nothing was committed.
 *   <li>The doctor finds no damage; whatever tables name is there in its length; each snapshot
 *       follows the one before; attempts, keys and log entries tell of each other; the rows are
 *       those that the receipts add up to. Files left over are all found by the doctor.
 *   <li>Unless it was killed, no stream was left open. If nobody died, no unfinished file was left;
 *       and unless a file could not be deleted or the outcome is unknown, no file at all.
 *   <li>The recovery, which is the scenario once more unless said otherwise, ends well, within four
 *       times as many calls, and then all is as after the run without faults. Commits that arrive
 *       late change nothing.
 * </ul>
 *
 * <pre>{@code
 * CrashReport report =
 *     CrashHarness.of("my etl", mesh -> MyEtl.run(mesh, "2026-11-20"))
 *         .after(mesh -> MyEtl.define(mesh))
 *         .run();
 * }</pre>
 *
 * <p>The scenario must do the same each time: fixed rows, idempotency keys, no clock of its own. It
 * runs on one thread. Not thread-safe.
 */
public final class CrashHarness {
  private static final int FAILURES_SHOWN = 5;
  static final int CALLS_BEYOND = 100;

  /** What a notifier is called that a run may have. */
  private static final String NOTIFIER = "crash-harness";

  /** After so long maintenance takes for dead whoever left something. */
  static final Duration ABANDONED = Duration.ofDays(8);

  /** Numbers of processes, so that no two draw the same ids. */
  static final long PREPARATION = 1;

  static final long SCENARIO = 2;
  static final long RECOVERY = 3;
  static final long PREDECESSOR = 4;
  static final long SECOND_SCENARIO = 5;
  static final long WRONG_RECOVERY = 6;

  /** So many deaths around commits and the end come on top of one at every so many calls. */
  private static final int DECISIVE = 4;

  private final String name;

  /** Settings, which the runs read. */
  final Consumer<Mesh> scenario;

  final Map<String, Consumer<Mesh>> checks = new LinkedHashMap<>();
  final List<String> differing = new ArrayList<>();
  Consumer<Mesh> setUp = mesh -> {};
  Consumer<Mesh> recovery;
  Supplier<MeshPlace> places = MeshPlace::inMemory;
  @Nullable Consumer<Mesh> maintenance;
  @Nullable Consumer<Mesh> predecessor;
  Duration untilRecovery = Duration.ZERO;
  boolean anyWay;
  boolean severalSteps;
  boolean onceForEachState;
  ClockSkew clocks = ClockSkew.NONE;
  long seed = 1;
  private @Nullable CrashPlan only;
  private Duration passed = Duration.ZERO;
  private boolean notifying;
  private Set<Death> deaths = EnumSet.allOf(Death.class);
  private int most = Integer.MAX_VALUE;
  private int step;
  private int pairs;
  private int threads = 1;

  private CrashHarness(String name, Consumer<Mesh> scenario) {
    this.name = name;
    this.scenario = scenario;
    this.recovery = scenario;
  }

  /**
   * A harness for a scenario.
   *
   * @param name for reports
   * @param scenario what dies
   */
  public static CrashHarness of(String name, Consumer<Mesh> scenario) {
    return new CrashHarness(name, scenario);
  }

  /** What is there before the scenario, such as domain and product. Default: an empty mesh. */
  public CrashHarness after(Consumer<Mesh> preparation) {
    setUp = preparation;
    return this;
  }

  /** So much time passes between that and the scenario, such as for maintenance. Default: none. */
  public CrashHarness passing(Duration time) {
    passed = time;
    return this;
  }

  /**
   * Before the scenario, another process starts this and is killed directly before its first
   * commit, so that the scenario finds its files. Default: none.
   */
  public CrashHarness afterKilled(Consumer<Mesh> abandoned) {
    predecessor = abandoned;
    return this;
  }

  /**
   * The mesh has a notifier, at whose calls the scenario dies too. After the recovery it must have
   * been told, once or more often, of each notice of which it is told without faults, and of no
   * other. Default: it has none.
   */
  public CrashHarness notifying() {
    notifying = true;
    return this;
  }

  /**
   * The scenario takes several steps, so that one that fails says nothing of those before it.
   * Default: it is one operation.
   */
  public CrashHarness inSeveralSteps() {
    severalSteps = true;
    return this;
  }

  /**
   * It may come to its end by several ways, as maintenance that clears away something else after it
   * was interrupted. Then before the recovery rows alone are compared, files may be left for the
   * recovery, and at the end all documents but those that tell of the way. Default: documents and
   * logs are compared, too, at each step.
   *
   * @param tellingOfTheWay how the sort keys of documents begin that may differ at the end, such as
   *     {@code log/}
   */
  public CrashHarness byAnyWay(String... tellingOfTheWay) {
    anyWay = true;
    differing.addAll(List.of(tellingOfTheWay));
    return this;
  }

  /** What the next process does about it. Default: the scenario once more. */
  public CrashHarness recoveringBy(Consumer<Mesh> next) {
    recovery = next;
    return this;
  }

  /** So much time passes before the recovery, such as until something is retried. Default: none. */
  public CrashHarness recoveringAfter(Duration time) {
    untilRecovery = time;
    return this;
  }

  /** Where it runs; asked for a new and empty place each time. Default: in memory. */
  public CrashHarness on(Supplier<MeshPlace> newPlaces) {
    places = newPlaces;
    return this;
  }

  /**
   * The clocks of two hosts are wrong. Default: all clocks are right.
   *
   * @param crashing how far the clock of the host that crashes is ahead; negative is behind
   * @param recovering how far the clock of the host that recovers is ahead; negative is behind
   */
  public CrashHarness clocksAhead(Duration crashing, Duration recovering) {
    clocks = new ClockSkew(crashing, recovering, clocks.registryTimed());
    return this;
  }

  /** The registry has a clock of its own, which is right. Default: the registry has none. */
  public CrashHarness registryTimed() {
    clocks = new ClockSkew(clocks.crashing(), clocks.recovering(), true);
    return this;
  }

  /** One more thing that must hold after each recovery; it throws if it does not. */
  public CrashHarness check(String what, Consumer<Mesh> check) {
    checks.put(what, check);
    return this;
  }

  /**
   * Maintenance that is run eight days after each recovery: it must change no row, and leave no
   * file that nobody needs. Default: none.
   */
  public CrashHarness maintainedBy(Consumer<Mesh> upkeep) {
    maintenance = upkeep;
    return this;
  }

  /** Only these deaths. Default: all. */
  public CrashHarness dying(Death first, Death... more) {
    deaths = EnumSet.of(first, more);
    return this;
  }

  /** At most so many points, spread evenly over all and chosen by the seed. Default: all. */
  public CrashHarness atMost(int points) {
    most = points;
    return this;
  }

  /**
   * One death at every so many calls, and a few more around the commits; which death, and from
   * which call on, the seed chooses. Default: all deaths at every call.
   *
   * @param calls 1 is every call, 10 every tenth
   * @throws IllegalArgumentException if it is below 1
   */
  public CrashHarness oneAtEvery(int calls) {
    if (calls < 1) {
      throw new IllegalArgumentException("Every call is every 1, and this is " + calls);
    }
    step = calls;
    return this;
  }

  /**
   * So many times it dies by chance, and the recovery from it dies, too, or meets a fault; the next
   * recovery must do it. The seed chooses. Default: recoveries do not die.
   */
  public CrashHarness dyingTwice(int times) {
    pairs = times;
    return this;
  }

  /**
   * The number of points that run at the same time, each at a place of its own. Default: 1.
   *
   * @throws IllegalArgumentException if it is below 1
   */
  public CrashHarness threads(int points) {
    if (points < 1) {
      throw new IllegalArgumentException("The number of threads is at least 1, not " + points);
    }
    threads = points;
    return this;
  }

  /**
   * Recovers once for all points that leave the same documents and files at the same time. Only for
   * places in memory, and for scenarios, recoveries, and checks that depend on nothing but the
   * mesh. Default: each point recovers.
   */
  public CrashHarness oneRecoveryForEachState() {
    onceForEachState = true;
    return this;
  }

  /** Which points are chosen where not all are. Default: 1. */
  public CrashHarness seed(long start) {
    seed = start;
    return this;
  }

  /** Only this point, as a failed run printed it. */
  public CrashHarness only(String point) {
    only = CrashPlan.parse(point);
    return this;
  }

  /**
   * Runs it.
   *
   * @throws AssertionError if something does not hold: after how many points, and for the first few
   *     of them what, and how to run it alone
   */
  public CrashReport run() {
    try (CrashBase base = new CrashBase(this)) {
      List<CrashPoint> all =
          CrashPoint.of(base.calls()).stream()
              .filter(point -> deaths.contains(point.death()))
              .toList();
      List<CrashPlan> chosen = choose(all, base.calls());
      CrashCounts tally = new CrashCounts();
      List<List<String>> broken = run(base, chosen, tally);
      List<String> failures = new ArrayList<>();
      for (int i = 0; i < chosen.size(); i++) {
        if (!broken.get(i).isEmpty()) {
          failures.add(failure(chosen.get(i), base.calls(), broken.get(i)));
        }
      }
      if (!failures.isEmpty()) {
        throw new AssertionError(
            "'"
                + name
                + "' does not survive "
                + failures.size()
                + " of "
                + chosen.size()
                + " crashes:"
                + String.join("", failures.subList(0, Math.min(FAILURES_SHOWN, failures.size()))));
      }
      return tally.report(name, base, all.size(), chosen.size());
    }
  }

  private List<CrashPlan> choose(List<CrashPoint> all, List<Call> calls) {
    CrashPlan single = only;
    if (single != null) {
      return List.of(single);
    }
    if (pairs > 0) {
      return CrashPlan.twice(all, calls.size(), pairs, seed);
    }
    return CrashPlan.once(
        step > 0
            ? CrashPoint.oneAtEvery(step, all, calls, DECISIVE, seed)
            : CrashPoint.sample(all, calls, most, seed));
  }

  private List<List<String>> run(CrashBase base, List<CrashPlan> plans, CrashCounts tally) {
    List<Callable<List<List<String>>>> parts = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      int from = thread;
      parts.add(
          () -> {
            List<List<String>> broken = new ArrayList<>();
            for (CrashPlan plan : part(plans, from)) {
              broken.add(new CrashRun(this, base, plan, tally).run());
            }
            return broken;
          });
    }
    try {
      return threads == 1 ? parts.get(0).call() : runOnThreads(parts);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("'" + name + "' could not be run: " + e, e);
    }
  }

  private List<List<String>> runOnThreads(List<Callable<List<List<String>>>> parts)
      throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<List<String>> broken = new ArrayList<>();
      for (Future<List<List<String>>> part : executor.invokeAll(parts)) {
        broken.addAll(part.get());
      }
      return broken;
    } finally {
      executor.shutdownNow();
    }
  }

  /** Neighbours stay together, as they often die in the same state. */
  private List<CrashPlan> part(List<CrashPlan> plans, int number) {
    return plans.subList(number * plans.size() / threads, (number + 1) * plans.size() / threads);
  }

  private static String failure(CrashPlan plan, List<Call> calls, List<String> broken) {
    CrashPoint point = plan.first();
    String at =
        point.call() <= calls.size()
            ? calls.get(point.call() - 1).port() + " " + calls.get(point.call() - 1).subject()
            : "a call that the run without faults did not make";
    return "\n* at call "
        + point.call()
        + " of "
        + calls.size()
        + ", "
        + at
        + ", "
        + point.phase()
        + ", "
        + point.death()
        + " (alone: .only(\""
        + plan
        + "\"))\n  "
        + String.join("\n  ", broken);
  }

  /** Such a clock as a process has that comes after the time that passes. */
  ManualClock laterClock() {
    ManualClock clock = OpenPlace.clock();
    if (!passed.isZero()) {
      advance(clock, passed);
    }
    return clock;
  }

  /** Files on a disk have the age that the system's clock gives them, so that passes as well. */
  static void advance(ManualClock clock, Duration time) {
    Duration behind = Duration.between(clock.instant(), Instant.now());
    clock.advance(time.plus(behind.isNegative() ? Duration.ZERO : behind));
  }

  OpenPlace open(
      MeshPlace place, ManualClock clock, long process, Faults faults, RecordingNotifier notices) {
    return open(place, clock, Duration.ZERO, process, faults, notices);
  }

  /** The same on a host whose clock is that far ahead. */
  OpenPlace open(
      MeshPlace place,
      ManualClock clock,
      Duration ahead,
      long process,
      Faults faults,
      RecordingNotifier notices) {
    return OpenPlace.of(
        place,
        clock,
        ahead,
        process,
        faults,
        settings -> {
          MeshBuilder timed =
              clocks.registryTimed()
                  ? settings.testing().throughRegistry(real -> new TimedRegistry(real, clock))
                  : settings;
          return notifying ? timed.notifying(NOTIFIER, faults.notifier(notices)) : timed;
        });
  }
}
