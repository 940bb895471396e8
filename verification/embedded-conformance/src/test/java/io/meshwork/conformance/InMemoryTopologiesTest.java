package io.meshwork.conformance;

import io.meshwork.testkit.TestBackend;

class InMemoryTopologiesTest extends TopologyConformance {
  @Override
  protected TestBackend backend() {
    return new TestBackend.InMemory();
  }
}
