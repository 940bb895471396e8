/**
 * Rules run over data: batches of vectors against a contract, by columns; and over the statistics
 * of files whose rows are not read.
 *
 * <p>Start at {@link io.meshwork.internal.quality.QualityGate}, for files at {@link
 * io.meshwork.internal.quality.StatisticsGate}. Invariant: rows offered = accepted + quarantined +
 * rejected, and no accepted row breaks a failed rule of severity ERROR. Nothing is made per row on
 * the way through, but for code of the producer's own. Imports {@code contract}, {@code
 * internal.columnar}, {@code internal.measure}, {@code internal.predicate} (filters), {@code
 * internal.schema} (paths of columns) and {@code internal.rows} (codes, what UTF-8 is, and records
 * for the producer's code).
 */
@NullMarked
package io.meshwork.internal.quality;

import org.jspecify.annotations.NullMarked;
