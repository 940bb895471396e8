/**
 * Verbs of grants, tags, links, access requests, and the audit.
 *
 * <p>Start at {@link io.meshwork.cli.internal.access.GrantVerb}. Imports {@code verb} and what that
 * imports.
 */
@NullMarked
package io.meshwork.cli.internal.access;

import org.jspecify.annotations.NullMarked;
