package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.conformance.TestSample;
import io.meshwork.testkit.CrashHarness;
import io.meshwork.testkit.CrashReport;
import io.meshwork.testkit.MeshPlace;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Recovery from crashes, on any backend: define, subscribe, poll, each mode of a publish, erase,
 * roll back, register files, feed, maintain, deliver notices, and each step of a rollout, each
 * crashed at its port calls by {@link CrashHarness}. Each run crashes at other calls and in other
 * ways; it prints its seed, and {@code -Dmesh.crash.seed=} repeats it. With {@code
 * -Dmesh.crash.oneOf=4}, one of four scenarios runs; one of 20 where a build runs a sample. The
 * nightly tests crash at every call in every way, and also crash the recovery at some calls.
 *
 * <pre>{@code
 * class MyCrashTest extends CrashConformance {
 *   @TempDir Path folder;
 *
 *   @Override
 *   protected MeshPlace newPlace() {
 *     return MeshPlace.of(new MyBackend(), folder);
 *   }
 * }
 * }</pre>
 */
public abstract class CrashConformance {
  /** The system property for the distance between two crashes, in calls; 1 is every call. */
  static final String EVERY = "mesh.crash.every";

  /** The system property for the seed, which repeats a run. */
  static final String SEED = "mesh.crash.seed";

  /** The system property for the number of pairs of crashes in the nightly tests. */
  static final String PAIRS = "mesh.crash.pairs";

  /** The system property for the sample of scenarios: one of so many runs; 1 is all. */
  static final String ONE_OF = "mesh.crash.oneOf";

  private static final int SCENARIOS_ONE_OF = TestSample.SAMPLED ? 20 : 1;

  private static final String TYPE = "io.meshwork.conformance.CrashConformance";
  private static final String CASES = TYPE + "#cases";

  /** The seed of all scenarios of a run. */
  private static final long CHOSEN_SEED = Long.getLong(SEED, new Random().nextInt(1_000_000));

  /** Returns a new, empty place on the backend. Called once for each crash. */
  protected abstract MeshPlace newPlace();

  /**
   * Returns the distance between two crashes of a scenario, in calls: 1 is every call. Default: 40.
   */
  protected int every() {
    return Integer.getInteger(EVERY, 40);
  }

  /** Returns the distance between two crashes of a step of a rollout, in calls. Default: 100. */
  int everyInRollouts() {
    return 100;
  }

  /** Returns true if the places belong to the embedded mesh. */
  boolean isEmbedded() {
    return false;
  }

  static List<CrashScenario> scenarios() {
    return sample(CrashScenario.values());
  }

  static List<RolloutCrashScenario> rolloutScenarios() {
    return sample(RolloutCrashScenario.values());
  }

  /** Returns those of a build, at least one: each runs with one of so many successive seeds. */
  private static <T extends Enum<T>> List<T> sample(T[] all) {
    long oneOf = Math.min(Integer.getInteger(ONE_OF, SCENARIOS_ONE_OF), all.length);
    return Stream.of(all)
        .filter(each -> Math.floorMod(each.ordinal() + CHOSEN_SEED, oneOf) == 0)
        .toList();
  }

  @ParameterizedTest
  @MethodSource(TYPE + "#scenarios")
  void aCrashLeavesAnIntactMesh(CrashScenario scenario) {
    runAtDistance(scenario, every());
  }

  @ParameterizedTest
  @MethodSource(TYPE + "#rolloutScenarios")
  void aCrashInARolloutLeavesAnIntactMesh(RolloutCrashScenario scenario) {
    runAtDistance(scenario, Integer.getInteger(EVERY) == null ? everyInRollouts() : every());
  }

  private void runAtDistance(CrashCase scenario, int distance) {
    CrashReport report = run(harness(scenario).oneAtEvery(distance), "");

    int calls = report.calls().values().stream().mapToInt(Integer::intValue).sum();
    assertThat(report.tried()).as("%s", report).isGreaterThanOrEqualTo(calls / distance);
  }

  static Stream<CrashCase> cases() {
    return Stream.concat(
        Stream.of(CrashScenario.values()), Stream.of(RolloutCrashScenario.values()));
  }

  @Tag("nightly")
  @ParameterizedTest
  @MethodSource(CASES)
  void aCrashAtEveryCallLeavesAnIntactMesh(CrashCase scenario) {
    CrashReport report = run(harness(scenario), "");

    assertThat(report.tried()).as("%s", report).isEqualTo(report.possible());
    assertThat(report.undone()).as("%s", report).isPositive();
    assertThat(report.done()).as("%s", report).isPositive();
  }

  @Tag("nightly")
  @ParameterizedTest
  @MethodSource(CASES)
  void aCrashDuringTheRecoveryLeavesAnIntactMesh(CrashCase scenario) {
    runTwice(scenario, Integer.getInteger(PAIRS, 200));
  }

  void runTwice(CrashCase scenario, int pairs) {
    CrashReport report = run(harness(scenario).dieTwice(pairs), ", dying twice");

    assertThat(report.tried()).as("%s", report).isEqualTo(pairs);
  }

  /** Wrong clocks, which differ by scenario and run. */
  static HostClocks chosenClocks(CrashScenario scenario) {
    List<HostClocks> wrong = Stream.of(HostClocks.values()).filter(HostClocks::differ).toList();
    return wrong.get(
        (int) Math.floorMod(CHOSEN_SEED + 5L * scenario.ordinal(), (long) wrong.size()));
  }

  void runWithClocks(
      CrashScenario scenario, HostClocks clocks, UnaryOperator<CrashHarness> points) {
    CrashHarness harness = clocks.setOn(placed(scenario, scenario.harnessWithWrongClocks()));
    CrashReport report = run(points.apply(harness), ", " + clocks);

    assertThat(report.tried()).as("%s", report).isPositive();
  }

  private CrashHarness harness(CrashCase scenario) {
    return placed(scenario, scenario.harness());
  }

  private CrashHarness placed(CrashCase scenario, CrashHarness harness) {
    return harness
        .on(() -> scenario.at(newPlace(), isEmbedded()))
        .seed(CHOSEN_SEED)
        .oneRecoveryForEachState()
        .threads(Math.min(2, Runtime.getRuntime().availableProcessors()));
  }

  private CrashReport run(CrashHarness harness, String how) {
    String seed = "seed " + CHOSEN_SEED + " (-D" + SEED + "=" + CHOSEN_SEED + ")";
    CrashReport report;
    try {
      report = harness.run();
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "\n" + seed, e);
    }
    System.out.println(getClass().getSimpleName() + how + ", " + seed + ": " + report);
    assertThat(report.undone() + report.partly() + report.done())
        .as("%s", report)
        .isEqualTo(report.tried());
    return report;
  }
}
