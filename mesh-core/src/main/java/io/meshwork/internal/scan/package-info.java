/**
 * Rows on their way out: files of a pinned snapshot, decoded column by column.
 *
 * <p>Start at {@link io.meshwork.internal.scan.SnapshotScan}. Invariant: a scan sees one committed
 * snapshot for its whole life. Imports {@code internal.columnar}, {@code internal.predicate} and
 * Iceberg's table.
 */
@NullMarked
package io.meshwork.internal.scan;

import org.jspecify.annotations.NullMarked;
