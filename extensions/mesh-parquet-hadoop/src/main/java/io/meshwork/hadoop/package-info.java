/**
 * Reads Parquet files through parquet-hadoop that mesh-core rejects: encrypted files, with their
 * keys.
 *
 * <p>Start at {@link io.meshwork.hadoop.HadoopParquetFile}. Invariant: a column has the type and
 * the values that mesh-core's own reader gives it, because both take its meaning from the same
 * schema; keys never appear in messages. Imports {@code error}, {@code internal.parquet.schema},
 * and {@code internal.schema}. Hadoop is on the class path of the user, not a dependency.
 */
@NullMarked
package io.meshwork.hadoop;

import org.jspecify.annotations.NullMarked;
