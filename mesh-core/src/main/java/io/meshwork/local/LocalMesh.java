package io.meshwork.local;

import io.meshwork.Mesh;
import io.meshwork.MeshBuilder;
import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.internal.runtime.Arguments;
import java.nio.file.Path;

/**
 * The embedded mesh: SQLite and files in a folder of a local disk. Several processes may open one
 * folder at the same time.
 */
public final class LocalMesh {
  private LocalMesh() {}

  /**
   * Opens the mesh in this folder; makes one if the folder is empty or not there.
   *
   * @throws io.meshwork.error.InvalidRequestException if the folder holds something else, which is
   *     left alone, or lies on a network file system
   * @throws io.meshwork.error.BackendException if it cannot be read or written, is damaged, or
   *     needs a newer version of Meshwork
   */
  public static Mesh open(Path folder) {
    return in(folder).open();
  }

  /** The same, with settings. The folder is opened or made at once. */
  public static MeshBuilder in(Path folder) {
    return over(MeshFolder.openOrMake(Arguments.given("folder", folder)));
  }

  /**
   * Opens the mesh in this folder and never makes one.
   *
   * @throws io.meshwork.error.InvalidRequestException if there is no mesh; nothing is written
   */
  public static Mesh openExisting(Path folder) {
    return over(MeshFolder.openExisting(Arguments.given("folder", folder))).open();
  }

  private static MeshBuilder over(MeshFolder folder) {
    return Mesh.over(SqliteRegistry.open(folder.registryFile()), new LocalFileIO(), folder.root());
  }
}
