/**
 * Major versions of a product side by side: the rules of the rollout from one to the next.
 *
 * <p>Start at {@link io.meshwork.internal.rollout.TrackRules}, then {@code RetireGuard} and {@code
 * ColumnMap}. Invariant: the rules are pure; the same facts and time always give the same result.
 * Imports the API package {@code rollout}, {@code contract}, {@code internal.columnar}, and {@code
 * internal.rows}.
 */
@NullMarked
package io.meshwork.internal.rollout;

import org.jspecify.annotations.NullMarked;
