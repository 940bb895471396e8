package io.meshwork.publish;

import io.meshwork.operation.Operation;
import java.time.Duration;

/**
 * Restores the rows of an earlier snapshot in a new snapshot. The history only grows, and
 * subscriptions continue. No data file is copied.
 *
 * <p>Created by {@code MeshClient.rollBack}. Can be committed once. Not thread-safe.
 */
public interface RollBack extends Operation<PublishReceipt> {
  /**
   * Sets the snapshot to restore. Required.
   *
   * @param snapshotId its ID in the history; not null
   */
  RollBack to(String snapshotId);

  /**
   * Rolls back this major version. Default: the current one.
   *
   * @param number 1 or more
   * @throws io.meshwork.error.InvalidRequestException if less than 1
   */
  RollBack majorVersion(int number);

  /**
   * Sets the reason, which is stored in the receipt, the log, and the snapshot. Required.
   *
   * @param reason not null
   */
  RollBack because(String reason);

  /**
   * Allows the rollback to restore rows that are erased now. Default: it is rejected.
   *
   * <p>A rollback also restores the erases of its snapshot: rolling back to a snapshot after an
   * erase makes the erase effective again.
   */
  RollBack restoreErased();

  /**
   * Allows the rollback to restore rows that violate the current contract. Default: it is rejected.
   * The violated rules stay on record until a publish replaces or erases the rows: with the reason
   * in the log and the history, in each snapshot for its readers, and in the doctor's findings.
   */
  RollBack allowViolations();

  /**
   * Sets the idempotency key, as {@link Publish#idempotencyKey} does. Default: a generated key.
   *
   * @param key 1 to 256 characters
   */
  RollBack idempotencyKey(String key);

  /**
   * Limits the time of {@link #commit()}. Default: the mesh's deadline.
   *
   * @param time positive
   */
  RollBack timeout(Duration time);

  /**
   * Restores the snapshot. If it is already the newest one, there is a receipt, but no new
   * snapshot.
   *
   * @return the receipt; under a key that was used before, the first receipt
   * @throws io.meshwork.error.NotFoundException if the product has no such snapshot, the snapshot
   *     has expired, or the major version was retired ({@code MAJOR_RETIRED})
   * @throws io.meshwork.error.InvalidRequestException if the snapshot or the reason is missing, if
   *     erased rows would be restored, or if this object was committed before
   * @throws io.meshwork.error.ContractViolationException if rows would be restored that violate the
   *     current contract, with the rules
   * @throws io.meshwork.error.ConflictException if others committed at the same time
   * @throws io.meshwork.error.AlreadyExistsException if the key was used for another request
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the owner
   * @throws io.meshwork.error.OutcomeUnknownException if the response was lost; run it again with
   *     the same key
   */
  @Override
  PublishReceipt commit();
}
