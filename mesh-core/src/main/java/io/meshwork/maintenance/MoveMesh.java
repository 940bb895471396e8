package io.meshwork.maintenance;

import io.meshwork.error.Finding;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.product.Principal;
import io.meshwork.registry.Warehouse;
import java.time.InstantSource;
import java.util.List;

/**
 * Moves the embedded mesh in a folder to another backend, with its ID, logs, snapshots, and rights.
 * Backends create it, such as {@code AwsMesh.move(..)}. Not thread-safe; commit once.
 *
 * <p>The move copies all documents with their logs and all files that a snapshot references, while
 * the mesh is in use. Then it ends writing to the folder for all processes, copies what changed
 * meanwhile, and changes the locations and accounts in the copied documents, which the logs of the
 * copy record as {@code mesh.placed}. Until its last commit, the mesh cannot be opened in its new
 * place. The folder keeps its content, and can only be read afterwards.
 *
 * <p>If the move ends early, run it again with the same settings: it continues. {@link #abandon()}
 * allows writing to the folder again.
 */
public interface MoveMesh extends PlannedOperation<Plan<MoveMesh.Result>, MoveMesh.Result> {
  /**
   * Sets the new name of an account in all documents. Log entries keep the names that accounts had
   * when they were written.
   *
   * @param from the account in the folder, such as {@code finance}
   * @param to the account in the new place, such as {@code 111111111111}; one for each account
   */
  MoveMesh account(String from, String to);

  /**
   * Sets the new root of a place of data.
   *
   * @param from the root in the folder, such as {@code mesh:/finance}
   * @param to the root in the new place, such as {@code s3://finance-data}, which must be empty
   */
  MoveMesh place(String from, String to);

  /** Sets the clock. Default: the system's. */
  MoveMesh clock(InstantSource source);

  /**
   * Returns each step. Changes nothing and sends no request to the new place.
   *
   * @return the plan; its findings of severity {@code ERROR} prevent the move: damage of the mesh,
   *     and accounts and places without a name in the new place
   */
  @Override
  Plan<Result> plan();

  /**
   * Moves the mesh, and verifies the copy completely.
   *
   * @throws io.meshwork.error.InvalidRequestException if the plan has errors, the new place
   *     contains another mesh, or the folder is moved elsewhere; the folder is not changed
   * @throws io.meshwork.error.ConflictException if another process writes to the new place
   * @throws io.meshwork.error.BackendException if a store cannot be read or written; run it again
   */
  @Override
  Result commit();

  /**
   * Ends an interrupted move: the folder can be written again. Does nothing if it is not moved.
   *
   * @throws io.meshwork.error.InvalidRequestException if the move was completed
   */
  void abandon();

  /**
   * A moved mesh. Immutable.
   *
   * @param root the location that contains its files
   * @param files the number of files that were copied; a move that continues does not copy again
   * @param bytes their total length in bytes
   * @param damage the problems that were found in the new place; empty if it is sound
   */
  record Result(String root, long files, long bytes, List<Finding> damage) {
    /** Copies the findings. */
    public Result {
      damage = List.copyOf(damage);
    }
  }

  /** Where a mesh is moved to. Backends implement it. */
  interface Target extends AutoCloseable {
    /** Describes it in messages, such as {@code the mesh sales in the account 111111111111}. */
    String description();

    /** Returns the location that will contain all files; sends no request. */
    String root();

    /** Returns true if it is the name of an account in this place; sends no request. */
    boolean isAccount(String name);

    /** Returns who moves the mesh, for the log. */
    Principal self();

    /** Creates the stores, unless they exist. */
    void makeStores();

    /** Opens the stores. The caller closes registry and files. */
    Warehouse.Ports open();

    /** Releases connections, after the operation; the target can be used again. */
    @Override
    void close();
  }
}
