package io.meshwork.engine;

import io.meshwork.Mesh;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Warehouse;
import io.meshwork.testkit.InMemoryMesh;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.SupportsBulkOperations;
import org.apache.iceberg.io.SupportsPrefixOperations;

/**
 * Meshes in memory, which engines open by a name. Thread-safe.
 *
 * <p>Engines serialize files for their tasks. Files in memory would be copied with their contents,
 * so {@code SharedFiles} serializes only the name of the mesh.
 */
public final class MemoryWarehouse implements Warehouse {
  private static final String SCHEME = "memory:";
  private static final String ROOT = "memory:/mesh";
  private static final Map<String, MeshStores> MESHES = new ConcurrentHashMap<>();

  /** What a mesh consists of. */
  private record MeshStores(Registry registry, FileIO files) {}

  /** Creates a mesh. */
  static Mesh create(String location) {
    Registry registry = InMemoryMesh.registry();
    MESHES.put(location, new MeshStores(registry, InMemoryMesh.files()));
    return Mesh.builder(registry, new SharedFiles(location), ROOT).open();
  }

  /** Forgets a mesh. */
  static void remove(String location) {
    MESHES.remove(location);
  }

  /** The number of its data files. */
  static int dataFiles(String location) {
    int files = 0;
    for (FileInfo file : new SharedFiles(location).listPrefix(ROOT)) {
      files += file.location().endsWith(".parquet") ? 1 : 0;
    }
    return files;
  }

  @Override
  public boolean isHome(String location) {
    return location.startsWith(SCHEME);
  }

  @Override
  public Ports open(String location, Principal principal, Map<String, String> properties) {
    return new Ports(stores(location).registry(), new SharedFiles(location), ROOT);
  }

  private static MeshStores stores(String location) {
    return Objects.requireNonNull(MESHES.get(location), location);
  }

  /** The files of a mesh, by its name. */
  private static final class SharedFiles
      implements SupportsPrefixOperations, SupportsBulkOperations {
    private static final long serialVersionUID = 1L;

    private final String mesh;

    SharedFiles(String mesh) {
      this.mesh = mesh;
    }

    private FileIO files() {
      return stores(mesh).files();
    }

    @Override
    public InputFile newInputFile(String location) {
      return files().newInputFile(location);
    }

    @Override
    public OutputFile newOutputFile(String location) {
      return files().newOutputFile(location);
    }

    @Override
    public void deleteFile(String location) {
      files().deleteFile(location);
    }

    @Override
    public void deleteFiles(Iterable<String> locations) {
      locations.forEach(this::deleteFile);
    }

    @Override
    public Iterable<FileInfo> listPrefix(String prefix) {
      return ((SupportsPrefixOperations) files()).listPrefix(prefix);
    }

    @Override
    public void deletePrefix(String prefix) {
      ((SupportsPrefixOperations) files()).deletePrefix(prefix);
    }

    @Override
    public Map<String, String> properties() {
      return Map.of();
    }

    @Override
    public void close() {}
  }
}
