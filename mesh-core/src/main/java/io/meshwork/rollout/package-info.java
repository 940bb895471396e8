/**
 * Rollouts: how a product moves its consumers from one major version to the next.
 *
 * <p>Start at {@link io.meshwork.rollout.Track}, the state of one consumer. Values only; the rules
 * that derive them are in {@code internal.rollout}. Imports values and ports only.
 */
@NullMarked
package io.meshwork.rollout;

import org.jspecify.annotations.NullMarked;
