package io.meshwork.testkit;

import io.meshwork.Mesh;
import io.meshwork.registry.Registry;
import org.apache.iceberg.io.FileIO;

/**
 * A mesh in memory, for tests of producers and consumers. Each is new and empty; it behaves like a
 * mesh on disk and ends when it is closed.
 *
 * <pre>{@code
 * ManualClock clock = ManualClock.at(Instant.parse("2026-01-01T00:00:00Z"));
 * try (Mesh mesh = InMemoryMesh.builder().clock(clock).testing().sleeper(clock::advance).open()) {
 *   MeshClient shop = mesh.clientAs(Principal.of("commerce", "etl"));
 *   shop.registerDomain("commerce").owner("shop@example.org").commit();
 *   // defineProduct, publish, read as on any other mesh
 * }
 * }</pre>
 */
public final class InMemoryMesh {
  private static final String ROOT = "memory:/mesh";

  private InMemoryMesh() {}

  /** Opens a new, empty mesh. */
  public static Mesh open() {
    return builder().open();
  }

  /** Returns a builder of a new, empty mesh. */
  public static Mesh.Builder builder() {
    return Mesh.builder(registry(), files(), ROOT).catalogs(catalog -> registry());
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

  /** Returns a builder of a new, empty mesh whose ports meet these faults. */
  public static Mesh.Builder builder(Faults faults) {
    return builder().testing().wrapRegistry(faults::registry).testing().wrapFiles(faults::files);
  }
}
