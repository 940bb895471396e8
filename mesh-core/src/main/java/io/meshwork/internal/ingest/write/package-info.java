/**
 * Writes rows to data files, and copies files without the rows that a change removes.
 *
 * <p>Start at {@link io.meshwork.internal.ingest.write.DataFileWriter}. Invariant: only this
 * package writes the data files of a table, and a commit makes them visible. Imports {@code
 * internal.quality}, {@code internal.rows}, {@code internal.vector}, {@code
 * internal.parquet.schema} (errors of files), {@code internal.parquet.read}, {@code
 * internal.parquet.write}, and {@code internal.table}.
 */
@NullMarked
package io.meshwork.internal.ingest.write;

import org.jspecify.annotations.NullMarked;
