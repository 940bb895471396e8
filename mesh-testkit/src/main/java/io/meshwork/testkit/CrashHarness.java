package io.meshwork.testkit;

import io.meshwork.Mesh;
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
 * Runs a scenario once for every crash at every port call that it makes: before the call, in the
 * middle of it, after it, with a lost reply, or with a delayed commit; with the process killed,
 * with an error thrown, or with the process continuing. After each crash it opens the mesh again
 * and checks that no change is partial and that the reported outcome is correct:
 *
 * <ul>
 *   <li>Rows, documents and logs match a run without faults before or after one of its commits:
 *       after the last if the scenario succeeded, before it if the scenario reported that nothing
 *       was committed.
 *   <li>The doctor finds no problems; referenced files exist with their lengths; each snapshot
 *       follows the previous one; attempts, keys and log entries match; the rows are the sum of the
 *       receipts. The doctor finds all unreferenced files.
 *   <li>Unless the process was killed, no stream is open. If it continued, there is no incomplete
 *       file and, unless a deletion failed or the outcome is unknown, no unreferenced file.
 *   <li>The recovery, by default the scenario again, succeeds with at most four times as many
 *       calls, and the result is the same as without faults. Delayed commits have no effect.
 * </ul>
 *
 * <pre>{@code
 * CrashReport report =
 *     CrashHarness.of("my etl", mesh -> MyEtl.run(mesh, "2026-11-20"))
 *         .after(mesh -> MyEtl.define(mesh))
 *         .run();
 * }</pre>
 *
 * <p>The scenario must be deterministic: fixed rows, idempotency keys, only the mesh's clock. It
 * runs on one thread. Not thread-safe.
 */
public final class CrashHarness {
  private static final int MAX_FAILURES = 5;
  static final int CALLS_BEYOND = 100;

  /** The name of the notifier. */
  private static final String NOTIFIER = "crash-harness";

  /** The time after which maintenance removes abandoned files. */
  static final Duration ABANDONED = Duration.ofDays(8);

  /** Numbers of processes, each with other IDs. */
  static final long PREPARATION = 1;

  static final long SCENARIO = 2;
  static final long RECOVERY = 3;
  static final long PREDECESSOR = 4;
  static final long SECOND_SCENARIO = 5;
  static final long WRONG_RECOVERY = 6;

  /** The number of crashes at commits and at the end in addition to one at every n-th call. */
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
  @Nullable CrashSchedule only;
  private Duration passed = Duration.ZERO;
  private boolean notifying;
  private Set<Death> deaths = EnumSet.allOf(Death.class);
  private int limit = Integer.MAX_VALUE;
  private int step;
  private int pairs;
  private int threads = 1;

  private CrashHarness(String name, Consumer<Mesh> scenario) {
    this.name = name;
    this.scenario = scenario;
    this.recovery = scenario;
  }

  /**
   * Returns a harness for a scenario.
   *
   * @param name the name in reports
   * @param scenario the code that crashes
   */
  public static CrashHarness of(String name, Consumer<Mesh> scenario) {
    return new CrashHarness(name, scenario);
  }

  /** Prepares the mesh, for example with domain and product. Default: an empty mesh. */
  public CrashHarness after(Consumer<Mesh> preparation) {
    setUp = preparation;
    return this;
  }

