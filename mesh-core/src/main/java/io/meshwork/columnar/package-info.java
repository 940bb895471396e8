/**
 * Rows as columns, as users see them.
 *
 * <p>Start at {@link io.meshwork.columnar.ColumnBatch}. Imports nothing.
 */
@NullMarked
package io.meshwork.columnar;

import org.jspecify.annotations.NullMarked;
