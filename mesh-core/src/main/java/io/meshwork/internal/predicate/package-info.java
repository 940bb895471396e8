/**
 * The filter language: one parser, one evaluator, and one way of pruning, for reads, subscriptions,
 * replace and erase, and grants.
 *
 * <p>Start at {@link io.meshwork.internal.predicate.RowPredicate}. Section 3.3 of Meshwork's Lake
 * Formation semantics specifies the grammar, its limits, and its error codes; there is no
 * expression engine, and no text is assembled for another system to parse. Invariants: three-valued
 * logic as in SQL, and a row matches only if the result is true; a file or row group is pruned only
 * if no row in it can match. Imports {@code error}, {@code product}, {@code internal.runtime},
 * {@code internal.vector}, {@code internal.parquet.encoding} (bloom filters), and {@code
 * internal.parquet.read} (row groups).
 *
 * <p>Order and equality, which the grammar leaves open: NaN is a value and compares as in IEEE 754
 * (unequal to everything, in no range), as in Athena, which enforces the same filters; -0.0 equals
 * 0.0; decimals compare by value; text by code point, case-sensitive, without normalization; UUIDs
 * by unsigned bytes; times exactly, where a literal for an instant has an offset and one for a
 * local timestamp has none.
 */
@NullMarked
package io.meshwork.internal.predicate;

import org.jspecify.annotations.NullMarked;
