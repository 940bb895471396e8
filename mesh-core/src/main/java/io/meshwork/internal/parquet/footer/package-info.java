/**
 * What a Parquet file says about its rows: the footer, with bounds of columns and places of pages,
 * and bloom filters.
 *
 * <p>Start at {@link io.meshwork.internal.parquet.footer.FooterReader}, which reads the footer, and
 * {@link io.meshwork.internal.parquet.footer.PageIndexReader}, which selects pages by their bounds.
 * Invariant: a crafted footer causes an error within limits of time and memory. Imports {@code
 * internal.vector}, {@code internal.parquet.schema}, and {@code internal.parquet.encoding}.
 */
@NullMarked
package io.meshwork.internal.parquet.footer;

import org.jspecify.annotations.NullMarked;
