package io.meshwork.conformance;

import io.meshwork.testkit.MeshPlace;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class LocalMeshCrashTest extends CrashConformance {
  @TempDir private Path folder;

  @Override
  protected MeshPlace newPlace() {
    return MeshPlace.below(folder);
  }

  /** What is above the registry, {@link InMemoryCrashTest} tests at more calls. */
  @Override
  protected int every() {
    return Integer.getInteger(EVERY, 120);
  }

  @Override
  int everyInRollouts() {
    return 200;
  }

  @Override
  boolean isEmbedded() {
    return true;
  }
}