  /** Lets this time pass before the scenario, for example for maintenance. Default: none. */
  public CrashHarness advanceClock(Duration time) {
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
   * Adds a notifier, at whose calls the scenario crashes too. After the recovery it must have
   * received exactly the notices of the run without faults, each at least once. Default: none.
   */
  public CrashHarness withNotifier() {
    notifying = true;
    return this;
  }

  /**
   * Declares that the scenario has several steps, so that the failure of one does not concern
   * earlier ones. Default: it is one operation.
   */
  public CrashHarness severalSteps() {
    severalSteps = true;
    return this;
  }

  /**
   * Declares that the scenario may reach its result in several ways, such as maintenance that
   * removes other files after an interruption. Then only rows are compared before the recovery,
   * files may remain until the recovery, and the given documents may differ at the end. Default:
   * documents and logs are compared at each step.
   *
   * @param differingPrefixes prefixes of sort keys of documents that may differ at the end, such as
   *     {@code log/}
   */
  public CrashHarness byAnyWay(String... differingPrefixes) {
    anyWay = true;
    differing.addAll(List.of(differingPrefixes));
    return this;
  }

  /** Sets the recovery that the next process runs. Default: the scenario again. */
  public CrashHarness recoverBy(Consumer<Mesh> next) {
    recovery = next;
    return this;
  }

  /** Lets this time pass before the recovery, for example until a retry. Default: none. */
  public CrashHarness recoverAfter(Duration time) {
    untilRecovery = time;
    return this;
  }

  /** Sets where it runs; supplies a new, empty place each time. Default: in memory. */
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

  /** The registry has its own clock, which is right. Default: the registry has none. */
  public CrashHarness registryClock() {
    clocks = new ClockSkew(clocks.crashing(), clocks.recovering(), true);
    return this;
  }

  /** Adds a check after each recovery, which throws if it fails. */
  public CrashHarness check(String what, Consumer<Mesh> check) {
    checks.put(what, check);
    return this;
  }

  /**
   * Sets maintenance to run eight days after each recovery: it must change no row and leave no
   * unreferenced file. Default: none.
   */
  public CrashHarness maintainBy(Consumer<Mesh> upkeep) {
    maintenance = upkeep;
    return this;
  }

  /** Limits how processes end. Default: in all ways. */
  public CrashHarness deaths(Death first, Death... more) {
    deaths = EnumSet.of(first, more);
    return this;
  }

  /** Limits the crash points to a random, evenly spread sample. Default: all. */
  public CrashHarness atMost(int points) {
    limit = points;
    return this;
  }

  /**
   * Limits the crash points to one at every n-th call and a few more at commits; the seed selects
   * them. Default: all at every call.
   *
   * @param calls 1 for every call, 10 for every tenth
   * @throws IllegalArgumentException if below 1
   */
  public CrashHarness oneAtEvery(int calls) {
    if (calls < 1) {
      throw new IllegalArgumentException(
          "The minimum is 1, for every call; the argument is " + calls);
    }
    step = calls;
    return this;
  }

  /**
   * Runs this many random pairs of crashes: the scenario crashes, then its recovery crashes or has
   * a fault, then the next recovery must succeed. The seed selects them. Default: recoveries do not
   * crash.
   */
  public CrashHarness dieTwice(int times) {
    pairs = times;
    return this;
  }

  /**
   * The number of points that run at the same time, each at its own place. Default: 1.
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

  /** Sets the seed that selects crash points. Default: 1. */
  public CrashHarness seed(long start) {
    seed = start;
    return this;
  }

  /**
   * Runs only this crash point, in the form that a failed run prints. It fails if the scenario or
   * its recovery ends before the call of the crash. A host that is rejected by its clock is tried.
   */
  public CrashHarness only(String point) {
    only = CrashSchedule.parse(point);
    return this;
  }

  /**
   * Runs all crash points.
   *
   * @throws AssertionError if a check fails; contains the number of failed points and, for the
   *     first of them, the failed checks and how to run the point alone
   */
  public CrashReport run() {
    try (CrashBase base = new CrashBase(this)) {
      List<CrashPoint> all =
          CrashPoint.of(base.calls()).stream()
              .filter(point -> deaths.contains(point.death()))
              .toList();
      List<CrashSchedule> chosen = choose(all, base.calls());
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
                + String.join("", failures.subList(0, Math.min(MAX_FAILURES, failures.size()))));
      }
      return tally.report(name, base, all.size(), chosen.size());
    }
  }

  private List<CrashSchedule> choose(List<CrashPoint> all, List<Call> calls) {
    CrashSchedule single = only;
    if (single != null) {
      return List.of(single);
    }
    if (pairs > 0) {
      return CrashSchedule.twice(all, calls.size(), pairs, seed);
    }
    return CrashSchedule.once(
        step > 0
            ? CrashPoint.oneAtEvery(step, all, calls, DECISIVE, seed)
            : CrashPoint.sample(all, calls, limit, seed));
  }

  private List<List<String>> run(CrashBase base, List<CrashSchedule> schedules, CrashCounts tally) {
    List<Callable<List<List<String>>>> parts = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      int from = thread;
      parts.add(
          () -> {
            List<List<String>> broken = new ArrayList<>();
            for (CrashSchedule schedule : part(schedules, from)) {
              broken.add(new CrashRun(this, base, schedule, tally).run());
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
  private List<CrashSchedule> part(List<CrashSchedule> schedules, int number) {
    return schedules.subList(
        number * schedules.size() / threads, (number + 1) * schedules.size() / threads);
  }

  private static String failure(CrashSchedule schedule, List<Call> calls, List<String> broken) {
    CrashPoint point = schedule.first();
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
        + schedule
        + "\"))\n  "
        + String.join("\n  ", broken);
  }

  /** Returns a clock with the time after {@link #advanceClock}. */
  ManualClock laterClock() {
    ManualClock clock = OpenedMesh.clock();
    clock.advance(passed);
    return clock;
  }

  /** Advances the clock past the system time too, because files have the system's time. */
  static void advance(ManualClock clock, Duration time) {
    Duration behind = Duration.between(clock.instant(), Instant.now());
    clock.advance(time.plus(behind.isNegative() ? Duration.ZERO : behind));
  }

  OpenedMesh open(
      MeshPlace place, ManualClock clock, long process, Faults faults, RecordingNotifier notices) {
    return open(place, clock, Duration.ZERO, process, faults, notices);
  }

  /** Opens a place on a host whose clock is this far ahead. */
  OpenedMesh open(
      MeshPlace place,
      ManualClock clock,
      Duration ahead,
      long process,
      Faults faults,
      RecordingNotifier notices) {
    return OpenedMesh.of(
        place,
        clock,
        ahead,
        process,
        faults,
        settings -> {
          Mesh.Builder timed =
              clocks.registryTimed()
                  ? settings.testing().wrapRegistry(real -> new TimedRegistry(real, clock))
                  : settings;
          return notifying ? timed.notifier(NOTIFIER, faults.notifier(notices)) : timed;
        });
  }
}
