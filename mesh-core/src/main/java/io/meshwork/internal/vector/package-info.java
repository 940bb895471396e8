/**
 * Rows as columns in memory: some thousand rows at a time, one vector per column.
 *
 * <p>Start at {@link io.meshwork.internal.vector.VectorBatch}, then {@link
 * io.meshwork.internal.vector.Vector}, which lists the vector of each type. Invariant: knows
 * neither files nor contracts; types are Iceberg types ({@code org.apache.iceberg.Schema}). Imports
 * {@code columnar}.
 */
@NullMarked
package io.meshwork.internal.vector;

import org.jspecify.annotations.NullMarked;
