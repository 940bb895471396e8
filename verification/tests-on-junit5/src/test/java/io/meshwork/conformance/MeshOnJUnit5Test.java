package io.meshwork.conformance;

import io.meshwork.testkit.TestBackend;

/** A backend's test as users on JUnit 5 have it; the pom.xml selects the suites that it runs. */
class MeshOnJUnit5Test extends MeshConformance {
  @Override
  protected TestBackend backend() {
    return new TestBackend.InMemory();
  }
}
