package io.meshwork.local;

import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.product.Principal;
import io.meshwork.registry.Warehouse;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Opens meshes in local folders for engines: {@code warehouse} is the folder. The driver and all
 * workers of the engine must see it under the same path, and the folders of {@code
 * meshwork.reading-from.<name>}, as {@link LocalMesh#builder(Path, Map)} names them.
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
      LocalFileIO files = LocalMesh.files(folder.path(), dataFolders(properties));
      return new Ports(folder.registry(), files, LocalFileIO.ROOT);
    } catch (RuntimeException e) {
      folder.registry().close();
      throw e;
    }
  }

  private static Map<String, Path> dataFolders(Map<String, String> properties) {
    Map<String, Path> folders = new TreeMap<>();
    properties.forEach(
        (key, folder) -> {
          if (key.startsWith(READ_ONLY_ROOT)) {
            folders.put(key.substring(READ_ONLY_ROOT.length()), LocalFileIO.path(folder));
          }
        });
    return folders;
  }
}
