/**
 * Access: grants, tags, authorizations, their plans, and explanations.
 *
 * <p>Start at {@link io.meshwork.access.AccessClient}. Permissions work as in AWS Lake Formation.
 * Invariants: only the owning domain grants, and executors for it within an authorization; a
 * grantee with the grant option passes a grant on within its own account; each change is one
 * transaction and is logged without any value of a row; each change has a plan. Interfaces and
 * values only: {@code internal.lakeformation} decides and {@code internal.grants} implements.
 * Imports {@code error}, {@code product}, {@code operation} and {@code internal.runtime}.
 */
@NullMarked
package io.meshwork.access;

import org.jspecify.annotations.NullMarked;
