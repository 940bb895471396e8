/**
 * Tracks operations that were started and never committed, by name and number only.
 *
 * <p>Start at {@link io.meshwork.internal.open.OpenOperations}. Invariant: memory use is bounded,
 * however many operations a program abandons. Imports no other package.
 */
@NullMarked
package io.meshwork.internal.open;

import org.jspecify.annotations.NullMarked;
