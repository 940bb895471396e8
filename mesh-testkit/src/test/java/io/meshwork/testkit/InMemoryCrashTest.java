package io.meshwork.testkit;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InMemoryCrashTest extends CrashConformance {
  @Override
  protected MeshPlace newPlace() {
    return MeshPlace.inMemory();
  }

  @Override
  protected int every() {
    return Integer.getInteger(EVERY, 1);
  }

  @ParameterizedTest
  @EnumSource
  void whoeverDiesTwiceLeavesAWholeMesh(CrashScenario scenario) {
    runTwice(scenario, 6);
  }
}
