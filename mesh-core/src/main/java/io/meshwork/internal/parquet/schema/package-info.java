/**
 * The schema of a Parquet file, the same for files that are read and written, and the two errors
 * that a file causes.
 *
 * <p>Start at {@link io.meshwork.internal.parquet.schema.ParquetFileSchema}: its columns as nested
 * fields, and as leaves. A leaf is a {@link io.meshwork.internal.parquet.schema.ParquetColumn}:
 * path, levels, and type. Terms come from parquet-format; types are Iceberg types. Imports {@code
 * error}.
 */
@NullMarked
package io.meshwork.internal.parquet.schema;

import org.jspecify.annotations.NullMarked;
