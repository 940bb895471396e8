/**
 * What the operations of a mesh cost as it grows, counted and measured.
 *
 * <p>Start at {@link io.meshwork.internal.conformance.growth.GrowthBenchmark}. Imports {@code
 * fixture}.
 */
@NullMarked
package io.meshwork.internal.conformance.growth;

import org.jspecify.annotations.NullMarked;
