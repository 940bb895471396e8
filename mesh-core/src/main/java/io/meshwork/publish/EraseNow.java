package io.meshwork.publish;

import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.product.ProductName;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Erases rows from a product and deletes every file that contains them: data files, snapshots,
 * manifests with their column bounds, quarantined and staged rows, in all major versions, also in
 * retired ones. Then it reads every retained file and records that none contains the rows.
 *
 * <p>{@link Publish#erasingWhere} removes rows from the newest snapshot; their files stay until
 * older snapshots expire. This operation does not wait for that.
 *
 * <p>It consists of several commits. If one fails, those before it remain; run it again with the
 * same key, and it continues. By default it deletes no snapshot that a reader, a branch or tag of
 * an engine, or a mirror needs: it fails and names them.
 *
 * <p>Created by {@code MeshClient.eraseNow}. Can be committed once. Not thread-safe.
 */
public interface EraseNow extends PlannedOperation<Plan<EraseNow.Proof>, EraseNow.Proof> {
  /**
   * Sets the filter of the rows. Required.
   *
   * @param filter such as {@code "customer = 'c-17'"}; not null
   */
  EraseNow where(String filter);

  /**
   * Selects the rows whose column has one of the values, in place of {@link #where(String)}, also
   * for very many values. The registry and the log keep none of them.
   *
   * @param column a column, or a path in records such as {@code customer.id}; not null
   * @param values texts, numbers, booleans, UUIDs, dates, or times; at least one, and fewer than 64
   *     Mi characters together
   * @throws io.meshwork.error.InvalidRequestException if there are no values
   */
  EraseNow whereIn(String column, Collection<?> values);

  /**
   * Sets the filter of the same rows in another major version, whose columns or values differ.
   *
   * @param majorVersion the other major version, live or retired
   * @param filter on its columns; not null
   */
  EraseNow where(int majorVersion, String filter);

  /**
   * Sets the reason, which the log keeps permanently, so it should not name a person. Required.
   *
   * @param reason not null
   */
  EraseNow because(String reason);

  /**
   * Sets the idempotency key, such as the number of the request. Default: a generated key.
   *
   * @param key 1 to 256 characters
   */
  EraseNow idempotencyKey(String key);

  /**
   * Deletes snapshots although readers or mirrors need them. A read in progress fails and can be
   * repeated. A subscription that has not received these snapshots gets the whole table with its
   * next batch. The proof and the log name them. Default: the commit fails and names them.
   */
  EraseNow notWaitingForReaders();

  /**
   * Limits the time of {@link #commit()}. Default: the mesh's deadline.
   *
   * @param time positive
   */
  EraseNow timeout(Duration time);

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
   * @throws io.meshwork.error.ConflictException if a reader, a branch, a mirror, or a rollout needs
   *     a snapshot with erased rows; the findings name each. Newer snapshots do not contain the
   *     rows. Or if others kept publishing such rows, or conflicting changes, through 10 rounds
   * @throws io.meshwork.error.InvalidRequestException if filter or reason is missing or not valid,
   *     or if this object was committed before
   * @throws io.meshwork.error.AlreadyExistsException if the key was used for another request
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the owner
   * @throws io.meshwork.error.BackendException if files cannot be read or deleted, or the time is
   *     over; run it again with the same key
   * @throws io.meshwork.error.OutcomeUnknownException if the response was lost; run it again with
   *     the same key
   */
  @Override
  Proof commit();

  /**
   * The record of an erasure, which the registry keeps permanently. It contains no filter.
   * Immutable.
   *
   * @param product the product
   * @param idempotencyKey the key
   * @param publishIds the erases, as the log names them; more than one if matching rows were
   *     published in the meantime
   * @param counts what was done, also by earlier calls under the key; only counts above 0
   * @param readersPassed the readers and mirrors that were not waited for, as sentences
   * @param outOfReach what may contain the rows and is not deleted by the mesh, as sentences
   * @param provedAt when all retained files had been read and none contained the rows
   */
  record Proof(
      ProductName product,
      String idempotencyKey,
      List<String> publishIds,
      Map<Count, Long> counts,
      List<String> readersPassed,
      List<String> outOfReach,
      Instant provedAt) {
    /** What is counted. */
    public enum Count {
      /**
       * Rows that were erased, once for each major version; without quarantined and staged rows.
       */
      ROWS_ERASED,
      /** Snapshots that expired, also those of quarantines. */
      SNAPSHOTS_EXPIRED,
      /** Data files, manifests, and statistics that were deleted with these snapshots. */
      FILES_DELETED,
      /** Retained data files, quarantine files, and staged files that were read. */
      FILES_READ,
      /** Rows in the files that were read. */
      ROWS_READ
    }

    /** Copies the collections. */
    public Proof {
      publishIds = List.copyOf(publishIds);
      counts = Collections.unmodifiableMap(new TreeMap<>(counts));
      readersPassed = List.copyOf(readersPassed);
      outOfReach = List.copyOf(outOfReach);
    }

    /** Returns a count; 0 if there is none. */
    public long count(Count kind) {
      return counts.getOrDefault(kind, 0L);
    }
  }
}
