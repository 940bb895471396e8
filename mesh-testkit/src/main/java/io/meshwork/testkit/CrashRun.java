package io.meshwork.testkit;

import io.meshwork.Mesh;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshException;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.registry.Registry.Document;
import io.meshwork.testkit.Faults.Call;
import io.meshwork.testkit.Faults.Death;
import io.meshwork.testkit.Faults.Port;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One or two crashes of a {@link CrashHarness}, and the recovery. Used once, by one thread. */
final class CrashRun {
  /** Documents that differ with the times of maintenance runs. */
  private static final List<String> BY_TIMES_OF_MAINTENANCE = List.of("table/", "archive/");

  private static final Pattern ID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  private final CrashHarness harness;
  private final CrashBase base;
  private final CrashPoint point;
  private final @Nullable CrashPoint second;
  private final CrashCounts tally;
  private final Faults faults;
  private final Faults faultsAgain;
  private final ManualClock clock;
  private final RecordingNotifier notices = new RecordingNotifier();
  private final List<String> broken = new ArrayList<>();
  private Set<String> leftBefore = Set.of();
  private End end = End.UNKNOWN;
  private int reachedBefore;
  private boolean leftFiles;

  /** Then earlier files are retained: a commit that the registry lost may have them. */
  private boolean mayLackCommits;

  CrashRun(CrashHarness harness, CrashBase base, CrashSchedule schedule, CrashCounts tally) {
    this.harness = harness;
    this.base = base;
    this.point = schedule.first();
    this.second = schedule.second();
    this.tally = tally;
    this.faults = Faults.seeded(harness.seed);
    this.faultsAgain = Faults.seeded(harness.seed);
    this.clock = harness.laterClock();
  }

  /** Runs it and returns the violated invariants. */
  List<String> run() {
    try (MeshPlace place = base.fresh()) {
      try (OpenedMesh open =
          open(place, harness.clocks.crashing(), CrashHarness.SCENARIO, faults)) {
        if (harness.predecessor != null) {
          leftBefore = MeshInvariants.leftIn(open);
        }
        end = crash(open, point, harness.scenario);
      }
      if (faults.isDead() || point.call() > base.calls().size()) {
        place.crashed();
      }
      clock.advance(harness.untilRecovery);
      CrashPoint again = second;
      if (again != null) {
        crashAgain(place, again);
      }
      if (!harness.clocks.recovering().isZero()) {
        recoverWithWrongClock(place);
      }
      recoverOnce(place);
    } catch (RuntimeException | AssertionError e) {
      broken.add("the run failed: " + e);
    }
    return broken;
  }

  /** Recovers, unless a recovery from the same state was run before. */
  private void recoverOnce(MeshPlace place) {
    CrashState state = state(place).orElse(null);
    CrashRecovery same = state == null ? null : base.recoveries().get(state);
    if (same == null) {
      int before = broken.size();
      Faults none = Faults.seeded(harness.seed);
      try (OpenedMesh open = open(place, Duration.ZERO, CrashHarness.RECOVERY, none)) {
        recover(open);
        requireNoEntryAhead(open);
      }
      CrashRecovery recovery =
          new CrashRecovery(
              reachedBefore, leftFiles, List.copyOf(broken.subList(before, broken.size())));
      if (state != null) {
        base.recoveries().put(state, recovery);
      }
    } else {
      broken.addAll(same.broken());
      tally.count(same.reached(), base.stories().size() - 1, same.left());
    }
  }

  /** Returns the state on which the recovery depends; empty if it cannot be compared. */
  private Optional<CrashState> state(MeshPlace place) {
    if (!harness.onceForEachState
        || second != null
        || harness.clocks.differs()
        || faults.holdsBack()) {
      return Optional.empty();
    }
    return base.digest(place)
        .map(
            digest ->
                new CrashState(
                    digest,
                    clock.instant(),
                    end.name(),
                    ids(notices),
                    leftBefore,
                    point.death() == Death.NONE,
                    point.death() == Death.NONE && isDeletion(),
                    point.deliveredFirst()));
  }

