/**
 * Converts records to column vectors.
 *
 * <p>Start at {@link io.meshwork.internal.rows.RecordShredders}; {@code internal.materializers} has
 * the other direction. Invariants: values are widened, never parsed, narrowed, or rounded; no
 * message contains a field value. Types that can never match are rejected once, before the first
 * row; a value that does not match is a violation of its row. Imports {@code error}, {@code
 * product} (display of names), {@code contract} (the column annotation), and {@code
 * internal.vector}.
 */
@NullMarked
package io.meshwork.internal.rows;

import org.jspecify.annotations.NullMarked;
