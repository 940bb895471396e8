package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.testkit.CrashHarness;
import io.meshwork.testkit.CrashReport;
import io.meshwork.testkit.Faults.Death;
import io.meshwork.testkit.MeshPlace;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commits survive a power loss at every call, because their files are synced before. */
class PowerLossTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(names = {"APPEND_WITH_ROWS_SET_ASIDE", "REPLACE_WHERE", "REGISTER_AND_DEFINE"})
  void commitsSurviveTheLossOfAllUnsyncedBytes(CrashScenario scenario) {
    CrashReport report = losingPower(scenario, 0).atMost(25).run();

    assertThat(report.done()).as("%s", report).isPositive();
    assertThat(report.undone()).as("%s", report).isPositive();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void commitsSurviveTheLossOfSomeUnsyncedBytes(long seed) {
    CrashReport report = losingPower(CrashScenario.REPLACE_ALL, seed).seed(seed).atMost(12).run();

    assertThat(report.done()).as("%s", report).isPositive();
  }

  private CrashHarness losingPower(CrashScenario scenario, long seed) {
    return scenario
        .harness()
        .on(() -> scenario.at(MeshPlace.losingPower(folder, seed), false))
        .deaths(Death.KILL);
  }
}
