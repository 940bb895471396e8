/**
 * What the API of contracts does not show: conditions of rules, and which contract can follow
 * which.
 *
 * <p>Start at {@link io.meshwork.internal.contract.RuleConditions}. Imports {@code error}, {@code
 * product}, {@code internal.condition}, and {@code contract}.
 */
@NullMarked
package io.meshwork.internal.contract;

import org.jspecify.annotations.NullMarked;
