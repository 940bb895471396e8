/**
 * Aggregates of rows: sums, means, deviations, extremes, ages, and medians, exact and independent
 * of the order and batches of the rows; and sets of keys.
 *
 * <p>Start at {@link io.meshwork.internal.measure.RowMeasure}. Invariant: only results are rounded.
 * Imports {@code error}, {@code internal.columnar}, and {@code internal.schema} only.
 */
@NullMarked
package io.meshwork.internal.measure;

import org.jspecify.annotations.NullMarked;
