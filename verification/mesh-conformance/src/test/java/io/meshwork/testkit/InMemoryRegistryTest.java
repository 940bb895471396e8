package io.meshwork.testkit;

import io.meshwork.registry.Registry;

class InMemoryRegistryTest extends RegistryConformance {
  @Override
  protected Registry registry() {
    return new InMemoryRegistry();
  }
}
