/**
 * Domains as code: a file of a domain, its difference to the mesh, and the verbs that apply it.
 *
 * <p>Start at {@link io.meshwork.cli.internal.code.PlanVerb}. Imports {@code access}, {@code verb},
 * and what that imports.
 */
@NullMarked
package io.meshwork.cli.internal.code;

import org.jspecify.annotations.NullMarked;
