/**
 * Verbs of grants, tags, links, authorizations, and the audit.
 *
 * <p>Start at {@link io.meshwork.cli.internal.access.GrantVerb}. Imports {@code request}, {@code
 * verb}, and what these import.
 */
@NullMarked
package io.meshwork.cli.internal.access;

import org.jspecify.annotations.NullMarked;
