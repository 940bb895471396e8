package io.meshwork.internal.rollout.start;

import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.ChangePlan;
import io.meshwork.internal.majors.NewMajor;
import io.meshwork.internal.rollout.RolloutEntry;
import java.util.Optional;

/**
 * The plan of what starts, of whatever kind.
 *
 * @param <R> what starts
 */
interface StartPlan<R> extends ChangePlan<R> {
  /** What a commit writes. */
  StartedRollout start();

  /** A rollout as a commit stores it, and the documents that it is based on. */
  interface StartedRollout {
    DomainEntry domain();

    ProductEntry entry();

    /** The major version that is replaced, that ends, or whose contract is amended. */
    VersionEntry current();

    RolloutEntry rollout();

    /** The new major version; empty if there is none. */
    default Optional<NewMajor> next() {
      return Optional.empty();
    }
  }
}
