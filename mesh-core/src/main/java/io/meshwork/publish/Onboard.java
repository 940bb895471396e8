package io.meshwork.publish;

import io.meshwork.contract.Contract;
import io.meshwork.contract.QualityReport;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * Registers Parquet files of other programs as rows of a product, where they are: no byte is
 * copied, and the files are never changed or deleted. Up to {@link #filesPerCommit(int)} files
 * become visible in one snapshot, or none; more need several commits. Defines the product, if it
 * does not exist.
 *
 * <p>A file is registered only if every reader of the table reads it with the same values: its
 * columns are found by name or by the name in files that the contract states, and have the
 * contract's types, or an int for a long, a float for a double, or a decimal with fewer digits and
 * the same scale. A column that the file lacks is null. All rows are read and checked against the
 * contract; one that breaks it rejects all files.
 *
 * <p>Created by {@code MeshClient.onboard(..)}. Review {@link #plan()}, then {@link #commit()}. Can
 * be committed once. Not thread-safe.
 */
public interface Onboard extends PlannedOperation<Onboard.OnboardPlan, PublishReceipt> {
  /**
   * Names where the files are: all files below it that end in {@code .parquet}, except files whose
   * name, or a folder of theirs, starts with {@code _} or {@code .}. A folder such as {@code
   * dt=2026-01-01}, also the one named here or one above it, has the value of a column that its
   * files lack, and by which the product is partitioned: a date, a string, an int, or a long. Files
   * of the mesh itself, tables of other formats and parts of them, and links are refused.
   *
   * @param location of the embedded mesh, a folder in one that {@code LocalMesh.builder(..)} named,
   *     as an absolute path, as a URI such as {@code Path.toUri()} writes, or such as {@code
   *     root:raw/clicks}; of other meshes, a location in their store
   */
  Onboard from(String location);

  /** Names the folder where the files are. See {@link #from(String)}. */
  Onboard from(Path folder);

  /**
   * Registers later files at all locations from which files were registered before, instead of
   * {@link #from(String)}. A location may be empty. Registered files that changed or are missing
   * are findings of the plan, and are logged; reads of their rows fail until they are restored.
   */
  Onboard refresh();

  /**
   * Sets the contract of a product that does not exist. Default: the columns of all files, with the
   * types of the first file that has them or wider ones of later files, and no rules. For an
   * existing product, its current contract applies.
   */
  Onboard contract(Contract contract);

  /** Ignores columns of the files that the contract does not have. Default: a file is refused. */
  Onboard ignoreUnknownColumns();

  /**
   * Sets how many files are registered in one commit, 1 to 25,000. Default: 25,000. With more
   * files, all footers are checked first. Then each commit reads the rows of its files, checks them
   * against the contract, and makes them visible. After a failure, the commits before it remain:
   * run the same onboarding again, and it continues without opening the files that are registered.
   */
  Onboard filesPerCommit(int files);

  /**
   * Sets who receives the progress: phases {@code footers}, {@code rows}, and {@code commit} for
   * each commit. With several commits, also {@code files}: how many of all files are registered. An
   * exception that the listener throws there stops the onboarding between two commits.
   */
  Onboard onProgress(Progress listener);

  /** Sets how long each commit may take. Default: the mesh's. */
  Onboard timeout(Duration time);

  /**
   * Reads all footers and, if none is refused, all rows, and judges them as {@link #commit()} does.
   * Changes nothing. Files of several commits are judged together.
   *
   * @throws io.meshwork.error.MeshException if the files cannot be listed or read
   */
  @Override
  OnboardPlan plan();

  /**
   * Registers the files that were never registered for this product, in any major version, neither
   * at their location nor under another name, and returns the receipt of the last commit. A file
   * with the content of a registered one is that file, unless each registered one is another file
   * where it was, with all its rows. If all of them were registered, returns the earlier receipt;
   * after {@link #refresh()}, the newest one of an onboarding. A product that does not exist is
   * defined first, and stays defined if the registration fails; the message then says so.
   *
   * @throws io.meshwork.error.ContractViolationException if a file is refused, or rows break the
   *     contract; {@code findings()} name the files
   * @throws io.meshwork.error.InvalidRequestException if there is no file, or the location is not
   *     one that the mesh may read, or belongs to the mesh or to another table format;
   *     CONFIG_INVALID if the product has files in a folder that this process does not read;
   *     SOURCE_UNREADABLE if a file cannot be read now
   * @throws io.meshwork.error.AlreadyExistsException if {@link #from(String)} has no new file, and
   *     registered ones changed or are missing
   */
  @Override
  PublishReceipt commit();

  /** What {@link #commit()} would register. Immutable. */
  interface OnboardPlan extends Plan<PublishReceipt> {
    /** Returns the lengths in bytes of the files to register, by location. */
    Map<String, Long> files();

    /** Returns the contract against which they are checked. */
    Contract contract();

    /**
     * Returns how the rows meet the contract: each rule's result. It has no rows if a file is
     * refused, because then none are read.
     */
    QualityReport quality();

    /** Returns false if {@link #commit()} would be rejected; {@link #findings()} say why. */
    boolean isAccepted();

    @Override
    default boolean isAllowed() {
      return isAccepted();
    }
  }
}
