/**
 * Validates the schemas of contracts, and converts between Avro and Iceberg types.
 *
 * <p>Start at {@link io.meshwork.internal.schema.LegalSchema}, then {@link
 * io.meshwork.internal.schema.IcebergSchemas}. Invariant: every finding has a code and a path of
 * Meshwork, and all are reported at once; the type mapping is defined here, not by Iceberg. Imports
 * {@code error}, {@code product}, and {@code internal.runtime}.
 */
@NullMarked
package io.meshwork.internal.schema;

import org.jspecify.annotations.NullMarked;
