package io.meshwork.local;

import io.meshwork.Mesh;
import io.meshwork.error.Finding;
import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.maintenance.MoveMesh;
import io.meshwork.operation.Operation.CheckReturnValue;
import io.meshwork.registry.Warehouse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/**
 * The embedded mesh: SQLite and files in a local folder. Several processes may open one folder at
 * the same time. Tables name their files relative to the folder, so you can move, copy, or mount a
 * mesh that no process has open; a copy is a separate mesh.
 */
public final class LocalMesh {
  private LocalMesh() {}

  /**
   * Opens the mesh in this folder; creates one if the folder is empty or does not exist.
   *
   * @throws io.meshwork.error.InvalidRequestException if the path is blank, or the folder contains
   *     something else, which is not changed, or is on a network file system
   * @throws io.meshwork.error.BackendException if the mesh cannot be read or written, is damaged,
   *     has lost its registry, or requires a newer version of Meshwork
   */
  public static Mesh open(Path folder) {
    return in(folder).open();
  }

  /**
   * Returns a builder with settings for the mesh in this folder. The folder is opened or created
   * immediately. Therefore the first entries of the log {@code _mesh} have the time of the system
   * clock, whatever {@code clock(..)} sets; because times of a log never decrease, later entries
   * keep that time until the given clock has passed it. All other logs use the given clock.
   */
  public static Mesh.Builder in(Path folder) {
    return over(MeshFolder.openOrCreate(ArgumentChecks.required("folder", folder)));
  }

  /**
   * Opens the mesh in this folder; never creates a mesh or a lost registry. The user must be able
   * to write to {@code registry}, even to read: SQLite stores its locks there.
   *
   * @throws io.meshwork.error.InvalidRequestException if there is no mesh, or as for {@link #open};
   *     nothing is written
   * @throws io.meshwork.error.BackendException as for {@link #open}
   */
  public static Mesh openExisting(Path folder) {
    return over(MeshFolder.openExisting(ArgumentChecks.required("folder", folder))).open();
  }

  /**
   * Copies a mesh with all places of data to another folder while it is in use. The copy is a
   * separate mesh as of one moment: later commits are not in it. Snapshots that maintenance expires
   * during the copy may lack files in it; the newest snapshot is complete if the copy takes less
   * than a day.
   *
   * <p>The copy is checked before this returns. Damage of the mesh is copied too, and the copy is
   * kept: check {@link Backup#damage}.
   *
   * @param folder the folder of a mesh
   * @param target an empty or missing folder on a local disk
   * @throws io.meshwork.error.InvalidRequestException if there is no mesh, or the target is not
   *     empty or is inside the mesh
   * @throws io.meshwork.error.BackendException if a file cannot be read or written, or a table's
   *     metadata is lost; the target is not a mesh then
   */
  public static Backup backUp(Path folder, Path target) {
    return MeshBackup.run(
        ArgumentChecks.required("folder", folder), ArgumentChecks.required("target", target));
  }

  /**
   * Copies a mesh of another backend to a folder, while it is in use, for backends such as {@code
   * AwsMesh.backUp(..)}. The copy is an embedded mesh with its own locations, which its logs record
   * as {@code mesh.placed}. The partitions of each domain are copied as of one moment.
   *
   * <p>The copy is checked before this returns, as for {@link #backUp(Path, Path)}.
   *
   * @param mesh the stores of the mesh, which the caller closes
   * @param target an empty or missing folder on a local disk
   * @param clock the clock of the copy
   * @throws io.meshwork.error.InvalidRequestException if there is no mesh, it has several
   *     registries, or the target is not empty
   * @throws io.meshwork.error.BackendException if a file cannot be read or written, or is missing;
   *     the target is not a mesh then
   */
  public static Backup backUp(Warehouse.Ports mesh, Path target, InstantSource clock) {
    return new StoreBackup(
            ArgumentChecks.required("mesh", mesh),
            ArgumentChecks.required("target", target),
            ArgumentChecks.required("clock", clock))
        .run();
  }

  /**
   * Moves the mesh in a folder to another backend, for backends such as {@code AwsMesh.move(..)}.
   * Nothing happens before the commit.
   *
   * @param folder the folder of a mesh
   * @param target where it is moved to
   */
  @CheckReturnValue
  public static MoveMesh move(Path folder, MoveMesh.Target target) {
    return new MeshMove(
        ArgumentChecks.required("folder", folder), ArgumentChecks.required("target", target));
  }

  /** Opens the existing mesh in a folder with settings. */
  static Mesh.Builder existing(Path folder) {
    return over(MeshFolder.openExisting(folder));
  }

  /**
   * A copy of a mesh. Immutable.
   *
   * @param folder the folder of the copy
   * @param files the number of files
   * @param bytes their total length in bytes
   * @param damage the problems that were found in the copy; empty if it is usable
   */
  public record Backup(Path folder, long files, long bytes, List<Finding> damage) {
    /** Copies the findings. */
    public Backup {
      damage = List.copyOf(damage);
    }
  }

  private static Mesh.Builder over(MeshFolder folder) {
    return Mesh.over(folder.registry(), LocalFileIO.below(folder.path()), LocalFileIO.ROOT)
        .catalogs(folder::registryOf);
  }
}
