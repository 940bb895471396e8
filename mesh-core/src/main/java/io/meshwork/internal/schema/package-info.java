/**
 * Which schemas a contract may have, and how Avro's types and Iceberg's stand for each other.
 *
 * <p>Start at {@link io.meshwork.internal.schema.LegalSchema}, then {@link
 * io.meshwork.internal.schema.IcebergSchemas}. Invariant: what is refused is refused by our own
 * code and path, all of it at once; the mapping is our own, never Iceberg's. Imports {@code error},
 * {@code product} and {@code internal.runtime}.
 */
@NullMarked
package io.meshwork.internal.schema;

import org.jspecify.annotations.NullMarked;
