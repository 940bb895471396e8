/**
 * Starts the rollout of a new major version, the end of a product, and an amendment of terms, and
 * finds all that a caller sees.
 *
 * <p>Start at {@link io.meshwork.internal.rollout.start.RolloutOperations}, then {@code
 * StartOperation}. Invariant: of a major version, at most one starts. Imports {@code
 * internal.rollout.backfill} and {@code internal.rollout.retirement}.
 */
@NullMarked
package io.meshwork.internal.rollout.start;

import org.jspecify.annotations.NullMarked;
