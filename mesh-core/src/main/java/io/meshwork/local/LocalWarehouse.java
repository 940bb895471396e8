package io.meshwork.local;

import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.product.Principal;
import io.meshwork.registry.Warehouse;
import java.nio.file.Path;
import java.util.Map;

/**
 * Opens meshes in local folders for engines: {@code warehouse} is the folder. The driver and all
 * workers of the engine must see it under the same path, and the folders of {@code
 * meshwork.reading-from.<name>}, as {@code Mesh.Builder.dataFolder(..)} names them.
 */
public final class LocalWarehouse implements Warehouse {
  private static final String SCHEME = "file:";

  /** The prefix of properties with folders that may only be read; their name follows. */
  private static final String READ_ONLY_ROOT = "meshwork.reading-from.";

  /** Creates the service, for engines. */
  public LocalWarehouse() {}

  /** Returns true for an absolute path, with or without {@code file:}. */
  @Override
  public boolean isHome(String location) {
    return location.startsWith(SCHEME) || LocalFileIO.isAbsolutePath(location);
  }

  @Override
  public Ports open(String location, Principal principal, Map<String, String> properties) {
    MeshFolder folder = MeshFolder.openExisting(LocalFileIO.path(location));
    try {
      return new Ports(folder.registry(), files(folder.path(), properties), LocalFileIO.ROOT);
    } catch (RuntimeException e) {
      folder.registry().close();
      throw e;
    }
  }

  private static LocalFileIO files(Path folder, Map<String, String> properties) {
    LocalFileIO files = LocalFileIO.below(folder);
    for (Map.Entry<String, String> property : properties.entrySet()) {
      if (property.getKey().startsWith(READ_ONLY_ROOT)) {
        files =
            files.reading(
                property.getKey().substring(READ_ONLY_ROOT.length()),
                LocalFileIO.path(property.getValue()));
      }
    }
    return files;
  }
}
