package io.meshwork.testkit;

import io.meshwork.Mesh;
import io.meshwork.error.MeshException;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.testkit.Faults.Call;
import io.meshwork.testkit.Faults.Death;
import io.meshwork.testkit.Faults.Port;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One death of a {@link CrashHarness}, or two, and the recovery from it. Used once, by one thread.
 */
final class CrashRun {
  private final CrashHarness harness;
  private final CrashBase base;
  private final CrashPoint point;
  private final @Nullable CrashPoint second;
  private final CrashTally tally;
  private final Faults faults;
  private final Faults faultsAgain;
  private final ManualClock clock;
  private final Notices notices = new Notices();
  private final List<String> broken = new ArrayList<>();
  private Set<String> leftBefore = Set.of();
  private End end = End.UNKNOWN;

  CrashRun(CrashHarness harness, CrashBase base, CrashPlan plan, CrashTally tally) {
    this.harness = harness;
    this.base = base;
    this.point = plan.first();
    this.second = plan.second();
    this.tally = tally;
    this.faults = Faults.seeded(harness.seed);
    this.faultsAgain = Faults.seeded(harness.seed);
    this.clock = harness.laterClock();
  }

  /** What did not hold; empty if all is well. */
  List<String> run() {
    try (MeshPlace place = base.fresh()) {
      try (OpenPlace open = harness.open(place, clock, CrashHarness.SCENARIO, faults, notices)) {
        if (harness.predecessor != null) {
          leftBefore = MeshInvariants.leftIn(open);
        }
        end = die(open, point, harness.scenario);
      }
      if (faults.isDead() || point.call() > base.calls().size()) {
        place.crashed();
      }
      clock.advance(harness.untilRecovery);
      CrashPoint again = second;
      if (again != null) {
        dieAgain(place, again);
      }
      Faults none = Faults.seeded(harness.seed);
      try (OpenPlace open = harness.open(place, clock, CrashHarness.RECOVERY, none, notices)) {
        recover(open);
      }
    } catch (RuntimeException | AssertionError e) {
      broken.add("it could not be looked at: " + e);
    }
    return broken;
  }

  private void dieAgain(MeshPlace place, CrashPoint again) {
    try (OpenPlace open =
        harness.open(place, clock, CrashHarness.SECOND_SCENARIO, faultsAgain, notices)) {
      End endAgain = die(open, again, harness.recovery);
      boolean bothRefused = end == End.REFUSED && endAgain == End.REFUSED;
      boolean done = end == End.DONE || endAgain == End.DONE;
      end = done ? End.DONE : bothRefused ? End.REFUSED : End.UNKNOWN;
    }
    if (faultsAgain.isDead()) {
      place.crashed();
    }
    clock.advance(harness.untilRecovery);
  }

  private End die(OpenPlace open, CrashPoint at, Consumer<Mesh> acting) {
    Faults met = open.faults();
    met.onAny().nth(at.call()).set(at.mishap());
    End said = End.UNKNOWN;
    try {
      acting.accept(open.mesh());
      said = End.DONE;
    } catch (OutcomeUnknownException | SimulatedCrash e) {
      said = End.UNKNOWN;
    } catch (MeshException e) {
      said = End.REFUSED;
    } catch (RuntimeException | Error e) {
      if (at.death() == Death.NONE) {
        broken.add("it failed with what is no failure of a mesh: " + e);
      }
    }
    met.clear();
    // A stream that failed is its store's to free: Avro does not close what it cannot begin.
    List<String> streams = new ArrayList<>(met.openStreams());
    streams.removeIf(location -> location.equals(failedFile(met)));
    if (!met.isDead() && !streams.isEmpty()) {
      broken.add("streams were left open: " + streams);
    }
    return said;
  }

  /** The file whose call failed; not the base's, whose files have other names. */
  private static String failedFile(Faults faults) {
    return faults.made().stream()
        .filter(call -> call.met().kind() != Mishap.Kind.NONE)
        .map(Call::subject)
        .findFirst()
        .orElse("");
  }

  private void recover(OpenPlace open) {
    int reached = lookAtWhatIsThere(open);
    if (point.deliveredFirst() || (second != null && second.deliveredFirst())) {
      deliverTo(open);
      checkHonest(reached, indexOf(open.story(), "after the delayed commit arrived"));
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
    requireAll(open, "after the recovery");
    if (!ids(notices).equals(ids(base.notices()))) {
      broken.add("told of " + ids(notices) + " and not of " + ids(base.notices()));
    }
    harness.checks.forEach((what, check) -> check(open.mesh(), what, check));
    Consumer<Mesh> upkeep = harness.maintenance;
    if (upkeep != null) {
      List<String> rows = open.story().rows();
      CrashHarness.advance(clock, CrashHarness.ABANDONED);
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

  /** Commits that were on their way arrive now. */
  private void deliverTo(OpenPlace open) {
    faults.deliverTo(open.registry());
    faultsAgain.deliverTo(open.registry());
  }

  private int lookAtWhatIsThere(OpenPlace open) {
    int reached = indexOf(open.story(), "before the recovery");
    checkHonest(reached, reached);
    MeshInvariants invariants = MeshInvariants.of(open);
    broken.addAll(invariants.broken());
    checkTidy(invariants);
    tally.count(reached, base.stories().size() - 1, !invariants.left().isEmpty());
    return reached;
  }

  /** What was said to be there is there; what was said not to be there never comes. */
  private void checkHonest(int before, int now) {
    int last = base.stories().size() - 1;
    if (harness.anyWay) {
      return;
    }
    if (end == End.DONE && now != last) {
      broken.add("it ended well, and not all of it is there");
    }
    if (end == End.REFUSED && ((now == last && !harness.severalSteps) || now != before)) {
      broken.add("it said that nothing was committed, and it is there");
    }
  }

  private void checkTidy(MeshInvariants invariants) {
    if (point.death() != Death.NONE || second != null) {
      return;
    }
    Set<String> left = new TreeSet<>(invariants.left());
    left.removeAll(leftBefore);
    if (left.stream().anyMatch(file -> file.endsWith(".tmp"))) {
      broken.add("unfinished files were left: " + left);
    }
    boolean undeleted =
        base.calls().size() >= point.call()
            && base.calls().get(point.call() - 1).port() == Port.FILE_DELETE;
    if (!harness.anyWay && end != End.UNKNOWN && !undeleted && !left.isEmpty()) {
      broken.add("nobody died, and these files were left: " + left);
    }
  }

  private int indexOf(MeshStory story, String when) {
    int index = base.stories().indexOf(story);
    if (index < 0 && harness.anyWay && story.rows().equals(base.first().rows())) {
      return 1;
    }
    if (index < 0) {
      broken.add(
          "the mesh is half changed "
              + when
              + "; against what it should be:"
              + String.join("", story.difference(base.last(), List.of())));
    }
    return index;
  }

  private void requireAll(OpenPlace open, String when) {
    MeshStory last = base.last();
    MeshStory now = open.story();
    List<String> difference = now.difference(last, harness.differing);
    if (!difference.isEmpty()) {
      broken.add("not all is there, or too much, " + when + ":" + String.join("", difference));
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

  private static Set<String> ids(Notices notices) {
    Set<String> ids = new TreeSet<>();
    notices.all().forEach(notice -> ids.add(notice.id()));
    return ids;
  }

  /** How the scenario ended, as far as it says. */
  private enum End {
    DONE,
    REFUSED,
    UNKNOWN
  }
}
