/**
 * Iceberg tables whose pointer is a document of the registry.
 *
 * <p>Start at {@link io.meshwork.internal.table.MeshTables}. Invariant: an update of a table writes
 * files and captures metadata, and only the registry's transaction makes it visible; files that it
 * did not write are never deleted before that. Calls of Iceberg use no types of Avro, Parquet,
 * Jackson, or Guava, because engines relocate them. Imports {@code error}, {@code product}, {@code
 * registry}, {@code internal.runtime}, {@code internal.parquet.schema} (errors of files), {@code
 * internal.parquet.read} (footers), and {@code internal.ledger} only.
 */
@NullMarked
package io.meshwork.internal.table;

import org.jspecify.annotations.NullMarked;
