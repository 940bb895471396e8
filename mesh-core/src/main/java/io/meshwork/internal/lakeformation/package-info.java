/**
 * Access decisions: evaluates grants, tags, data filters, and resource links as AWS Lake Formation
 * does, offline and with explanations.
 *
 * <p>Three stages. Index: {@link io.meshwork.internal.lakeformation.AccessState} is indexed once.
 * Evaluate: {@link io.meshwork.internal.lakeformation.evaluation.AccessEvaluator} answers an {@link
 * io.meshwork.internal.lakeformation.AccessQuestion} with an {@link
 * io.meshwork.internal.lakeformation.evaluation.AccessDecision}. Explain: {@link
 * io.meshwork.internal.lakeformation.evaluation.Explanation} has the reasons and the shortest
 * change.
 *
 * <p>Invariants: no input, no output, no clock (each question carries its time); only an active
 * grant, an administrator's role, or the creation of a resource allows anything; where Lake
 * Formation's documentation is ambiguous, the stricter interpretation applies. Imports {@code
 * error}, {@code product}, {@code access}, {@code internal.runtime} and {@code internal.predicate}.
 */
@NullMarked
package io.meshwork.internal.lakeformation;

import org.jspecify.annotations.NullMarked;
