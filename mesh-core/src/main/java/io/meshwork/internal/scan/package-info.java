/**
 * Reads the rows of pinned snapshots, column by column.
 *
 * <p>Start at {@link io.meshwork.internal.scan.SnapshotScan}. Invariant: a scan sees one committed
 * snapshot until it is closed. Imports {@code internal.vector}, {@code internal.parquet.schema}
 * (errors of files), {@code internal.parquet.read}, {@code internal.predicate}, and Iceberg's
 * table.
 */
@NullMarked
package io.meshwork.internal.scan;

import org.jspecify.annotations.NullMarked;
