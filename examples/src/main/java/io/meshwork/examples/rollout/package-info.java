/**
 * A breaking change that breaks no consumer, from the plan to the retirement of the old version.
 * Run it with {@code scripts/example rollout}.
 *
 * <p>Start at {@link io.meshwork.examples.rollout.Rollout}.
 */
@NullMarked
package io.meshwork.examples.rollout;

import org.jspecify.annotations.NullMarked;
