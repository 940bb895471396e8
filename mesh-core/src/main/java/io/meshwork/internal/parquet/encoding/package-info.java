/**
 * The encodings of parquet-format, in both directions: values, levels, and dictionary indices to
 * bytes and back, and bloom filters.
 *
 * <p>Start at {@link io.meshwork.internal.parquet.encoding.ValueDecoder} for bytes that are read,
 * and at {@link io.meshwork.internal.parquet.encoding.LittleEndianEncoder} for bytes that are
 * written; the class of each encoding is behind them. To add one: a subclass of {@code
 * ValueDecoder} and its case in {@code ValueDecoder.of}; to write it, a class like {@code
 * DeltaEncoder} and its method in {@code LittleEndianEncoder}, which a {@code ValuesEncoder} of
 * {@code internal.parquet.write} then chooses. Invariant: knows pages and files only as ranges of
 * bytes, and never reads beyond them. Imports {@code internal.vector} and {@code
 * internal.parquet.schema} (its error).
 */
@NullMarked
package io.meshwork.internal.parquet.encoding;

import org.jspecify.annotations.NullMarked;
