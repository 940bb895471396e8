/**
 * Checks rows and writes them to data files, for every operation that adds or removes rows.
 *
 * <p>Start at {@link io.meshwork.internal.ingest.RowIngestion}. Invariant: only this package writes
 * the rows of a table, and a commit makes them visible. Imports {@code internal.quality}, {@code
 * internal.rows}, {@code internal.vector}, {@code internal.parquet.schema} (errors of files),
 * {@code internal.parquet.read}, {@code internal.parquet.write}, and {@code internal.table}.
 */
@NullMarked
package io.meshwork.internal.ingest;

import org.jspecify.annotations.NullMarked;
