package io.meshwork.rollout;

import io.meshwork.card.ProductConsumer;
import io.meshwork.error.Finding;
import io.meshwork.operation.Plan;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.RolloutPlan.Downstream;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * What the end of a product means: the consumers that lose it, and the dates. Reflects the time
 * when it was made. Immutable and thread-safe; {@code toString()} is a page for people.
 */
public interface EndPlan extends Plan<Rollout> {
  /** Returns the product. */
  ProductName product();

  /** Returns its last major version. */
  int from();

  /** Returns what consumers read in its place, in another product; empty if nothing replaces it. */
  Optional<MajorVersion> successor();

  /** Returns all consumers of the product; each of them loses it. */
  List<ProductConsumer> consumers();

  /** Returns the other products that depend on it, as {@link RolloutPlan#downstream()} does. */
  List<Downstream> downstream();

  /**
   * Returns the first day on which the product can be retired, if the consumers are notified today:
   * after the notice period of the current contract, in UTC.
   */
  LocalDate earliestRetirement();

  /** Returns the proposed last day of the product, in UTC. */
  LocalDate retireAfter();

  /** Returns true if {@link #commit()} would not be rejected. */
  boolean isAllowed();

  /** Returns the steps; empty if the end is rejected. */
  @Override
  List<Step> steps();

  /** Returns all problems. Errors prevent the end and contain the fix. */
  @Override
  List<Finding> findings();
}
