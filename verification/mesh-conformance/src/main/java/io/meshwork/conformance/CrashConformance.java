package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.testkit.CrashHarness;
import io.meshwork.testkit.CrashReport;
import io.meshwork.testkit.MeshPlace;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What every backend keeps when a process dies: define, subscribe, poll, each mode of a publish,
 * erase, roll back, maintain and deliver notices, each killed or thrown out at its port calls, as
 * {@link CrashHarness} does it. Each test dies at every so many calls in one of the ways to die
 * there, at others each time; it prints its seed, and {@code -Dmesh.crash.seed=} repeats it. The
 * nightly tests die at every call in every way, and twice at some.
 *
 * <pre>{@code
 * class MyBackendCrashTest extends CrashConformance {
 *   @Override
 *   protected MeshPlace newPlace() {
 *     return new MyPlace();
 *   }
 * }
 * }</pre>
 */
public abstract class CrashConformance {
  /** The system property that says another distance between the calls; 1 is every call. */
  static final String EVERY = "mesh.crash.every";

  /** The system property that repeats a run. */
  static final String SEED = "mesh.crash.seed";

  /** The system property that says another number of pairs at night. */
  static final String PAIRS = "mesh.crash.pairs";

  /** One for all scenarios of a run. */
  private static final long CHOSEN_SEED = Long.getLong(SEED, new Random().nextInt(1_000_000));

  /** A new and empty place on the backend. */
  protected abstract MeshPlace newPlace();

  /** At every so many calls each scenario dies: 1 is every call. Default: 25. */
  protected int every() {
    return Integer.getInteger(EVERY, 25);
  }

  @ParameterizedTest
  @EnumSource
  void aCrashLeavesAnIntactMesh(CrashScenario scenario) {
    CrashReport report = run(harness(scenario).oneAtEvery(every()), "");

    int calls = report.calls().values().stream().mapToInt(Integer::intValue).sum();
    assertThat(report.tried()).as("%s", report).isGreaterThanOrEqualTo(calls / every());
  }

  @Tag("nightly")
  @ParameterizedTest
  @EnumSource
  void aCrashAtEveryCallLeavesAnIntactMesh(CrashScenario scenario) {
    CrashReport report = run(harness(scenario), "");

    assertThat(report.tried()).as("%s", report).isEqualTo(report.possible());
    assertThat(report.undone()).as("%s", report).isPositive();
    assertThat(report.done()).as("%s", report).isPositive();
  }

  @Tag("nightly")
  @ParameterizedTest
  @EnumSource
  void aCrashDuringTheRecoveryLeavesAnIntactMesh(CrashScenario scenario) {
    runTwice(scenario, Integer.getInteger(PAIRS, 200));
  }

  void runTwice(CrashScenario scenario, int pairs) {
    CrashReport report = run(harness(scenario).dyingTwice(pairs), ", dying twice");

    assertThat(report.tried()).as("%s", report).isEqualTo(pairs);
  }

  /** Clocks that are not right, others for each scenario and each run. */
  static HostClocks chosenClocks(CrashScenario scenario) {
    List<HostClocks> wrong = Stream.of(HostClocks.values()).filter(HostClocks::differ).toList();
    return wrong.get(
        (int) Math.floorMod(CHOSEN_SEED + 5L * scenario.ordinal(), (long) wrong.size()));
  }

  void runWithClocks(
      CrashScenario scenario, HostClocks clocks, UnaryOperator<CrashHarness> points) {
    CrashReport report = run(points.apply(clocks.setOn(harness(scenario))), ", " + clocks);

    assertThat(report.tried()).as("%s", report).isPositive();
  }

  private CrashHarness harness(CrashScenario scenario) {
    return scenario
        .harness()
        .on(this::newPlace)
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
