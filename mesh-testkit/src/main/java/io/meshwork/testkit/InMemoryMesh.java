package io.meshwork.testkit;

import io.meshwork.Mesh;
import io.meshwork.MeshBuilder;
import io.meshwork.registry.Registry;
import org.apache.iceberg.io.FileIO;

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
  public static MeshBuilder with() {
    return Mesh.over(registry(), files(), ROOT).catalogs(catalog -> registry());
  }

  /** Returns a new, empty registry, such as for a mesh with files of your own. */
  public static Registry registry() {
    return new InMemoryRegistry();
  }

  /**
   * Returns files in memory, such as for a mesh with a registry of your own. They accept any
   * location and list by prefix.
   */
  public static FileIO files() {
    return new MemoryFileIO();
  }

  /** The same, with ports that meet these faults. */
  public static MeshBuilder with(Faults faults) {
    return with().testing().throughRegistry(faults::registry).testing().throughFiles(faults::files);
  }
}
