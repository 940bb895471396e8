/**
 * The keys of rows: of a publish, of the rows that are in the table already, and of the rows of
 * other products that references name.
 *
 * <p>Start at {@link io.meshwork.internal.uniqueness.UniqueKeys} for the keys of a publish, and at
 * {@link io.meshwork.internal.uniqueness.UniqueKeyCheck} for the keys of a commit. Invariant:
 * answers are exact. Keys beyond the memory limit are stored in temporary files, which are deleted
 * on close, or the result is unavailable. All use one encoding of keys, {@code RowKeys}.
 *
 * <p>Imports {@code contract}, {@code publish} (modes), {@code internal.vector}, {@code
 * internal.parquet.schema} (errors of files), {@code internal.parquet.encoding} (bloom filters),
 * {@code internal.parquet.read} (keys of files), {@code internal.predicate} (filters), {@code
 * internal.schema} (column paths), and {@code internal.runtime} (deadlines). Callers provide the
 * files of a table.
 */
@NullMarked
package io.meshwork.internal.uniqueness;

import org.jspecify.annotations.NullMarked;
