/**
 * The columnar engine: reads and writes Parquet files as batches of vectors.
 *
 * <p>Start at {@code ParquetWriter} and
 * {@code ParquetReader}; {@code NestedReader} explains how nested columns are assembled. Types are
 * Iceberg types ({@code org.apache.iceberg.Schema}); the file format is parquet-format. Invariant:
 * uses no class of Hadoop or parquet-hadoop. Imports {@code error} and {@code internal.vector}.
 */
@NullMarked
package io.meshwork.internal.columnar;

import org.jspecify.annotations.NullMarked;
