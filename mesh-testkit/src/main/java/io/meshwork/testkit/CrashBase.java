package io.meshwork.testkit;

import io.meshwork.Mesh;
import io.meshwork.testkit.Faults.Call;
import io.meshwork.testkit.Faults.Death;
import io.meshwork.testkit.Faults.Phase;
import io.meshwork.testkit.Faults.Port;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The run of a {@link CrashHarness} without faults: the contents of the mesh after each commit, the
 * calls, and prepared places for the scenario. Read by several threads.
 */
final class CrashBase implements AutoCloseable {
  private final CrashHarness harness;
  private final @Nullable MeshPlace prepared;
  private final List<MeshStory> stories = new ArrayList<>();
  private final List<Call> calls;
  private final RecordingNotifier notices = new RecordingNotifier();
  private final Map<CrashState, CrashRecovery> recoveries = new ConcurrentHashMap<>();

  CrashBase(CrashHarness harness) {
    this.harness = harness;
    MeshPlace first = prepare();
    MeshPlace copy = first.copy().orElse(null);
    prepared = copy == null ? null : first;
    try (MeshPlace place = copy == null ? first : copy) {
      recordStories(place);
    }
    try (MeshPlace place = fresh()) {
      calls = record(place);
    }
  }

  /** Records the content of the mesh before each commit of the scenario and after the last. */
  private void recordStories(MeshPlace place) {
    Faults faults = Faults.seeded(harness.seed);
    try (OpenedMesh open =
        harness.open(place, harness.laterClock(), CrashHarness.SCENARIO, faults, notices)) {
      faults.on(Port.REGISTRY_COMMIT).meanwhile(() -> addStory(open.story()));
      addStory(open.story());
      harness.scenario.accept(open.mesh());
      addStory(open.story());
    }
  }

  private void addStory(MeshStory story) {
    if (stories.isEmpty() || !stories.get(stories.size() - 1).equals(story)) {
      stories.add(story);
    }
  }

  private List<Call> record(MeshPlace place) {
    Faults faults = Faults.seeded(harness.seed);
    try (OpenedMesh open =
        harness.open(
            place, harness.laterClock(), CrashHarness.SCENARIO, faults, new RecordingNotifier())) {
      int before = faults.calls();
      harness.scenario.accept(open.mesh());
      return faults.made().subList(before, faults.calls());
    }
  }

  /** Returns a place prepared for the scenario. */
  MeshPlace fresh() {
    return prepared == null ? prepare() : prepared.copy().orElseThrow();
  }

  private MeshPlace prepare() {
    MeshPlace place = harness.places.get();
    try (OpenedMesh open =
        harness.open(
            place,
            OpenedMesh.clock(),
            CrashHarness.PREPARATION,
            Faults.seeded(harness.seed),
            new RecordingNotifier())) {
      harness.setUp.accept(open.mesh());
    }
    Consumer<Mesh> killed = harness.predecessor;
    if (killed != null) {
      leaveFiles(place, killed);
    }
    return place;
  }

  private void leaveFiles(MeshPlace place, Consumer<Mesh> killed) {
    Faults faults = Faults.seeded(harness.seed);
    try (OpenedMesh open =
        harness.open(
            place, OpenedMesh.clock(), CrashHarness.PREDECESSOR, faults, new RecordingNotifier())) {
      faults.on(Port.REGISTRY_COMMIT).nth(1).crash(Phase.BEFORE, Death.KILL);
      killed.accept(open.mesh());
    } catch (SimulatedCrash e) {
      if (!faults.isDead()) {
        throw e;
      }
    }
  }

  /**
   * Returns a digest of the content of a place, which is equal for equal content. Empty if it
   * cannot be computed.
   */
  Optional<String> digest(MeshPlace place) {
    return prepared instanceof MemoryPlace original && place instanceof MemoryPlace now
        ? Optional.of(now.digest(original))
        : Optional.empty();
  }

  /** Returns the finished recoveries, by the state on which they depend. */
  Map<CrashState, CrashRecovery> recoveries() {
    return recoveries;
  }

  /** Returns the contents of the mesh, from before the first commit to after the last. */
  List<MeshStory> stories() {
    return stories;
  }

  MeshStory first() {
    return stories.get(0);
  }

  MeshStory last() {
    return stories.get(stories.size() - 1);
  }

  /** Returns the calls of the scenario. */
  List<Call> calls() {
    return calls;
  }

  /** Returns the notices of the run without faults. */
  RecordingNotifier notices() {
    return notices;
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
