package io.meshwork.local;

import io.meshwork.Mesh;
import io.meshwork.MeshBuilder;
import io.meshwork.error.Finding;
import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.internal.runtime.Arguments;
import java.nio.file.Path;
import java.util.List;

/**
 * The embedded mesh: SQLite and files in a folder of a local disk. Several processes may open one
 * folder at the same time. Tables name their files relative to the folder, so a mesh that nobody
 * has open may be moved, copied, or mounted at another path; a copy is a mesh of its own.
 */
public final class LocalMesh {
  private LocalMesh() {}

  /**
   * Opens the mesh in this folder; makes one if the folder is empty or not there.
   *
   * @throws io.meshwork.error.InvalidRequestException if the path is blank, or the folder holds
   *     something else, which is left alone, or lies on a network file system
   * @throws io.meshwork.error.BackendException if it cannot be read or written, is damaged, has
   *     lost its registry, or needs a newer version of Meshwork
   */
  public static Mesh open(Path folder) {
    return in(folder).open();
  }

  /**
   * The same, with settings. The folder is opened or made at once, so that the first entries of the
   * log {@code _mesh} have the time of the system's clock whatever {@code clock(..)} says, and as
   * times of a log never go back, so have later ones until the given clock has passed it. All other
   * logs have the time of the given clock from their start.
   */
  public static MeshBuilder in(Path folder) {
    return over(MeshFolder.openOrMake(Arguments.given("folder", folder)));
  }

  /**
   * Opens the mesh in this folder and never makes one, nor a registry that is lost. The account
   * must be able to write to {@code registry}, even if it only reads: SQLite keeps its locks there.
   *
   * @throws io.meshwork.error.InvalidRequestException if there is no mesh, in which case nothing is
   *     written, or as for {@link #open}
   * @throws io.meshwork.error.BackendException as for {@link #open}
   */
  public static Mesh openExisting(Path folder) {
    return over(MeshFolder.openExisting(Arguments.given("folder", folder))).open();
  }

  /**
   * Copies the mesh in a folder to another one, while others work on it. The copy is a mesh of its
   * own, of one moment: what is committed later is not in it. Snapshots that maintenance expires
   * while it is made may lack files in it; the newest never does if it takes less than a day.
   *
   * <p>The copy is examined before this returns. What is damaged in the mesh is damaged in its
   * copy, which is kept all the same, so look at {@link Backup#damage}.
   *
   * @param folder of a mesh
   * @param target not there or empty, on a local disk
   * @throws io.meshwork.error.InvalidRequestException if there is no mesh, or the target is not
   *     empty or lies in the mesh
   * @throws io.meshwork.error.BackendException if something cannot be read or written, or a table's
   *     metadata is lost; the target is no mesh then
   */
  public static Backup backUp(Path folder, Path target) {
    return MeshBackup.run(Arguments.given("folder", folder), Arguments.given("target", target));
  }

  /**
   * A copy that was made. Immutable.
   *
   * @param folder where it is
   * @param files how many files it has
   * @param bytes their length
   * @param damage what the doctor found to be damaged in the copy; it is good only without any
   */
  public record Backup(Path folder, long files, long bytes, List<Finding> damage) {
    /** Copies the findings. */
    public Backup {
      damage = List.copyOf(damage);
    }
  }

  private static MeshBuilder over(MeshFolder folder) {
    return Mesh.over(folder.registry(), LocalFileIO.below(folder.path()), LocalFileIO.ROOT)
        .catalogs(folder::registryOf);
  }
}
