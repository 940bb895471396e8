/**
 * The columnar engine: rows as vectors, vectors as Parquet, and back.
 *
 * <p>Start at {@link io.meshwork.internal.columnar.VectorBatch}, then {@code ParquetWriter} and
 * {@code ParquetReader}; how nested columns are put together is told at {@code NestedReader}. Types
 * are Iceberg's ({@code org.apache.iceberg.Schema}); bytes are parquet-format's. Invariant: no
 * Hadoop and no parquet-hadoop class. Imports {@code error} and {@code columnar}.
 */
@NullMarked
package io.meshwork.internal.columnar;

import org.jspecify.annotations.NullMarked;
