/**
 * Suites of reads, subscriptions, and polls.
 *
 * <p>Start at {@link io.meshwork.internal.conformance.consume.ReadsSuite}. Imports {@code fixture}
 * and {@code rollout}.
 */
@NullMarked
package io.meshwork.internal.conformance.consume;

import org.jspecify.annotations.NullMarked;
