/**
 * Reads the rows of files that have one row after the other, such as CSV, JSON lines, and Avro, as
 * records, with their lines.
 *
 * <p>Start at {@link io.meshwork.internal.ingest.file.FileRows}. Invariant: a row that does not fit
 * its columns is returned as one, with its line, and never ends the file. Imports {@code
 * internal.materializers}, {@code internal.rows}, and {@code internal.schema}.
 */
@NullMarked
package io.meshwork.internal.ingest.file;

import org.jspecify.annotations.NullMarked;
