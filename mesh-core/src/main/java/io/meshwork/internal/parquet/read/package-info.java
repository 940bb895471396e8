/**
 * Reads Parquet files as batches of vectors.
 *
 * <p>Start at {@link io.meshwork.internal.parquet.read.ParquetReader} and {@link
 * io.meshwork.internal.parquet.read.BatchReader}, which reads the rows. {@code ChunkReader.append}
 * turns the values of a page into rows; {@code NestedReader} explains how nested columns are
 * assembled. Invariant: a crafted file causes an error within limits of time and memory. Uses no
 * class of Hadoop or parquet-hadoop. Imports {@code internal.vector} and the other packages of
 * Parquet, never {@code internal.parquet.write}.
 */
@NullMarked
package io.meshwork.internal.parquet.read;

import org.jspecify.annotations.NullMarked;
