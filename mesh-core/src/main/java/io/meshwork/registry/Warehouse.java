package io.meshwork.registry;

import io.meshwork.product.Principal;
import java.util.Map;
import org.apache.iceberg.io.FileIO;

/**
 * Port: opens the meshes of a backend for engines, from configuration alone. A backend lists its
 * class, with a public constructor without arguments, in {@code
 * META-INF/services/io.meshwork.registry.Warehouse}. Thread-safe.
 */
public interface Warehouse {
  /**
   * The parts of a mesh.
   *
   * @param registry is closed by the caller
   * @param files is closed by the caller; engines serialize it to their workers
   * @param root the location that contains all files, as {@code files} names it
   * @param connections what the two use, which is closed after them
   */
  record Ports(Registry registry, FileIO files, String root, Runnable connections) {
    /** The parts of a mesh that close what they use. */
    public Ports(Registry registry, FileIO files, String root) {
      this(registry, files, root, () -> {});
    }

    /** Closes all. */
    public void close() {
      try (Registry ignored = registry) {
        files.close();
      } finally {
        connections.run();
      }
    }
  }

  /** Returns true if the form of a location is this backend's. Opens nothing. */
  boolean isHome(String location);

  /**
   * Opens the mesh at a location; never creates one.
   *
   * @param principal who uses it; a backend that authenticates principals opens it as this one
   * @param properties the engine's configuration of the catalog, unmodifiable
   * @throws io.meshwork.error.InvalidRequestException if there is no mesh
   * @throws io.meshwork.error.AccessDeniedException NOT_THIS_PRINCIPAL if this process may not act
   *     as the principal
   * @throws io.meshwork.error.BackendException if the mesh cannot be read
   */
  Ports open(String location, Principal principal, Map<String, String> properties);
}
