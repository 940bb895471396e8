/**
 * Decides questions about access, who may grant what, and why.
 *
 * <p>Start at {@link io.meshwork.internal.lakeformation.evaluation.AccessEvaluator}: {@code decide}
 * answers a question, {@code GrantRules} decides who may create a grant, {@code RemedyFinder} finds
 * the shortest change that would allow an action. Imports {@code internal.lakeformation} and {@code
 * internal.lakeformation.index}.
 */
@NullMarked
package io.meshwork.internal.lakeformation.evaluation;

import org.jspecify.annotations.NullMarked;
