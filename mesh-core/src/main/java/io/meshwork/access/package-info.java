/**
 * Who may do what with which data: grants, tags, filters and links with the meaning of AWS Lake
 * Formation, decided offline and explained.
 *
 * <p>Start at {@link io.meshwork.access.AccessEvaluator}: it is made from an {@link
 * io.meshwork.access.AccessState} and answers an {@link io.meshwork.access.AccessQuestion} with an
 * {@link io.meshwork.access.AccessDecision}. Pure: no input, no output, no clock; the time is given
 * with each question. Invariants: nothing is allowed but by a grant in force or a right that comes
 * with an office or a creation; where the documentation of Lake Formation leaves a choice, the
 * stricter reading holds; what is decided does not change once a state is indexed. Imports {@code
 * error}, {@code product}, {@code internal.runtime} and {@code internal.predicate}.
 */
@NullMarked
package io.meshwork.access;

import org.jspecify.annotations.NullMarked;
