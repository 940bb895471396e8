package io.meshwork.testkit;

import io.meshwork.Mesh;

class InMemoryTopologiesTest extends TopologyConformance {
  @Override
  protected Mesh.Builder mesh() {
    return InMemoryMesh.with();
  }
}
