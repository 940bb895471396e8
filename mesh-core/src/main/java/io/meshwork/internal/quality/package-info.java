/**
 * Evaluates rules on data: on batches of vectors, column by column, on aggregates and keys of rows,
 * and on the statistics of files whose rows are not read.
 *
 * <p>Start at {@link io.meshwork.internal.quality.QualityGate}, for files at {@link
 * io.meshwork.internal.quality.StatisticsGate}, for aggregates at {@link
 * io.meshwork.internal.quality.RowMeasure}, and for the keys of a commit at {@link
 * io.meshwork.internal.quality.UniqueKeyCheck}. Invariants: input rows = accepted + quarantined +
 * rejected, and no accepted row breaks a failed rule of severity ERROR. Aggregates are independent
 * of the order and batches of the rows, and only their results are rounded. Answers about keys are
 * exact: keys beyond the memory limit are stored in temporary files, which are deleted on close, or
 * the result is unavailable. No object is created per row, except for custom rules.
 *
 * <p>Imports {@code contract}, {@code publish} (modes), {@code internal.vector}, {@code
 * internal.parquet.schema} (errors of files), {@code internal.parquet.encoding} (bloom filters),
 * {@code internal.parquet.read} (keys of files), {@code internal.predicate} (filters), {@code
 * internal.schema} (column paths), {@code internal.rows} (error codes, UTF-8 validation, and
 * records for custom rules), and {@code internal.runtime} (deadlines). Callers provide the files of
 * a table.
 */
@NullMarked
package io.meshwork.internal.quality;

import org.jspecify.annotations.NullMarked;
