/**
 * Writes batches of vectors as Parquet files.
 *
 * <p>Start at {@link io.meshwork.internal.parquet.write.ParquetWriter}, which cuts row groups. A
 * page is written in {@code ColumnChunkEncoder.endPage}: its values by a {@code ValuesEncoder},
 * which chooses their encoding, then its compression by {@code CompressedPages}; {@code
 * ParquetChunkEncoding.writeTo} writes the pages of a column chunk to the file. Invariant: memory
 * is bounded by one encoded row group. Uses no class of Hadoop or parquet-hadoop. Imports {@code
 * error}, {@code internal.runtime} (parallel tasks), {@code internal.vector}, {@code
 * internal.parquet.schema}, and {@code internal.parquet.encoding}, never {@code
 * internal.parquet.read}.
 */
@NullMarked
package io.meshwork.internal.parquet.write;

import org.jspecify.annotations.NullMarked;
