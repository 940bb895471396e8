/**
 * The filter language: one parser, one evaluator and one way of pruning, for reads, subscriptions,
 * replace and erase, and rights.
 *
 * <p>Start at {@link io.meshwork.internal.predicate.Predicate}. The grammar, its limits and its
 * codes are those of section 3.3 of our Lake Formation semantics; there is no expression engine
 * behind it, and no text is ever put together to be parsed by another system. Invariants: logic has
 * SQL's three values, and a row counts only if its answer is true; files and row groups are left
 * out only if no row in them can match. Imports {@code error}, {@code product}, {@code
 * internal.runtime} and {@code internal.columnar}.
 *
 * <p>Order and equality, which the grammar leaves open: NaN is a value and compares as IEEE 754
 * says, as in Athena, which enforces the same filters (unequal to everything, in no range); -0.0
 * equals 0.0; decimals compare by value; text by code point, case-sensitive, without normalization;
 * UUIDs by unsigned bytes; times exactly, where a literal for an instant carries an offset and one
 * for a local timestamp none.
 */
@NullMarked
package io.meshwork.internal.predicate;

import org.jspecify.annotations.NullMarked;
