package io.meshwork.local;

import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.registry.Warehouse;
import java.nio.file.Path;
import java.util.Map;

/**
 * Opens meshes in local folders for engines: {@code warehouse} is the folder. The driver and all
 * workers of the engine must see it under the same path.
 */
public final class LocalWarehouse implements Warehouse {
  private static final String SCHEME = "file:";

  /** Creates the service, for engines. */
  public LocalWarehouse() {}

  /** Returns true for an absolute path, with or without {@code file:}. */
  @Override
  public boolean isHome(String location) {
    return location.startsWith(SCHEME)
        || (!location.contains(":") && Path.of(location).isAbsolute());
  }

  @Override
  public Ports open(String location, Map<String, String> properties) {
    MeshFolder folder = MeshFolder.openExisting(Path.of(withoutScheme(location)));
    return new Ports(folder.registry(), LocalFileIO.below(folder.path()), LocalFileIO.ROOT);
  }

  private static String withoutScheme(String location) {
    String path = location.startsWith(SCHEME) ? location.substring(SCHEME.length()) : location;
    return path.startsWith("//") ? path.substring(2) : path;
  }
}
