/**
 * What rules require, as data: one record for each kind of rule, and its text.
 *
 * <p>Start at {@link io.meshwork.internal.condition.RuleCondition}. Pure meaning, independent of
 * contracts. Imports {@code error}, {@code product}, {@code internal.naming}, {@code
 * internal.runtime}, {@code internal.schema}, and {@code internal.predicate} (literals).
 */
@NullMarked
package io.meshwork.internal.condition;

import org.jspecify.annotations.NullMarked;
