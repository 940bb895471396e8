package io.meshwork.local;

import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.MeshRoot;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Warehouse.Ports;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.iceberg.io.FileIO;

/**
 * The stores of a mesh: the registry that it is opened with, which in a mesh of several catalogs is
 * the directory, the registries of its catalogs, and its files. Not thread-safe.
 */
final class MeshStores implements AutoCloseable {
  private final Ports ports;
  private final Function<String, ? extends Registry> opener;
  private final Map<String, Registry> catalogs = new TreeMap<>();

  /**
   * Creates the stores.
   *
   * @param ports the directory and the files, which are closed with the stores
   * @param opener opens the registry of a catalog, which is closed with the stores
   */
  MeshStores(Ports ports, Function<String, ? extends Registry> opener) {
    this.ports = ports;
    this.opener = opener;
  }

  Ports ports() {
    return ports;
  }

  Registry directory() {
    return ports.registry();
  }

  FileIO files() {
    return ports.files();
  }

  String root() {
    return ports.root();
  }

  /** Returns the registry of a catalog, which is opened on first use. */
  Registry catalog(String name) {
    return catalogs.computeIfAbsent(name, opener);
  }

  /** Returns the ID and the root of the mesh; empty if the directory is empty. */
  Optional<MeshRoot> mesh() {
    return mesh(directory());
  }

  /** Returns the ID and the root of the mesh in a registry; empty if it is empty. */
  static Optional<MeshRoot> mesh(Registry registry) {
    return registry
        .read(MeshRoot.KEY)
        .map(document -> DocumentCodec.of(MeshRoot.class).read(DocumentJson.parse(document)));
  }

  @Override
  public void close() {
    try {
      ports.files().close();
    } finally {
      catalogs.values().forEach(Registry::close);
      ports.registry().close();
    }
  }
}
