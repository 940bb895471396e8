package io.meshwork.publish;

import com.google.errorprone.annotations.CheckReturnValue;
import io.meshwork.operation.Operation;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.product.ProductName;
import io.meshwork.publish.Publish.PublishPlan;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * Erases rows from a product. The same commit erases matching rows from the quarantine and from
 * staged publishes, and the same rows of the other major versions. Files with the rows stay until
 * the snapshots that contain them expire, or are deleted at once by {@link #withProof()}.
 *
 * <p>Select the rows with {@link #where(String)} or {@link #whereIn}, of which the last call
 * counts, or with {@link #quarantineWhere}.
 *
 * <p>Created by {@code MeshClient.erase}. Can be committed once. Not thread-safe.
 */
public interface Erase extends Operation<PublishReceipt> {
  /**
   * Erases the rows for which the filter is true. From the quarantine, it also erases rows for
   * which the filter can be true because a column of it contains a value of another type. A column
   * that a quarantined row lacks is null.
   *
   * @param filter such as {@code "customer = 'c-17'"}; not null
   */
  Erase where(String filter);

  /**
   * Erases the rows whose column has one of the values, as {@link #where(String)}, also for very
   * many values. The registry and the log store none of them, so that a subscription that has not
   * received the change gets the whole table.
   *
   * @param column a column, or a path in records such as {@code customer.id}; not null
   * @param values strings, numbers, booleans, UUIDs, dates, or times; at least one, and fewer than
   *     64 Mi characters together
   * @throws io.meshwork.error.InvalidRequestException if there are no values; at commit, if they
   *     are not of the column's type
   */
  Erase whereIn(String column, Collection<?> values);

  /**
   * Sets the filter of the same rows in another major version, whose columns or values differ.
   *
   * @param majorVersion the other major version, live or retired
   * @param filter on its columns; not null
   */
  Erase where(int majorVersion, String filter);

  /**
   * Erases rows from the quarantine of the major version, and the same rows from the quarantines of
   * the other ones. The product's own rows do not change and get no snapshot. The receipt's {@code
   * rowsRemoved} counts the rows of the major version.
   *
   * @param filter on the quarantine's columns, such as {@code "publish = '..'"} or {@code "rules =
   *     'between.amount'"}; not null
   * @throws io.meshwork.error.InvalidRequestException at commit, if it selects more than 1,000,000
   *     rows of a product with several major versions
   */
  Erase quarantineWhere(String filter);

  /**
   * States the major version whose columns the filter names, live or retired. Default: the current
   * one.
   *
   * @param number 1 or more
   * @throws io.meshwork.error.InvalidRequestException if less than 1
   */
  Erase majorVersion(int number);

  /**
   * Erases from one major version alone. The major versions then differ, which the rollout shows as
   * {@code mayDiffer()}.
   *
   * @param number the major version
   */
  Erase onlyMajorVersion(int number);

  /**
   * Sets the reason, which the receipt and the log contain. With {@link #withProof()}, the log
   * stores it permanently, so it should not name a person. Required.
   *
   * @param text not blank
   */
  Erase because(String text);

  /**
   * Sets the idempotency key, such as the number of the request. Default: a generated key.
   *
   * @param key 1 to 256 characters
   */
  Erase idempotencyKey(String key);

  /** Sets a listener for the progress. */
  Erase onProgress(Progress listener);

  /**
   * Limits the time of {@link #commit()}. Default: the mesh's deadline.
   *
   * @param time positive
   */
  Erase timeout(Duration time);

  /**
   * Continues with the erasure that also deletes every file with the rows, and proves it. It
   * includes all major versions, and cannot be combined with {@link #quarantineWhere}, {@link
   * #majorVersion}, {@link #onlyMajorVersion}, or {@link #onProgress}.
   *
   * @throws io.meshwork.error.InvalidRequestException if one of them was called
   */
  @CheckReturnValue
  WithProof withProof();

  /**
   * Shows what {@link #commit()} would do now, as {@link Publish#plan()}.
   *
   * @throws io.meshwork.error.MeshException as {@code commit()} throws
   */
  PublishPlan plan();

  /**
   * Erases the rows.
   *
   * @return the receipt; under a key that was used before, the first receipt
   * @throws io.meshwork.error.InvalidRequestException if filter or reason is missing or not valid,
   *     or if this object was committed before
   * @throws io.meshwork.error.AlreadyExistsException if the key was used for another request
   * @throws io.meshwork.error.ConflictException if others committed again and again until the
   *     deadline
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the owner
   * @throws io.meshwork.error.NotFoundException if the product or the major version does not exist
   * @throws io.meshwork.error.OutcomeUnknownException if the response was lost; run it again with
   *     the same key
   */
  @Override
  PublishReceipt commit();

  /**
   * Erases rows and deletes every file that contains them: data files, snapshots, manifests with
   * their column bounds, quarantined and staged rows, in all major versions, also in retired ones.
   * Then it reads every retained file and records that none contains the rows.
   *
   * <p>It consists of several commits. If one fails, earlier ones remain; run it again with the
   * same key, and it continues. By default it deletes no snapshot that a reader, a branch or tag of
   * an engine, or a mirror needs: it fails and names them.
   *
   * <p>Created by {@link Erase#withProof()}. Can be committed once. Not thread-safe.
   */
  interface WithProof extends PlannedOperation<Plan<Proof>, Proof> {
    /**
     * Deletes snapshots although readers or mirrors need them. A read in progress fails and can be
     * repeated. A subscription that has not received these snapshots gets the whole table with its
     * next batch. The proof and the log name them. Default: the commit fails and names them.
     */
    WithProof ignoreReaders();

    /**
     * Shows what the commit would erase, expire, and delete now. Reads all retained files, and
     * changes nothing. Findings name what stands in its way, and what it does not reach.
     *
     * @throws io.meshwork.error.MeshException as {@code commit()} throws, except for what stands in
     *     its way
     */
    @Override
    Plan<Proof> plan();

    /**
     * Erases the rows, expires the snapshots that contain them, deletes the files, and reads all
     * retained files.
     *
     * @return the proof; under a key that was used before, the first proof
     * @throws io.meshwork.error.ConflictException if a reader, a branch, a mirror, or a rollout
     *     needs a snapshot with erased rows; the findings name each. Newer snapshots do not contain
     *     the rows. Or if others published such rows again and again, or conflicting changes,
     *     through 10 rounds
     * @throws io.meshwork.error.InvalidRequestException if filter or reason is missing or not
     *     valid, or if this object was committed before
     * @throws io.meshwork.error.AlreadyExistsException if the key was used for another request
     * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the owner
     * @throws io.meshwork.error.BackendException if files cannot be read or deleted, or the time is
     *     over; run it again with the same key
     * @throws io.meshwork.error.OutcomeUnknownException if the response was lost; run it again with
     *     the same key
     */
    @Override
    Proof commit();
  }

  /**
   * The record of an erasure, which the registry stores permanently. It contains no filter. Counts
   * include earlier calls under the key. Immutable and thread-safe.
   */
  interface Proof {
    /** Returns the product. */
    ProductName product();

    /** Returns the idempotency key. */
    String idempotencyKey();

    /**
     * Returns the erases, as the log names them; more than one if matching rows were published in
     * the meantime.
     */
    List<String> publishIds();

    /**
     * Returns the number of erased rows, once for each major version; without quarantined and
     * staged rows.
     */
    long rowsErased();

    /**
     * Returns the number of rows that were erased from quarantines, once for each major version
     * whose quarantine had them.
     */
    long quarantinedRowsErased();

    /** Returns the number of snapshots that expired, also of quarantines. */
    long snapshotsExpired();

    /**
     * Returns the number of data files, manifests, statistics, and earlier metadata files that were
     * deleted with these snapshots.
     */
    long filesDeleted();

    /** Returns the number of retained data, quarantine, and staged files that were read. */
    long filesRead();

    /** Returns the number of rows in the files that were read. */
    long rowsRead();

    /**
     * Returns the readers and mirrors that were not waited for, as sentences: 64 KiB of them. If
     * there are more, the last sentence says how many.
     */
    List<String> readersPassed();

    /**
     * Returns what may contain the rows and is not deleted by the mesh, as sentences: 64 KiB about
     * files, with how many more there are, then all about other places.
     */
    List<String> outOfReach();

    /** Returns when all retained files had been read and none contained the rows. */
    Instant provedAt();
  }
}
