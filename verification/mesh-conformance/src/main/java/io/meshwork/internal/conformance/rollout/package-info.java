/**
 * Suites of major versions: how one begins, how consumers move, and how one ends.
 *
 * <p>Start at {@link io.meshwork.internal.conformance.rollout.RolloutsSuite}. Imports {@code
 * fixture}.
 */
@NullMarked
package io.meshwork.internal.conformance.rollout;

import org.jspecify.annotations.NullMarked;
