/**
 * Checks rows and has them written to data files, for every operation that adds rows.
 *
 * <p>Start at {@link io.meshwork.internal.ingest.RowIngestion}. Invariant: each row that is read is
 * published, quarantined, or rejected, and nothing is committed. Imports {@code
 * internal.ingest.file}, {@code internal.ingest.write}, {@code internal.quality}, {@code
 * internal.rows}, {@code internal.vector}, {@code internal.parquet.schema} (errors of files),
 * {@code internal.parquet.read}, {@code internal.parquet.write}, and {@code internal.table}.
 */
@NullMarked
package io.meshwork.internal.ingest;

import org.jspecify.annotations.NullMarked;
