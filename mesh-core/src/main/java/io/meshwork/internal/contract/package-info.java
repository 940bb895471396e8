/**
 * Reads of contracts what their API does not show.
 *
 * <p>Start at {@link io.meshwork.internal.contract.RuleConditions}. Imports {@code contract} and
 * {@code internal.condition}.
 */
@NullMarked
package io.meshwork.internal.contract;

import org.jspecify.annotations.NullMarked;
