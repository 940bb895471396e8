package io.meshwork.testkit;

class InMemoryCrashTest extends CrashConformance {
  @Override
  protected MeshPlace newPlace() {
    return MeshPlace.inMemory();
  }
}
