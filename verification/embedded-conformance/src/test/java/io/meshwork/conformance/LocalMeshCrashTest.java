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

  @Override
  boolean isEmbedded() {
    return true;
  }
}
