package io.meshwork.local;

import com.google.errorprone.annotations.CheckReturnValue;
import io.meshwork.Mesh;
import io.meshwork.error.Finding;
import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.operation.Operation;
import io.meshwork.operation.Plan;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Warehouse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

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
    return builder(folder).open();
  }

  /**
   * Returns a builder with settings for the mesh in this folder. The folder is opened or created
   * immediately. Therefore the first entries of the log {@code _mesh} have the time of the system
   * clock, whatever {@code clock(..)} sets; because times of a log never decrease, later entries
   * have that time until the given clock has passed it. All other logs use the given clock.
   */
  public static Mesh.Builder builder(Path folder) {
    return builder(folder, Map.of());
  }

  /**
   * The same as {@link #builder(Path)}, for a mesh that also reads files in folders outside its
   * own, for {@code MeshClient.onboard(..)} and for what was onboarded. Nothing in them is ever
   * written or deleted. Tables name their files by the name of the folder and their paths in it, so
   * that each process, and a mesh that was moved, may have the folder elsewhere.
   *
   * @param folder the folder of the mesh
   * @param dataFolders existing folders or links to them, neither in the mesh's folder or another
   *     one, nor around them, without the value of a column in their path, such as {@code
   *     dt=2026-01-01}; by their names, which follow the grammar of domain names, such as {@code
   *     raw}
   * @throws io.meshwork.error.InvalidRequestException for other names or folders
   */
  public static Mesh.Builder builder(Path folder, Map<String, Path> dataFolders) {
    Path mesh = MeshFolder.absolute(ArgumentChecks.required("folder", folder));
    LocalFileIO files = files(mesh, ArgumentChecks.required("dataFolders", dataFolders));
    return over(MeshFolder.openOrCreate(mesh), files);
  }

  /**
   * Returns the path that a string names: a path, or a URI with {@code file:} as {@code
   * Path.toUri()} writes it, in which characters may be encoded. If a file has the very name with
   * the percent signs, the URI means that file.
   *
   * @param text such as {@code shop}, {@code file:shop}, or {@code file:///data/my%20shop}; not
   *     null
   * @throws io.meshwork.error.InvalidRequestException if it cannot be a path on this system
   */
  public static Path path(String text) {
    return LocalFileIO.path(ArgumentChecks.text("path", text));
  }

  /**
   * Opens the mesh in this folder; never creates a mesh or a lost registry. The user must be able
   * to write to {@code registry}, even to read: SQLite stores its locks there.
   *
   * @throws io.meshwork.error.InvalidRequestException if the mesh does not exist, or as for {@link
   *     #open}; nothing is written
   * @throws io.meshwork.error.BackendException as for {@link #open}
   */
  public static Mesh openExisting(Path folder) {
    return over(MeshFolder.openExisting(ArgumentChecks.required("folder", folder))).open();
  }

  /**
   * Copies a mesh with all places of data to another folder while it is in use. The copy is a
   * separate mesh as of one moment: later commits are not in it. It can be written, also if the
   * folder is being moved or was moved. Snapshots that maintenance expires during the copy may lack
   * files in it; the newest snapshot is complete if the copy takes less than a day.
   *
   * <p>The copy is checked before this returns. Damage of the mesh is copied too, and the copy is
   * not removed: check {@link Copy#damage}.
   *
   * @param folder the folder of a mesh
   * @param target an empty or missing folder on a local disk
   * @throws io.meshwork.error.InvalidRequestException if the mesh does not exist, or the target is
   *     not empty or is inside the mesh
   * @throws io.meshwork.error.BackendException if a file cannot be read or written, or a table's
   *     metadata is lost; the target is not a mesh then
   */
  public static Copy backUp(Path folder, Path target) {
    return backUp(folder, target, (phase, done, total) -> {});
  }

  /**
   * The same as {@link #backUp(Path, Path)}, with its progress in bytes.
   *
   * @param progress is called in the thread of the caller
   */
  public static Copy backUp(Path folder, Path target, Operation.Progress progress) {
    return MeshBackup.run(
        ArgumentChecks.required("folder", folder),
        ArgumentChecks.required("target", target),
        ArgumentChecks.required("progress", progress));
  }

  /**
   * Copies a mesh of another backend to a folder, while it is in use, for backends such as {@code
   * AwsMesh.backUp(..)}. The copy is an embedded mesh with its own locations, which its logs record
   * as {@code mesh.placed}. The partitions of each domain in a catalog are copied as of one moment,
   * one domain after the other.
   *
   * <p>The copy is checked before this returns, as for {@link #backUp(Path, Path)}.
   *
   * @param mesh the directory and the files of the mesh, which this closes
   * @param catalogs opens the registry of a catalog by its name, which this closes; a central mesh
   *     does not call it
   * @param target an empty or missing folder on a local disk
   * @param clock the clock of the copy
   * @throws io.meshwork.error.InvalidRequestException if the mesh does not exist, or the target is
   *     not empty
   * @throws io.meshwork.error.BackendException if a file cannot be read or written, or is missing;
   *     the target is not a mesh then
   */
  public static Copy backUp(
      Warehouse.Ports mesh, Function<String, Registry> catalogs, Path target, InstantSource clock) {
    ArgumentChecks.required("mesh", mesh);
    ArgumentChecks.required("catalogs", catalogs);
    ArgumentChecks.required("target", target);
    ArgumentChecks.required("clock", clock);
    try (MeshStores stores = new MeshStores(mesh, catalogs)) {
      return new StoreBackup(stores, target, clock).run();
    }
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
   * A copy of a mesh, by a backup or a move. Immutable.
   *
   * @param root the folder of a backup, or the location that contains the files of a moved mesh
   * @param files the number of files that were copied; a move that continues does not copy again
   * @param bytes their total length in bytes
   * @param damage the problems that were found in the copy, with files that could not be examined;
   *     empty if it is sound
   */
  public record Copy(String root, long files, long bytes, List<Finding> damage) {
    public Copy {
      damage = List.copyOf(damage);
    }
  }

  /**
   * Moves the embedded mesh in a folder to another backend, with its ID, logs, snapshots, and
   * rights. Backends create it, such as {@code AwsMesh.move(..)}. Not thread-safe; commit once.
   *
   * <p>The move copies all documents with their logs and all files that a snapshot references,
   * except files of other programs that a product registered where they are, while the mesh is in
   * use. Then it ends writing to the folder for all processes, copies what changed meanwhile, and
   * changes the locations and accounts in the copied documents, which the logs of the copy record
   * as {@code mesh.placed}. Until its last commit, the mesh cannot be opened in its new place. The
   * content of the folder does not change, and can only be read afterwards.
   *
   * <p>If the move ends early, run it again with the same settings: it continues. {@link
   * #abandon()} allows writing to the folder again.
   */
  public interface MoveMesh {
    /**
     * Sets the new name of an account in all documents. Log entries contain the names that accounts
     * had when they were written.
     *
     * @param from the account in the folder, such as {@code finance}
     * @param to the account in the new place, such as {@code 111111111111}; one for each account,
     *     and not the name of another account in the folder
     */
    MoveMesh account(String from, String to);

    /**
     * Sets a listener that is called in the thread of the move, with the bytes of files in the new
     * place and in the folder. Files that no snapshot references are not copied. Default: none.
     */
    MoveMesh onProgress(Operation.Progress listener);

    /**
     * Sets the new root of a place of data. The move marks it as a place of the mesh before it
     * copies, and records its account.
     *
     * @param from the root in the folder, such as {@code mesh:/finance}
     * @param to the root in the new place, such as {@code s3://finance-data}, which contains no
     *     data
     * @throws io.meshwork.error.InvalidRequestException if it is not the root of a place, or is the
     *     root of the mesh or of another place
     */
    MoveMesh place(String from, String to);

    /**
     * Sets the account that gets the registry of a catalog, in a mesh of several catalogs. Default:
     * the account that a backup recorded, under its new name; otherwise none. Has no effect for a
     * catalog that the mesh does not have.
     *
     * @param name the catalog, such as a line of business
     * @param account an account in the new place, such as {@code 222222222222}, in which an
     *     administrator created the store of the registry; one for each catalog, and not the
     *     account of the mesh
     */
    MoveMesh catalog(String name, String account);

    /** Sets the clock. Default: the system's. */
    MoveMesh clock(InstantSource source);

    /**
     * Returns each step. Changes nothing and sends no request to the new place.
     *
     * @return the plan; its findings of severity {@code ERROR} prevent the move: damage of the
     *     mesh, accounts and places without a name in the new place, accounts with the name of
     *     another, and catalogs without an account for their registry; a warning names the files of
     *     other programs that are not copied
     */
    Plan<Copy> plan();

    /**
     * Moves the mesh, and verifies the copy completely.
     *
     * @throws io.meshwork.error.InvalidRequestException if the plan has errors, the new place
     *     contains another mesh or changes that the folder does not have, a place belongs to
     *     another mesh or contains data, or the folder is moved elsewhere; the folder is not
     *     changed
     * @throws io.meshwork.error.ConflictException if another move of the folder is running, or
     *     another process writes to the new place
     * @throws io.meshwork.error.BackendException if a store cannot be read or written; run it again
     */
    Copy commit();

    /**
     * Moves the mesh only if the plan still has this fingerprint.
     *
     * @param fingerprint {@link Plan#fingerprint()} of the reviewed plan
     * @throws io.meshwork.error.ConflictException if the plan would be different now; nothing was
     *     changed
     * @throws io.meshwork.error.MeshException as {@link #commit()}
     */
    Copy commitAsPlanned(String fingerprint);

    /**
     * Ends an interrupted move to this target: the folder can be written again. Does nothing if it
     * is not moved. The accounts, places, and catalogs need not be set.
     *
     * @throws io.meshwork.error.InvalidRequestException if the move was completed, or the folder is
     *     moved to another target
     * @throws io.meshwork.error.ConflictException if a move of the folder is running
     */
    void abandon();

    /** Where a mesh is moved to. Backends implement it. */
    interface Target extends AutoCloseable {
      /** Describes it in messages, such as {@code the mesh sales in the account 111111111111}. */
      String description();

      /** Returns the location that will contain all files; sends no request. */
      String root();

      /** Returns true if it is the name of an account in this place; sends no request. */
      boolean isAccount(String name);

      /**
       * Returns true if it is the name of an account that can have the registry of a catalog; sends
       * no request.
       */
      boolean isAccountOfCatalog(String name);

      /**
       * Returns the fields of the document by which the mesh finds the registry of a catalog; sends
       * no request.
       *
       * @param account the account of the registry
       */
      Map<String, String> placeOfCatalog(String account);

      /** Returns who moves the mesh, for the log. */
      Principal self();

      /** Creates the stores, unless they exist. */
      void makeStores();

      /** Opens the stores. The caller closes registry and files. */
      Warehouse.Ports open();

      /**
       * Opens the registry of a catalog. The caller closes it.
       *
       * @param catalog the catalog, for messages
       * @param account the account of the registry
       * @throws io.meshwork.error.BackendException if it cannot be read, or does not exist
       */
      Registry openCatalog(String catalog, String account);

      /** Releases connections, after the operation; the target can be used again. */
      @Override
      void close();
    }
  }

  /** Returns the files of a mesh, with folders that may only be read. */
  static LocalFileIO files(Path folder, Map<String, Path> dataFolders) {
    LocalFileIO files = LocalFileIO.below(folder);
    for (Map.Entry<String, Path> each : new TreeMap<>(dataFolders).entrySet()) {
      NameGrammar.check("dataFolders", each.getKey());
      files = files.reading(each.getKey(), ArgumentChecks.required("dataFolders", each.getValue()));
    }
    return files;
  }

  private static Mesh.Builder over(MeshFolder folder) {
    return over(folder, LocalFileIO.below(folder.path()));
  }

  private static Mesh.Builder over(MeshFolder folder, LocalFileIO files) {
    return Mesh.builder(folder.registry(), files, LocalFileIO.ROOT).catalogs(folder::registryOf);
  }
}
