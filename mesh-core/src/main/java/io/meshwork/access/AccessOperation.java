package io.meshwork.access;

import io.meshwork.operation.PlannedOperation;

/**
 * A change of access. Its plan shows who would gain and who would lose access. For one thread;
 * committed once, alone or with others by {@link AccessClient#plan}.
 *
 * @param <R> what exists after the change
 */
public interface AccessOperation<R> extends PlannedOperation<AccessPlan<R>, R> {
  /**
   * Returns who would gain and who would lose access. Changes nothing.
   *
   * @throws io.meshwork.error.MeshException as {@link #commit}
   */
  @Override
  AccessPlan<R> plan();

  /**
   * Makes the change. Parts that are in effect already are not repeated.
   *
   * @throws io.meshwork.error.AccessDeniedException if the caller may not make this change
   * @throws io.meshwork.error.InvalidRequestException if a required setting is missing or not
   *     allowed, the account acts for no domain, or the change is too large for one transaction
   * @throws io.meshwork.error.NotFoundException if there is no such domain or product
   * @throws io.meshwork.error.ConflictException if concurrent changes prevented it until the
   *     deadline
   */
  @Override
  R commit();
}
