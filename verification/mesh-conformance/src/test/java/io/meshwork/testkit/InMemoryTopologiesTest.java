package io.meshwork.testkit;

import io.meshwork.MeshBuilder;

class InMemoryTopologiesTest extends TopologyConformance {
  @Override
  protected MeshBuilder mesh() {
    return InMemoryMesh.with();
  }
}
