/**
 * What the change from one schema to another means, for consumers, for history and for the table.
 *
 * <p>Start at {@link io.meshwork.internal.compatibility.SchemaComparison}. Invariant: Avro's
 * checker decides whether schemas resolve, both ways, over the whole schema; where it is too lax
 * for a table, {@link io.meshwork.internal.compatibility.SchemaPairs} says so at the path. Nothing
 * here does I/O or depends on a mode. Imports {@code error}, {@code product} and {@code
 * internal.schema}.
 */
@NullMarked
package io.meshwork.internal.compatibility;

import org.jspecify.annotations.NullMarked;
