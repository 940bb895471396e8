/**
 * Rows as columns, in the public API.
 *
 * <p>Start at {@link io.meshwork.columnar.ColumnBatch}. Imports nothing.
 */
@NullMarked
package io.meshwork.columnar;

import org.jspecify.annotations.NullMarked;
