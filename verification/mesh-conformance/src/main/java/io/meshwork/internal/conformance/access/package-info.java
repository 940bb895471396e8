/**
 * Suites of grants, tags, conditions, access requests, authorizations, and protections.
 *
 * <p>Start at {@link io.meshwork.internal.conformance.access.GrantsSuite}. Imports {@code fixture}.
 */
@NullMarked
package io.meshwork.internal.conformance.access;

import org.jspecify.annotations.NullMarked;
