package io.meshwork.testkit;

import io.meshwork.Mesh;

/**
 * A whole mesh in memory, for tests of producers and consumers: nothing is installed, nothing is
 * left behind, and each is empty and on its own. It checks, refuses and keeps what a mesh on disk
 * does; what is closed is gone.
 *
 * <pre>{@code
 * ManualClock clock = ManualClock.at(Instant.parse("2026-01-01T00:00:00Z"));
 * try (Mesh mesh = InMemoryMesh.with().clock(clock).testing().sleeper(clock::advance).open()) {
 *   MeshClient shop = mesh.actingAs(Principal.of("commerce", "etl"));
 *   shop.registerDomain("commerce").ownedBy("shop@example.org").commit();
 *   // defineProduct, publish, read as anywhere else
 * }
 * }</pre>
 */
public final class InMemoryMesh {
  private static final String ROOT = "memory:/mesh";

  private InMemoryMesh() {}

  /** A new, empty mesh. */
  public static Mesh open() {
    return with().open();
  }

  /** The same, with settings. */
  public static Mesh.Builder with() {
    return Mesh.over(new InMemoryRegistry(), new MemoryFileIO(), ROOT)
        .catalogs(catalog -> new InMemoryRegistry());
  }

  /** The same, with ports that meet these faults. */
  public static Mesh.Builder with(Faults faults) {
    return with().testing().throughRegistry(faults::registry).testing().throughFiles(faults::files);
  }
}
