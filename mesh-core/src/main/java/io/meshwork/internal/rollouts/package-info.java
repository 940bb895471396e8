/**
 * The operations of {@code rollout}.
 *
 * <p>Start at {@link io.meshwork.internal.rollouts.RolloutOperations}. Invariant: a rollout and its
 * major versions change in one registry transaction with its log entry. Imports no other
 * operation's package.
 */
@NullMarked
package io.meshwork.internal.rollouts;

import org.jspecify.annotations.NullMarked;
