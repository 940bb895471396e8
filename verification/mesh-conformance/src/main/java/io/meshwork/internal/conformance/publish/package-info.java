/**
 * Suites of publishes: modes, keys, receipts, staged rows, feeds, and concurrent publishers.
 *
 * <p>Start at {@link io.meshwork.internal.conformance.publish.PublishModesSuite}. Imports {@code
 * fixture}.
 */
@NullMarked
package io.meshwork.internal.conformance.publish;

import org.jspecify.annotations.NullMarked;
