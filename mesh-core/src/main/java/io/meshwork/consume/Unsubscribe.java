package io.meshwork.consume;

import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import java.util.Optional;

/**
 * Ends a subscription. Its position, its usage records and the snapshots retained for its readers
 * are released; it no longer affects amendments and receives no notices. A client that still polls
 * it gets {@code SUBSCRIPTION_ENDED}. Subscribing again under its name creates another
 * subscription, which begins at its own start and whose batches have other ids. Grants and links
 * remain. Ending a subscription that was ended already has no effect. Not thread-safe; commit once.
 * {@code MeshClient.unsubscribe(..)} creates it.
 */
public interface Unsubscribe
    extends PlannedOperation<Plan<Optional<Subscription.Summary>>, Optional<Subscription.Summary>> {
  /**
   * Sets the reason, for the log and for the subscription's contact. Required if the subscription
   * is another domain's.
   */
  Unsubscribe because(String reason);

  /**
   * Returns what would be ended, and whether a rollout waits for the subscription; if it was ended
   * already, a finding says so and names the nearest. Changes nothing.
   *
   * @throws io.meshwork.error.MeshException as {@link #commit}
   */
  @Override
  Plan<Optional<Subscription.Summary>> plan();

  /**
   * Ends the subscription.
   *
   * @return the subscription as it was; empty if it was ended already
   * @throws io.meshwork.error.InvalidRequestException if the account acts for no domain, or the
   *     reason is missing for another domain's subscription
   * @throws io.meshwork.error.AccessDeniedException if the subscription is another domain's and the
   *     caller does not act for the product's owner
   * @throws io.meshwork.error.ConflictException with {@code STATE_CONFLICT} if the subscription is
   *     another domain's and is {@code ACTIVE}
   * @throws io.meshwork.error.NotFoundException if the product does not exist, or the domain never
   *     had a subscription of this name to it; the message names the nearest
   */
  @Override
  Optional<Subscription.Summary> commit();
}
