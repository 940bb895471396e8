/**
 * The Data Quality Definition Language (DQDL) of AWS Glue: what it can express of a contract.
 *
 * <p>Start at {@link io.meshwork.internal.dqdl.DqdlRuleset}. Pure text; knows no service.
 * Invariants: a rule is written only if AWS Glue, by its documentation, gives the same verdict for
 * the same rows; and a rule of single publishes only if its success in each publish implies success
 * for the table. Everything else is listed with the reason. Imports {@code contract} and {@code
 * internal.schema}.
 */
@NullMarked
package io.meshwork.internal.dqdl;

import org.jspecify.annotations.NullMarked;
