/**
 * Records into column vectors, and column vectors into records.
 *
 * <p>Start at {@link io.meshwork.internal.rows.Shredders} (in) and {@link
 * io.meshwork.internal.rows.Materializers} (out). Invariants: values are widened, never parsed,
 * narrowed or rounded; no message and no reason holds a field's value. What a class cannot carry is
 * refused once, before its first row; what a value cannot carry is a violation of its row. Imports
 * {@code error}, {@code product} (how names are shown), {@code contract} (the column annotation)
 * and {@code internal.columnar}.
 */
@NullMarked
package io.meshwork.internal.rows;

import org.jspecify.annotations.NullMarked;
