package io.meshwork.testkit;

import io.meshwork.Mesh;
import io.meshwork.error.MeshException;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.testkit.Faults.Call;
import io.meshwork.testkit.Faults.Death;
import io.meshwork.testkit.Faults.Phase;
import io.meshwork.testkit.Faults.Port;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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
  private static final int CALLS_BEYOND = 100;

  /** What a notifier is called that a run may have. */
  private static final String NOTIFIER = "crash-harness";

  /** After so long maintenance takes for dead whoever left something. */
  private static final Duration ABANDONED = Duration.ofDays(8);

  /** Numbers of processes, so that no two draw the same ids. */
  private static final long PREPARATION = 1;

  private static final long SCENARIO = 2;
  private static final long RECOVERY = 3;
  private static final long PREDECESSOR = 4;

  private final String name;
  private final Consumer<Mesh> scenario;
  private final Map<String, Consumer<Mesh>> checks = new LinkedHashMap<>();
  private Consumer<Mesh> setUp = mesh -> {};
  private Consumer<Mesh> recovery;
  private Supplier<MeshPlace> places = MeshPlace::inMemory;
  private @Nullable Consumer<Mesh> maintenance;
  private @Nullable Consumer<Mesh> predecessor;
  private @Nullable CrashPoint only;
  private Duration passed = Duration.ZERO;
  private Duration untilRecovery = Duration.ZERO;
  private boolean notifying;
  private boolean anyWay;
  private Set<Death> deaths = EnumSet.allOf(Death.class);
  private boolean severalSteps;
  private int most = Integer.MAX_VALUE;
  private long seed = 1;

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

  /** Somebody begins this in between, and is killed right before his first commit. */
  CrashHarness amidLeftoversOf(Consumer<Mesh> killed) {
    predecessor = killed;
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
   * It may come to its end by several ways, of which the documents tell, as maintenance that clears
   * away something else after it was interrupted. Then rows alone are compared, files may be left
   * for the recovery, and that it did all is for a check to say. Default: documents and logs are
   * compared, too.
   */
  public CrashHarness byAnyWay() {
    anyWay = true;
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

  /** Which points are chosen where not all are. Default: 1. */
  public CrashHarness seed(long start) {
    seed = start;
    return this;
  }

  /** Only this point, as a failed run printed it. */
  public CrashHarness only(String point) {
    only = CrashPoint.parse(point);
    return this;
  }

  /**
   * Runs it.
   *
   * @throws AssertionError if something does not hold: after how many points, and for the first few
   *     of them what, and how to run it alone
   */
  public CrashReport run() {
    try (Base base = new Base()) {
      List<CrashPoint> all =
          CrashPoint.of(base.calls).stream()
              .filter(point -> deaths.contains(point.death()))
              .toList();
      CrashPoint single = only;
      List<CrashPoint> chosen =
          single == null ? CrashPoint.sample(all, base.calls, most, seed) : List.of(single);
      Tally tally = new Tally();
      List<String> failures = new ArrayList<>();
      int failed = 0;
      for (CrashPoint point : chosen) {
        List<String> broken = new CrashRun(base, point, tally).run();
        if (!broken.isEmpty()) {
          failed++;
          if (failures.size() < FAILURES_SHOWN) {
            failures.add(failure(point, base.calls, broken));
          }
        }
      }
      if (failed > 0) {
        throw new AssertionError(
            "'"
                + name
                + "' does not survive "
                + failed
                + " of "
                + chosen.size()
                + " crashes:"
                + String.join("", failures));
      }
      return new CrashReport(
          name,
          base.callsByPort(),
          all.size(),
          chosen.size(),
          tally.undone,
          tally.partly,
          tally.done,
          tally.leftovers);
    }
  }

  private String failure(CrashPoint point, List<Call> calls, List<String> broken) {
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
        + point
        + "\"))\n  "
        + String.join("\n  ", broken);
  }

  /** Such a clock as a process has that comes after the time that passes. */
  private ManualClock laterClock() {
    ManualClock clock = OpenPlace.clock();
    if (!passed.isZero()) {
      advance(clock, passed);
    }
    return clock;
  }

  /** Files on a disk have the age that the system's clock gives them, so that passes as well. */
  private static void advance(ManualClock clock, Duration time) {
    Duration behind = Duration.between(clock.instant(), Instant.now());
    clock.advance(time.plus(behind.isNegative() ? Duration.ZERO : behind));
  }

  private OpenPlace open(
      MeshPlace place, ManualClock clock, long process, Faults faults, Notices notices) {
    return OpenPlace.of(
        place,
        clock,
        process,
        faults,
        settings -> notifying ? settings.notifying(NOTIFIER, faults.notifier(notices)) : settings);
  }

  private static Set<String> ids(Notices notices) {
    Set<String> ids = new TreeSet<>();
    notices.all().forEach(notice -> ids.add(notice.id()));
    return ids;
  }

  /** Counts of what was found before the recoveries. */
  private static final class Tally {
    private int undone;
    private int partly;
    private int done;
    private int leftovers;
  }

  /** The run without faults. */
  private final class Base implements AutoCloseable {
    private final @Nullable MeshPlace prepared;
    private final List<MeshStory> stories = new ArrayList<>();
    private final List<Call> calls;
    private final Notices notices = new Notices();

    Base() {
      MeshPlace first = prepare();
      MeshPlace copy = first.copy().orElse(null);
      prepared = copy == null ? null : first;
      try (MeshPlace place = copy == null ? first : copy) {
        tellStories(place);
      }
      try (MeshPlace place = fresh()) {
        calls = record(place);
      }
    }

    /** What the mesh says before each commit of the scenario, and after the last. */
    private void tellStories(MeshPlace place) {
      Faults faults = Faults.seeded(seed);
      try (OpenPlace open = open(place, laterClock(), SCENARIO, faults, notices)) {
        faults.on(Port.REGISTRY_COMMIT).meanwhile(() -> tell(open.story()));
        tell(open.story());
        scenario.accept(open.mesh());
        tell(open.story());
      }
    }

    private void tell(MeshStory story) {
      if (stories.isEmpty() || !stories.get(stories.size() - 1).equals(story)) {
        stories.add(story);
      }
    }

    private List<Call> record(MeshPlace place) {
      Faults faults = Faults.seeded(seed);
      try (OpenPlace open = open(place, laterClock(), SCENARIO, faults, new Notices())) {
        int before = faults.calls();
        scenario.accept(open.mesh());
        return faults.made().subList(before, faults.calls());
      }
    }

    /** A place as the scenario finds it. */
    MeshPlace fresh() {
      return prepared == null ? prepare() : prepared.copy().orElseThrow();
    }

    private MeshPlace prepare() {
      MeshPlace place = places.get();
      try (OpenPlace open =
          open(place, OpenPlace.clock(), PREPARATION, Faults.seeded(seed), new Notices())) {
        setUp.accept(open.mesh());
      }
      if (predecessor != null) {
        leaveBehind(place, predecessor);
      }
      return place;
    }

    private void leaveBehind(MeshPlace place, Consumer<Mesh> killed) {
      Faults faults = Faults.seeded(seed);
      try (OpenPlace open = open(place, OpenPlace.clock(), PREDECESSOR, faults, new Notices())) {
        faults.on(Port.REGISTRY_COMMIT).nth(1).crash(Phase.BEFORE, Death.KILL);
        killed.accept(open.mesh());
      } catch (SimulatedCrash e) {
        if (!faults.isDead()) {
          throw e;
        }
      }
    }

    Map<Port, Integer> callsByPort() {
      Map<Port, Integer> byPort = new TreeMap<>();
      calls.forEach(call -> byPort.merge(call.port(), 1, Integer::sum));
      return byPort;
    }

    @Override
    public void close() {
      if (prepared != null) {
        prepared.close();
      }
    }
  }

  /** How the scenario ended, as far as it says. */
  private enum End {
    DONE,
    REFUSED,
    UNKNOWN
  }

  /** One death and the recovery from it. */
  private final class CrashRun {
    private final Base base;
    private final CrashPoint point;
    private final Tally tally;
    private final Faults faults = Faults.seeded(seed);
    private final ManualClock clock = laterClock();
    private final Notices notices = new Notices();
    private final List<String> broken = new ArrayList<>();
    private Set<String> leftBefore = Set.of();
    private End end = End.UNKNOWN;

    CrashRun(Base base, CrashPoint point, Tally tally) {
      this.base = base;
      this.point = point;
      this.tally = tally;
    }

    List<String> run() {
      try (MeshPlace place = base.fresh()) {
        try (OpenPlace open = open(place, clock, SCENARIO, faults, notices)) {
          if (predecessor != null) {
            leftBefore = MeshInvariants.leftIn(open);
          }
          die(open.mesh());
        }
        if (faults.isDead() || point.call() > base.calls.size()) {
          place.crashed();
        }
        clock.advance(untilRecovery);
        try (OpenPlace open = open(place, clock, RECOVERY, Faults.seeded(seed), notices)) {
          recover(open);
        }
      } catch (RuntimeException | AssertionError e) {
        broken.add("it could not be looked at: " + e);
      }
      return broken;
    }

    private void die(Mesh mesh) {
      faults.onAny().nth(point.call()).set(point.mishap());
      try {
        scenario.accept(mesh);
        end = End.DONE;
      } catch (OutcomeUnknownException | SimulatedCrash e) {
        end = End.UNKNOWN;
      } catch (MeshException e) {
        end = End.REFUSED;
      } catch (RuntimeException | Error e) {
        if (point.death() == Death.NONE) {
          broken.add("it failed with what is no failure of a mesh: " + e);
        }
      }
      faults.clear();
      // A stream that failed is its store's to free: Avro does not close what it cannot begin.
      List<String> open = new ArrayList<>(faults.openStreams());
      open.removeIf(location -> location.equals(failedFile()));
      if (!faults.isDead() && !open.isEmpty()) {
        broken.add("streams were left open: " + open);
      }
    }

    /** The file whose call failed; not the base's, whose files have other names. */
    private String failedFile() {
      return faults.made().stream()
          .filter(call -> call.met().kind() != Mishap.Kind.NONE)
          .map(Call::subject)
          .findFirst()
          .orElse("");
    }

    private void recover(OpenPlace open) {
      int reached = lookAtWhatIsThere(open);
      if (point.deliveredFirst()) {
        faults.deliverTo(open.registry());
        checkHonest(reached, indexOf(open.story(), "after the delayed commit arrived"));
      }
      int before = open.faults().calls();
      try {
        recovery.accept(open.mesh());
      } catch (RuntimeException | Error e) {
        broken.add("the recovery failed: " + e);
        return;
      }
      int calls = open.faults().calls() - before;
      if (calls > 4 * base.calls.size() + CALLS_BEYOND) {
        broken.add("the recovery took " + calls + " calls");
      }
      faults.deliverTo(open.registry());
      requireAll(open, "after the recovery");
      if (!ids(notices).equals(ids(base.notices))) {
        broken.add("told of " + ids(notices) + " and not of " + ids(base.notices));
      }
      checks.forEach((what, check) -> check(open.mesh(), what, check));
      Consumer<Mesh> upkeep = maintenance;
      if (upkeep != null) {
        List<String> rows = open.story().rows();
        advance(clock, ABANDONED);
        upkeep.accept(open.mesh());
        if (!open.story().rows().equals(rows)) {
          broken.add("maintenance changed rows");
        }
        MeshInvariants invariants = MeshInvariants.of(open);
        broken.addAll(invariants.broken());
        if (!invariants.left().isEmpty()) {
          broken.add("maintenance left " + invariants.left());
        }
      }
    }

    private int lookAtWhatIsThere(OpenPlace open) {
      int reached = indexOf(open.story(), "before the recovery");
      checkHonest(reached, reached);
      MeshInvariants invariants = MeshInvariants.of(open);
      broken.addAll(invariants.broken());
      checkTidy(invariants);
      if (!invariants.left().isEmpty()) {
        tally.leftovers++;
      }
      int last = base.stories.size() - 1;
      if (reached == last) {
        tally.done++;
      } else if (reached > 0) {
        tally.partly++;
      } else {
        tally.undone++;
      }
      return reached;
    }

    /** What was said to be there is there; what was said not to be there never comes. */
    private void checkHonest(int before, int now) {
      int last = base.stories.size() - 1;
      if (anyWay) {
        return;
      }
      if (end == End.DONE && now != last) {
        broken.add("it ended well, and not all of it is there");
      }
      if (end == End.REFUSED && ((now == last && !severalSteps) || now != before)) {
        broken.add("it said that nothing was committed, and it is there");
      }
    }

    private void checkTidy(MeshInvariants invariants) {
      if (point.death() != Death.NONE) {
        return;
      }
      Set<String> left = new TreeSet<>(invariants.left());
      left.removeAll(leftBefore);
      if (left.stream().anyMatch(file -> file.endsWith(".tmp"))) {
        broken.add("unfinished files were left: " + left);
      }
      boolean undeleted =
          base.calls.size() >= point.call()
              && base.calls.get(point.call() - 1).port() == Port.FILE_DELETE;
      if (!anyWay && end != End.UNKNOWN && !undeleted && !left.isEmpty()) {
        broken.add("nobody died, and these files were left: " + left);
      }
    }

    private int indexOf(MeshStory story, String when) {
      int index = base.stories.indexOf(story);
      if (index < 0 && anyWay && story.rows().equals(base.stories.get(0).rows())) {
        return 1;
      }
      if (index < 0) {
        broken.add(
            "the mesh is half changed "
                + when
                + "; against what it should be:"
                + story.difference(base.stories.get(base.stories.size() - 1)));
      }
      return index;
    }

    private void requireAll(OpenPlace open, String when) {
      MeshStory last = base.stories.get(base.stories.size() - 1);
      MeshStory now = open.story();
      if (anyWay ? !now.rows().equals(last.rows()) : !now.equals(last)) {
        broken.add("not all is there, or too much, " + when + ":" + now.difference(last));
      }
      broken.addAll(MeshInvariants.of(open).broken());
    }

    private void check(Mesh mesh, String what, Consumer<Mesh> check) {
      try {
        check.accept(mesh);
      } catch (RuntimeException | AssertionError e) {
        broken.add(what + ": " + e.getMessage());
      }
    }
  }
}