  private OpenedMesh open(MeshPlace place, Duration ahead, long process, Faults met) {
    OpenedMesh open = harness.open(place, clock, ahead, process, met, notices);
    mayLackCommits = mayLackCommits || MeshInvariants.mayLackCommits(open);
    return open;
  }

  /** Recovers on a host with a wrong clock, which may be rejected. */
  private void recoverWithWrongClock(MeshPlace place) {
    Faults none = Faults.seeded(harness.seed);
    Duration ahead = harness.clocks.recovering();
    try (OpenedMesh open = open(place, ahead, CrashHarness.WRONG_RECOVERY, none)) {
      harness.recovery.accept(open.mesh());
      end = End.DONE;
    } catch (MeshException e) {
      if (e.errorCode() != ErrorCode.CLOCK_SKEWED) {
        broken.add("the recovery by a host that is " + ahead + " ahead failed: " + e);
      }
    } catch (RuntimeException | Error e) {
      broken.add("the recovery by a host that is " + ahead + " ahead failed: " + e);
    }
    clock.advance(harness.untilRecovery);
  }

  /**
   * A log keeps the time of its newest entry until that has come. {@code LocalMesh} writes the
   * first entries of {@code _mesh} by the system's clock.
   */
  private void requireNoEntryAhead(OpenedMesh open) {
    Instant latest = clock.instant().plus(harness.clocks.furthestAhead());
    Instant latestOfMesh = Instant.now().isAfter(latest) ? Instant.now() : latest;
    for (Document document : MeshStory.documents(open.registry())) {
      boolean ofMesh = document.key().partition().equals("_mesh");
      if (document.key().sort().equals("head")
          && Instant.parse(MeshStory.field(document, "at"))
              .isAfter(ofMesh ? latestOfMesh : latest)) {
        broken.add("the log of " + document.key().partition() + " is ahead: " + document.json());
      }
    }
  }

  private MeshInvariants invariants(OpenedMesh open) {
    Set<FindingCode> expected = new TreeSet<>();
    if (harness.clocks.differs()) {
      expected.addAll(MeshInvariants.CLOCKS_DIFFER);
    }
    if (mayLackCommits) {
      expected.add(FindingCode.UNKNOWN_FILES);
    }
    return MeshInvariants.of(open, expected);
  }

  private void crashAgain(MeshPlace place, CrashPoint again) {
    try (OpenedMesh open =
        open(place, harness.clocks.recovering(), CrashHarness.SECOND_SCENARIO, faultsAgain)) {
      End endAgain = crash(open, again, harness.recovery);
      boolean bothRejected = end == End.REJECTED && endAgain == End.REJECTED;
      boolean done = end == End.DONE || endAgain == End.DONE;
      end = done ? End.DONE : bothRejected ? End.REJECTED : End.UNKNOWN;
    } catch (MeshException e) {
      if (!harness.clocks.differs() || e.errorCode() != ErrorCode.CLOCK_SKEWED) {
        throw e;
      }
    }
    if (faultsAgain.isDead()) {
      place.crashed();
    }
    clock.advance(harness.untilRecovery);
  }

  private End crash(OpenedMesh open, CrashPoint at, Consumer<Mesh> acting) {
    Faults met = open.faults();
    int before = met.calls();
    met.onAny().nth(at.call()).set(at.fault());
    End outcome = End.UNKNOWN;
    try {
      acting.accept(open.mesh());
      outcome = End.DONE;
    } catch (OutcomeUnknownException | SimulatedCrash e) {
      outcome = End.UNKNOWN;
    } catch (MeshException e) {
      outcome = End.REJECTED;
    } catch (RuntimeException | Error e) {
      if (at.death() == Death.NONE) {
        broken.add("it failed with an unexpected exception: " + e);
      }
    }
    met.clear();
    requireReached(at, met.calls() - before);
    // The store releases a failed stream: Avro does not close a stream whose start failed.
    List<String> streams = new ArrayList<>(met.openStreams());
    streams.removeIf(location -> location.equals(failedFile(met)));
    if (!met.isDead() && !streams.isEmpty()) {
      broken.add("streams were left open: " + streams);
    }
    return outcome;
  }

