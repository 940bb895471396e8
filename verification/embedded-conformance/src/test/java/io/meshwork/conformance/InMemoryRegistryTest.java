package io.meshwork.conformance;

import io.meshwork.registry.Registry;
import io.meshwork.testkit.InMemoryMesh;

class InMemoryRegistryTest extends RegistryConformance {
  @Override
  protected Registry registry() {
    return InMemoryMesh.registry();
  }
}
