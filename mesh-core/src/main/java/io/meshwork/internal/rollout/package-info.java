/**
 * A rollout, stored and logged, and where its major versions have the same rows.
 *
 * <p>Start at {@link io.meshwork.internal.rollout.RolloutEntry}, then {@code RolloutLog}.
 * Invariant: a stored fact is in one record. Imports state and the session; the packages below it
 * change rollouts.
 */
@NullMarked
package io.meshwork.internal.rollout;

import org.jspecify.annotations.NullMarked;
