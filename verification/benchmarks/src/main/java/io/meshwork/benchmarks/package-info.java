/**
 * Side-by-side runs against peers: the same work, in turn, in one process; ratios are what counts.
 *
 * <p>Start at {@link io.meshwork.benchmarks.PublishBenchmark}. Uses the public API only.
 */
@NullMarked
package io.meshwork.benchmarks;

import org.jspecify.annotations.NullMarked;
