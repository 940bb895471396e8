/**
 * Evaluates rules on data: on batches of vectors, column by column, on aggregates and keys of rows,
 * and on the statistics of files whose rows are not read.
 *
 * <p>Start at {@link io.meshwork.internal.quality.QualityGate}, for files at {@link
 * io.meshwork.internal.quality.StatisticsGate}, and for aggregates at {@link
 * io.meshwork.internal.quality.RowMeasure}. Invariants: input rows = accepted + quarantined +
 * rejected, and no accepted row breaks a failed rule of severity ERROR. Aggregates are independent
 * of the order and batches of the rows, and only their results are rounded. No object is created
 * per row, except for custom rules.
 *
 * <p>Imports {@code contract}, {@code internal.vector}, {@code internal.predicate} (filters),
 * {@code internal.schema} (column paths), {@code internal.uniqueness} (keys), {@code internal.rows}
 * (error codes, UTF-8 validation, and records for custom rules), and {@code internal.runtime}.
 */
@NullMarked
package io.meshwork.internal.quality;

import org.jspecify.annotations.NullMarked;
