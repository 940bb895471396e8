package io.meshwork.conformance;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.meshwork.internal.conformance.TestSample;
import io.meshwork.testkit.MeshPlace;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Crashes at every 40th call, or at every call where a build runs no sample, such as at night. */
class InMemoryCrashTest extends CrashConformance {
  /** The number of crashes of each scenario with wrong clocks. */
  private static final int WITH_CLOCKS = 4;

  /** A build crashes one of so many scenarios twice, or with a wrong clock. */
  private static final int SCENARIOS_ONE_OF = 12;

  private static final int DISTANCE = TestSample.SAMPLED ? 40 : 1;

  @Override
  protected MeshPlace newPlace() {
    return MeshPlace.inMemory();
  }

  @Override
  protected int every() {
    return Integer.getInteger(EVERY, DISTANCE);
  }

  @Override
  int everyInRollouts() {
    return 48;
  }

  @ParameterizedTest
  @MethodSource("sampled")
  void twoCrashesLeaveAnIntactMesh(CrashScenario scenario) {
    runTwice(scenario, 6);
  }

  @ParameterizedTest
  @MethodSource("sampledWithUnconfirmedClock")
  void aCrashWithAWrongClockLeavesAnIntactMesh(CrashScenario scenario) {
    runWithClocks(scenario, chosenClocks(scenario), harness -> harness.atMost(WITH_CLOCKS));
  }

  @Tag("nightly")
  @ParameterizedTest
  @MethodSource("clocks")
  void aCrashWithAnyWrongClockLeavesAnIntactMesh(CrashScenario scenario, HostClocks clocks) {
    runWithClocks(scenario, clocks, harness -> harness.oneAtEvery(Integer.getInteger(EVERY, 10)));
  }

  @Tag("nightly")
  @ParameterizedTest
  @CsvFileSource(resources = "crashes-that-failed.csv")
  void aCrashThatOnceFailedLeavesAnIntactMesh(
      CrashScenario scenario, HostClocks clocks, String crash) {
    runWithClocks(scenario, clocks, harness -> harness.only(crash));
  }

  static List<CrashScenario> sampled() {
    return TestSample.sampleOf(List.of(CrashScenario.values()), SCENARIOS_ONE_OF);
  }

  static List<CrashScenario> sampledWithUnconfirmedClock() {
    return TestSample.sampleOf(withUnconfirmedClock().toList(), SCENARIOS_ONE_OF);
  }

  static Stream<Arguments> clocks() {
    return Stream.of(HostClocks.values())
        .filter(HostClocks::differ)
        .flatMap(clocks -> withUnconfirmedClock().map(scenario -> arguments(scenario, clocks)));
  }

  /** The scenario that is left out confirms its clock, so that a wrong one decides what is old. */
  static Stream<CrashScenario> withUnconfirmedClock() {
    return Stream.of(CrashScenario.values())
        .filter(scenario -> scenario != CrashScenario.EXPIRE_AND_TRIM);
  }
}
