/**
 * Suites of rules on rows and tables, of quarantined rows, and of freshness.
 *
 * <p>Start at {@link io.meshwork.internal.conformance.quality.DataQualitySuite}. Imports {@code
 * fixture}.
 */
@NullMarked
package io.meshwork.internal.conformance.quality;

import org.jspecify.annotations.NullMarked;