  /** A single point that is never reached would pass whatever the scenario does. */
  private void requireReached(CrashPoint at, int calls) {
    if (harness.only != null && calls < at.call()) {
      broken.add("call " + at.call() + " was not reached: it ended after call " + calls);
    }
  }

  /** Returns the file whose call failed; the files of the base run have other names. */
  private static String failedFile(Faults faults) {
    return faults.made().stream()
        .filter(call -> call.met().kind() != InjectedFault.Kind.NONE)
        .map(Call::subject)
        .findFirst()
        .orElse("");
  }

  private void recover(OpenedMesh open) {
    int reached = checkBeforeRecovery(open);
    if (point.deliveredFirst() || (second != null && second.deliveredFirst())) {
      deliverTo(open);
      checkReportedOutcome(reached, indexOf(open.story(), "after the delayed commit arrived"));
    }
    int before = open.faults().calls();
    try {
      harness.recovery.accept(open.mesh());
    } catch (RuntimeException | Error e) {
      broken.add("the recovery failed: " + e);
      return;
    }
    int calls = open.faults().calls() - before;
    if (calls > 4 * base.calls().size() + CrashHarness.CALLS_BEYOND) {
      broken.add("the recovery took " + calls + " calls");
    }
    deliverTo(open);
    List<String> rows = requireAll(open, "after the recovery").rows();
    if (!ids(notices).equals(ids(base.notices()))) {
      broken.add("the notices are " + ids(notices) + ", not " + ids(base.notices()));
    }
    harness.checks.forEach((what, check) -> check(open.mesh(), what, check));
    Consumer<Mesh> upkeep = harness.maintenance;
    if (upkeep != null) {
      CrashHarness.advance(clock, CrashHarness.ABANDONED);
      upkeep.accept(open.mesh());
      if (!open.story().rows().equals(rows)) {
        broken.add("maintenance changed rows");
      }
      MeshInvariants invariants = invariants(open);
      broken.addAll(invariants.broken());
      Set<String> leftovers = new TreeSet<>(invariants.left());
      leftovers.removeIf(this::isNamedAhead);
      if (!leftovers.isEmpty() && !mayLackCommits) {
        broken.add("maintenance left " + leftovers);
      }
    }
  }

  /** A place without file times retains files of a host whose clock is ahead. */
  private boolean isNamedAhead(String file) {
    Matcher id = ID.matcher(file);
    return id.find()
        && IdGenerator.time(id.group()).filter(time -> time.isAfter(clock.instant())).isPresent();
  }

  /** Delivers the delayed commits. */
  private void deliverTo(OpenedMesh open) {
    faults.deliverTo(open.registry());
    faultsAgain.deliverTo(open.registry());
    mayLackCommits = mayLackCommits || MeshInvariants.mayLackCommits(open);
  }

  private int checkBeforeRecovery(OpenedMesh open) {
    int reached = indexOf(open.story(), "before the recovery");
    checkReportedOutcome(reached, reached);
    MeshInvariants invariants = invariants(open);
    broken.addAll(invariants.broken());
    checkLeftovers(invariants);
    reachedBefore = reached;
    leftFiles = !invariants.left().isEmpty();
    tally.count(reached, base.stories().size() - 1, leftFiles);
    return reached;
  }

