/**
 * The way of the old major version, and of what it promised: announced, closed, retired, restored,
 * purged; and the end of a rollout without it.
 *
 * <p>Start at {@link io.meshwork.internal.rollout.retirement.WithdrawalView}, then {@code
 * RolloutRetirement}. Invariant: a rollout and its major versions change in one registry
 * transaction with its log entry. Imports {@code internal.rollout.consumers} and {@code
 * internal.copies}.
 */
@NullMarked
package io.meshwork.internal.rollout.retirement;

import org.jspecify.annotations.NullMarked;
