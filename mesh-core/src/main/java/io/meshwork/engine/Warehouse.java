package io.meshwork.engine;

import io.meshwork.registry.Registry;
import java.util.Map;
import org.apache.iceberg.io.FileIO;

/**
 * How a backend opens its meshes for engines, which know nothing but configuration. A backend names
 * its class, with a public constructor without arguments, in {@code
 * META-INF/services/io.meshwork.engine.Warehouse}. Thread-safe.
 */
public interface Warehouse {
  /**
   * What a mesh is made of.
   *
   * @param registry closed by the one who opened the mesh
   * @param files closed likewise; engines serialize it to their workers
   * @param root the location below which files lie, as the files' port names it
   */
  record Ports(Registry registry, FileIO files, String root) {}

  /** True if a location is of this backend's kind, by its form alone; nothing is opened. */
  boolean isHome(String location);

  /**
   * Opens the mesh at a location; never makes one.
   *
   * @param properties all that the engine's configuration says of the catalog, unmodifiable
   * @throws io.meshwork.error.InvalidRequestException if there is no mesh
   * @throws io.meshwork.error.BackendException if it cannot be read
   */
  Ports open(String location, Map<String, String> properties);
}
