/**
 * Numbers that many rows come to: sums, means, deviations, extremes, ages and medians, exact and
 * the same in whatever order and chunks the rows come; and keys that are known elsewhere.
 *
 * <p>Start at {@link io.meshwork.internal.measure.Measure}. Invariant: nothing is rounded before
 * the result is asked for. Imports {@code error}, {@code internal.columnar} and {@code
 * internal.schema} only.
 */
@NullMarked
package io.meshwork.internal.measure;

import org.jspecify.annotations.NullMarked;
