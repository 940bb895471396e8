/**
 * Aggregates of rows: sums, means, deviations, extremes, ages, and medians, exact and independent
 * of the order and batches of the rows.
 *
 * <p>Start at {@link io.meshwork.internal.measure.RowMeasure}. Invariant: only results are rounded.
 * Imports {@code internal.columnar}, {@code internal.predicate}, and {@code internal.schema} only.
 */
@NullMarked
package io.meshwork.internal.measure;

import org.jspecify.annotations.NullMarked;
