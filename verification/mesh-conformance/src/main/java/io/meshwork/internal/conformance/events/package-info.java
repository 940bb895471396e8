/**
 * Suites of what a mesh records and tells: events, notices, the audit, and failing listeners.
 *
 * <p>Start at {@link io.meshwork.internal.conformance.events.EventsSuite}. Imports {@code fixture}.
 */
@NullMarked
package io.meshwork.internal.conformance.events;

import org.jspecify.annotations.NullMarked;
