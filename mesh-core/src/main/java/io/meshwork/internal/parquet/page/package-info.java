/**
 * The pages of a column chunk: their bytes, in one read for adjacent chunks, and their
 * decompression.
 *
 * <p>Start at {@link io.meshwork.internal.parquet.page.PageReader}, whose {@code next} reads a
 * page. To add a compression: a {@code BlockDecoder} and its case in {@code PageDecompressor}.
 * Invariant: a page never takes more memory than its header and the limits allow. Imports {@code
 * internal.parquet.footer} and what that imports.
 */
@NullMarked
package io.meshwork.internal.parquet.page;

import org.jspecify.annotations.NullMarked;
