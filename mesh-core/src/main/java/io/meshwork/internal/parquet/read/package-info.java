/**
 * Reads Parquet files as batches of vectors.
 *
 * <p>Start at {@link io.meshwork.internal.parquet.read.ParquetReader}, which reads the footer, and
 * {@link io.meshwork.internal.parquet.read.BatchReader}, which reads the rows. A page is read in
 * {@code PageReader.next}; {@code ChunkReader.append} turns its values into rows; {@code
 * NestedReader} explains how nested columns are assembled. Invariant: a crafted file causes an
 * error within limits of time and memory. Uses no class of Hadoop or parquet-hadoop. Imports {@code
 * internal.vector}, {@code internal.parquet.schema}, and {@code internal.parquet.encoding}, never
 * {@code internal.parquet.write}.
 */
@NullMarked
package io.meshwork.internal.parquet.read;

import org.jspecify.annotations.NullMarked;
