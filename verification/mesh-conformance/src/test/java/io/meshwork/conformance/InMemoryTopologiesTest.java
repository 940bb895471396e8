package io.meshwork.conformance;

import io.meshwork.MeshBuilder;
import io.meshwork.testkit.InMemoryMesh;

class InMemoryTopologiesTest extends TopologyConformance {
  @Override
  protected MeshBuilder mesh() {
    return InMemoryMesh.with();
  }
}
