/**
 * Evaluates rules on data: on batches of vectors, column by column, and on the statistics of files
 * whose rows are not read.
 *
 * <p>Start at {@link io.meshwork.internal.quality.QualityGate}, for files at {@link
 * io.meshwork.internal.quality.StatisticsGate}. Invariant: input rows = accepted + quarantined +
 * rejected, and no accepted row breaks a failed rule of severity ERROR. No object is created per
 * row, except for custom rules. Imports {@code contract}, {@code internal.columnar}, {@code
 * internal.measure}, {@code internal.uniqueness} (keys), {@code internal.predicate} (filters),
 * {@code internal.schema} (column paths), and {@code internal.rows} (error codes, UTF-8 validation,
 * and records for custom rules).
 */
@NullMarked
package io.meshwork.internal.quality;

import org.jspecify.annotations.NullMarked;
