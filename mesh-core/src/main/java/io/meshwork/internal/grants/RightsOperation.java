package io.meshwork.internal.grants;

import io.meshwork.access.AccessOperation;
import io.meshwork.access.AccessPlan;
import io.meshwork.internal.runtime.ArgumentChecks;

/**
 * A change of access that is proposed, planned and committed by a {@link RightsChange}, alone or
 * with others.
 *
 * @param <R> what exists after the change
 */
interface RightsOperation<R> extends AccessOperation<R> {
  /** How it is carried out. */
  RightsChange<R> change();

  @Override
  default AccessPlan<R> plan() {
    return change().plan();
  }

  @Override
  default R commit() {
    return change().commit(null);
  }

  @Override
  default R commitAsPlanned(String fingerprint) {
    return change().commit(ArgumentChecks.text("fingerprint", fingerprint));
  }
}
