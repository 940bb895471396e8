/**
 * Creates records of Avro, Java records, and maps from column vectors.
 *
 * <p>Start at {@link io.meshwork.internal.materializers.RowMaterializers}. A type that can never
 * match is rejected once, before the first row; no message contains a field value. Imports what
 * {@code internal.rows} imports, and its columns.
 */
@NullMarked
package io.meshwork.internal.materializers;

import org.jspecify.annotations.NullMarked;
