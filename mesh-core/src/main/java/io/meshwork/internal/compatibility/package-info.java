/**
 * Determines what the change from one schema to another means for consumers, for existing rows, and
 * for the table.
 *
 * <p>Start at {@link io.meshwork.internal.compatibility.SchemaComparison}. Invariant: Avro's
 * checker decides whether schemas resolve, in both directions, over the whole schema; where it is
 * too lax for a table, {@link io.meshwork.internal.compatibility.SchemaPairs} reports the path. No
 * I/O, and independent of compatibility modes. Imports {@code error}, {@code product}, and {@code
 * internal.schema}.
 */
@NullMarked
package io.meshwork.internal.compatibility;

import org.jspecify.annotations.NullMarked;
