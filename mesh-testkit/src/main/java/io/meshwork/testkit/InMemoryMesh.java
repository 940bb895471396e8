package io.meshwork.testkit;

import io.meshwork.Mesh;

/**
 * A mesh in memory, for tests of producers and consumers. It needs no installation and leaves no
 * files. Each mesh is empty and separate, behaves like a mesh on disk, and is lost when it is
 * closed.
 *
 * <pre>{@code
 * ManualClock clock = ManualClock.at(Instant.parse("2026-01-01T00:00:00Z"));
 * try (Mesh mesh = InMemoryMesh.with().clock(clock).testing().sleeper(clock::advance).open()) {
 *   MeshClient shop = mesh.actingAs(Principal.of("commerce", "etl"));
 *   shop.registerDomain("commerce").ownedBy("shop@example.org").commit();
 *   // defineProduct, publish, and read as usual
 * }
 * }</pre>
 */
public final class InMemoryMesh {
  private static final String ROOT = "memory:/mesh";

  private InMemoryMesh() {}

  /** Opens a new, empty mesh. */
  public static Mesh open() {
    return with().open();
  }

  /** Returns a builder with settings for a new, empty mesh. */
  public static Mesh.Builder with() {
    return Mesh.over(new InMemoryRegistry(), new MemoryFileIO(), ROOT)
        .catalogs(catalog -> new InMemoryRegistry());
  }

  /** Returns a builder for a new, empty mesh with these faults in its ports. */
  public static Mesh.Builder with(Faults faults) {
    return with().testing().throughRegistry(faults::registry).testing().throughFiles(faults::files);
  }
}