  /** Checks that reported commits exist, and that commits reported as failed never appear. */
  private void checkReportedOutcome(int before, int now) {
    int last = base.stories().size() - 1;
    if (harness.anyWay) {
      return;
    }
    if (end == End.DONE && now != last) {
      broken.add("it succeeded, but its changes are incomplete");
    }
    if (end == End.REJECTED && ((now == last && !harness.severalSteps) || now != before)) {
      broken.add("it reported that nothing was committed, but changes exist");
    }
  }

  private void checkLeftovers(MeshInvariants invariants) {
    if (point.death() != Death.NONE || second != null) {
      return;
    }
    Set<String> leftovers = new TreeSet<>(invariants.left());
    leftovers.removeAll(leftBefore);
    if (leftovers.stream().anyMatch(file -> file.endsWith(".tmp"))) {
      broken.add("incomplete files were left: " + leftovers);
    }
    if (!harness.anyWay && end != End.UNKNOWN && !isDeletion() && !leftovers.isEmpty()) {
      broken.add("the process continued, but files were left: " + leftovers);
    }
  }

  /** Returns true if the call that failed was part of a deletion, which a later run completes. */
  private boolean isDeletion() {
    // The calls of this run: with a wrong clock, they differ from the run without a crash.
    Optional<Port> failed =
        faults.made().stream()
            .filter(call -> call.met().kind() != InjectedFault.Kind.NONE)
            .findFirst()
            .map(Call::port);
    return failed.filter(CrashRun::deletes).isPresent()
        || (failed.filter(port -> port == Port.REGISTRY_READ).isPresent() && precedesDeletion());
  }

  /** Returns true if the run without a crash read the registry here to delete files. */
  private boolean precedesDeletion() {
    return base.calls().stream()
        .skip(point.call())
        .map(Call::port)
        .filter(port -> port != Port.REGISTRY_READ)
        .findFirst()
        .filter(CrashRun::deletes)
        .isPresent();
  }

  /** Files are listed to delete them. */
  private static boolean deletes(Port port) {
    return port == Port.FILE_DELETE || port == Port.FILE_LIST;
  }

  private int indexOf(MeshStory story, String when) {
    int index = comparable(base.stories()).indexOf(comparable(List.of(story)).get(0));
    // The rows are as before or after, except quarantined rows past their retention.
    if (index < 0
        && harness.anyWay
        && (story.rows().equals(base.first().rows()) || story.rows().equals(base.last().rows()))) {
      return 1;
    }
    if (index < 0) {
      broken.add(
          "the mesh is partially changed "
              + when
              + "; differences to the expected content:"
              + String.join("", story.difference(base.last(), List.of())));
    }
    return index;
  }

  /** The number of retained positions differs with the clocks. */
  private List<MeshStory> comparable(List<MeshStory> stories) {
    return harness.clocks.differs()
        ? stories.stream().map(MeshStory::withoutFormerPositions).toList()
        : stories;
  }

  private MeshStory requireAll(OpenedMesh open, String when) {
    MeshStory last = base.last();
    MeshStory now = open.story();
    List<String> except = new ArrayList<>(harness.differing);
    if (harness.clocks.differs() && harness.anyWay) {
      except.addAll(BY_TIMES_OF_MAINTENANCE);
    }
    List<MeshStory> both = comparable(List.of(now, last));
    List<String> difference = both.get(0).difference(both.get(1), except);
    if (!difference.isEmpty()) {
      broken.add("the content differs " + when + ":" + String.join("", difference));
    }
    broken.addAll(invariants(open).broken());
    return now;
  }

  private void check(Mesh mesh, String what, Consumer<Mesh> check) {
    try {
      check.accept(mesh);
    } catch (RuntimeException | AssertionError e) {
      broken.add(what + ": " + e.getMessage());
    }
  }

  private static Set<String> ids(RecordingNotifier notices) {
    Set<String> ids = new TreeSet<>();
    notices.all().forEach(notice -> ids.add(notice.id()));
    return ids;
  }

  /** The reported outcome of the scenario. */
  private enum End {
    DONE,
    REJECTED,
    UNKNOWN
  }
}
