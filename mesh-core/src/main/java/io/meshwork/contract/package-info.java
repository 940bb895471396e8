/**
 * The contract: what a producer promises about a product, as an immutable value.
 *
 * <p>Start at {@link io.meshwork.contract.Contract}. Pure meaning; checking happens in {@code
 * internal.quality}. Imports {@code error}, {@code product}, {@code internal.condition}, {@code
 * internal.schema}, {@code internal.compatibility}, {@code internal.predicate} (filters of rules),
 * {@code internal.parquet.schema} (errors of files), and {@code internal.parquet.read} (schemas of
 * files).
 */
@NullMarked
package io.meshwork.contract;

import org.jspecify.annotations.NullMarked;
