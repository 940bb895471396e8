/**
 * Rows on their way in: shredded, checked, encoded, gated; used by every verb that adds rows.
 *
 * <p>Start at {@link io.meshwork.internal.ingest.RowIngestion}. Invariant: rows reach a table only
 * through here, and only files are written; the commit makes them visible. Imports {@code
 * internal.quality}, {@code internal.rows}, {@code internal.columnar} and {@code internal.table}.
 */
@NullMarked
package io.meshwork.internal.ingest;

import org.jspecify.annotations.NullMarked;
