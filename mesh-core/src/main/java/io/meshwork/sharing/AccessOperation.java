package io.meshwork.sharing;

import io.meshwork.internal.runtime.Arguments;
import io.meshwork.operation.PlannedOperation;

/**
 * A change of rights: its plan says who would gain and who would lose what. A verb says only how
 * its change is proposed; looking at it, doing it, and doing it with others is the same for all.
 *
 * @param <R> what exists after the change
 */
public sealed interface AccessOperation<R> extends PlannedOperation<AccessPlan<R>, R>
    permits ApproveRequest,
        Authorize,
        DefineTag,
        GrantOperation,
        Revoke,
        TagResource,
        WithdrawAuthorization {
  /** The change itself. Only this package can do something with it. */
  RightsChange<R> change();

  /**
   * Who would gain and who would lose what. Changes nothing.
   *
   * @throws io.meshwork.error.MeshException as {@link #commit}
   */
  @Override
  default AccessPlan<R> plan() {
    return change().plan();
  }

  /**
   * Does it; what is so already is not done again.
   *
   * @throws io.meshwork.error.AccessDeniedException if it is not the caller's to do
   * @throws io.meshwork.error.InvalidRequestException if something was not said or is not allowed,
   *     the account acts for no domain, or it is too much for one transaction
   * @throws io.meshwork.error.NotFoundException if there is no such domain or product
   * @throws io.meshwork.error.ConflictException if others were faster until the deadline
   */
  @Override
  default R commit() {
    return change().commit(null);
  }

  @Override
  default R commitAsPlanned(String fingerprint) {
    return change().commit(Arguments.text("fingerprint", fingerprint));
  }
}
