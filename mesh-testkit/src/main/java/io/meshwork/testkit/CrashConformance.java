package io.meshwork.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What every backend keeps when a process dies: define, subscribe, poll, each mode of a publish,
 * erase, roll back, maintain and deliver notices, each killed or thrown out at its port calls, as
 * {@link CrashHarness} does it. The nightly tests die at every call, the others at some.
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
  /** The system property that says another number of points. */
  static final String POINTS = "mesh.crash.points";

  /** With so many points some lie before the last commit and some after it. */
  private static final int ENOUGH = 24;

  /** A new and empty place on the backend. */
  protected abstract MeshPlace newPlace();

  /** At how many points each scenario dies where not at all. Default: 28. */
  protected int points() {
    return Integer.getInteger(POINTS, 28);
  }

  /** At how many points each scenario dies at night. Default: all. */
  protected int pointsAtNight() {
    return Integer.MAX_VALUE;
  }

  @ParameterizedTest
  @EnumSource
  void whoeverDiesLeavesAWholeMesh(CrashScenario scenario) {
    run(scenario, points());
  }

  @Tag("nightly")
  @ParameterizedTest
  @EnumSource
  void whoeverDiesAnywhereLeavesAWholeMesh(CrashScenario scenario) {
    run(scenario, pointsAtNight());
  }

  private void run(CrashScenario scenario, int most) {
    CrashReport report = scenario.harness().on(this::newPlace).atMost(most).run();

    System.out.println(getClass().getSimpleName() + " " + report);
    assertThat(report.tried()).as("%s", report).isEqualTo(Math.min(most, report.possible()));
    assertThat(report.undone() + report.partly() + report.done())
        .as("%s", report)
        .isEqualTo(report.tried());
    if (report.tried() >= ENOUGH) {
      assertThat(report.undone()).as("%s", report).isPositive();
      assertThat(report.done()).as("%s", report).isPositive();
    }
  }
}
