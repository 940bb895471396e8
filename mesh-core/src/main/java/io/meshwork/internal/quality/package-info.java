/**
 * Rules run over data: batches of vectors against a contract, by columns; and over the statistics
 * of files whose rows are not read.
 *
 * <p>Start at {@link io.meshwork.internal.quality.QualityGate}, for files at {@link
 * io.meshwork.internal.quality.StatisticsGate}. Invariant: rows offered = accepted + quarantined +
 * rejected, and no accepted row breaks a failed rule of severity ERROR. Nothing is made per row on
 * the way through. Imports {@code contract}, {@code internal.columnar} and {@code internal.rows}
 * (codes, and what UTF-8 is).
 */
@NullMarked
package io.meshwork.internal.quality;

import org.jspecify.annotations.NullMarked;
