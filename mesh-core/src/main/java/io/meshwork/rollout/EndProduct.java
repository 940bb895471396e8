package io.meshwork.rollout;

import io.meshwork.card.ProductConsumer;
import io.meshwork.error.Finding;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.Rollout.Downstream;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * Starts the end of a product. Its consumers are notified with {@link ProductEnd#announce}, and
 * read it until it is retired. Nothing changes for them before the announcement.
 *
 * <p>Created by {@code MeshClient.endProduct}. Can be committed once. Not thread-safe.
 */
public interface EndProduct extends PlannedOperation<EndProduct.EndPlan, ProductEnd> {
  /**
   * Names what replaces the product: consumers move to another product, such as another team's. Its
   * rows are not published for them; reads of it prove a move. Default: nothing replaces it.
   *
   * @param product the name of the other product; not null
   * @param major its major version, which is in use
   * @throws io.meshwork.error.InvalidRequestException if it is the same product
   */
  EndProduct successor(CharSequence product, int major);

  /**
   * Sets the reason, which consumers are shown. Required.
   *
   * @param text not null
   */
  EndProduct because(String text);

  /**
   * Sets the proposed last day of the product, in UTC. Default: the earliest day that the notice
   * period of the current contract allows.
   *
   * @param date not null
   */
  EndProduct retireAfter(LocalDate date);

  /**
   * Shows the consumers of the product, the products that depend on it, and the earliest date of
   * its end. Changes nothing.
   *
   * @throws io.meshwork.error.InvalidRequestException if the reason is missing
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the domain
   * @throws io.meshwork.error.NotFoundException if the product or its successor does not exist
   * @throws io.meshwork.error.ConflictException if the current major version is in a rollout or not
   *     in use
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  @Override
  EndPlan plan();

  /**
   * Starts the end of the product. Consumers are not notified yet.
   *
   * @return the end, in state {@code PLANNED}
   * @throws io.meshwork.error.InvalidRequestException CHANGE_INCOMPATIBLE if the plan has errors,
   *     for example because another major version of the product is in use
   * @throws io.meshwork.error.ConflictException if a rollout of the product started at the same
   *     time
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the domain
   */
  @Override
  ProductEnd commit();

  /**
   * What the end of a product means: the consumers that lose it, and the dates. Reflects the time
   * when it was created. Immutable and thread-safe; {@code toString()} is a page for people.
   */
  interface EndPlan extends Plan<ProductEnd> {
    /** Returns the product. */
    ProductName product();

    /** Returns its last major version. */
    int from();

    /**
     * Returns what consumers read in its place, in another product; empty if nothing replaces it.
     */
    Optional<MajorVersion> successor();

    /** Returns all consumers of the product; each of them loses it. */
    List<ProductConsumer> consumers();

    /** Returns the other products that depend on it, as in {@link StartRollout.RolloutPlan}. */
    List<Downstream> downstream();

    /**
     * Returns the first day on which the product can be retired, if the consumers are notified
     * today: after the notice period of the current contract, in UTC.
     */
    LocalDate earliestRetirement();

    /** Returns the proposed last day of the product, in UTC. */
    LocalDate retireAfter();

    /** Returns true if {@link #commit()} would not be rejected. */
    @Override
    boolean isAllowed();

    /** Returns the steps; empty if the end is rejected. */
    @Override
    List<Step> steps();

    /** Returns all problems. Errors prevent the end and contain the fix. */
    @Override
    List<Finding> findings();
  }
}
